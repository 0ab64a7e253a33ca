"""The HTML file of a trace: complete by itself, and written without ever being held as a whole."""

import base64
import gzip
import html
import re
import tracemalloc
from itertools import repeat

import pytest
from recorded import recorded

from glassloop.trace import Trace
from glassloop.trace import page as pages
from glassloop.trace.page import NoViewer, pieces


@pytest.fixture(autouse=True)
def _viewer(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    viewer = tmp_path / "viewer.js"
    viewer.write_text("export const mount = () => 0;")
    monkeypatch.setattr(pages, "PLACES", (viewer,))


def sentences(text: str) -> list[str]:
    list_ = text.partition("<noscript>")[2].partition("</noscript>")[0]
    return [html.unescape(item) for item in re.findall("<li>(.*)", list_)]


def test_the_page_holds_the_trace_as_its_file_has_it():
    trace = recorded("for floor in range(3):\n    print(floor)\n", title="a <lift>")
    text = "".join(pieces(trace))
    packed = re.search('id="data">(.*)</script>', text)
    assert packed is not None
    assert gzip.decompress(base64.b64decode(packed[1])).decode() == trace.text()
    assert "<title>a &lt;lift&gt;</title>" in text


def test_without_javascript_the_page_is_its_sentences():
    trace = recorded("lift = '<up>'\nfloor = 1\n")
    told = [re.sub("</?code>", "", item) for item in sentences("".join(pieces(trace)))]
    assert told == [event["say"].replace("`", "") for event in trace.events]


def test_the_sentences_stop_at_a_number_and_say_how_many_follow(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pages, "SENTENCES", 3)
    trace = recorded("for floor in range(3):\n    pass\n", limit=7)
    told = sentences("".join(pieces(trace)))
    assert len(told) == 5
    assert told[3] == "4 more events follow. The viewer shows them, and so does --text."
    assert told[4] == trace.cut


def test_a_missing_viewer_is_told_before_anything_is_written(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pages, "PLACES", ())
    with pytest.raises(NoViewer, match="Run `make read` once"):
        pieces(Trace())


def test_a_page_is_written_without_being_held_as_a_whole():
    trace = Trace(title="many")
    event = {"do": "line", "t": 0.0, "turn": 0, "who": "main", "say": "A line.", "f": "F1"}
    trace.events = list(repeat(event, 30_000))
    tracemalloc.start()
    try:
        size = sum(len(piece) for piece in pieces(trace))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(trace.text()) > 1_000_000
    assert size < 200_000
    assert peak < 500_000

"""What Sphinx makes of the directives, and what it says where they are used wrongly."""

import json
import re
from pathlib import Path

import pytest
from glassbook import chapters, contents, cpython, offline
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

CONTENTS = """
[lanes]
short = [1, 2]
[[part]]
folder = "0-lift"
title = "Lifts"
promise = "Up and *down*."
[[part.chapter]]
number = 1
file = "up"
title = "Up"
promise = "How to rise."
[[part.chapter]]
number = 2
file = "down"
title = "Down"
promise = "How to fall."
"""


class Site:
    """A book of one page, built in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.source, self.out = folder / "book", folder / "site"
        (self.source / "0-lift").mkdir(parents=True)
        (self.source / "contents.toml").write_text(CONTENTS)

    def build(self, text: str, name: str = "index", **settings: object) -> str:
        (self.source / f"{name}.md").write_text(text)
        defaults = {
            "extensions": ["myst_parser", "glassbook"],
            "myst_enable_extensions": ["smartquotes"],
            "exclude_patterns": ["_*"],
        }
        Sphinx(
            self.source,
            None,
            self.out,
            self.out / ".doctrees",
            "html",
            confoverrides=defaults | settings,
            status=None,
            warning=None,
            warningiserror=True,
        ).build()
        return (self.out / f"{name}.html").read_text()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_a_cell_becomes_its_source_and_its_output(site: Site):
    page = site.build(
        "# Lift\n\n```{code-cell}\n:name: up\n:raises: ValueError\ngo(1 < 2)\n```\n"
        "```{output}\n<lift>\n```\n"
    )
    assert '<div class="cell" data-cell="up" data-raises="ValueError" id="cell-up">' in page
    assert '<div class="cell-output"><pre>\n&lt;lift&gt;\n</pre></div>' in page
    source = re.search(r'<div class="cell-source">.*?<pre>(.*?)</pre>', page, re.DOTALL)
    assert source is not None
    assert re.sub(r"<[^>]+>", "", source[1]) == "go(1 &lt; 2)\n"


def test_a_cell_that_prints_nothing_has_a_hidden_place_for_output(site: Site):
    page = site.build("# Lift\n\n```{code-cell}\nlift = 1\n```\n")
    assert '<div class="cell-output" hidden><pre></pre></div>' in page


def test_a_cell_that_needs_the_operating_system_says_so(site: Site):
    page = site.build("# Lift\n\n```{code-cell}\n:needs: os\nimport os\n```\n")
    assert 'data-needs="os"' in page
    assert '<p class="cell-note">' in page


TRACED = """# Lift

```{code-cell}
:name: up
:trace: The `lift` goes up
go()
```
```{output}
1
```
"""


def test_a_traced_cell_has_a_figure_with_its_caption_and_its_sentences(site: Site, tmp_path: Path):
    traces = tmp_path / "traces"
    (traces / "index").mkdir(parents=True)
    event = {"do": "line", "say": "The `lift` is at <1>."}
    rows = [{"format": "glassloop-trace"}, event, {"end": True}]
    (traces / "index" / "up.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    page = site.build(TRACED, glassbook_traces=str(traces))
    assert '<figure class="cell-figure" data-trace="_traces/index/up.jsonl">' in page
    assert "<li>The <code>lift</code> is at &lt;1&gt;.</li>" in page
    assert re.search(r"<figcaption>The <code.*lift.*</code> goes up</figcaption>", page)
    assert page.index("cell-output") < page.index("cell-figure")
    assert (site.out / "_traces" / "index" / "up.jsonl").is_file()


def test_a_figure_that_was_not_recorded_stops_the_build(site: Site, tmp_path: Path):
    with pytest.raises(
        ExtensionError, match=r"index: there is no trace at .*up.jsonl. `make read`"
    ):
        site.build(TRACED, glassbook_traces=str(tmp_path))


def test_a_prediction_becomes_a_form_with_its_answer_for_pages_without_scripts(site: Site):
    page = site.build(
        "# Lift\n\n```{predict}\nWhere is the `lift`?\n- [ ] up\n  It was there.\n- [x] down\n```\n"
    )
    assert "<legend>Where is the " in page
    assert '<input type="radio" name="predict-1" value="0" data-correct="false">' in page
    assert '<input type="radio" name="predict-1" value="1" data-correct="true">' in page
    assert '<div class="predict-feedback"><p>It was there.</p>' in page
    assert '<details class="predict-answer"><summary>The answer</summary><p>down</p>' in page


def test_a_prediction_with_two_right_answers_has_boxes_to_tick(site: Site):
    page = site.build("# Lift\n\n```{predict}\nWhere?\n- [x] up\n- [x] down\n- [ ] left\n```\n")
    assert page.count('<input type="checkbox"') == 3


def test_the_notes_have_their_titles(site: Site):
    page = site.build(
        "# Lift\n\n```{misconception} Lifts fly.\nNo.\n```\n\n```{since} 3.12\nFaster.\n```\n\n"
        "```{lie}\nRopes.\n```\n"
    )
    assert "“Lifts fly.”" in page
    assert "Since Python 3.12" in page
    assert "What this picture leaves out" in page


def test_source_of_the_standard_library_is_shown_with_its_origin(site: Site):
    page = site.build("# Lift\n\n```{cpython} asyncio.locks::Lock.locked\n```\n")
    assert "def</span>" in page
    assert re.search(
        r"github\.com/python/cpython/blob/v3[\d.]+/Lib/asyncio/locks\.py#L\d+-L\d+", page
    )
    assert "PSF License" in page


@pytest.mark.parametrize(("part", "blocks"), [("Lock.locked", 2), ("Lock.unheard_of", 1)])
def test_a_part_that_only_some_versions_have_is_shown_where_it_is(
    site: Site, part: str, blocks: int
):
    page = site.build(f"# Lift\n\n```{{cpython}} asyncio.locks::Lock asyncio.locks::{part}\n```\n")
    assert page.count("PSF License") == blocks


def test_a_piece_of_the_loop_is_shown_with_its_place(site: Site):
    page = site.build("# Lift\n\n```{listing} futures::Future.done\n```\n")
    assert "def</span>" in page
    assert re.search(r"glassloop/aio/futures\.py, line \d+", page)


def test_the_contents_link_what_is_written_and_mark_what_is_coming(site: Site):
    (site.source / "0-lift" / "01-up.md").write_text("# Up\n\nUp.\n")
    page = site.build("# Lift\n\n```{contents}\n```\n\n```{lane} short\n```\n")
    assert page.count('href="0-lift/01-up.html"') >= 2
    assert page.count('class="contents-coming"') == 1
    assert "0-lift/02-down" not in page


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "```{code-cell}\n:trase:\n1\n```\n",
            r"index.md:4: {code-cell} has no option `:trase:`; did you mean `:trace:`\?",
        ),
        ("```{predict}\nWhere?\n- [ ] up\n```\n", r"index.md:3: {predict} needs a right answer"),
        ("```{predict}\nWhere?\n```\n", r"index.md:3: {predict} needs a question and a list"),
        ("```{predict}\nWhere?\n- up\n```\n", r"an answer begins with `\[ \]` or `\[x\]`, not"),
        ("```{lane} scenic\n```\n", r"index.md:3: no lane 'scenic' in contents.toml: it has short"),
        ("```{cpython} asyncio.locks\n```\n", r"index.md:3: {cpython} takes module::object"),
        (
            "```{cpython} asyncio.locks::Key\n```\n",
            r"index.md:3: no class or function Key for asyncio.locks::Key in CPython 3",
        ),
        ("```{cpython} lifts::Lift\n```\n", r"no Python source for the module lifts"),
        (
            "```{listing} futures::Future.canel\n```\n",
            r"index.md:3: there is no piece Future.canel .* did you mean Future.cancel\?",
        ),
    ],
)
def test_a_wrong_directive_stops_the_build_with_place_and_reason(
    site: Site, text: str, problem: str
):
    with pytest.raises(ExtensionError, match=problem):
        site.build("# Lift\n\n" + text)


def test_the_source_is_cut_with_its_decorators_and_without_its_indentation():
    source, file, first = cpython.find("asyncio.base_events::BaseEventLoop.run_forever")
    assert source.startswith("def run_forever(self):\n    ")
    assert file == "asyncio/base_events.py"
    assert first > 1
    decorated, _, _ = cpython.find("contextlib::ContextDecorator.__call__")
    assert decorated.startswith("def __call__")


def test_every_written_chapter_is_in_the_contents():
    parts, lanes = contents.read(chapters.BOOK)
    entries = [entry for part in parts for entry in part.chapters]
    assert [entry.number for entry in entries] == list(range(1, 46))
    assert {number for lane in lanes.values() for number in lane} <= set(range(1, 46))
    written = {f"{entry.document}.md" for entry in entries if entry.written(chapters.BOOK)}
    files = {path.relative_to(chapters.BOOK).as_posix() for path in chapters.all_chapters()}
    assert files == written | {"index.md", "playground.md"}


def test_the_service_worker_gets_a_fingerprint_of_every_page_but_not_of_python(tmp_path: Path):
    for name in ("index.html", "_static/book.css", "_static/pyodide/pyodide.mjs", "sw.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    listed = list(offline.files_to_cache(tmp_path))
    assert [entry["url"] for entry in listed] == ["_static/book.css", "index.html"]
    (tmp_path / "index.html").write_text("changed")
    assert json.dumps(list(offline.files_to_cache(tmp_path))) != json.dumps(listed)

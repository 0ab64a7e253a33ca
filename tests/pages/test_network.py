"""A page asks its own host alone, for little, and for nothing of Python before the first Run."""

from urllib.parse import urlsplit

from pages.conftest import NewReader, Reader
from playwright.sync_api import Response

# In bytes, as they cross the network.
WEIGHT_LIMIT = 300_000


def test_a_page_opens_without_a_complaint_and_weighs_little(reader: Reader, page_name: str) -> None:
    responses: list[Response] = []
    reader.context.on("response", lambda response: responses.append(response))
    page = reader.open(page_name)
    page.wait_for_load_state("networkidle")
    assert page.title()
    weights = {one.url: one.request.sizes()["responseBodySize"] for one in responses}
    assert sum(weights.values()) <= WEIGHT_LIMIT, weights


def test_nothing_of_python_is_asked_for_before_the_first_run(reader: Reader) -> None:
    chapter = reader.open_chapter()
    chapter.page.wait_for_load_state("networkidle")
    chapter.cells[0].edit("1 + 1")
    assert reader.watch.python_files() == []
    assert chapter.page.workers == []
    assert chapter.cells[0].run_to_its_end() == "2\n"
    names = {urlsplit(url).path.rpartition("/")[2] for url in reader.watch.python_files()}
    assert {"pyodide.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "glassloop.whl"} <= names
    assert len(chapter.page.workers) == 1


def test_a_page_reads_without_javascript(new_reader: NewReader, live_page: str) -> None:
    with new_reader(java_script_enabled=False) as reader:
        page = reader.open(live_page)
        for block in page.locator(".cell-source pre, .cell-output:not([hidden]) pre").all():
            assert block.is_visible()
        for answer in page.locator(".predict-answer summary").all():
            assert answer.is_visible()
        assert page.get_by_role("button", name="Run").count() == 0

"""Step beside Run: a cell is run recorded, and its run is gone through below it."""

from collections.abc import Callable, Iterator

import pytest
from pages.conftest import PAGES, NewReader, Reader
from pages.reader import PATIENCE, Cell, Chapter
from pages.test_access import NOTHING, PHONE, WIDE, found_on_all_screens
from playwright.sync_api import Locator, expect

GENERATORS = next((name for name in PAGES if name.endswith("/04-generators.html")), "")
ITERATORS = next((name for name in PAGES if name.endswith("/02-iterators-and-iterables.html")), "")


class Run:
    """The recorded run of a cell, in the viewer below it."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.page = cell.page
        self.box = cell.element.locator(".cell-trace")
        self.viewer = self.box.locator(".gv")
        self.sentence = self.box.locator(".gv-sentence")
        self.code = self.box.locator(".gv-code-pane")
        self.remarks = self.box.locator(".gv-remarks")

    def button(self, name: str) -> Locator:
        return self.box.get_by_role("button", name=name, exact=True)

    def press(self, key: str) -> str:
        """Press a key; the sentence of the step that is shown then."""
        self.page.keyboard.press(key)
        self.page.evaluate("new Promise(requestAnimationFrame)")
        return self.sentence.inner_text()

    def sentences(self) -> list[str]:
        """What each step says, from the first to the last."""
        said = [self.press("Home")]
        while self.box.locator(".gv-icon-forward[aria-disabled=false]").count():
            said.append(self.press("ArrowRight"))
        return said


def step(cell: Cell, code: str | None = None) -> Run:
    if code is not None:
        cell.edit(code)
    cell.button("Step").click()
    run = Run(cell)
    expect(run.viewer).to_be_focused(timeout=PATIENCE)
    cell.wait()
    return run


@pytest.fixture(scope="module")
def open_once(new_reader: NewReader) -> Iterator[Callable[[str], Chapter]]:
    """One reader of both chapters, and one Python a chapter."""
    with new_reader() as reader:
        opened: dict[str, Chapter] = {}

        def open_once(name: str) -> Chapter:
            if name not in opened:
                opened[name] = reader.open_chapter(name)
            opened[name].page.bring_to_front()
            return opened[name]

        yield open_once


@pytest.fixture
def chapter(open_once: Callable[[str], Chapter]) -> Chapter:
    """Chapter 4, with its own code in all of its cells and no run to be seen."""
    chapter = open_once(GENERATORS)
    for name in ("Close the trace", "Reset"):
        buttons = chapter.page.get_by_role("button", name=name)
        while buttons.count():
            buttons.first.click()
    return chapter


COUNT = 'def count():\n    yield "one"\n\nprint(next(count()))'


@pytest.mark.parametrize("name", [ITERATORS, GENERATORS])
def test_step_runs_the_edited_cell_and_opens_its_run_below_it(
    open_once: Callable[[str], Chapter], name: str
) -> None:
    cell = open_once(name).cells[0]
    run = step(cell, COUNT)
    assert cell.shown() == "one\n"
    expect(run.code).to_contain_text('yield "one"')
    below, above = run.box.bounding_box(), cell.block.bounding_box()
    assert below is not None
    assert above is not None
    assert below["y"] >= above["y"] + above["height"]


def test_the_arrow_keys_go_through_the_run_and_each_step_is_said(chapter: Chapter) -> None:
    run = step(chapter.cells[0], COUNT)
    expect(run.sentence).to_have_attribute("aria-live", "polite")
    said = run.sentences()
    assert "count at line 2 hands out 'one' and pauses there." in said
    assert [run.press("ArrowLeft") for _ in said[1:]] == said[-2::-1]
    assert run.press("End") == said[-1]


def test_escape_or_its_button_closes_the_run_and_step_has_the_keyboard(chapter: Chapter) -> None:
    cell = chapter.cells[0]
    run = step(cell, COUNT)
    chapter.page.keyboard.press("Escape")
    expect(run.box).to_have_count(0)
    expect(cell.button("Step")).to_be_focused()
    chapter.page.keyboard.press("Enter")
    expect(run.viewer).to_be_focused(timeout=PATIENCE)
    run.button("Close the trace").click()
    expect(run.box).to_have_count(0)
    expect(cell.button("Step")).to_be_focused()


def test_after_step_the_cell_runs_as_ever_and_a_second_step_replaces_the_first(
    chapter: Chapter,
) -> None:
    cell = chapter.cells[0]
    step(cell, COUNT)
    cell.edit("print('two')")
    assert cell.run_to_its_end() == "two\n"
    expect(cell.status).to_have_text("Done")
    run = step(cell)
    expect(run.viewer).to_have_count(1)
    expect(run.code).to_contain_text("print('two')")
    expect(run.code).not_to_contain_text("yield")


def test_a_cell_above_that_is_due_is_run_and_not_recorded(chapter: Chapter) -> None:
    first, second = chapter.cells[:2]
    first.edit("def warm():\n    print('warm')\n\nwarm()")
    run = step(second, "print('hot')")
    assert (first.shown(), second.shown()) == ("warm\n", "hot\n")
    assert all("warm" not in sentence for sentence in run.sentences())
    expect(first.element.locator(".cell-trace")).to_have_count(0)


def test_a_cell_that_raises_is_stepped_up_to_its_error(chapter: Chapter) -> None:
    cell = chapter.cells[0]
    run = step(cell, "oven = {}\noven['hot']")
    expect(cell.status).to_have_text("Ended with an error")
    assert cell.shown().endswith("KeyError: 'hot'\n")
    said = run.sentences()
    assert any("KeyError" in sentence for sentence in said), said


def test_a_cell_that_never_ends_has_a_trace_that_says_where_it_was_cut(chapter: Chapter) -> None:
    cell = chapter.cells[0]
    run = step(cell, "turns = 0\nwhile True:\n    turns += 1")
    expect(cell.status).to_have_text("Ended at a limit")
    assert "Stopped after 5,000,000 steps" in cell.shown()
    run.remarks.locator("summary").click()
    expect(run.remarks).to_contain_text("Recording stopped after 100,000 events.")
    run.viewer.focus()
    assert run.press("End") != run.press("Home")


def test_stop_ends_a_recorded_run_and_the_next_step_works(chapter: Chapter) -> None:
    cell = chapter.cells[0]
    cell.edit("while True: pass")
    cell.button("Step").click()
    cell.wait_until_it_runs()
    cell.button("Stop").click()
    expect(cell.status).to_contain_text("Stopped.")
    expect(Run(cell).box).to_have_count(0)
    expect(step(cell, COUNT).code).to_contain_text('yield "one"')


def test_axe_finds_nothing_and_nothing_scrolls_sideways_with_a_run_open(chapter: Chapter) -> None:
    page = chapter.page
    step(chapter.cells[0], COUNT)
    assert found_on_all_screens(page) == NOTHING
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.set_viewport_size(WIDE)


def test_a_viewer_that_cannot_be_loaded_is_said(reader: Reader) -> None:
    cell = reader.open_chapter(GENERATORS).cells[0]
    reader.context.route(
        "**/viewer.js", lambda route: route.fulfill(body="", content_type="text/javascript")
    )
    cell.edit("print('on')")
    cell.button("Step").click()
    expect(cell.status).to_have_text("The trace viewer could not be loaded.", timeout=PATIENCE)
    assert cell.shown() == "on\n"
    expect(Run(cell).box).to_have_count(0)

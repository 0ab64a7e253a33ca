"""A cell with `:trace:` shows its run, stepped before any Python is loaded."""

import pytest
from pages.conftest import NewReader, Reader, pages_with
from playwright.sync_api import Locator, Page, expect

PAGES_WITH_FIGURES = pages_with("cell-figure")


@pytest.fixture(params=PAGES_WITH_FIGURES)
def figures_page(request: pytest.FixtureRequest, reader: Reader) -> Page:
    page = reader.open(request.param)
    page.locator(".cell-toolbar").first.wait_for()
    answers = page.get_by_role("button", name="Show me")
    while answers.count():
        answers.first.click()
    return page


def drawn(figure: Locator) -> Locator:
    """The figure's viewer, once the reader has come near."""
    figure.scroll_into_view_if_needed()
    viewer = figure.locator(".gv")
    expect(viewer).to_be_visible()
    return viewer


def test_there_are_figures() -> None:
    assert PAGES_WITH_FIGURES


@pytest.mark.each_chapter
def test_every_figure_can_be_stepped_without_python(figures_page: Page, reader: Reader) -> None:
    for figure in figures_page.locator(".cell-figure").all():
        viewer = drawn(figure)
        viewer.focus()
        sentence = viewer.locator(".gv-sentence")
        first = sentence.text_content() or ""
        figures_page.keyboard.press("ArrowRight")
        expect(sentence).not_to_have_text(first)
        figures_page.keyboard.press("ArrowLeft")
        expect(sentence).to_have_text(first)
    assert reader.watch.python_files() == []
    assert figures_page.workers == []


@pytest.mark.each_chapter
def test_step_enters_the_figure_where_nothing_was_edited(
    figures_page: Page, reader: Reader
) -> None:
    cell = figures_page.locator(".cell:has(.cell-figure)").first
    cell.get_by_role("button", name="Step", exact=True).click()
    expect(cell.locator(".cell-figure :focus")).to_have_count(1)
    assert reader.watch.python_files() == []


def test_the_sentences_stand_there_without_javascript(new_reader: NewReader) -> None:
    with new_reader(java_script_enabled=False) as reader:
        page = reader.open(PAGES_WITH_FIGURES[0])
        for sentences in page.locator(".trace-sentences").all():
            expect(sentences).to_be_visible()
            assert sentences.locator("li").count() > 2


def test_a_question_holds_the_figure_back(reader: Reader) -> None:
    for name in PAGES_WITH_FIGURES:
        page = reader.open(name)
        page.locator(".cell-toolbar").first.wait_for()
        held = page.locator(".predict + .cell .cell-figure").first
        if held.count():
            break
    expect(held).to_be_hidden()
    page.locator(".predict:has(+ .cell .cell-figure)").first.get_by_role(
        "button", name="Show me"
    ).click()
    expect(held).to_be_visible()

"""Whatever a cell does, the page lives, says what happened, and the next Run works."""

import pytest
from pages.reader import Chapter
from playwright.sync_api import Route, expect

STOPPED = "Stopped. The next Run starts Python afresh."

NEVER_ENDS = {
    "a loop": "while True: pass",
    "an asyncio loop": (
        "import asyncio\n\n"
        "async def knead():\n"
        "    while True:\n"
        "        await asyncio.sleep(0)\n\n"
        "asyncio.run(knead())"
    ),
}


def test_a_recursion_without_end_is_an_error_like_any_other(same_chapter: Chapter) -> None:
    first = same_chapter.cells[0]
    first.edit("def down(): return down()\ndown()")
    first.run_to_its_end()
    expect(first.status).to_have_text("Ended with an error")
    assert "RecursionError" in first.shown()
    first.edit("'up'")
    assert first.run_to_its_end() == "'up'\n"


def test_a_flood_of_output_leaves_the_page_alive(same_chapter: Chapter) -> None:
    first = same_chapter.cells[0]
    first.edit("while True: print('water', 'water')")
    first.run_to_its_end()
    expect(first.status).to_have_text("Ended at a limit")
    assert "characters of output" in first.shown()
    first.edit("'dry'")
    assert first.run_to_its_end() == "'dry'\n"


@pytest.mark.parametrize("code", NEVER_ENDS.values(), ids=NEVER_ENDS.keys())
def test_stop_ends_what_never_ends_and_the_next_run_works(same_chapter: Chapter, code: str) -> None:
    first, second = same_chapter.cells[:2]
    first.edit("flour = 2")
    second.edit(f"print('and so on')\n{code}")
    second.run()
    # What is printed arrives while the cell runs.
    expect(second.output).to_have_text("and so on\n", timeout=60_000)
    expect(second.status).to_have_text("Running")
    second.button("Stop").click()
    expect(second.status).to_have_text(STOPPED)
    expect(second.element).to_have_attribute("data-state", "idle")
    second.edit("flour + 1")
    assert second.run_to_its_end() == "3\n"


def test_a_cell_that_takes_all_memory_is_ended_and_the_next_run_works(
    same_chapter: Chapter,
) -> None:
    first, second = same_chapter.cells[:2]
    first.edit("flour = 2")
    second.edit("hoard = []\nwhile True: hoard.append(bytearray(10 ** 7))")
    second.run_to_its_end()
    expect(second.status).to_have_text("Python ran out of memory. The next Run starts it afresh.")
    assert second.shown().endswith("MemoryError\n")
    second.edit("flour + 1")
    assert second.run_to_its_end() == "3\n"


def test_stop_ends_all_that_was_asked_for(same_chapter: Chapter) -> None:
    first, second, third = same_chapter.cells[:3]
    first.edit("while True: pass")
    second.edit("second = 'was run'")
    third.run()
    first.wait_until_it_runs()
    expect(second.status).to_have_text("Waiting")
    third.button("Stop").click()
    expect(first.status).to_have_text(STOPPED)
    for cell in (first, second, third):
        expect(cell.element).to_have_attribute("data-state", "idle")
    expect(second.status).to_have_text("")


def test_python_that_cannot_be_loaded_is_said_and_asked_for_again(chapter: Chapter) -> None:
    first = chapter.cells[0]
    shown = first.shown()

    def refuse(route: Route) -> None:
        route.fulfill(status=200, body="no module", content_type="text/plain")

    chapter.page.context.route("**/pyodide.mjs", refuse)
    first.run_to_its_end()
    expect(first.status).to_contain_text("Python could not be loaded.")
    assert first.shown() == shown
    chapter.page.context.unroute("**/pyodide.mjs")
    first.edit("'here'")
    assert first.run_to_its_end() == "'here'\n"

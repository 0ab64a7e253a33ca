"""The cells of a page run in order, in one namespace, and print what the book prints."""

import pytest
from pages.conftest import Reader
from pages.reader import Chapter
from playwright.sync_api import expect


@pytest.mark.each_chapter
def test_every_cell_prints_what_the_page_shows(live_page: str, reader: Reader) -> None:
    chapter = reader.open_chapter(live_page)
    recorded = chapter.outputs()
    chapter.run_all()
    assert all(chapter.was_run())
    assert chapter.outputs() == recorded


def test_a_run_brings_the_cells_above_with_it_and_none_below(same_chapter: Chapter) -> None:
    same_chapter.cells[2].run_to_its_end()
    assert same_chapter.was_run()[:4] == [True, True, True, False]


def test_all_cells_run_in_a_python_that_has_run_none_of_them(same_chapter: Chapter) -> None:
    first = same_chapter.cells[0]
    first.edit("'oven' in globals()")
    assert first.run_to_its_end() == "False\n"
    same_chapter.cells[1].edit("oven = 'hot'")
    same_chapter.cells[1].run_to_its_end()
    assert first.run_to_its_end() == "True\n"
    same_chapter.run_all()
    assert first.shown() == "False\n"


def test_a_cell_that_fails_ends_the_run_of_all_cells(same_chapter: Chapter) -> None:
    second, third = same_chapter.cells[1:3]
    second.edit("1 / 0")
    third.edit("'not reached'")
    same_chapter.run_all()
    expect(same_chapter.toolbar.get_by_role("status")).to_have_text(
        "Ended at a cell that failed: 1 / 0"
    )
    assert third.shown() != "'not reached'\n"


def test_what_is_up_to_date_above_is_not_run_again(same_chapter: Chapter) -> None:
    first, second, third = same_chapter.cells[:3]
    first.edit("count = 0")
    second.edit("count += 1; count")
    third.edit("count")
    assert second.run_to_its_end() == "1\n"
    assert third.run_to_its_end() == "1\n"
    assert second.run_to_its_end() == "2\n"
    assert third.run_to_its_end() == "2\n"


def test_an_edit_above_is_run_first_and_what_was_printed_below_is_marked(
    same_chapter: Chapter,
) -> None:
    first, second, third = same_chapter.cells[:3]
    first.edit("dish = 'bread'")
    second.edit("order = dish * 2; order")
    third.edit("order.upper()")
    assert third.run_to_its_end() == "'BREADBREAD'\n"
    first.edit("dish = 'cake'")
    assert first.run_to_its_end() == ""
    for below in (second, third):
        expect(below.block).to_contain_text("From before the change above")
    assert third.run_to_its_end() == "'CAKECAKE'\n"
    for below in (second, third):
        expect(below.block).not_to_contain_text("From before the change above")


def test_a_cell_that_fails_stops_those_below_and_is_named(same_chapter: Chapter) -> None:
    first, second, third = same_chapter.cells[:3]
    shown = third.shown()
    first.edit("bowl = []")
    second.edit("bowl.pop()")
    assert third.run_to_its_end() == shown
    assert second.shown().endswith("IndexError: pop from empty list\n")
    expect(second.status).to_have_text("Ended with an error")
    expect(third.status).to_have_text("Not run, because a cell above failed: bowl.pop()")
    second.edit("bowl.append('flour')")
    third.edit("bowl")
    assert third.run_to_its_end() == "['flour']\n"


def test_the_streams_of_output_can_be_told_apart(same_chapter: Chapter) -> None:
    first = same_chapter.cells[0]
    first.edit(
        "import sys\n"
        "print('to the reader')\n"
        "print('to the log', file=sys.stderr)\n"
        "print('and on')\n"
        "1 / 0"
    )
    first.run_to_its_end()
    pieces = first.output.locator("> span").evaluate_all("all => all.map(one => one.className)")
    assert pieces == ["out", "err", "out", "error"]


def test_reset_brings_the_books_code_and_output_back(same_chapter: Chapter) -> None:
    second = same_chapter.cells[1]
    code, recorded = second.code(), second.shown()
    expect(second.button("Reset")).to_be_hidden()
    second.edit("print('mine')")
    assert second.run_to_its_end() == "mine\n"
    second.button("Reset").click()
    expect(second.mark).to_be_hidden()
    assert (second.code(), second.shown()) == (code, recorded)


def test_an_edit_survives_a_reload_until_it_is_reset(chapter: Chapter) -> None:
    first = chapter.cells[0]
    code = first.code()
    first.edit("print('mine')")
    chapter.page.reload()
    expect(first.source.locator(".cm-content")).to_be_visible()
    expect(first.mark).to_have_text("edited")
    assert first.code() == "print('mine')"
    first.button("Reset").click()
    chapter.page.reload()
    expect(first.button("Run")).to_be_visible()
    expect(first.mark).to_be_hidden()
    assert first.code() == code


def test_a_browser_that_refuses_storage_keeps_an_edit_while_the_page_is_open(
    chapter: Chapter,
) -> None:
    # The theme's own script would fail too if all storage were refused.
    chapter.page.add_init_script(
        """for (const name of ["getItem", "setItem", "removeItem"]) {
            const real = Storage.prototype[name];
            Storage.prototype[name] = function (key, ...rest) {
                if (key.startsWith("glassloop:")) throw new DOMException("no", "SecurityError");
                return real.call(this, key, ...rest);
            };
        }"""
    )
    chapter.page.reload()
    first = chapter.cells[0]
    first.edit("'kept'")
    expect(first.mark).to_have_text("edited")
    first.button("Reset").click()
    expect(first.mark).to_be_hidden()


def test_the_editor_stands_where_the_printed_code_stood(chapter: Chapter) -> None:
    first = chapter.cells[0]
    code = first.code()
    before = first.element.bounding_box()
    first.source.click(position={"x": 60, "y": 20})
    expect(first.source.locator(".cm-content")).to_be_focused()
    assert first.element.bounding_box() == before
    assert first.code() == code


def test_a_click_puts_the_caret_where_it_was(chapter: Chapter) -> None:
    first = chapter.cells[0]
    place = first.source.locator("pre").evaluate(
        """pre => {
            const range = document.createRange(), text = document.createTreeWalker(pre, 4);
            let node = text.nextNode(), passed = 0;
            while (passed + node.length <= 8) { passed += node.length; node = text.nextNode(); }
            range.setStart(node, 8 - passed);
            const box = range.getBoundingClientRect();
            return { x: box.left + 1, y: box.top + box.height / 2 };
        }"""
    )
    code = first.code()
    chapter.page.mouse.click(place["x"], place["y"])
    expect(first.source.locator(".cm-content")).to_be_focused()
    chapter.page.keyboard.insert_text("|")
    assert first.code() == f"{code[:8]}|{code[8:]}"


def test_selecting_code_with_the_mouse_opens_no_editor(chapter: Chapter) -> None:
    first = chapter.cells[0]
    box = first.source.bounding_box()
    assert box is not None
    mouse = chapter.page.mouse
    mouse.move(box["x"] + 20, box["y"] + 20)
    mouse.down()
    mouse.move(box["x"] + 90, box["y"] + 22, steps=4)
    mouse.up()
    assert chapter.page.evaluate("getSelection().toString().length") > 2
    expect(first.source.locator(".cm-content")).to_have_count(0)

"""Everybody can use a page: by keyboard alone, with a screen reader, on a phone, in the dark."""

from pathlib import Path
from typing import Literal

import pytest
from pages.conftest import ROOT, Reader
from playwright.sync_api import Locator, Page, ViewportSize, expect

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
SCREENS: dict[str, tuple[Literal["light", "dark"], ViewportSize]] = {
    "light": ("light", WIDE),
    "dark": ("dark", WIDE),
    "phone": ("light", PHONE),
}


def violations(page: Page, within: str = "html") -> list[str]:
    if page.evaluate("typeof axe") == "undefined":
        page.add_script_tag(path=Path(AXE))
    return page.evaluate(
        """async (within) => {
            // What follows the theme by a script has done so with the second frame.
            const frame = () => new Promise(requestAnimationFrame);
            await frame().then(frame);
            const { violations } = await axe.run(within, { resultTypes: ["violations"] });
            return violations.flatMap(({ id, nodes }) =>
                nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`));
        }""",
        within,
    )


def found_on_all_screens(page: Page, within: str = "html") -> dict[str, list[str]]:
    found = {}
    for name, (scheme, size) in SCREENS.items():
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        found[name] = violations(page, within)
    return found


NOTHING: dict[str, list[str]] = {name: [] for name in SCREENS}


@pytest.mark.each_chapter
def test_axe_finds_nothing(reader: Reader, page_name: str) -> None:
    assert found_on_all_screens(reader.open(page_name)) == NOTHING


def test_axe_finds_nothing_in_a_chapter_at_work(reader: Reader) -> None:
    chapter = reader.open_chapter()
    page = chapter.page
    page.locator(".predict input").first.check()
    page.locator(".predict").first.get_by_role("button", name="Check").click()
    first, second = chapter.cells[:2]
    first.edit("for number in range(200): print(number, 'loaves' * 30)")
    second.edit("import sys\nprint('to the log', file=sys.stderr)\n1 / 0")
    second.run_to_its_end()
    assert found_on_all_screens(page) == NOTHING


def test_the_keyboard_alone_runs_edits_stops_and_answers(reader: Reader) -> None:
    chapter = reader.open_chapter()
    page, keys = chapter.page, chapter.page.keyboard
    first = chapter.cells[0]

    tab_to(page, first.source)
    keys.press("Shift+Enter")
    first.wait()
    expect(first.status).to_have_text("Done")

    keys.press("Enter")
    expect(first.source.locator(".cm-content")).to_be_focused()
    keys.press("ControlOrMeta+A")
    keys.type("while True:\npass")
    assert first.code() == "while True:\n    pass"
    keys.press("Shift+Enter")
    first.wait_until_it_runs()
    keys.press("Escape")
    expect(first.source).to_be_focused()

    tab_to(page, first.button("Stop"))
    keys.press("Enter")
    expect(first.status).to_contain_text("Stopped.")
    expect(first.button("Run")).to_be_focused()
    tab_to(page, first.button("Reset"))
    keys.press("Enter")
    expect(first.mark).to_be_hidden()
    expect(first.button("Run")).to_be_focused()

    question = page.locator(".predict").first
    tab_to(page, question.locator("input").first)
    keys.press("Space")
    tab_to(page, question.get_by_role("button", name="Check"))
    keys.press("Enter")
    expect(question.locator(".predict-verdict")).to_be_focused()


def test_typing_on_a_cell_opens_the_editor_and_loses_no_letter(reader: Reader) -> None:
    first = reader.open_chapter().cells[0]
    code = first.code()
    first.source.focus()
    first.page.keyboard.type("# hot")
    expect(first.source.locator(".cm-content")).to_be_focused()
    assert first.code() == f"{code}# hot"


def test_a_cell_is_one_stop_and_its_buttons_follow(reader: Reader) -> None:
    first = reader.open_chapter().cells[0]
    first.edit("1")
    for name in ("Run", "Step", "Reset"):
        first.page.keyboard.press("Tab")
        expect(first.button(name)).to_be_focused()


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until `target` has the focus."""
    for _ in range(100):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {target}")

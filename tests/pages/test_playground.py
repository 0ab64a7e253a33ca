"""The playground: a program is pasted, stepped, passed on, run when asked for, and never lost."""

import base64
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from pages.conftest import NewReader, Reader
from pages.reader import PATIENCE, Cell
from pages.test_access import NOTHING, PHONE, WIDE, found_on_all_screens, tab_to
from pages.test_second_visit import lasting_context, own_server, wait_for_service_worker
from playwright.sync_api import BrowserContext, Locator, Page, expect

PAGE = "playground.html"
__all__ = ["lasting_context", "own_server"]  # fixtures
KEPT = "What you wrote before is under “Yours” in the list of programs."

KETTLE = """\
import asyncio

async def kettle():  # ☕ <b>hot</b>
    await asyncio.sleep(3)
    print("it boils")

asyncio.run(kettle())"""


class Playground:
    """The page, and what its reader does there."""

    def __init__(self, page: Page) -> None:
        self.page = page
        # From here on the browser's own dialog is held back, however quick a key is.
        page.on("filechooser", lambda _: None)
        self.cell = Cell(page.locator(".cell"))
        self.programs = page.get_by_label("Program", exact=True)
        self.depth = page.get_by_label("Step shows")
        self.notice = page.locator(".playground-notice")
        self.link = page.get_by_label("Link to this program")
        self.viewer = page.locator(".gv")
        self.sentence = page.locator(".gv-sentence")
        self.yours = self.programs.locator("optgroup[label=Yours] option")
        expect(self.cell.source.locator(".cm-content")).to_be_visible()

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def chosen(self) -> str:
        return self.programs.locator("option:checked").inner_text()

    def step(self) -> None:
        self.cell.button("Step").click()
        expect(self.viewer).to_be_visible(timeout=PATIENCE)

    def hand_in(self, *files: Path | dict[str, Any]) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.button("Open a file").click()
        chooser.value.set_files(list(files))  # type: ignore[arg-type]

    def code(self) -> str:
        return self.cell.code()


def visit(reader: Reader, fragment: str = "") -> Playground:
    return Playground(reader.open(PAGE + fragment))


@pytest.fixture
def playground(reader: Reader) -> Playground:
    return visit(reader)


@pytest.fixture(scope="module")
def lasting_playground(new_reader: NewReader) -> Iterator[Playground]:
    """One page for all tests that run programs: Python takes its time to start."""
    with new_reader() as reader:
        reader.context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield visit(reader)


def link_to(program: bytes) -> str:
    return "#code=" + letters(zlib.compress(program))


def letters(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def python_was_asked_for(reader: Reader) -> bool:
    started = any(page.workers for page in reader.context.pages)
    return started or reader.watch.python_files() != []


# Running and stepping ------------------------------------------------------------------------


def test_a_pasted_program_runs_and_is_stepped(lasting_playground: Playground) -> None:
    playground = lasting_playground
    page, cell = playground.page, playground.cell
    page.evaluate("text => navigator.clipboard.writeText(text)", KETTLE)
    cell.source.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.press("ControlOrMeta+V")
    assert playground.code() == KETTLE
    assert cell.run_to_its_end() == "it boils\n"
    playground.step()
    assert cell.shown() == "it boils\n"
    said = set()
    while not said or page.locator(".gv-icon-forward[aria-disabled=false]").count():
        said.add(playground.sentence.inner_text())
        page.keyboard.press("ArrowRight")
        page.evaluate("new Promise(requestAnimationFrame)")
    assert any("waits for the timer due at t = 3" in sentence for sentence in said), said


def test_every_example_prints_what_the_book_says(lasting_playground: Playground) -> None:
    playground = lasting_playground
    examples = playground.programs.locator("optgroup[label=Examples] option")
    names = examples.evaluate_all("all => all.map(one => one.value)")
    assert len(names) >= 8
    for name in names:
        playground.programs.select_option(name)
        recorded = playground.cell.shown()
        assert playground.cell.run_to_its_end() == recorded, name
        expected = "Ended with an error" if name == "deadlock" else "Done"
        expect(playground.cell.status).to_have_text(expected)


def test_a_program_knows_nothing_of_the_one_before(lasting_playground: Playground) -> None:
    cell = lasting_playground.cell
    cell.edit("oven = 'hot'\noven")
    assert cell.run_to_its_end() == "'hot'\n"
    cell.edit("oven")
    assert "NameError: name 'oven' is not defined" in cell.run_to_its_end()


def test_step_goes_by_lines_or_by_switches(lasting_playground: Playground) -> None:
    steps = []
    for depth in ("every line", "every switch"):
        lasting_playground.programs.select_option("generators")
        expect(lasting_playground.viewer).to_have_count(0)
        lasting_playground.depth.select_option(depth)
        lasting_playground.step()
        slider = lasting_playground.viewer.get_by_role("slider", name="Step", exact=True)
        steps.append(int(slider.get_attribute("max") or 0))
    lasting_playground.depth.select_option("every line")
    assert steps[0] > 2 * steps[1] > 0


def test_another_program_ends_the_one_that_runs(lasting_playground: Playground) -> None:
    cell = lasting_playground.cell
    cell.edit("while True: pass")
    cell.run()
    cell.wait_until_it_runs()
    lasting_playground.programs.select_option("generators")
    expect(cell.element).to_have_attribute("data-state", "idle")
    assert cell.run_to_its_end().startswith("3 2 2\n")


# Links ---------------------------------------------------------------------------------------


def test_a_copied_link_opens_the_program_elsewhere_and_runs_nothing(new_reader: NewReader) -> None:
    with new_reader() as sender:
        sender.context.grant_permissions(["clipboard-read", "clipboard-write"])
        playground = visit(sender)
        playground.cell.edit(KETTLE)
        playground.button("Copy link").click()
        expect(playground.page.get_by_text("Link copied")).to_be_visible()
        address = playground.page.evaluate("navigator.clipboard.readText()")
        assert playground.link.input_value() == address
        assert re.fullmatch(r"http://[^#]+/playground\.html#code=[\w-]+", address)
        assert not python_was_asked_for(sender)
    with new_reader() as friend:
        playground = visit(friend, address[address.index("#") :])
        assert playground.code() == KETTLE
        expect(playground.notice).to_have_text(
            "This program came with a link. It has not been run: read it, then press Run or Step."
        )
        playground.page.wait_for_load_state("networkidle")
        expect(playground.cell.block).to_be_hidden()
        assert not python_was_asked_for(friend)


def test_what_zlib_packs_is_a_link(reader: Reader) -> None:
    assert visit(reader, link_to(KETTLE.replace("\n", "\r\n").encode())).code() == KETTLE


def test_a_link_pasted_into_the_open_page_runs_nothing_either(reader: Reader) -> None:
    playground = visit(reader)
    playground.page.evaluate("fragment => { location.hash = fragment }", link_to(b"print('hm')"))
    expect(playground.notice).to_contain_text("It has not been run")
    assert playground.code() == "print('hm')"
    expect(playground.cell.status).to_have_text("")
    assert not python_was_asked_for(reader)


NO_CLIPBOARD = {
    "is not allowed": (
        "if (navigator.clipboard) navigator.clipboard.writeText ="
        " async () => { throw new DOMException('', 'NotAllowedError') }"
    ),
    "is not there": "Object.defineProperty(navigator, 'clipboard', { value: undefined })",
}


@pytest.mark.parametrize("script", NO_CLIPBOARD.values(), ids=NO_CLIPBOARD.keys())
def test_where_the_clipboard_fails_the_link_is_shown_selected(reader: Reader, script: str) -> None:
    reader.context.add_init_script(script)
    playground = visit(reader)
    playground.cell.edit("'tea'")
    playground.button("Copy link").click()
    expect(playground.notice).to_contain_text("copy it with Ctrl+C")
    expect(playground.link).to_be_focused()
    selected = playground.link.evaluate("it => it.value.slice(it.selectionStart, it.selectionEnd)")
    packed = selected.rpartition("#code=")[2]
    assert zlib.decompress(base64.urlsafe_b64decode(packed + "==")) == b"'tea'"
    playground.cell.edit("'milk'")
    expect(playground.link).to_be_hidden()


WHOLE = link_to(KETTLE.encode())
DAMAGED = {
    "cut off": WHOLE[:-9],
    "with a wrong letter": WHOLE[:40] + ("A" if WHOLE[40] != "A" else "B") + WHOLE[41:],
    "with something added": WHOLE + "AAAA",
    "with what is no letter of it": WHOLE[:30] + "%20" + WHOLE[30:],
    "empty": "#code=",
    "of bytes that are no text": link_to(b"\xff\xfe"),
}
TOO_LARGE = {
    "long": "#code=" + "A" * 80_000,
    "that unpacks to megabytes": link_to(b"#" * 20_000_000),
}


@pytest.mark.parametrize("fragment", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_link_is_said_and_changes_nothing(reader: Reader, fragment: str) -> None:
    visit(reader).cell.edit("'mine'")
    playground = visit(reader, fragment)
    expect(playground.notice).to_have_text(
        "This link is damaged, and its program cannot be read. "
        "Part of it may be missing: copy the whole link once more."
    )
    assert playground.code() == "'mine'"
    assert "#" not in playground.page.url


@pytest.mark.parametrize("fragment", TOO_LARGE.values(), ids=TOO_LARGE.keys())
def test_a_link_that_is_too_large_is_said(reader: Reader, fragment: str) -> None:
    playground = visit(reader, fragment)
    expect(playground.notice).to_have_text(
        "This link is too large: it holds more than 50,000 bytes. Ask for the program as a file."
    )
    expect(playground.cell.mark).to_be_hidden()


def test_a_program_that_is_too_long_for_a_link_is_said(playground: Playground) -> None:
    playground.cell.edit("# " + "ä" * 30_000)
    playground.button("Copy link").click()
    expect(playground.notice).to_have_text(
        "The program is too long for a link: it has 60,002 bytes, and a link holds 50,000. "
        "Send it as a file."
    )
    expect(playground.link).to_be_hidden()


# What the reader wrote -----------------------------------------------------------------------


def test_an_edit_survives_a_reload_until_it_is_reset(playground: Playground) -> None:
    playground.programs.select_option("lock")
    book = playground.code()
    playground.cell.edit("'mine'")
    expect(playground.yours).to_have_count(1)
    assert playground.chosen().startswith("A lock, edited ")
    playground.page.reload()
    playground = Playground(playground.page)
    expect(playground.cell.mark).to_have_text("edited")
    assert playground.code() == "'mine'"
    # What the book recorded was printed by another program.
    expect(playground.cell.block).to_be_hidden()
    playground.cell.button("Reset").click()
    expect(playground.cell.output).to_contain_text("Ada sees 10 spoons")
    expect(playground.yours).to_have_count(0)
    assert (playground.code(), playground.chosen()) == (book, "A lock")


def test_no_program_that_arrives_or_is_chosen_replaces_what_the_reader_wrote(
    reader: Reader,
) -> None:
    first = visit(reader)
    first.cell.edit("'mine'")
    playground = visit(reader, link_to(b"'theirs'"))
    expect(playground.notice).to_contain_text(KEPT)
    assert (playground.code(), playground.chosen()) == ("'theirs'", "From a link")
    playground.cell.edit("'theirs, mended'")
    assert playground.chosen().startswith("From a link, edited ")
    assert "#" not in playground.page.url
    playground.programs.select_option("queue")
    playground.cell.edit("'a queue of mine'")
    playground.page.reload()
    playground = Playground(playground.page)
    found = {}
    for value in playground.yours.evaluate_all("all => all.map(one => one.value)"):
        playground.programs.select_option(value)
        found[playground.chosen().partition(", ")[0]] = playground.code()
    mended, mine = "'theirs, mended'", "'mine'"
    assert found == {
        "A queue that is full": "'a queue of mine'",
        "From a link": mended,
        "A bakery": mine,
    }
    edited = playground.yours.filter(has_text="From a link, edited")
    playground.programs.select_option(edited.get_attribute("value"))
    playground.cell.button("Reset").click()
    assert (playground.code(), playground.chosen()) == ("'theirs'", "From a link")


def test_an_empty_page_waits_for_a_program(playground: Playground) -> None:
    playground.programs.select_option(label="An empty page")
    assert playground.code() == ""
    expect(playground.cell.block).to_be_hidden()
    box = playground.cell.source.bounding_box()
    assert box is not None
    playground.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] - 20)
    playground.page.keyboard.type("1 + 1")
    assert playground.code() == "1 + 1"


# Files ---------------------------------------------------------------------------------------


def test_a_trace_leaves_as_a_file_and_comes_back_without_python(
    lasting_playground: Playground, new_reader: NewReader, tmp_path: Path
) -> None:
    playground = lasting_playground
    playground.programs.select_option("generators")
    playground.depth.select_option("every switch")
    playground.step()
    playground.depth.select_option("every line")
    said = playground.sentence.inner_text()
    with playground.page.expect_download() as download:
        playground.button("Save the trace").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "generators.jsonl"
    header, *_, footer = map(json.loads, file.read_text("utf-8").splitlines())
    assert (header["format"], header["depth"]) == ("glassloop-trace", "switches")
    assert footer["end"]
    with new_reader() as reader:
        playground = visit(reader)
        playground.hand_in(file)
        expect(playground.sentence).to_have_text(said)
        expect(playground.notice).to_have_text(
            "generators.jsonl is open below the editor, which keeps its own program."
        )
        assert playground.chosen() == "A bakery"
        assert not python_was_asked_for(reader)
        playground.page.keyboard.press("Escape")
        expect(playground.viewer).to_have_count(0)
        expect(playground.cell.button("Step")).to_be_focused()
        drop(playground.page, file)
        expect(playground.sentence).to_have_text(said)


def drop(page: Page, file: Path) -> None:
    """Drop the file onto the code, where an editor would take its text."""
    page.evaluate(
        """([name, text]) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([text], name));
            const options = { dataTransfer, bubbles: true, cancelable: true };
            const code = document.querySelector(".cm-content");
            for (const kind of ["dragover", "drop"]) {
                code.dispatchEvent(new DragEvent(kind, options));
            }
        }""",
        [file.name, file.read_text("utf-8")],
    )


NO_TRACES = {
    "notes.txt": "bread, milk",
    "other.jsonl": '{"format": "of another kind"}',
    "old.jsonl": '{"format": "glassloop-trace", "version": 99}',
    "empty.jsonl": "",
}


@pytest.mark.parametrize("name", NO_TRACES)
def test_a_file_that_is_no_trace_is_said_and_changes_nothing(
    playground: Playground, name: str
) -> None:
    code = playground.code()
    playground.hand_in({"name": name, "mimeType": "", "buffer": NO_TRACES[name].encode()})
    expect(playground.notice).to_contain_text(f"{name} was not opened. This ")
    expect(playground.viewer).to_have_count(0)
    assert playground.code() == code


def test_a_program_in_a_file_is_put_into_the_editor_and_not_run(reader: Reader) -> None:
    playground = visit(reader)
    playground.cell.edit("'mine'")
    playground.hand_in({"name": "tea.py", "mimeType": "", "buffer": b"print('tea')\r\n"})
    expect(playground.notice).to_contain_text("tea.py is in the editor. It has not been run")
    assert (playground.code(), playground.chosen()) == ("print('tea')", "tea.py")
    expect(playground.yours).to_have_count(2)
    assert not python_was_asked_for(reader)


# Everybody, everywhere -----------------------------------------------------------------------


def test_axe_finds_nothing_while_everything_is_open(lasting_playground: Playground) -> None:
    playground = lasting_playground
    playground.page.evaluate("fragment => { location.hash = fragment }", link_to(KETTLE.encode()))
    expect(playground.notice).to_contain_text("This program came with a link.")
    playground.step()
    playground.button("Copy link").click()
    expect(playground.link).to_be_visible()
    assert found_on_all_screens(playground.page) == NOTHING
    playground.page.set_viewport_size(PHONE)
    assert playground.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    playground.page.set_viewport_size(WIDE)


def test_the_keyboard_alone_does_it_all(lasting_playground: Playground) -> None:
    playground = lasting_playground
    page, keys = playground.page, playground.page.keyboard
    tab_to(page, playground.programs)
    keys.type("A q")
    assert playground.chosen() == "A queue that is full"
    expect(playground.programs).to_be_focused()
    tab_to(page, playground.depth)
    keys.press("ArrowDown")
    tab_to(page, playground.button("Copy link"))
    keys.press("Enter")
    expect(page.get_by_text("Link copied")).to_be_visible()
    tab_to(page, playground.button("Open a file"))
    with page.expect_file_chooser():
        keys.press("Enter")
    tab_to(page, playground.cell.source)
    keys.press("Enter")
    keys.press("ControlOrMeta+End")
    keys.press("Escape")
    tab_to(page, playground.cell.button("Step"))
    keys.press("Enter")
    expect(playground.viewer).to_be_focused(timeout=PATIENCE)
    before = playground.sentence.inner_text()
    keys.press("ArrowRight")
    expect(playground.sentence).not_to_have_text(before)
    keys.press("Shift+Tab")
    expect(playground.button("Save the trace")).to_be_focused()
    keys.press("Escape")
    expect(playground.cell.button("Step")).to_be_focused()


def test_without_javascript_the_page_says_what_it_needs(new_reader: NewReader) -> None:
    with new_reader(java_script_enabled=False) as reader:
        page = reader.open(PAGE)
        expect(page.get_by_text("The playground needs JavaScript")).to_be_visible()
        assert page.locator(".cell-source pre").count() >= 8
        assert page.get_by_role("button", name="Copy link").count() == 0


def test_after_the_first_visit_it_works_without_a_network(
    own_server: tuple[str, ExitStack], lasting_context: BrowserContext
) -> None:
    address, stack = own_server
    page = lasting_context.new_page()
    page.goto(address + PAGE)
    Playground(page)
    wait_for_service_worker(page)
    stack.close()
    page.goto("about:blank")
    page.goto(address + PAGE + link_to(KETTLE.encode()))
    playground = Playground(page)
    assert playground.code() == KETTLE
    event = '{"do": "print", "stream": "out", "text": "tea", "say": "It prints tea."}'
    trace = f'{{"format": "glassloop-trace", "version": 1}}\n{event}\n{{"end": true}}'
    playground.hand_in({"name": "tea.jsonl", "mimeType": "", "buffer": trace.encode()})
    expect(playground.sentence).to_have_text("It prints tea.")

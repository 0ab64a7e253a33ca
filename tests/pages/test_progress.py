"""What was read, predicted and solved is marked, kept, carried to a file and back; none is sent."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pages.conftest import SITE, NewReader, Reader
from pages.exercises import OnPage, exercises_on
from pages.test_access import NOTHING, found_on_all_screens
from pages.test_exercises import ALL, WRITE
from playwright.sync_api import Locator, Page, expect

PAGE = ALL[WRITE][0] if WRITE else ""
EXERCISES = exercises_on(SITE / PAGE) if WRITE else {}


class Contents:
    """The index page, with the contents."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.panel = page.locator(".progress-panel")
        self.total = page.locator(".progress-total")
        self.notice = page.locator(".progress-notice")

    def mark(self, page_name: str = PAGE) -> Locator:
        return self.page.locator(f"[data-progress='{page_name}']")

    def save(self) -> str:
        with self.page.expect_download() as download:
            self.panel.get_by_role("button", name="Save to a file").click()
        assert download.value.suggested_filename == "glassloop-progress.json"
        return Path(download.value.path()).read_text("utf-8")

    def load(self, text: str, name: str = "glassloop-progress.json") -> str:
        self.notice.evaluate("it => it.textContent = ''")  # of what was loaded before
        with self.page.expect_file_chooser() as chooser:
            self.panel.get_by_role("button", name="Load from a file").click()
        chooser.value.set_files(
            {"name": name, "mimeType": "application/json", "buffer": text.encode()}
        )
        expect(self.notice).to_contain_text(name)
        return self.notice.inner_text()


def contents(reader: Reader) -> Contents:
    page = reader.open("index.html")
    page.locator(".progress-tools").wait_for()
    return Contents(page)


def keep(page: Page, key: str, value: object) -> None:
    """What an earlier visit left in the browser."""
    page.evaluate(
        "([key, text]) => localStorage.setItem('glassloop:' + key, text)", [key, json.dumps(value)]
    )


def kept(page: Page) -> dict[str, str]:
    """All that the browser keeps of what was read, predicted and solved."""
    return page.evaluate(
        "Object.fromEntries(Object.entries(localStorage).filter(([key]) =>"
        " /^glassloop:(read|answer|exercise):/.test(key)))"
    )


WORK = {"draft": None, "earlier": [], "tried": True, "solved": True, "hints": 0}


@pytest.fixture
def other(new_reader: NewReader) -> Iterator[Reader]:
    """The same person with another browser."""
    with new_reader() as reader:
        yield reader


def test_a_section_is_read_when_its_end_was_seen(reader: Reader) -> None:
    page = reader.open(PAGE)
    foot = page.locator(".progress-counts")
    sections = page.locator("article > section > section[id]")
    count = sections.count()
    expect(foot).to_contain_text(f"0 of {count} sections read")
    sections.first.locator("> *").last.scroll_into_view_if_needed()
    expect(foot).to_contain_text(re.compile(rf"[12] of {count} sections read"))
    for section in sections.all():
        section.locator("> *").last.scroll_into_view_if_needed()
        page.evaluate("new Promise(requestAnimationFrame)")
    expect(foot).to_contain_text("read · ")
    expect(foot).not_to_contain_text("sections")
    page.reload()
    expect(foot).not_to_contain_text("sections")


def test_an_answer_counts_and_show_me_does_not(reader: Reader) -> None:
    page = reader.open(PAGE)
    questions = page.locator(".predict")
    of = questions.count()
    expect(page.locator(".progress-counts")).to_contain_text(f"0 of {of} predicted")
    questions.nth(0).get_by_role("button", name="Show me").click()
    questions.nth(1).locator("input").first.check()
    questions.nth(1).get_by_role("button", name="Check").click()
    expect(page.locator(".progress-counts")).to_contain_text(f"1 of {of} predicted")
    expect(contents(reader).mark()).to_contain_text(f"1 of {of} predicted")


def test_what_is_solved_is_marked_here_and_in_the_contents(reader: Reader) -> None:
    index = contents(reader)
    expect(index.mark()).to_be_hidden()
    expect(index.total).to_contain_text("is marked here")
    keep(index.page, f"exercise:{WRITE}", WORK)
    on_page = OnPage(reader.open(PAGE), EXERCISES[WRITE])
    on_page.come_near()
    expect(on_page.solved).to_be_visible()
    expect(on_page.page.locator(".progress-counts")).to_contain_text(
        f"1 of {len(EXERCISES)} solved"
    )
    on_page.button("Hint").click()
    expect(index.mark()).to_contain_text(f"1 of {len(EXERCISES)} solved")
    expect(index.total).to_contain_text(f"1 of {len(ALL)} exercises solved")


def test_a_file_carries_everything_to_another_browser(reader: Reader, other: Reader) -> None:
    index = contents(reader)
    keep(index.page, f"read:{PAGE}", {"sections": ["one", "two"], "of": 2})
    keep(index.page, f"answer:{PAGE}#predict-1", {"question": "What?", "chosen": ["0"]})
    keep(index.page, f"exercise:{WRITE}", {**WORK, "draft": "mine = 1", "hints": 1})
    text = index.save()
    assert json.loads(text)["version"] == 1
    there = contents(other)
    said = there.load(text)
    assert "1 chapter, 1 prediction, 1 solved exercise" in said
    expect(there.mark()).to_contain_text("read · 1 of")
    assert kept(there.page).keys() == kept(index.page).keys()
    on_page = OnPage(other.open(PAGE), EXERCISES[WRITE])
    on_page.come_near()
    expect(on_page.solved).to_be_visible()
    expect(on_page.source.locator(".cm-content")).to_have_text("mine = 1")


def test_a_file_is_added_to_what_is_here_and_takes_nothing_away(
    reader: Reader, other: Reader
) -> None:
    index, there = contents(reader), contents(other)
    keep(index.page, f"exercise:{WRITE}", {**WORK, "draft": "from = 'the file'", "hints": 2})
    keep(index.page, f"read:{PAGE}", {"sections": ["one"], "of": 3})
    here = {**WORK, "draft": "from = 'here'", "earlier": ["older"], "solved": False}
    keep(there.page, f"exercise:{WRITE}", here)
    keep(there.page, f"read:{PAGE}", {"sections": ["two"], "of": 3})
    there.load(index.save())
    merged = {key: json.loads(text) for key, text in kept(there.page).items()}
    assert merged[f"glassloop:read:{PAGE}"] == {"sections": ["two", "one"], "of": 3}
    assert merged[f"glassloop:exercise:{WRITE}"] == {
        "draft": "from = 'here'",
        "earlier": ["from = 'the file'", "older"],
        "tried": True,
        "solved": True,
        "hints": 2,
    }


GOOD = {"format": "glassloop progress", "version": 1, "read": {}, "answers": {}, "exercises": {}}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "It is not JSON, or it is cut off."),
        (json.dumps(GOOD)[:-2], "It is not JSON, or it is cut off."),
        ("[1, 2]", "It is not a file that this book has saved."),
        (json.dumps({**GOOD, "format": "recipes"}), "It is not a file that this book has saved."),
        (json.dumps({**GOOD, "version": 2}), "It has version 2, and this book reads version 1."),
        (json.dumps({**GOOD, "answers": None}), "Its “answers” is missing or damaged."),
        (
            json.dumps({**GOOD, "read": {PAGE: {"sections": ["two"], "of": -1}}}),
            f"Under “read” the entry “{PAGE}” is damaged.",
        ),
        (
            json.dumps({**GOOD, "exercises": {"new": {**WORK, "earlier": [1]}}}),
            "Under “exercises” the entry “new” is damaged.",
        ),
    ],
)
def test_a_bad_file_is_refused_with_its_reason_and_changes_nothing(
    same_contents: Contents, text: str, why: str
) -> None:
    keep(same_contents.page, f"exercise:{WRITE}", WORK)
    before = kept(same_contents.page)
    said = same_contents.load(text, "recipes.json")
    assert said.startswith("recipes.json was not taken, and nothing has changed. ")
    assert why in said
    assert kept(same_contents.page) == before


@pytest.fixture(scope="module")
def same_contents(new_reader: NewReader) -> Iterator[Contents]:
    with new_reader() as reader:
        yield contents(reader)


def test_what_is_damaged_in_the_browser_counts_as_nothing(reader: Reader) -> None:
    index = contents(reader)
    for key in (f"read:{PAGE}", f"exercise:{WRITE}", f"answer:{PAGE}#predict-1"):
        keep(index.page, key, ["not", "ours"])
    index.page.reload()
    expect(index.total).to_contain_text("is marked here")
    on_page = OnPage(reader.open(PAGE), EXERCISES[WRITE])
    on_page.come_near()
    expect(on_page.solved).to_be_hidden()
    assert json.loads(contents(reader).save())["exercises"] == {}


def test_a_browser_that_refuses_storage_still_counts_while_the_page_is_open(
    reader: Reader,
) -> None:
    reader.context.add_init_script(
        """for (const name of ["getItem", "setItem", "removeItem"]) {
            const real = Storage.prototype[name];
            Storage.prototype[name] = function (key, ...rest) {
                if (key.startsWith("glassloop:")) throw new DOMException("no", "SecurityError");
                return real.call(this, key, ...rest);
            };
        }"""
    )
    on_page = OnPage(reader.open(PAGE), EXERCISES[WRITE])
    on_page.come_near()
    on_page.button("Hint").click()
    on_page.button("Hint").click()
    expect(on_page.hints.nth(1)).to_be_visible()
    on_page.write("kept = 1")
    on_page.button("Start over").click()
    on_page.button("Earlier attempt").click()
    assert on_page.code() == "kept = 1"


def test_axe_finds_nothing_in_marked_contents(reader: Reader) -> None:
    index = contents(reader)
    keep(index.page, f"read:{PAGE}", {"sections": ["one", "two"], "of": 2})
    keep(index.page, f"exercise:{WRITE}", WORK)
    index.page.reload()
    expect(index.mark()).to_be_visible()
    index.load("?", "notes.json")
    assert found_on_all_screens(index.page) == NOTHING

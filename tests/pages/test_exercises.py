"""Exercises in the page: tried, failed, solved, stepped; nothing that was written is lost."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from pages.conftest import PAGES, SITE, NewReader, Reader
from pages.exercises import OnPage, exercises_on
from pages.reader import PATIENCE
from pages.test_access import NOTHING, PHONE, WIDE, found_on_all_screens
from playwright.sync_api import Locator, expect

from glassloop.exercises import Exercise

# Every exercise of the book, with its page.
ALL = {
    name: (page, exercise) for page in PAGES for name, exercise in exercises_on(SITE / page).items()
}
PAGES_WITH_EXERCISES = sorted({page for page, _ in ALL.values()})


def first(form: str) -> str:
    """The first one of this form in the chapters that have all forms between them."""
    shown = (name for name, (page, _) in ALL.items() if re.search("/0[24]-", page))
    return next((name for name in shown if ALL[name][1].form == form), "")


WRITE, REPAIR, PARSONS, ORDER = map(first, ("write", "repair", "parsons", "order"))

Open = Callable[[str], OnPage]


def opened(reader: Reader, name: str) -> OnPage:
    page_name, exercise = ALL[name]
    on_page = OnPage(reader.open(page_name), exercise)
    on_page.come_near()
    return on_page


@pytest.fixture(scope="module")
def pages(new_reader: NewReader) -> Iterator[Open]:
    """One reader who goes through the whole book, with one Python a page."""
    with new_reader() as reader:
        found: dict[str, OnPage] = {}

        def open_once(name: str) -> OnPage:
            page_name, exercise = ALL[name]
            if page_name not in found:
                found[page_name] = opened(reader, name)
            page = found[page_name].page
            page.bring_to_front()
            return OnPage(page, exercise)

        yield open_once


def afresh(on_page: OnPage) -> OnPage:
    """As on a first visit: the book's own text, nothing said of it, nothing remembered."""
    on_page.touch()
    on_page.button("Start over").click()
    on_page.page.evaluate("name => localStorage.removeItem(name)", on_page.key)
    return on_page


# To know the right order, the program of an exercise is run here, and it may leave a loop open.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.each_chapter
@pytest.mark.parametrize("page_with_exercises", PAGES_WITH_EXERCISES)
def test_each_exercise_is_failed_solved_and_stepped(
    reader: Reader, page_with_exercises: str
) -> None:
    page = reader.open(page_with_exercises)
    for exercise in exercises_on(SITE / page_with_exercises).values():
        on_page = OnPage(page, exercise)
        on_page.come_near()
        fail_solve_and_step(on_page, exercise)


def fail_solve_and_step(on_page: OnPage, exercise: Exercise) -> None:
    open_still = on_page.page.locator(f".progress-open a[href='#exercise-{exercise.name}']")
    on_page.touch()
    assert on_page.check() != "Solved."
    assert on_page.told()
    expect(on_page.solved).to_be_hidden()
    expect(open_still).to_be_visible()
    for wrong in on_page.possible_attempts()[:1]:
        on_page.attempt(wrong.text)
        assert on_page.check() != "Solved."
        assert wrong.message in on_page.told()
    on_page.attempt(exercise.solution)
    assert on_page.check() == "Solved."
    expect(on_page.solved).to_be_visible()
    expect(open_still).to_have_count(0)
    on_page.button("Step").click()
    expect(on_page.viewer).to_be_focused(timeout=PATIENCE)
    on_page.page.keyboard.press("Escape")
    expect(on_page.viewer).to_have_count(0)


def test_the_book_has_an_exercise_of_each_form() -> None:
    assert all((WRITE, REPAIR, PARSONS, ORDER))


# The editor --------------------------------------------------------------------------------------


@pytest.fixture
def write(reader: Reader) -> OnPage:
    return opened(reader, WRITE)


def test_shift_enter_checks_and_the_verdict_is_read_out(pages: Open) -> None:
    on_page = afresh(pages(WRITE))
    on_page.source.focus()
    on_page.page.keyboard.press("Shift+Enter")
    expect(on_page.head).to_be_visible(timeout=PATIENCE)
    expect(on_page.verdict).to_have_attribute("role", "status")


def test_the_line_of_an_error_is_marked_until_it_is_edited(pages: Open) -> None:
    on_page = afresh(pages(WRITE))
    on_page.write("oven = 1\n1 / 0\nbread = 2")
    assert on_page.check() == "It raised an error."
    marked = on_page.source.locator(".cm-line.line-marked")
    expect(marked).to_have_text("1 / 0")
    on_page.verdict.get_by_role("button", name="Line 2").click()
    expect(on_page.source.locator(".cm-content")).to_be_focused()
    on_page.page.keyboard.type("#")
    expect(marked).to_have_count(0)
    assert on_page.code() == "oven = 1\n#1 / 0\nbread = 2"


def test_what_an_attempt_prints_is_shown(pages: Open) -> None:
    on_page = afresh(pages(WRITE))
    on_page.write(f"print('from the oven')\n{on_page.exercise.solution}")
    assert on_page.check() == "Solved."
    expect(on_page.printed.locator("pre")).to_have_text("from the oven\n")


def test_an_attempt_that_is_no_python_is_told_so_by_step(pages: Open) -> None:
    on_page = afresh(pages(WRITE))
    on_page.write("def oven(:")
    on_page.button("Step").click()
    expect(on_page.head).to_have_text("It raised an error.", timeout=PATIENCE)
    assert "SyntaxError" in on_page.told()
    expect(on_page.viewer).to_have_count(0)


def test_hints_come_one_at_a_time_and_stay(write: OnPage) -> None:
    assert write.hints.count() >= 2
    expect(write.hints.first).to_be_hidden()
    write.button("Hint").click()
    expect(write.hints.nth(0).locator("summary")).to_be_focused()
    expect(write.hints.nth(1)).to_be_hidden()
    for _ in range(write.hints.count() - 1):
        write.button("Hint").click()
    expect(write.button("Hint")).to_have_attribute("aria-disabled", "true")
    write.page.reload()
    write.come_near()
    expect(write.hints.last).to_be_visible()


def test_the_solution_is_shown_beside_an_attempt_and_not_before_one(pages: Open) -> None:
    write = afresh(pages(WRITE))
    write.button("Solution").click()
    expect(write.comparison).to_be_hidden()
    expect(write.status).to_contain_text("Check an attempt first")
    assert write.check() == "Not yet."
    write.button("Solution").click()
    expect(write.comparison).to_be_hidden()
    mine = "def mine(): pass"
    write.write(mine)
    write.check()
    write.button("Solution").click()
    yours, solution = write.comparison.locator("> div").all()
    expect(yours.locator(".cm-content")).to_have_text(mine)
    expect(solution).to_contain_text(write.exercise.solution.splitlines()[-1].strip())
    assert left_of(yours) < left_of(solution)
    write.page.set_viewport_size(PHONE)
    assert left_of(yours) == left_of(solution)
    write.page.set_viewport_size(WIDE)
    write.button("Solution").click()
    expect(write.comparison).to_be_hidden()


def left_of(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["x"]


def test_an_attempt_survives_a_reload_and_start_over_loses_none(write: OnPage) -> None:
    starter = write.code()
    write.write("first = 1")
    write.page.reload()
    write.come_near()
    expect(write.source.locator(".cm-content")).to_have_text("first = 1")
    write.button("Start over").click()
    assert write.code() == starter
    expect(write.button("Start over")).to_be_hidden()
    write.write("second = 2")
    for text in ("first = 1", "second = 2", "first = 1"):
        write.button("Earlier attempt").click()
        expect(write.source.locator(".cm-content")).to_have_text(text)


def test_the_exercises_script_is_fetched_when_the_reader_comes_near(reader: Reader) -> None:
    page_name, exercise = ALL[WRITE]
    page = reader.open(page_name)
    page.wait_for_load_state("networkidle")
    assert not [url for url in reader.watch.requests if "exercises.js" in url]
    OnPage(page, exercise).come_near()
    assert len([url for url in reader.watch.requests if "exercises.js" in url]) == 1


def test_without_javascript_task_starter_and_hints_can_be_read(new_reader: NewReader) -> None:
    with new_reader(java_script_enabled=False) as reader:
        for name in (WRITE, PARSONS, ORDER):
            page_name, exercise = ALL[name]
            on_page = OnPage(reader.open(page_name), exercise)
            expect(on_page.element.locator(".exercise-task")).to_be_visible()
            given = on_page.element.locator("> :is(.cell-source, .exercise-cards)")
            expect(given.last).to_be_visible()
            on_page.hints.first.locator("summary").click()
            expect(on_page.hints.first.locator("p").first).to_be_visible()


# Breaking attempts -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attempt", "head"),
    [
        ("while True: pass", "It did not end."),
        ("for number in range(1_000_000): print(number)", "It did not end."),
        ("import sys\nsys.exit()", None),
        ("import asyncio\nasyncio.run(asyncio.Event().wait())", "It waits for ever."),
    ],
)
def test_a_breaking_attempt_has_a_verdict_and_the_page_goes_on(
    pages: Open, attempt: str, head: str | None
) -> None:
    on_page = afresh(pages(WRITE))
    on_page.write(attempt)
    said = on_page.check()
    assert said != "Solved."
    assert head in (None, said)
    on_page.write(on_page.exercise.solution)
    assert on_page.check() == "Solved."


def test_a_single_step_without_an_end_is_stopped_by_the_clock(pages: Open) -> None:
    on_page = afresh(pages(WRITE))
    on_page.write("import itertools\nsum(itertools.repeat(1))")
    on_page.page.clock.install()
    on_page.button("Check").click()
    expect(on_page.status).to_have_text("Checking", timeout=PATIENCE)
    on_page.page.clock.fast_forward(20_000)
    expect(on_page.head).to_have_text("It did not end.")
    assert "20 seconds" in on_page.told()


def test_stop_ends_a_check(pages: Open) -> None:
    on_page = afresh(pages(WRITE))
    on_page.write("while True: pass")
    on_page.button("Check").click()
    on_page.button("Stop").click()
    expect(on_page.status).to_contain_text("Stopped.")
    expect(on_page.button("Check")).to_have_attribute("aria-disabled", "false")
    expect(on_page.head).to_have_count(0)


# Cards -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [PARSONS, ORDER])
def test_the_keyboard_picks_up_moves_drops_and_says_so(pages: Open, name: str) -> None:
    on_page = afresh(pages(name))
    cards, keys = on_page.cards, on_page.page.keyboard
    before = cards.names()
    cards.laid.first.focus()
    keys.press("ArrowDown")
    expect(cards.laid.nth(1)).to_be_focused()
    assert cards.names() == before
    keys.press("Space")
    expect(cards.spoken).to_contain_text(f"Picked up. Place 2 of {len(before)}.")
    keys.press("ArrowDown")
    expect(cards.spoken).to_contain_text(f"Place 3 of {len(before)}.")
    keys.press("Space")
    expect(cards.spoken).to_contain_text(f"Dropped. Place 3 of {len(before)}.")
    assert cards.names() == [before[0], before[2], before[1], *before[3:]]
    expect(cards.laid.nth(2)).to_be_focused()
    keys.press("Space")
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    keys.press("Escape")
    expect(cards.spoken).to_contain_text("Put back.")
    assert cards.names() == [before[0], before[2], before[1], *before[3:]]
    on_page.button("Start over").click()
    assert cards.names() == before
    on_page.button("Earlier attempt").click()
    assert cards.names() == [before[0], before[2], before[1], *before[3:]]


def test_lines_are_indented_and_put_aside_by_keyboard(pages: Open) -> None:
    on_page = afresh(pages(PARSONS))
    cards, keys = on_page.cards, on_page.page.keyboard
    before = cards.names()
    cards.laid.last.focus()
    keys.press("Space")
    keys.press("ArrowRight")
    expect(cards.spoken).to_contain_text("Indented once.")
    assert cards.names()[-1] == f"{before[-1]}, indented once"
    keys.press("ArrowDown")
    expect(cards.spoken).to_have_text("Not used.")
    keys.press("Space")
    assert cards.names() == before[:-1]
    expect(cards.aside).to_have_count(1)
    keys.press("ArrowUp")
    expect(cards.laid.last).to_be_focused()


def test_cards_lie_after_a_reload_as_they_were_laid(reader: Reader) -> None:
    on_page = opened(reader, PARSONS)
    cards, wanted = on_page.cards, on_page.exercise.solution
    cards.lay(wanted)
    laid, aside = cards.names(), cards.aside.count()
    assert any(name.endswith("indented twice") for name in laid)
    assert aside > 0
    on_page.page.reload()
    on_page.come_near()
    assert cards.names() == laid
    assert cards.aside.count() == aside


def test_buttons_move_the_chosen_card(pages: Open) -> None:
    on_page = afresh(pages(PARSONS))
    cards = on_page.cards
    before = cards.names()
    cards.laid.nth(1).locator("code").click()
    for label in ("Move up", "Indent more"):
        cards.element.get_by_role("button", name=label).click()
    assert cards.names() == [f"{before[1]}, indented once", before[0], *before[2:]]


def test_the_mouse_drags_a_line_and_draws_it_in(pages: Open) -> None:
    on_page = afresh(pages(PARSONS))
    cards, mouse = on_page.cards, on_page.page.mouse
    before = cards.names()
    cards.element.scroll_into_view_if_needed()
    start, end = (cards.laid.nth(place).bounding_box() for place in (0, 1))
    assert start is not None
    assert end is not None
    x, y = start["x"] + 60, start["y"] + start["height"] / 2
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 5, y + 5)
    mouse.move(x + 5, end["y"] + end["height"] - 4, steps=5)
    mouse.move(x + 40, end["y"] + end["height"] - 3, steps=5)
    expect(cards.laid.nth(1).locator(".spoken")).to_have_text(", indented once")
    mouse.up()
    assert cards.names() == [before[1], f"{before[0]}, indented once", *before[2:]]


@pytest.fixture
def phone(new_reader: NewReader) -> Iterator[Reader]:
    with new_reader(has_touch=True, is_mobile=True, viewport=PHONE) as reader:
        yield reader


@pytest.mark.parametrize("name", [PARSONS, ORDER])
def test_a_finger_drags_a_card_by_its_grip(phone: Reader, name: str) -> None:
    on_page = opened(phone, name)
    cards = on_page.cards
    before = cards.names()
    with finger_from_first_to_second(on_page, ".card-grip"):
        expect(cards.laid.first).to_contain_text(before[1])
    # How far down it lands is a matter of pixels; the others keep their order.
    card, *others = before
    places = range(1, len(before))
    assert cards.names() in [[*others[:place], card, *others[place:]] for place in places]


@pytest.mark.parametrize("name", [PARSONS, ORDER])
def test_a_finger_beside_the_grip_scrolls_and_drags_nothing(phone: Reader, name: str) -> None:
    on_page = opened(phone, name)
    before = on_page.cards.names()
    with finger_from_first_to_second(on_page, ".card code"):
        pass
    assert on_page.cards.names() == before


@contextmanager
def finger_from_first_to_second(on_page: OnPage, handle: str) -> Iterator[None]:
    """A finger on this part of the first card draws down to the second place, then goes away."""
    page = on_page.page
    session = page.context.new_cdp_session(page)
    on_page.cards.element.evaluate("all => all.scrollIntoView({ block: 'center' })")

    def touch(kind: str, *points: dict[str, float]) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    grip = on_page.element.locator(handle).first
    grip.tap(trial=True)  # once the page has come to rest
    start, card, below = (
        it.bounding_box() for it in (grip, on_page.cards.laid.first, on_page.cards.laid.nth(1))
    )
    assert start is not None
    assert card is not None
    assert below is not None
    x, y = start["x"] + start["width"] / 2, start["y"] + start["height"] / 2
    end = below["y"] + below["height"] - card["height"] / 2
    touch("touchStart", {"x": x, "y": y})
    # In small steps, as a finger does: the card follows from the second one that it hears of.
    for step in range(1, 21):
        touch("touchMove", {"x": x, "y": y + step / 20 * (end - y)})
        page.evaluate("new Promise(requestAnimationFrame)")
    yield
    touch("touchEnd")


def test_an_order_is_graded_and_the_truth_shown_only_then(pages: Open) -> None:
    on_page = afresh(pages(ORDER))
    truth = on_page.exercise.solution.splitlines()
    expect(on_page.printed).to_be_hidden()
    expect(on_page.button("Step")).to_be_hidden()
    assert on_page.check() == "Not yet."
    expect(on_page.printed.locator("pre")).to_have_text("\n".join(truth) + "\n")
    notes = on_page.cards.laid.locator(".card-note").all_text_contents()
    assert any(note.startswith("belongs at ") for note in notes)
    for note, line in zip(
        notes, on_page.cards.laid.locator("code").all_text_contents(), strict=True
    ):
        place = truth.index(line) + 1
        assert note in ("right", f"belongs at {place}")
    expect(on_page.button("Step")).to_be_visible()
    on_page.cards.lay(on_page.exercise.solution)
    assert on_page.check() == "Solved."
    assert set(on_page.cards.laid.locator(".card-note").all_text_contents()) == {"right"}


# Everybody ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [REPAIR, PARSONS, ORDER])
def test_axe_finds_nothing_in_an_exercise_at_work(pages: Open, name: str) -> None:
    on_page = afresh(pages(name))
    page = on_page.page
    if on_page.exercise.cards:
        on_page.touch()
    else:
        on_page.write("print('from the oven')\n1 / 0")
    assert on_page.check() != "Solved."
    on_page.button("Hint").click()
    if on_page.exercise.form != "order":
        on_page.button("Solution").click()
    assert found_on_all_screens(page, f"#exercise-{name}") == NOTHING
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.set_viewport_size(WIDE)

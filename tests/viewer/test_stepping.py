"""Buttons, keys and the scrub bar lead to the steps that they promise."""

import pytest
from playwright.sync_api import expect
from viewer.conftest import Figure, OpenTrace
from viewer.programs import step_of

from glassloop.trace import Trace


def test_the_sentence_of_the_step_is_in_view_and_spoken(
    countdown: Figure, traces: dict[str, Trace]
) -> None:
    expect(countdown.sentence).to_have_attribute("aria-live", "polite")
    countdown.focus()
    for event in traces["countdown"].events:
        expect(countdown.sentence).to_have_text(event["say"].replace("`", ""))
        countdown.press("ArrowRight")
    expect(countdown.where).to_contain_text(f"of {len(traces['countdown'].events)}")


def test_each_key_has_a_move(oven: Figure, traces: dict[str, Trace]) -> None:
    trace = traces["oven"]
    oven.focus()
    assert oven.press("ArrowRight", "ArrowRight") == 3
    assert oven.press("ArrowLeft") == 2
    assert oven.press("End") == len(trace.events)
    assert oven.press("ArrowRight") == len(trace.events)
    assert oven.press("Home") == 1
    assert oven.press("ArrowLeft") == 1
    assert oven.press("t") == step_of(trace, "turn")
    assert oven.press("t") == step_of(trace, "turn", 2)
    assert oven.press("Shift+T") == step_of(trace, "turn")


def test_n_and_p_go_through_the_switches_of_the_task_that_is_followed(
    oven: Figure, traces: dict[str, Trace]
) -> None:
    trace = traces["oven"]
    cake = next(event["id"] for event in trace.events if event.get("name") == "cake")
    oven.goto(step_of(trace, "wait", id=cake))
    oven.shelf.locator(".gv-task-head").filter(has_text="cake").click()
    oven.focus()
    assert oven.press("n") == step_of(trace, "wake", id=cake)
    assert oven.press("n") == step_of(trace, "step", 2, id=cake)
    assert oven.press("p", "p") == step_of(trace, "wait", id=cake)


def test_without_tasks_n_goes_to_the_next_switch_of_any_frame(
    countdown: Figure, traces: dict[str, Trace]
) -> None:
    trace = traces["countdown"]
    countdown.focus()
    assert countdown.press("n") == step_of(trace, "made")
    assert countdown.press("n", "n") == step_of(trace, "yield")
    assert countdown.press("n") == step_of(trace, "resume")


def test_a_line_number_runs_to_that_line(countdown: Figure, traces: dict[str, Trace]) -> None:
    trace = traces["countdown"]
    line_5 = countdown.code.get_by_role("button", name="Run to line 5", exact=True)
    line_5.click()
    assert countdown.step == step_of(trace, "line", line=5)
    assert countdown.current_line() == "n -= 1"
    line_5.click()
    assert countdown.step == step_of(trace, "line", 2, line=5)
    line_5.click()
    assert countdown.step == step_of(trace, "line", line=5)


def test_the_scrub_bar_goes_anywhere(oven: Figure, traces: dict[str, Trace]) -> None:
    middle = len(traces["oven"].events) // 2
    oven.root.get_by_role("slider", name="Step").fill(str(middle))
    assert oven.step == middle
    oven.root.get_by_role("slider", name="Step").focus()
    assert oven.press("ArrowRight", "ArrowRight") == middle + 2


def test_playing_goes_to_the_end_and_stops(countdown: Figure, traces: dict[str, Trace]) -> None:
    speed = countdown.root.get_by_label("Speed of playing")
    speed.select_option("2")  # a slow machine too must have time to press Pause before the end
    countdown.button("Play").click()
    countdown.page.wait_for_function("mounted.step > 1")
    countdown.button("Pause").click()
    assert 1 < countdown.step < len(traces["countdown"].events)
    speed.select_option("120")
    countdown.focus()
    countdown.page.keyboard.press("?")
    expect(countdown.root.get_by_role("note", name="Keys")).to_be_visible()
    countdown.page.keyboard.press("Space")
    countdown.page.wait_for_function("mounted.step === mounted.steps")
    expect(countdown.button("Play")).to_be_visible()


def test_keys_are_the_viewers_only_while_the_focus_is_in_it(countdown: Figure) -> None:
    countdown.page.get_by_role("button", name="after").focus()
    assert countdown.press("ArrowRight", "End", "n") == 1


def test_space_on_a_button_presses_that_button(countdown: Figure) -> None:
    countdown.button("Forward one step").focus()
    assert countdown.press("Space", "Space") == 3
    expect(countdown.button("Play")).to_be_visible()


def test_goto_and_destroy(open_trace: OpenTrace) -> None:
    figure = open_trace("countdown", step=7)
    assert figure.step == 7
    figure.goto(12)
    figure.page.evaluate("mounted.goto(10 ** 9)")
    assert figure.step == figure.page.evaluate("mounted.steps")
    figure.page.evaluate("mounted.destroy()")
    expect(figure.root).to_have_count(0)


def test_remarks_lead_to_their_steps(open_trace: OpenTrace) -> None:
    figure = open_trace("with remarks")
    expect(figure.root.get_by_text("2 remarks")).to_be_visible()
    expect(figure.root.get_by_role("listitem")).to_have_text(
        ["The recording was cut here.", "It was blocked. Step 3 (chapter 33: Blocking)"]
    )
    figure.button("Step 3").click()
    assert figure.step == 3
    figure.goto(1)
    figure.button("Step 3").focus()
    assert figure.press("Enter") == 3


def test_remarks_are_marked_on_the_scrub_bar_where_their_steps_are(open_trace: OpenTrace) -> None:
    figure = open_trace("with remarks", step=3)
    marks, scrub = figure.root.locator(".gv-mark"), figure.root.get_by_role("slider", name="Step")
    expect(marks).to_have_count(1)
    mark, bar = marks.bounding_box(), scrub.bounding_box()
    assert mark
    assert bar
    share = 2 / (figure.page.evaluate("mounted.steps") - 1)
    thumb = bar["x"] + 8 + share * (bar["width"] - 16)
    assert mark["x"] + mark["width"] / 2 == pytest.approx(thumb, abs=1)


def test_a_remark_links_its_chapter_where_there_is_a_book(open_trace: OpenTrace) -> None:
    page = open_trace("with remarks").page
    page.evaluate(
        """() => {
            mounted.destroy();
            const chapter = ({ page }) => `https://book/${page}.html`;
            window.mounted = viewer.mount(document.getElementById("trace"), text, { chapter });
        }"""
    )
    link = page.get_by_role("link", name="Chapter 33: Blocking")
    expect(link).to_have_attribute("href", "https://book/5-practice/33-blocking.html")


def test_what_is_no_trace_is_said(open_trace: OpenTrace) -> None:
    alert = open_trace("no trace").page.get_by_role("alert")
    expect(alert).to_contain_text('its first line does not say "format": "glassloop-trace"')


def test_an_empty_trace_is_said(open_trace: OpenTrace) -> None:
    expect(open_trace("empty").sentence).to_have_text("This trace is empty.")

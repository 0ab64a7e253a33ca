"""The drawings show what was recorded, only where there is something, and lead to each other."""

import pytest
from playwright.sync_api import expect
from viewer.conftest import Figure, OpenTrace
from viewer.programs import step_of

from glassloop.trace import Trace

YIELD = "yield n"


def test_a_generator_goes_to_the_shelf_and_back(
    countdown: Figure, traces: dict[str, Trace]
) -> None:
    trace = traces["countdown"]
    running = countdown.shelf.locator(".gv-side-running")
    shelf = countdown.shelf.locator(".gv-side-parked")
    countdown.goto(step_of(trace, "made"))
    expect(shelf.locator("[data-frame]")).to_contain_text("line 1, not begun")
    countdown.goto(step_of(trace, "yield"))
    expect(shelf.locator("[data-frame]")).to_contain_text("handed out 2")
    assert countdown.current_line() == YIELD
    countdown.goto(step_of(trace, "resume"))
    expect(shelf.locator("[data-frame]")).to_have_count(0)
    expect(running.locator("[data-stage=running][data-frame]")).to_contain_text("countdown")
    countdown.goto(len(trace.events))
    expect(shelf.locator("[data-frame]")).to_have_attribute("data-stage", "closed")


def test_the_bookmark_stands_in_the_gutter(countdown: Figure, traces: dict[str, Trace]) -> None:
    step = step_of(traces["countdown"], "yield")
    countdown.goto(step)
    mark = countdown.code.get_by_role("button", name="Bookmark of countdown (suspended)")
    expect(mark.locator("xpath=ancestor::*[@class='gv-line']")).to_contain_text(YIELD)
    countdown.goto(step + 2)
    mark.click()
    assert countdown.step == step


def test_changed_variables_are_marked(countdown: Figure, traces: dict[str, Trace]) -> None:
    step = next(at for at, event in enumerate(traces["countdown"].events, 1)
                if event["do"] == "line" and event.get("set") == {"n": "1"})  # fmt: skip
    countdown.goto(step)
    changed = countdown.code.locator(".gv-changed")
    expect(changed).to_contain_text("n = 1")
    countdown.goto(step + 1)
    expect(changed).to_have_count(0)


def test_what_is_not_there_is_not_drawn(countdown: Figure, oven: Figure) -> None:
    expect(countdown.lanes).to_have_count(0)
    expect(countdown.turns).to_have_count(0)
    expect(countdown.button("Next turn")).to_have_count(0)
    expect(oven.lanes).to_be_visible()
    expect(oven.turns).to_be_visible()


def test_a_waiting_task_shows_its_chain_and_what_it_waits_for(
    oven: Figure, traces: dict[str, Trace]
) -> None:
    trace = traces["oven"]
    tasks = {event["name"]: event["id"] for event in trace.events if event["do"] == "task"}
    oven.goto(step_of(trace, "wait", id=tasks["cake"]))
    cards = oven.shelf.locator(".gv-task")
    cake = cards.filter(has_text="'cake'")
    frames = cake.locator(".gv-frame-name")
    expect(frames.first).to_have_text("bake")
    expect(cake).to_contain_text("waits for the lock oven")
    expect(cake).to_contain_text("held by bread")
    bread = cards.filter(has_text="'bread'")
    expect(bread).to_contain_text("waits for the timer due at t =")
    expect(oven.shelf.locator(".gv-thing")).to_contain_text("held by bread")


def test_the_turn_table_shows_before_and_now(oven: Figure, traces: dict[str, Trace]) -> None:
    trace = traces["oven"]
    oven.goto(step_of(trace, "turn", 2))
    ready = oven.turns.locator(".gv-turn-row").filter(has_text="Ready queue")
    expect(ready.locator(".gv-turn-cell").first).to_have_text("breadcakerolls")
    oven.focus()
    while trace.events[oven.step - 1].get("who") != "T3":
        oven.press("ArrowRight")
    expect(ready.locator(".gv-turn-cell").first).to_contain_text("has run")
    timers = oven.turns.locator(".gv-turn-row").filter(has_text="Timers")
    expect(timers.locator(".gv-fresh")).to_contain_text("wakes bread")


def test_a_queue_entry_leads_to_the_step_that_queued_it(
    oven: Figure, traces: dict[str, Trace]
) -> None:
    trace = traces["oven"]
    oven.goto(step_of(trace, "turn", 2))
    oven.turns.get_by_role("button", name="cake").first.click()
    queued = trace.events[oven.step - 1]
    cake = next(event["id"] for event in trace.events if event.get("name") == "cake")
    assert (queued["do"], queued["id"]) == ("queue", cake)
    expect(oven.where).to_contain_text("following cake")


def test_a_printed_line_leads_to_its_print(countdown: Figure, traces: dict[str, Trace]) -> None:
    countdown.goto(len(traces["countdown"].events))
    lines = countdown.output.get_by_role("button")
    printed = ["starting at 2", "next: 2", "next: 1", "lift-off", "next: no more"]
    assert lines.all_inner_texts() == printed
    lines.nth(1).click()
    assert traces["countdown"].events[countdown.step - 1]["do"] == "print"
    expect(lines).to_have_count(2)


@pytest.mark.parametrize("width", [1280, 700])
def test_a_bar_of_the_lane_chart_leads_to_its_beginning(
    open_trace: OpenTrace, traces: dict[str, Trace], width: int
) -> None:
    trace = traces["oven"]
    oven = open_trace("oven", viewport={"width": width, "height": 900})
    cake = next(event["id"] for event in trace.events if event.get("name") == "cake")
    waits = step_of(trace, "wait", id=cake)
    row = 2 + int(cake.removeprefix("T")) - 1
    canvas = oven.lanes.locator("canvas")
    box = canvas.bounding_box()
    assert box
    gutter = round(min(140, max(64, box["width"] * 0.16)))
    x = gutter + (box["width"] - gutter) * (waits + 0.5) / len(trace.events)
    canvas.click(position={"x": x, "y": 22 + 24 * row + 12})
    assert oven.step == waits
    expect(oven.where).to_contain_text("following cake")


def test_a_narrow_viewer_has_tabs(open_trace: OpenTrace) -> None:
    figure = open_trace("oven", step=60, viewport={"width": 360, "height": 740})
    tabs = figure.root.get_by_role("tab")
    expect(tabs).to_have_text(["Frames", "Lanes", "Turn", "Output"])
    expect(figure.shelf).to_be_visible()
    expect(figure.lanes).to_be_hidden()
    tabs.first.focus()
    figure.press("ArrowRight")
    expect(figure.lanes).to_be_visible()
    expect(figure.shelf).to_be_hidden()
    assert figure.step == 60
    width = figure.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360


def test_frames_do_not_move_for_readers_who_want_no_motion(
    open_trace: OpenTrace, traces: dict[str, Trace]
) -> None:
    step = step_of(traces["countdown"], "yield") - 1
    # Counted as they begin: on a slow machine a short one is over before it can be looked at.
    count = """() => {
        const { animate } = Element.prototype;
        window.moves = 0;
        Element.prototype.animate = function (...how) {
            window.moves += 1;
            return animate.apply(this, how);
        };
    }"""
    for wish, some in (("no-preference", True), ("reduce", False)):
        figure = open_trace("countdown", step=step, reduced_motion=wish)
        figure.focus()
        figure.page.evaluate(count)
        figure.press("ArrowRight")
        assert (figure.page.evaluate("moves") > 0) is some

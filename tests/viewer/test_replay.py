"""The state at a step depends on the events alone, however the reader came there."""

import pytest
from viewer.conftest import Figure, OpenTrace

# Maps are written as lists of pairs, so that two states can be compared as texts.
COMPARE = """([seed, count]) => {
    const { traceOf, History, replay } = viewer;
    const { events } = traceOf(text);
    const write = (state) => JSON.stringify(state, (_, value) =>
        value instanceof Map ? [...value].sort(([a], [b]) => (a < b ? -1 : 1)) : value);
    const history = new History(events);
    const wrong = [];
    for (let i = 0; i < count; i++) {
        seed = (seed * 48271) % 2147483647;
        const step = seed % (events.length + 1);
        if (write(history.at(step)) !== write(replay(events, step))) wrong.push(step);
    }
    return wrong;
}"""


@pytest.mark.parametrize("name", ["countdown", "oven", "oven, switches", "random"])
def test_any_step_is_as_if_replayed_from_the_start(open_trace: OpenTrace, name: str) -> None:
    assert open_trace(name).page.evaluate(COMPARE, [20_261, 60]) == []


@pytest.mark.parametrize("name", ["countdown", "oven", "oven, switches", "random"])
def test_forward_and_back_again_shows_the_same(open_trace: OpenTrace, name: str) -> None:
    figure = open_trace(name, step=15)
    before = figure.picture()
    figure.focus()
    assert figure.press(*["ArrowRight"] * 12) == 27
    assert figure.picture() != before
    assert figure.press(*["ArrowLeft"] * 12) == 15
    assert figure.picture() == before


def test_stepping_and_jumping_show_the_same(oven: Figure) -> None:
    oven.focus()
    oven.press(*["ArrowRight"] * 60)
    walked = oven.picture()
    oven.press("End")
    oven.goto(61)
    assert oven.picture() == walked


# What must hold at every step of every trace, whoever wrote it.
CONSISTENT = """() => {
    const { events } = viewer.traceOf(text);
    const history = new viewer.History(events);
    const wrong = [];
    for (let step = 0; step <= events.length; step++) {
        const state = history.at(step);
        const stacks = [...state.stacks.values()].flat();
        for (const id of stacks)
            if (state.frames.get(id)?.stage !== "running") wrong.push(`${step}: ${id} in a stack`);
        for (const frame of state.frames.values())
            if (frame.stage === "running" && !stacks.includes(frame.id))
                wrong.push(`${step}: ${frame.id} runs nowhere`);
        if ([...state.tasks.values()].filter(({ stage }) => stage === "running").length > 1)
            wrong.push(`${step}: two tasks run`);
        for (const id of state.ready)
            if (!state.handles.has(id)) wrong.push(`${step}: ${id} is queued and unknown`);
    }
    return wrong;
}"""


@pytest.mark.parametrize("name", ["countdown", "oven", "oven, switches", "random"])
def test_what_runs_is_in_a_stack_and_one_task_runs_at_most(
    open_trace: OpenTrace, name: str
) -> None:
    assert open_trace(name).page.evaluate(CONSISTENT) == []


# The same of the traces of random programs: folded on from any earlier state, with the states that
# a history keeps or without, a step looks as if it was folded from the start; so it does when the
# reader has gone on from it and come back.
PROGRAMS = """async (seed) => {
    const { traceOf, History, replay } = viewer;
    const traces = await (await fetch("programs.jsonl")).json();
    const write = (state) => JSON.stringify(state, (_, value) =>
        value instanceof Map ? [...value].sort(([a], [b]) => (a < b ? -1 : 1)) : value);
    const dice = (sides) => (seed = (seed * 48271) % 2147483647) % sides;
    const wrong = [];
    for (const [number, trace] of traces.entries()) {
        const { events } = traceOf(trace);
        const history = new History(events);
        for (let i = 0; i < 12; i++) {
            const step = dice(events.length + 1);
            const earlier = dice(step + 1);
            const there = write(replay(events, step));
            const before = replay(events, earlier);
            const kept = write(before);
            if (write(replay(events, step, before)) !== there) wrong.push([number, earlier, step]);
            if (write(before) !== kept) wrong.push([number, earlier, "was changed"]);
            if (write(history.at(step)) !== there) wrong.push([number, step, "in a history"]);
            history.at(Math.min(events.length, step + dice(20)));
            if (write(history.at(step)) !== there) wrong.push([number, step, "and back"]);
        }
    }
    return { count: traces.length, wrong };
}"""


def test_random_programs_are_replayed_from_anywhere_as_from_the_start(oven: Figure) -> None:
    assert oven.page.evaluate(PROGRAMS, 20_261) == {"count": 40, "wrong": []}

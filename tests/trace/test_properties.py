"""What holds for every program: recording changes nothing, and a trace is possible and complete.

`GLASSLOOP_EXAMPLES` says how many random programs each test tries; the more, the longer.
"""

from __future__ import annotations

import sys
from typing import Any

import pytest
from consistent import InconsistentError, check, check_end
from hypothesis import given
from in_the_lab import Run, run
from random_programs import async_programs, generator_programs, many_programs

from glassloop.trace import Trace
from glassloop.trace.events import Depth

DEPTHS: tuple[Depth, ...] = ("lines", "switches")


@many_programs
@given(async_programs())
def test_an_async_program_is_recorded_truly_and_not_changed(source: str) -> None:
    prove(source)


@many_programs
@given(generator_programs())
def test_a_program_of_generators_is_recorded_truly_and_not_changed(source: str) -> None:
    prove(source)


def prove(source: str) -> None:
    """That recording `source` changes nothing, and that its traces are possible and complete."""
    bare = run(source)
    for depth in DEPTHS:
        recorded = run(source, depth)
        assert recorded.seen == bare.seen, f"recorded at depth {depth}, this changes:\n{source}"
        try:
            prove_trace(recorded)
        except AssertionError as problem:
            raise AssertionError(f"at depth {depth}, {problem}\nof:\n{source}") from None


def prove_trace(recorded: Run) -> None:
    """That each event is possible, and that all that was printed stands in the trace."""
    trace = recorded.read()
    assert trace.cut is None, trace.cut
    check_end(check(trace))
    told = "".join(event["text"] for event in trace.events if event["do"] == "print")
    assert told.split("\n") == "".join(text for _, text in recorded.printed).split("\n")


starting_eagerly = pytest.mark.skipif(
    sys.version_info < (3, 12), reason="no task starts eagerly before Python 3.12"
)

EAGER = """\
import asyncio

async def boil(minutes):
    if minutes:
        await asyncio.sleep(minutes)

async def serve():
    await asyncio.create_task(boil(2))

async def kitchen():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    egg, tea = asyncio.create_task(boil(0)), asyncio.create_task(boil(1))
    table = asyncio.create_task(serve())
    left_over = asyncio.create_task(asyncio.sleep(5))
    await asyncio.gather(egg, tea, table)

asyncio.run(kitchen())
"""


@starting_eagerly
@pytest.mark.parametrize("depth", DEPTHS)
def test_tasks_that_start_eagerly_in_each_other_are_recorded_truly(depth: Depth) -> None:
    recorded = run(EAGER, depth)
    prove_trace(recorded)
    events = recorded.read().events
    named = {event["id"]: event["name"] for event in events if event["do"] == "task"}
    woken = [named[event["id"]] for event in events if event["do"] == "wake"]
    assert woken == ["Task-3", "Task-5", "Task-4", "Task-1", "Task-6"]
    said = [event["say"] for event in events if event["do"] == "step"]
    # At depth "switches" nothing is heard of a step before it is over, nor who made a task in it.
    assert (
        depth == "switches"
        or "Task `Task-5` starts, in the middle of a step of task `Task-4`." in said
    )


EAGER_ELSEWHERE = """\
import asyncio

async def boil():
    return "an egg"

async def eggs():
    try:
        yield 1
    finally:
        print("the hens go to bed")

async def kitchen():
    loop = asyncio.get_running_loop()
    loop.set_task_factory(asyncio.eager_task_factory)
    shelf = asyncio.Queue()
    await asyncio.gather(shelf.put(1), asyncio.sleep(0), boil())
    loop.call_soon(lambda: asyncio.create_task(boil()))
    async for egg in eggs():
        break
    await asyncio.sleep(1)

asyncio.run(kitchen())
"""


@starting_eagerly
@pytest.mark.parametrize("depth", DEPTHS)
def test_tasks_that_start_eagerly_without_a_frame_of_the_readers_are_told(depth: Depth) -> None:
    """In the library's own coroutines, in a callback, and to close an asynchronous generator."""
    recorded = run(EAGER_ELSEWHERE, depth)
    prove_trace(recorded)
    events = recorded.read().events
    made = [event for event in events if event["do"] == "task" and "what" not in event]
    ended = [event["id"] for event in events if event["do"] == "done"]
    assert [event["name"] for event in made] == [f"Task-{n}" for n in range(1, 7)]
    assert {event["id"] for event in made} <= set(ended)
    steps = [event["say"] for event in events if event["do"] == "step"]
    inside = [say.partition(", in the middle of ")[2] for say in steps if " starts" in say]
    assert inside[1:4] == ["a step of task `Task-1`."] * 3
    if depth == "lines":  # which callback it was is not heard at depth "switches"
        assert inside[4:] == ["the callback `<lambda>`.", "a callback."]


# A proof is worth what it can refute, so here are traces that cannot be true.

OVEN = """\
import asyncio

async def bake(oven, minutes):
    async with oven:
        await asyncio.sleep(minutes)

async def kitchen():
    oven = asyncio.Lock()
    bread = asyncio.create_task(bake(oven, 2))
    cake = asyncio.create_task(bake(oven, 1))
    await bread
    cake.cancel()

asyncio.run(kitchen())
"""

LIFT = """\
def lift():
    yield 1
    yield 2

ride = lift()
next(ride)
next(ride)
"""


@pytest.mark.parametrize(
    ("source", "do", "problem"),
    [
        (LIFT, "call", "no frame runs"),
        (LIFT, "resume", "is not who runs"),
        (LIFT, "yield", "F1 is not who runs"),
        (LIFT, "return", "still running"),
        (OVEN, "task", "nobody knows the task T1"),
        (OVEN, "queue", "ready are"),
        (OVEN, "run", "the loop has taken no entry"),
        (OVEN, "step", "does something and does not run"),
        (OVEN, "wait", "it is T1 that runs, and not loop"),
        (OVEN, "done", "it is T2 that runs, and not loop"),
        (OVEN, "timer", "armed are"),
        (OVEN, "fire", "is armed"),
        (OVEN, "turn", "its turn has not begun"),
    ],
)
def test_a_trace_that_lacks_an_event_is_refuted(source: str, do: str, problem: str) -> None:
    trace = run(source, "lines").read()
    del trace.events[position(trace, do)]
    with pytest.raises(AssertionError, match=problem):
        check_end(check(trace))


@pytest.mark.parametrize(
    ("do", "fields", "problem"),
    [
        ("awake", {"t": -1.0}, "the clock goes back"),
        ("turn", {"turn": 9, "n": 9}, "it was turn"),
        ("turn", {"ready": ["H7"]}, "ready are"),
        ("step", {"id": "T9"}, "nobody knows the task T9"),
        ("step", {"who": "T2"}, "T2"),
        ("wait", {"on": None}, "it waits for nothing"),
        ("wait", {"on": "O99"}, "nobody knows O99"),
        ("timer", {"when": 0.5}, "it is due in 0.5 s"),
        ("done", {"how": "error"}, "has ended with return"),
    ],
)
def test_a_trace_with_an_untrue_event_is_refuted(
    do: str, fields: dict[str, Any], problem: str
) -> None:
    trace = run(OVEN, "lines").read()
    trace.events[position(trace, do)].update(fields)
    with pytest.raises(InconsistentError, match=problem):
        check(trace)


def test_entries_that_run_out_of_order_are_refuted() -> None:
    trace = run(OVEN, "lines").read()
    events, first, second = trace.events, position(trace, "run", 2), position(trace, "run", 3)
    events[first]["h"], events[second]["h"] = events[second]["h"], events[first]["h"]
    with pytest.raises(InconsistentError, match="stands before it"):
        check(trace)


def position(trace: Trace, do: str, nth: int = 1) -> int:
    """Where the `nth` event of this kind stands."""
    return [at for at, event in enumerate(trace.events) if event["do"] == do][nth - 1]

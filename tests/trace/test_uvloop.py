"""What is recorded of a loop that is written in C: steps, waits and ends, and no turns."""

import pytest
from recorded import kinds, recorded, said

uvloop = pytest.importorskip("uvloop", reason="uvloop is not made for every platform")

KITCHEN = """
import asyncio, uvloop

async def bake(oven, what):
    async with oven:
        await asyncio.sleep(0.001)
    return what

async def kitchen():
    oven = asyncio.Lock()
    bread = asyncio.create_task(bake(oven, "bread"), name="bread")
    cake = asyncio.create_task(bake(oven, "cake"), name="cake")
    await asyncio.sleep(0)
    cake.cancel()
    await bread
    try:
        await cake
    except asyncio.CancelledError:
        pass

with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
    runner.run(kitchen())
"""


def test_tasks_are_followed_by_their_frames():
    assert said(recorded(KITCHEN), "step", "wait", "wake", "done", "cancel") == [
        "The loop starts task `Task-1`.",
        "Task `Task-1` gives way in `kitchen` at line 12; it goes to the end of the ready queue.",
        "The loop starts task `bread`.",
        "Task `bread` suspends in `bake('bread')` at line 5: "
        "it waits for the end of a sleep of 0.001 s.",
        "The loop starts task `cake`.",
        "Task `cake` suspends in `bake('cake')` at line 4: it waits for the lock `oven`, "
        "which task `bread` holds.",
        "The loop resumes task `Task-1`.",
        "Task `Task-1` asks task `cake` to cancel.",
        "Task `Task-1` suspends in `kitchen` at line 14: it waits for task `bread`.",
        "Task `cake` can run again: its wait for the lock `oven` was cancelled.",
        "The loop resumes task `cake`.",
        "Task `cake` is done: it was cancelled.",
        "Task `bread` can run again: the end of a sleep of 0.001 s has come.",
        "The loop resumes task `bread`.",
        "Task `bread` is done; its result is `'bread'`.",
        "Task `Task-1` can run again: task `bread` is done.",
        "The loop resumes task `Task-1`.",
        "Task `Task-1` is done; its result is `None`.",
    ]


def test_nothing_is_told_of_turns_that_nobody_saw():
    of_a_loop = ("turn", "select", "awake", "queue", "run", "timer", "fire")
    assert kinds(recorded(KITCHEN), *of_a_loop) == []


def test_the_chain_goes_through_a_coroutine_of_the_library_that_still_runs():
    trace = recorded(
        """
        import asyncio, uvloop

        async def kitchen():
            await asyncio.sleep(0.001)

        async def shop():
            await asyncio.wait_for(kitchen(), 1)

        uvloop.run(shop())
        """
    )
    assert "`shop` at line 7 pauses in an await: it waits for `wait_for`, of asyncio/tasks.py." in (
        said(trace, "await")
    )
    first = next(event for event in trace.events if event["do"] == "task")
    assert first["library"]
    ends = [event["id"] for event in trace.events if event["do"] == "done"]
    assert ends[-1] == first["id"]

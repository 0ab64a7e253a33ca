"""What is recorded at depth "switches": steps of tasks, and the chains through which they wait."""

from itertools import pairwise

import pytest
from recorded import kinds, recorded

RELAY = """
import asyncio

async def rest():
    await asyncio.sleep(0)

async def carry(bell):
    await rest()
    await bell.wait()

async def race():
    bell = asyncio.Event()
    runner = asyncio.create_task(carry(bell), name="runner")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    bell.set()
    await runner

asyncio.run(race())
"""


def test_a_step_ends_with_the_lines_of_all_the_frames_through_which_the_task_waits():
    trace = recorded(RELAY, depth="switches")
    names = {event["f"]: event["name"] for event in trace.events if event["do"] == "made"}
    waits = [event for event in trace.events if event["do"] == "wait" and event["id"] == "T2"]
    assert [[names[f] for f in wait["chain"]][:2] for wait in waits] == [
        ["carry", "rest"],
        ["carry", "Event.wait"],
    ]
    assert [wait["lines"][0] for wait in waits] == [7, 8]
    assert "runner" in waits[1]["say"]
    assert "in `carry` at line 8" in waits[1]["say"]


def test_neither_lines_nor_calls_nor_the_ready_queue_are_told():
    told = set(kinds(recorded(RELAY, depth="switches")))
    assert not told & {"line", "call", "return", "queue", "run", "turn"}
    assert {"step", "wait", "wake", "done"} <= told


@pytest.mark.parametrize("chain", [True, False])
def test_every_step_ends_in_a_wait_or_with_the_task(chain: bool):
    steps = kinds(recorded(RELAY, depth="switches", chain=chain), "step", "wait", "done")
    running = [kind for kind in steps if kind == "step"]
    ended = [kind for before, kind in pairwise(steps) if before == "step"]
    assert len(running) == len(ended)
    assert set(ended) == {"wait", "done"}


def test_coroutines_that_no_loop_runs_are_told_like_generators():
    trace = recorded(
        """
        class Bell:
            def __await__(self):
                yield self

        async def carry():
            await Bell()

        runner = carry()
        runner.send(None)
        runner.close()
        """,
        depth="switches",
    )
    assert "await" in kinds(trace)

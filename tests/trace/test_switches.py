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


ROUNDS = """
import asyncio

async def rest(bell):
    await asyncio.sleep(0)

async def ring(bell):
    await bell.wait()

async def walk(bell, tired):
    for _ in range(3):
        await rest(bell)
    tired.set()
    await ring(bell)

async def house():
    bell, tired = asyncio.Event(), asyncio.Event()
    walker = asyncio.create_task(walk(bell, tired), name="walker")
    await tired.wait()
    walker.cancel()
    await asyncio.wait([walker])

asyncio.run(house())
list(number for number in "1")
"""


def test_a_coroutine_made_anew_for_each_round_is_told_once_and_another_one_is_new():
    trace = recorded(ROUNDS, depth="switches")
    names = {event["f"]: event["name"] for event in trace.events if event["do"] == "made"}
    assert sorted(name for name in names.values() if name in ("walk", "rest", "ring")) == [
        "rest",
        "ring",
        "walk",
    ]
    chains = [e["chain"] for e in trace.events if e["do"] == "wait" and e["id"] == "T2"]
    assert [names[chain[1]] for chain in chains] == ["rest", "rest", "rest", "ring"]
    assert len({chain[1] for chain in chains}) == 2


def test_without_the_chain_nothing_is_heard_of_the_loop_and_a_task_wakes_as_it_goes_on():
    trace = recorded(ROUNDS, depth="switches", chain=False)
    assert not {"select", "awake"} & set(kinds(trace))
    assert {event["turn"] for event in trace.events} == {0}
    told = [event for event in trace.events if event["do"] in ("wake", "step")]
    wakes = [(e["how"], after["do"]) for e, after in pairwise(told) if e["do"] == "wake"]
    assert wakes == [("result", "step"), ("cancelled", "step"), ("result", "step")]
    assert (trace.events[-1]["do"], trace.events[-1]["who"]) == ("return", "main")


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


@pytest.mark.parametrize("chain", [True, False])
def test_a_limit_cuts_the_trace_at_that_very_event_wherever_it_falls(chain: bool):
    whole = kinds(recorded(RELAY, depth="switches", chain=chain))
    for limit in range(1, len(whole) + 1):
        trace = recorded(RELAY, depth="switches", chain=chain, limit=limit)
        assert kinds(trace) == whole[:limit]
        assert (trace.cut is None) == (limit == len(whole))


def test_integers_are_described_wherever_they_change():
    trace = recorded("total = 1\nfor number in range(2):\n    total += number\ntotal = True\n")
    changes = [event["set"] for event in trace.events if event.get("set")]
    assert [change["total"] for change in changes if "total" in change] == ["1", "2", "True"]


def test_a_collection_is_described_again_when_an_item_is_another():
    trace = recorded(
        """
        def fill(items, prices):
            items[0] = 1.5
            prices["bread"] = 2
            items[0] = 1
            items[0] = True

        fill([0, "a"], {"bread": 1})
        """
    )
    shown = [event["set"] for event in trace.events if event.get("set")]
    assert [one["items"] for one in shown if "items" in one] == [
        "[0, 'a']",
        "[1.5, 'a']",
        "[1, 'a']",
        "[True, 'a']",
    ]
    assert [one["prices"] for one in shown if "prices" in one] == ["{'bread': 1}", "{'bread': 2}"]


def test_a_comprehension_on_several_lines_leaves_a_module_its_variables():
    trace = recorded("shown = 'ab'\nfound = [\n    item\n    for item in shown\n    if item\n]\n")
    assert not [event for event in trace.events if event.get("del") and event["f"] == "F1"]

"""What is recorded of loops written by hand, of which nothing is asyncio's: frames."""

from recorded import kinds, recorded, said

ROUND_ROBIN = """
from collections import deque

def boil(what, rounds):
    for _ in range(rounds):
        yield
    return what

def cook(name, rounds):
    egg = yield from boil("egg", rounds)
    print(name, egg)

ready = deque([cook("ann", 2), cook("bob", 1)])
while ready:
    running = ready.popleft()
    try:
        running.send(None)
    except StopIteration:
        continue
    ready.append(running)
"""

OWN_FUTURE = """
import heapq

class Future:
    done = False

    def __await__(self):
        if not self.done:
            yield self

timers, now = [], 0

def sleep(delay):
    future = Future()
    heapq.heappush(timers, (now + delay, len(timers), future))
    return future

async def boil(minutes):
    await sleep(minutes)

async def cook():
    await boil(2)
    await boil(1)

task = cook()
task.send(None)
try:
    while timers:
        now, _, future = heapq.heappop(timers)
        future.done = True
        task.send(None)
except StopIteration:
    pass
"""


def test_generators_driven_in_turn_pause_and_go_on_in_turn():
    trace = recorded(ROUND_ROBIN)
    frames = {e["f"]: e["set"]["name"] for e in trace.events if e["do"] == "made" and "set" in e}
    turns = [
        (frames[event["f"]], event["do"])
        for event in trace.events
        if event.get("f") in frames and event["do"] in ("call", "delegate", "resume", "return")
    ]
    ann, bob = "'ann'", "'bob'"
    assert turns == [
        *[(ann, "call"), (ann, "delegate"), (bob, "call"), (bob, "delegate")],
        *[(ann, "resume"), (ann, "delegate"), (bob, "resume"), (bob, "return")],
        *[(ann, "resume"), (ann, "return")],
    ]


def test_a_generator_that_delegates_names_the_one_below_it():
    assert said(recorded(ROUND_ROBIN), "delegate")[0] == (
        "`cook('ann')` at line 9 pauses in a `yield from`: it waits for `boil(2)`."
    )


def test_an_await_leads_down_to_the_one_yield_of_an_own_future():
    trace = recorded(OWN_FUTURE)
    assert said(trace, "yield", "await")[:3] == [
        "`Future.__await__` at line 8 hands out `<Future>` and pauses there.",
        "`boil` at line 18 pauses in an await: it waits for `Future.__await__`.",
        "`cook` at line 21 pauses in an await: it waits for `boil`.",
    ]
    assert [event["value"] for event in trace.events if event["do"] == "return"][-3:-1] == [
        "None",
        "None",
    ]


def test_no_task_and_no_turn_is_made_up():
    assert kinds(recorded(OWN_FUTURE), "task", "step", "wait", "turn", "queue", "object") == []

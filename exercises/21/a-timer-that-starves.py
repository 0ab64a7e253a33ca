"""A timer that starves

`turn(loop)` makes one turn of a tiny loop. As long as a task is ready, no timer is looked at, so a
task that never sleeps keeps all timers from firing.

Repair it. A turn sleeps until the first timer, if nothing is ready. Then it moves the timers that
are due to the end of the ready queue. Then it runs what is in the queue by now, once, but no handle
that is cancelled.
"""

import asyncio
import heapq
import itertools
import time
from collections import deque

form = "repair"

hints = [
    "Three parts, one after the other: sleep, timers, queue. The second one is done in every turn.",
    "A timer is due if `when <= loop.time()`. There may be several.",
    "What is added while the queue is run belongs to the next turn: count before you begin.",
]

given = ["TinyLoop"]


class TinyLoop:
    """All that asyncio's tasks ask of a loop; somebody else makes the turns."""

    def __init__(self):
        self.ready, self.timers, self.number = deque(), [], itertools.count()

    def get_debug(self):
        return False

    def time(self):
        return time.monotonic()

    def call_soon(self, callback, *args, context=None):
        handle = asyncio.Handle(callback, args, self, context)
        self.ready.append(handle)
        return handle

    def call_later(self, delay, callback, *args, context=None):
        handle = asyncio.Handle(callback, args, self, context)
        heapq.heappush(self.timers, (self.time() + delay, next(self.number), handle))
        return handle


def turn(loop):
    """Sleep if nothing is ready; then the timers that are due; then the queue, once."""
    if not loop.ready:
        time.sleep(max(0, loop.timers[0][0] - loop.time()))
    while loop.timers and loop.timers[0][0] <= loop.time():
        _, _, handle = heapq.heappop(loop.timers)
        loop.ready.append(handle)
    for _ in range(len(loop.ready)):
        handle = loop.ready.popleft()
        if not handle.cancelled():
            handle._run()


def broken(loop):
    """Sleep if nothing is ready; then the timers that are due; then the queue, once."""
    if not loop.ready:
        when, _, handle = heapq.heappop(loop.timers)
        time.sleep(max(0, when - loop.time()))
        loop.ready.append(handle)
    handle = loop.ready.popleft()
    if not handle.cancelled():
        handle._run()


def check(turn):
    loop, log = TinyLoop(), []
    loop.call_exception_handler = _complain

    def spin():
        time.sleep(1)
        log.append("spin")
        loop.call_soon(spin)

    loop.call_later(2, log.append, "timer for 2 s")
    loop.call_later(1, log.append, "timer for 1 s")
    loop.call_later(1.5, log.append, "a cancelled timer").cancel()
    loop.call_soon(log.append, "soon")
    loop.call_soon(spin)
    for _ in range(4):
        turn(loop)
    wanted = ["soon", "spin", "spin", "timer for 1 s", "spin", "timer for 2 s", "spin"]
    assert log == wanted, f"Four turns should run {wanted}, but ran {log}."
    _nothing_ready(turn)


def _complain(context):
    raise AssertionError("A handle was run that had been cancelled.")


def _nothing_ready(turn):
    loop, log = TinyLoop(), []
    start = loop.time()
    loop.call_later(5, log.append, "timer")
    turn(loop)
    took = loop.time() - start
    assert (took, log) == (5, ["timer"]), (
        f"With one timer, a turn should sleep for 5 s and run it. It took {took:g} s and ran {log}."
    )


def wrong_no_sleep(loop):
    """With one timer, a turn should sleep for 5 s and run it. It took 0 s and ran []."""
    while loop.timers and loop.timers[0][0] <= loop.time():
        _, _, handle = heapq.heappop(loop.timers)
        loop.ready.append(handle)
    for _ in range(len(loop.ready)):
        handle = loop.ready.popleft()
        if not handle.cancelled():
            handle._run()


def wrong_one_handle_a_turn(loop):
    """Four turns should run ['soon', 'spin', 'spin', 'timer for 1 s', 'spin', 'timer for 2 s',
    'spin'], but ran ['soon', 'spin', 'spin', 'timer for 1 s']."""
    if not loop.ready:
        time.sleep(max(0, loop.timers[0][0] - loop.time()))
    while loop.timers and loop.timers[0][0] <= loop.time():
        _, _, handle = heapq.heappop(loop.timers)
        loop.ready.append(handle)
    handle = loop.ready.popleft()
    if not handle.cancelled():
        handle._run()


def wrong_cancelled_ones_run(loop):
    """A handle was run that had been cancelled."""
    if not loop.ready:
        time.sleep(max(0, loop.timers[0][0] - loop.time()))
    while loop.timers and loop.timers[0][0] <= loop.time():
        _, _, handle = heapq.heappop(loop.timers)
        loop.ready.append(handle)
    for _ in range(len(loop.ready)):
        loop.ready.popleft()._run()


def wrong_until_the_queue_is_empty(loop):
    """Your attempt has not ended after 200,000 steps. Look for a loop whose condition never becomes
    false."""
    if not loop.ready:
        time.sleep(max(0, loop.timers[0][0] - loop.time()))
    while loop.timers and loop.timers[0][0] <= loop.time():
        _, _, handle = heapq.heappop(loop.timers)
        loop.ready.append(handle)
    while loop.ready:
        handle = loop.ready.popleft()
        if not handle.cancelled():
            handle._run()

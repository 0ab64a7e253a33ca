"""A ticker that drifts

`ticker(loop, number, tick)` calls `tick()` so many times, once a second, and yields the seconds
that it wants to wait. A tick takes some time itself, and so it comes later and later.

Repair it: the ticks should come at 0, 1, 2, … seconds, however long each of them takes (as long as
that is less than a second).
"""

import time

from glassloop.aio.timers import TimerLoop

form = "repair"

hints = [
    "Where should the next tick be, counted from the first one?",
    "Wait for as long as it still is until then: the deadline less `loop.time()`.",
]


def ticker(loop, number, tick):
    """Call `tick` so many times, once a second; yield the seconds to wait."""
    start = loop.time()
    for count in range(1, number + 1):
        tick()
        yield start + count - loop.time()


def broken(loop, number, tick):
    """Call `tick` so many times, once a second; yield the seconds to wait."""
    for _ in range(number):
        tick()
        yield 1


def check(ticker):
    loop, times, takes = TimerLoop(), [], iter([0.25, 0.5, 0.25, 0.5])
    start = loop.time()

    def tick():
        times.append(loop.time() - start)
        time.sleep(next(takes))

    program = ticker(loop, 4, tick)

    def step():
        delay = next(program, None)
        if delay is None:
            loop.stop()
        else:
            loop.call_later(delay, step)

    loop.call_soon(step)
    loop.run_forever()
    loop.close()
    assert len(times) == 4, f"There should be 4 ticks, but there were {len(times)}."
    assert times == [0, 1, 2, 3], f"The ticks should come at 0, 1, 2 and 3 s, not at {times}."


def wrong_waits_less(loop, number, tick):
    """The ticks should come at 0, 1, 2 and 3 s, not at [0.0, 1.0, 2.25, 3.25]."""
    for _ in range(number):
        tick()
        yield 0.75


def wrong_measures_before_the_tick(loop, number, tick):
    """The ticks should come at 0, 1, 2 and 3 s, not at [0.0, 1.25, 2.5, 3.25]."""
    start = loop.time()
    for count in range(1, number + 1):
        left = start + count - loop.time()
        tick()
        yield left

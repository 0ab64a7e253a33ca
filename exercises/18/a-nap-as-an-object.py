"""A nap as an object

Write the class `Nap`: `await Nap(seconds)` pauses the task for so long; its value is `None`. One
nap can be awaited several times, and takes its time each time. Make it of a future and a timer
(`call_later`) of the running loop; then it works on asyncio's loop and on ours.
"""

import asyncio

from glassloop.aio.taskloop import TaskLoop
from glassloop.exercises import seconds

hints = [
    "`asyncio.get_running_loop()` is the loop that runs the task, whichever it is.",
    "`loop.call_later(seconds, future.set_result, None)` wakes whoever waits for the future.",
    "Each `await` needs a future of its own, so make it in `__await__`.",
]

forbidden = {
    "asyncio.sleep": "Without `sleep`, please: make a future, and let a timer set its result.",
}


class Nap:
    """Awaiting it takes some seconds."""

    def __init__(self, seconds):
        self.seconds = seconds

    def __await__(self):
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        loop.call_later(self.seconds, future.set_result, None)
        return future.__await__()


def check(Nap):
    async def nap(times=1):
        one = Nap(2)
        for _ in range(times):
            await _checked(one)

    async def two():
        await asyncio.gather(nap(), nap())

    took = seconds(nap)
    assert took == 2, f"`await Nap(2)` should take 2 s, but took {took:g} s."
    took = seconds(two)
    assert took == 2, f"Two tasks that nap for 2 s at once should take 2 s, not {took:g} s."
    took = seconds(lambda: nap(2))
    assert took == 4, f"The same `Nap(2)` awaited twice should take 4 s, but took {took:g} s."

    def on_ours():
        loop = TaskLoop()
        try:
            loop.run_until_complete(nap())
        finally:
            loop.close()

    took = seconds(on_ours)
    assert took == 2, f"On the loop of Part 2 `Nap(2)` should take 2 s, but took {took:g} s."


async def _checked(one):
    try:
        value = await one
    except TypeError as error:
        raise AssertionError("`__await__` should return an iterator.") from error
    assert value is None, f"The value of `await Nap(2)` should be None, but is {value!r}."


class wrong_one_future:
    """The same `Nap(2)` awaited twice should take 4 s, but took 2 s."""

    def __init__(self, seconds):
        loop = asyncio.get_running_loop()
        self.future = loop.create_future()
        loop.call_later(seconds, self.future.set_result, None)

    def __await__(self):
        return self.future.__await__()


class wrong_returns_the_future:
    """`__await__` should return an iterator."""

    def __init__(self, seconds):
        self.seconds = seconds

    def __await__(self):
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        loop.call_later(self.seconds, future.set_result, None)
        return future


class wrong_nobody_waits:
    """`await Nap(2)` should take 2 s, but took 0 s."""

    def __init__(self, seconds):
        self.seconds = seconds

    def __await__(self):
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        loop.call_later(self.seconds, future.set_result, None)
        return iter(())


class wrong_another_sleep:
    """Without `sleep`, please: make a future, and let a timer set its result."""

    def __init__(self, seconds):
        self.seconds = seconds

    def __await__(self):
        return asyncio.sleep(self.seconds).__await__()

"""What asyncio's programs do without a network: each row is one such program.

`asyncio` is the standard library's, or ours where ours stands in for it. A row is given a count
and does its work so often; what it costs is stated for one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any

Row = Callable[[int], Coroutine[Any, Any, None]]

TASKS = 100
CONTENDERS = 10


async def nothing() -> None:
    """A task's work where the task itself is what is measured."""


async def switch(count: int) -> None:
    """A hundred tasks give way to each other."""

    async def give_way() -> None:
        for _ in range(count // TASKS):
            await asyncio.sleep(0)

    await asyncio.gather(*(give_way() for _ in range(TASKS)))


async def wake_up(count: int) -> None:
    """Two tasks wake each other, each time by a new future."""
    loop = asyncio.get_running_loop()
    court = [loop.create_future(), loop.create_future()]

    async def play(mine: int, other: int) -> None:
        for _ in range(count // 2):
            await court[mine]
            court[mine] = loop.create_future()
            court[other].set_result(None)

    court[0].set_result(None)
    await asyncio.gather(play(0, 1), play(1, 0))


async def spawn_and_join(count: int) -> None:
    """A task is started and awaited, then the next one."""
    for _ in range(count):
        await asyncio.create_task(nothing())


async def spawn_many(count: int) -> None:
    """All tasks are started, then all are awaited."""
    tasks = [asyncio.create_task(nothing()) for _ in range(count)]
    for task in tasks:
        await task


async def gather(count: int) -> None:
    """All are gathered at once."""
    await asyncio.gather(*(nothing() for _ in range(count)))


async def task_group(count: int) -> None:
    """Groups of ten tasks, one after the other."""
    for _ in range(count // 10):
        async with asyncio.TaskGroup() as group:
            for _ in range(10):
                group.create_task(nothing())


async def callbacks(count: int) -> None:
    """A callback that asks for itself again."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def again(left: int) -> None:
        if left:
            loop.call_soon(again, left - 1)
        else:
            done.set_result(None)

    loop.call_soon(again, count)
    await done


async def timers(count: int) -> None:
    """Timers within the next hundredth of a second; nine of ten are cancelled, the others fire."""
    loop = asyncio.get_running_loop()
    delays = Random(1)
    handles = [loop.call_later(delays.random() / 100, int) for _ in range(count)]
    for number, handle in enumerate(handles):
        if number % 10:
            handle.cancel()
    await asyncio.sleep(0.011)


async def timeout(count: int) -> None:
    """A deadline that is never reached, around a short wait."""
    for _ in range(count):
        async with asyncio.timeout(60):
            await asyncio.sleep(0)


async def lock(count: int) -> None:
    """Ten tasks take the same lock in turn, and give way while they hold it."""
    await contend(asyncio.Lock(), count)


async def semaphore(count: int) -> None:
    """The same with three places."""
    await contend(asyncio.Semaphore(3), count)


async def contend(door: Any, count: int) -> None:
    async def go_through() -> None:
        for _ in range(count // CONTENDERS):
            async with door:
                await asyncio.sleep(0)

    await asyncio.gather(*(go_through() for _ in range(CONTENDERS)))


async def event(count: int) -> None:
    """Two tasks wake each other by events."""
    bells = [asyncio.Event(), asyncio.Event()]

    async def answer(mine: asyncio.Event, other: asyncio.Event) -> None:
        for _ in range(count // 2):
            await mine.wait()
            mine.clear()
            other.set()

    bells[0].set()
    await asyncio.gather(answer(*bells), answer(*reversed(bells)))


async def queue(count: int) -> None:
    """One task puts, one gets, with room for one thing."""
    counter: asyncio.Queue[int] = asyncio.Queue(1)

    async def put() -> None:
        for number in range(count):
            await counter.put(number)

    async def get() -> None:
        for _ in range(count):
            await counter.get()

    await asyncio.gather(put(), get())


ROWS: dict[str, tuple[Row, int]] = {
    "switch": (switch, 20_000),
    "wake-up": (wake_up, 20_000),
    "spawn and join": (spawn_and_join, 10_000),
    "spawn 20,000, join": (spawn_many, 20_000),
    "gather of 10,000": (gather, 10_000),
    "TaskGroup of 10": (task_group, 10_000),
    "callback": (callbacks, 20_000),
    "100,000 timers": (timers, 100_000),
    "timeout": (timeout, 10_000),
    "Lock": (lock, 10_000),
    "Semaphore": (semaphore, 10_000),
    "Event": (event, 10_000),
    "Queue of 1": (queue, 10_000),
}

"""Where everybody stands

The first thing that a debugger wants to know is where a program stands. Write `chain(coroutine)`:
the names of the coroutine, of the one that it awaits, and so on down to the innermost coroutine.
What is below that (a future's iterator) is not named. It is to work on every loop.
"""

import asyncio

from glassloop import aio
from glassloop.aio.taskloop import TaskLoop

hints = [
    "`cr_await` is what a coroutine waits for at the moment. It may be `None`.",
    "A future's iterator has no `cr_await`. `asyncio.iscoroutine` tells them apart as well.",
]


def chain(coroutine):
    """The names of a coroutine and of those that it awaits."""
    names = []
    while hasattr(coroutine, "cr_await"):
        names.append(coroutine.__name__)
        coroutine = coroutine.cr_await
    return names


def check(chain):
    async def boil(engine):
        await engine.sleep(60)

    async def breakfast(engine):
        await boil(engine)

    async def alone(future):
        await future

    async def look(engine):
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        for coroutine, wanted in (
            (breakfast(engine), ["breakfast", "boil", "sleep"]),
            (alone(future), ["alone"]),
        ):
            before = chain(coroutine)
            assert before == wanted[:1], (
                f"Before its first step the chain is {wanted[:1]}, but yours is {before}."
            )
            task = loop.create_task(coroutine)
            await engine.sleep(1)
            found = chain(coroutine)
            assert found == wanted, f"The chain should be {wanted}, but is {found}."
            future.done() or future.set_result(None)
            await task

    asyncio.run(look(asyncio))
    loop = TaskLoop()
    try:
        loop.run_until_complete(look(aio))
    finally:
        loop.close()


def wrong_only_the_innermost(coroutine):
    """The chain should be ['breakfast', 'boil', 'sleep'], but is ['sleep']."""
    while hasattr(coroutine.cr_await, "cr_await"):
        coroutine = coroutine.cr_await
    return [coroutine.__name__]


def wrong_names_the_iterator(coroutine):
    """The chain should be ['breakfast', 'boil', 'sleep'], but is
    ['breakfast', 'boil', 'sleep', 'FutureIter']."""
    names = []
    while coroutine is not None:
        names.append(getattr(coroutine, "__name__", type(coroutine).__name__))
        coroutine = getattr(coroutine, "cr_await", None)
    return names


def wrong_two_floors(coroutine):
    """The chain should be ['breakfast', 'boil', 'sleep'], but is ['breakfast', 'boil']."""
    names = [coroutine.__name__]
    if coroutine.cr_await is not None:
        names.append(coroutine.cr_await.__name__)
    return names

"""Two stations, one stream

Write `merged(*sources)`, an async generator that yields the values of several async generators in
the order in which they come. It ends when all sources have ended. When it is closed before, no
task of it is left running.
"""

import asyncio
import inspect
from contextlib import aclosing

hints = [
    "For each source there is a task that puts the values into an `asyncio.Queue`. The generator "
    "takes them out.",
    "How does the generator know that a source has ended? Its task can put something special into "
    "the queue.",
    "`finally` in the generator: cancel the tasks, and wait for them with "
    "`gather(*tasks, return_exceptions=True)`.",
]


async def merged(*sources):
    """Yield the values of all sources as they come."""
    queue, ended = asyncio.Queue(), object()

    async def pump(source):
        async for value in source:
            await queue.put(value)
        await queue.put(ended)

    tasks = [asyncio.create_task(pump(source)) for source in sources]
    left = len(tasks)
    try:
        while left:
            value = await queue.get()
            if value is ended:
                left -= 1
            else:
                yield value
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def check(merged):
    async def station(city, seconds, times):
        for number in range(1, times + 1):
            await asyncio.sleep(seconds)
            yield f"{city} {number}"

    async def main():
        stream = merged(station("Oslo", 2, 3), station("Lima", 3, 1))
        if inspect.iscoroutine(stream):
            stream.close()
        assert inspect.isasyncgen(stream), (
            "`merged(...)` should be an async generator: there is no `yield` in it."
        )
        found = [value async for value in stream]
        wanted = ["Oslo 1", "Lima 1", "Oslo 2", "Oslo 3"]
        assert found == wanted, f"The values come as {wanted}, but were yielded as {found}."
        try:
            async with aclosing(merged(station("Rome", 1, 9), station("Bern", 5, 9))) as stream:
                await anext(stream)
        except BaseExceptionGroup as error:
            raise AssertionError(
                "To close the stream is an error for the task group around the `yield`. Cancel the "
                "tasks in a `finally` instead."
            ) from error
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, f"After `aclose` there should be no task left, but there are {len(left)}."

    asyncio.run(main())


async def wrong_one_after_the_other(*sources):
    """The values come as ['Oslo 1', 'Lima 1', 'Oslo 2', 'Oslo 3'], but were yielded as
    ['Oslo 1', 'Oslo 2', 'Oslo 3', 'Lima 1']."""
    for source in sources:
        async for value in source:
            yield value


async def wrong_ends_with_the_first(*sources):
    """The values come as ['Oslo 1', 'Lima 1', 'Oslo 2', 'Oslo 3'], but were yielded as
    ['Oslo 1', 'Lima 1']."""
    queue, ended = asyncio.Queue(), object()

    async def pump(source):
        async for value in source:
            await queue.put(value)
        await queue.put(ended)

    tasks = [asyncio.create_task(pump(source)) for source in sources]
    while (value := await queue.get()) is not ended:
        yield value
    for task in tasks:
        task.cancel()


async def wrong_tasks_are_left(*sources):
    """After `aclose` there should be no task left, but there are 2."""
    queue, ended = asyncio.Queue(), object()

    async def pump(source):
        async for value in source:
            await queue.put(value)
        await queue.put(ended)

    tasks = [asyncio.create_task(pump(source)) for source in sources]
    left = len(tasks)
    while left:
        value = await queue.get()
        if value is ended:
            left -= 1
        else:
            yield value


async def wrong_in_a_group(*sources):
    """To close the stream is an error for the task group around the `yield`. Cancel the tasks in a
    `finally` instead."""
    queue, ended = asyncio.Queue(), object()

    async def pump(source):
        async for value in source:
            await queue.put(value)
        await queue.put(ended)

    async with asyncio.TaskGroup() as group:
        for source in sources:
            group.create_task(pump(source))
        left = len(sources)
        while left:
            value = await queue.get()
            if value is ended:
                left -= 1
            else:
                yield value

"""A week at a time

Write `in_batches(source, size)`, an async generator: it takes the values of `source`, an async
iterable, and yields lists of `size` of them. A last, shorter list holds what is left over. A list
is handed out as soon as it is full.
"""

import asyncio
import inspect

hints = [
    "An `async def` with `async for` and `yield` in it. Collect in a list.",
    "After the loop there may be something left in the list, or nothing.",
]


async def in_batches(source, size):
    """Yield lists of so many values each."""
    batch = []
    async for value in source:
        batch.append(value)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def check(in_batches):
    taken = []

    async def days(number):
        for day in range(1, number + 1):
            await asyncio.sleep(1)
            taken.append(day)
            yield day

    async def main(number, size, wanted):
        taken.clear()
        found, batches = [], in_batches(days(number), size)
        if inspect.iscoroutine(batches):
            batches.close()
        assert inspect.isasyncgen(batches), (
            "`in_batches(...)` should be an async generator: there is no `yield` in it."
        )
        async for batch in batches:
            assert isinstance(batch, list), f"It should yield lists, but yields {batch!r}."
            found.append(list(batch))
            batch.append("the caller's own note")
            assert len(taken) <= len(found) * size, (
                f"List {len(found)} came after {len(taken)} values, and {len(found) * size} are "
                "enough."
            )
        assert found == wanted, f"{number} days in lists of {size} are {wanted}, not {found}."

    asyncio.run(main(5, 2, [[1, 2], [3, 4], [5]]))
    asyncio.run(main(4, 2, [[1, 2], [3, 4]]))
    asyncio.run(main(0, 7, []))


async def wrong_the_rest_is_lost(source, size):
    """5 days in lists of 2 are [[1, 2], [3, 4], [5]], not [[1, 2], [3, 4]]."""
    batch = []
    async for value in source:
        batch.append(value)
        if len(batch) == size:
            yield batch
            batch = []


async def wrong_all_first(source, size):
    """List 1 came after 5 values, and 2 are enough."""
    values = [value async for value in source]
    for start in range(0, len(values), size):
        yield values[start : start + size]


async def wrong_an_empty_list(source, size):
    """4 days in lists of 2 are [[1, 2], [3, 4]], not [[1, 2], [3, 4], []]."""
    batch = []
    async for value in source:
        batch.append(value)
        if len(batch) == size:
            yield batch
            batch = []
    yield batch

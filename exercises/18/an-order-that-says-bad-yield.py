"""An order that says bad yield

`await order` should wait until the dish is cooked and have the dish as its value, as often as it is
awaited. asyncio complains about a yield instead. Repair it.
"""

import asyncio

form = "repair"

hints = [
    "`self.cooking` is a task. It has an `__await__` of its own, which knows how to tell asyncio.",
    "`__await__` is a plain method. It returns an iterator, and may return one that it was given.",
]


class Order:
    """Await it for the dish."""

    def __init__(self, cook):
        self.cooking = asyncio.ensure_future(cook)

    def __await__(self):
        return self.cooking.__await__()


class broken:
    """Await it for the dish."""

    def __init__(self, cook):
        self.cooking = asyncio.ensure_future(cook)

    def __await__(self):
        yield self.cooking


def check(Order):
    async def cook():
        await asyncio.sleep(20)
        return "hot soup"

    async def guest():
        loop = asyncio.get_running_loop()
        order, start = Order(cook()), loop.time()
        try:
            first = await order
        except (RuntimeError, TypeError) as error:
            raise AssertionError(
                f"`await order` ended with a {type(error).__name__}: "
                "`__await__` gives asyncio something that it cannot wait for."
            ) from error
        assert loop.time() - start == 20, (
            f"The soup takes 20 s, but `await order` ended after {loop.time() - start:g} s."
        )
        assert first == "hot soup", f"`await order` should be 'hot soup', but is {first!r}."
        again = await order
        assert again == "hot soup", f"Awaited again it should be 'hot soup', but is {again!r}."

    asyncio.run(guest())


class wrong_an_async_method:
    """`await order` ended with a TypeError: `__await__` gives asyncio something that it cannot wait
    for."""

    def __init__(self, cook):
        self.cooking = asyncio.ensure_future(cook)

    async def __await__(self):
        return await self.cooking


class wrong_no_value:
    """`await order` should be 'hot soup', but is None."""

    def __init__(self, cook):
        self.cooking = asyncio.ensure_future(cook)

    def __await__(self):
        yield from self.cooking.__await__()


class wrong_once:
    """RuntimeError: cannot reuse already awaited coroutine"""

    def __init__(self, cook):
        self.cooking = cook

    def __await__(self):
        try:
            return (yield from self.cooking.__await__())
        finally:
            self.cooking.close()

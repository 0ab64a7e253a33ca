"""Every call has its number

Write `numbered(handler, request, numbers)`. It returns a coroutine function that takes what
`handler`, a coroutine function, takes, and calls it; while that runs, the context variable
`request` has the next number of the iterator `numbers`. After the call, however it ends, the
variable is what it was before: calls may follow each other in one task.
"""

import asyncio
import inspect
import itertools
from contextvars import ContextVar

hints = [
    "An `async def` in a function, with `*arguments`, that awaits `handler(*arguments)`.",
    "`token = request.set(next(numbers))`, and a `reset` in a `finally`.",
    "The number is taken when the call begins, so `next` belongs into the inner function.",
]


def numbered(handler, request, numbers):
    """Give each call of a handler the next number."""

    async def handle(*arguments):
        token = request.set(next(numbers))
        try:
            return await handler(*arguments)
        finally:
            request.reset(token)

    return handle


def check(numbered):
    request = ContextVar("request", default="none")

    async def deep_inside(customer):
        await asyncio.sleep(1)
        return f"{customer} is number {request.get()}"

    async def order(customer, what):
        if what is None:
            raise ValueError("nothing was ordered")
        return await deep_inside(customer)

    async def main():
        handle = numbered(order, request, itertools.count(1))
        assert callable(handle), f"`numbered` should return a function, but returns {handle!r}."
        begun = handle("ann", "tea")
        assert inspect.isawaitable(begun), f"A call should give a coroutine, not {begun!r}."
        first = await begun
        assert first == "ann is number 1", (
            f"The first call should return 'ann is number 1', but returns {first!r}."
        )
        left = request.get()
        assert left == "none", f"After the call `request` should be 'none', but is {left!r}."
        try:
            await handle("bob", None)
        except ValueError:
            pass
        else:
            raise AssertionError("An exception of the handler should go on.")
        left = request.get()
        assert left == "none", f"After a call that fails `request` should be 'none', not {left!r}."
        found = await asyncio.gather(handle("cid", "rice"), handle("dan", "soap"))
        wanted = ["cid is number 3", "dan is number 4"]
        assert found == wanted, f"Two calls at once should give {wanted}, but give {found}."

    asyncio.run(main())


def wrong_never_reset(handler, request, numbers):
    """After the call `request` should be 'none', but is 1."""

    async def handle(*arguments):
        request.set(next(numbers))
        return await handler(*arguments)

    return handle


def wrong_one_number_for_all(handler, request, numbers):
    """Two calls at once should give ['cid is number 3', 'dan is number 4'], but give
    ['cid is number 1', 'dan is number 1']."""
    number = next(numbers)

    async def handle(*arguments):
        token = request.set(number)
        try:
            return await handler(*arguments)
        finally:
            request.reset(token)

    return handle


def wrong_not_awaited(handler, request, numbers):
    """The first call should return 'ann is number 1', but returns <coroutine object
    check.<locals>.order at 0x…>."""

    async def handle(*arguments):
        token = request.set(next(numbers))
        try:
            return handler(*arguments)
        finally:
            request.reset(token)

    return handle


def wrong_without_finally(handler, request, numbers):
    """After a call that fails `request` should be 'none', not 2."""

    async def handle(*arguments):
        token = request.set(next(numbers))
        result = await handler(*arguments)
        request.reset(token)
        return result

    return handle

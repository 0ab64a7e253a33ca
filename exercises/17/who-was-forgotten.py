"""Who was forgotten?

Somebody has called many `async def` functions, and perhaps forgotten an `await`. Write
`forgotten(coroutines)`: the list of the names (`__name__`) of those that have not begun, in order.
It closes these, so that no warning is given, and leaves the others as they are.
"""

import inspect
import types

hints = [
    "`inspect.getcoroutinestate(coroutine)` tells whether a coroutine has begun.",
    "A coroutine that is paused may still be awaited by somebody. Close those alone that are "
    "`CORO_CREATED`.",
]


def forgotten(coroutines):
    """The names of those that have not begun, which are closed."""
    names = []
    for coroutine in coroutines:
        if inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED:
            names.append(coroutine.__name__)
            coroutine.close()
    return names


def check(forgotten):
    @types.coroutine
    def pause():
        yield

    async def soup():
        await pause()

    async def egg():
        await pause()

    async def tea():
        await pause()

    _new, paused, ended = coroutines = soup(), egg(), tea()
    paused.send(None)
    ended.close()
    found = forgotten(coroutines)
    states = [inspect.getcoroutinestate(each) for each in coroutines]
    for coroutine in coroutines:
        coroutine.close()
    assert found == ["soup"], f"Only `soup` has not begun, but `forgotten` names {found}."
    assert states[1] == "CORO_SUSPENDED", f"`egg` was paused, and now it is {states[1]}."
    assert states[0] == "CORO_CLOSED", f"`soup` should be CORO_CLOSED now, but is {states[0]}."


def wrong_all_that_have_not_ended(coroutines):
    """Only `soup` has not begun, but `forgotten` names ['soup', 'egg']."""
    names = []
    for coroutine in coroutines:
        if coroutine.cr_frame is not None:
            names.append(coroutine.__name__)
            coroutine.close()
    return names


def wrong_not_closed(coroutines):
    """`soup` should be CORO_CLOSED now, but is CORO_CREATED."""
    return [
        coroutine.__name__
        for coroutine in coroutines
        if inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED
    ]


def wrong_all_closed(coroutines):
    """`egg` was paused, and now it is CORO_CLOSED."""
    names = []
    for coroutine in coroutines:
        if inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED:
            names.append(coroutine.__name__)
        coroutine.close()
    return names

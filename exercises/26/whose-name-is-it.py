"""Whose name is it?

A context variable is set here and there. Put the lines in the order in which the program prints
them.
"""

import asyncio
from contextvars import ContextVar

form = "order"

hints = [
    "A task copies the context when it is made. A coroutine that is awaited is a call.",
    "A callback has the context of whoever asked for it, as it was then.",
]


def program():
    guest = ContextVar("guest", default="nobody")

    async def enter(name):
        guest.set(name)

    async def main():
        loop = asyncio.get_running_loop()
        await asyncio.create_task(enter("ann"))
        print("after a task:", guest.get())
        loop.call_soon(lambda: print("in a callback:", guest.get()))
        await enter("bob")
        print("after a coroutine:", guest.get())
        await asyncio.sleep(1)
        print("a second later:", guest.get())
        await asyncio.gather(enter("cid"))
        print("after gather:", guest.get())

    asyncio.run(main())
    print("outside:", guest.get())


def wrong_the_callback_is_called_at_once():
    """A callback runs in the next turn, when main pauses. `await enter("bob")` does not pause."""
    print("after a task: nobody")
    print("in a callback: nobody")
    print("after a coroutine: bob")
    print("a second later: bob")
    print("after gather: bob")
    print("outside: nobody")


def wrong_the_callback_after_the_second():
    """The callback is in the ready queue while main sleeps for a second: it runs long before
    that."""
    print("after a task: nobody")
    print("after a coroutine: bob")
    print("a second later: bob")
    print("in a callback: nobody")
    print("after gather: bob")
    print("outside: nobody")

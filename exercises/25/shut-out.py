"""Shut out

An async generator is left by `break`. When does it tidy up?
"""

import asyncio

form = "order"

hints = [
    "Nobody closes it at the `break`.",
    "The loop closes it in a task of its own.",
]


def program():
    async def watch():
        try:
            yield "a minute"
            yield "another minute"
        finally:
            print("the watch is over")

    async def main():
        async for minute in watch():
            print(minute)
            break
        print("after the loop")
        await asyncio.sleep(1)
        print("a second later")

    asyncio.run(main())


def wrong_finally_at_break():
    """The `break` leaves the loop and tells the generator nothing. The event loop closes it
    later, in a task."""
    print("a minute")
    print("the watch is over")
    print("after the loop")
    print("a second later")

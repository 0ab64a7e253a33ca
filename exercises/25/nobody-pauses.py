"""Nobody pauses

Three tasks and no pause in any of them.
"""

import asyncio

form = "order"

hints = [
    "A step lasts until the coroutine pauses or ends.",
    "The ready queue is first in, first out.",
]


def program():
    async def count(name):
        for number in range(2):
            print(name, number)

    async def main():
        await asyncio.gather(count("ann"), count("bob"))
        print("done")

    asyncio.run(main())


def wrong_turns_at_every_line():
    """No line of `count` pauses, so nobody comes in between: each of them runs to its end in one
    step."""
    print("ann 0")
    print("bob 0")
    print("ann 1")
    print("bob 1")
    print("done")

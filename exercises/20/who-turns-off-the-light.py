"""Who turns off the light?

Two rooms are watched, and both loops are left early. Put the lines in the order in which the
program prints them.
"""

import asyncio
from contextlib import aclosing

form = "order"

hints = [
    "`break` leaves the loop. Who tells the generator?",
    "`aclosing` closes at the end of its block. A generator that is thrown away is closed by a "
    "task of the loop, which needs a turn.",
]


def program():
    async def watch(room):
        print("light on in", room)
        try:
            while True:
                yield
        finally:
            print("light off in", room)

    async def main():
        async for _ in watch("the attic"):
            break
        print("done with the attic")
        async with aclosing(watch("the cellar")) as cellar:
            async for _ in cellar:
                break
        print("done with the cellar")
        await asyncio.sleep(60)
        print("a minute later")

    asyncio.run(main())


def wrong_off_at_break():
    """`break` leaves the loop and tells the generator nothing. The attic's generator is thrown
    away, and a task of the loop closes it as soon as main pauses."""
    print("light on in the attic")
    print("light off in the attic")
    print("done with the attic")
    print("light on in the cellar")
    print("light off in the cellar")
    print("done with the cellar")
    print("a minute later")


def wrong_both_are_left():
    """`aclosing` closes the cellar's generator at the end of its block, before the next line. The
    attic's has to wait until main pauses."""
    print("light on in the attic")
    print("done with the attic")
    print("light on in the cellar")
    print("done with the cellar")
    print("light off in the attic")
    print("light off in the cellar")
    print("a minute later")


def wrong_only_at_the_end():
    """Nobody holds the attic's generator after the loop, so it need not wait for the end of the
    run: the loop closes it when main pauses."""
    print("light on in the attic")
    print("done with the attic")
    print("light on in the cellar")
    print("light off in the cellar")
    print("done with the cellar")
    print("a minute later")
    print("light off in the attic")

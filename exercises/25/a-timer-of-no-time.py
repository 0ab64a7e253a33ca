"""A timer of no time

Three ways to say *as soon as possible*.
"""

import asyncio

form = "order"

hints = [
    "A timer that is due goes to the end of the ready queue, when the loop looks around.",
    "The loop looks around between two turns.",
]


def program():
    async def main():
        loop = asyncio.get_running_loop()
        loop.call_later(0, print, "later, after 0 s")
        loop.call_soon(print, "soon")
        print("main")
        await asyncio.sleep(1)
        print("main again")

    asyncio.run(main())


def wrong_timers_first():
    """The timer is due at once, but it is put behind what stands in the ready queue already."""
    print("main")
    print("later, after 0 s")
    print("soon")
    print("main again")

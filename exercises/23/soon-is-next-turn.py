"""Soon is the next turn

Callbacks that ask for callbacks, and a timer that is due at once. Put the lines in the order in
which the program prints them.
"""

import asyncio

form = "order"

hints = [
    "A turn runs what was in the queue when it began. What is added meanwhile belongs to the next.",
    "A timer that is due goes to the end of the queue, when the loop looks around between two "
    "turns.",
]


def program():
    async def main():
        loop = asyncio.get_running_loop()

        def soup():
            print("soup")
            loop.call_soon(print, "spoon")

        def bread():
            print("bread")
            loop.call_soon(print, "butter")

        loop.call_later(0, print, "the clock strikes")
        loop.call_soon(soup)
        loop.call_soon(bread)
        print("the table is laid")
        await asyncio.sleep(0)
        print("sit down")
        await asyncio.sleep(1)

    asyncio.run(main())


def wrong_at_once():
    """What a callback asks for is put into the queue. It runs in the next turn, behind what stands
    in the queue already."""
    print("the table is laid")
    print("soup")
    print("spoon")
    print("bread")
    print("butter")
    print("the clock strikes")
    print("sit down")


def wrong_timers_first():
    """A timer has no right of way. It is put behind what is in the queue already when the loop
    looks around."""
    print("the table is laid")
    print("the clock strikes")
    print("soup")
    print("bread")
    print("sit down")
    print("spoon")
    print("butter")


def wrong_main_waits_for_all():
    """`sleep(0)` puts main at the end of the queue, behind soup and bread. Spoon and butter come
    after it: they are asked for later."""
    print("the table is laid")
    print("soup")
    print("bread")
    print("the clock strikes")
    print("spoon")
    print("butter")
    print("sit down")

"""Closing time

A program ends, and not everybody in it is done. Put the lines in the order in which the program
prints them.
"""

import asyncio

form = "order"

hints = [
    "`run` tidies up when main has ended, and returns after that.",
    "Tasks come first, since they may use a generator while they tidy up.",
]


def program():
    async def wash_up():
        try:
            await asyncio.sleep(3600)
        finally:
            print("the plates are left")
            await asyncio.sleep(60)
            print("the tap is closed")

    async def music():
        try:
            yield "a waltz"
            yield "a tango"
        finally:
            print("the music ends")

    async def evening():
        washing = asyncio.create_task(wash_up())
        band = music()
        print("the band plays", await anext(band))
        await asyncio.sleep(1)
        print("main ends")
        return washing, band

    asyncio.run(evening())
    print("the lights are out")


def wrong_run_returns_at_once():
    """Nothing goes on in the background: `run` returns when the tasks and the generators have
    ended."""
    print("the band plays a waltz")
    print("main ends")
    print("the lights are out")
    print("the plates are left")
    print("the tap is closed")
    print("the music ends")


def wrong_generators_first():
    """Generators are closed after the tasks have ended, since a task may use one while it tidies
    up."""
    print("the band plays a waltz")
    print("main ends")
    print("the music ends")
    print("the plates are left")
    print("the tap is closed")
    print("the lights are out")


def wrong_nobody_waits():
    """A task that is cancelled is waited for: it may tidy up, even for a minute."""
    print("the band plays a waltz")
    print("main ends")
    print("the plates are left")
    print("the music ends")
    print("the tap is closed")
    print("the lights are out")

"""The creaking doors

Two guests go through doors that creak. Put the lines in the order in which the program prints them.
"""

import asyncio

form = "order"

hints = [
    "Each `async with` may wait twice: on the way in and on the way out.",
    "While one waits, the other goes on. Bob's way in takes 2 s, and Ann's takes 1.5 s.",
]


def program():
    class Door:
        def __init__(self, name, creak):
            self.name, self.creak = name, creak

        async def __aenter__(self):
            print(self.name, "pushes")
            await asyncio.sleep(self.creak)

        async def __aexit__(self, *details):
            await asyncio.sleep(self.creak)
            print(self.name, "has shut the door")

    async def visit(name, creak):
        async with Door(name, creak):
            print(name, "is in the hall")

    async def main():
        await asyncio.gather(visit("ann", 1.5), visit("bob", 2))
        print("silence")

    asyncio.run(main())


def wrong_one_after_the_other():
    """While Ann's door creaks, her task waits, and Bob pushes his."""
    print("ann pushes")
    print("ann is in the hall")
    print("ann has shut the door")
    print("bob pushes")
    print("bob is in the hall")
    print("bob has shut the door")
    print("silence")


def wrong_waits_inside():
    """The way in is awaited: nobody is in the hall before the own door has creaked. Bob pushes
    while Ann's creaks."""
    print("ann pushes")
    print("ann is in the hall")
    print("bob pushes")
    print("bob is in the hall")
    print("ann has shut the door")
    print("bob has shut the door")
    print("silence")

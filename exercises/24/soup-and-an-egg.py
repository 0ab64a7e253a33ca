"""Soup, and an egg that is not cooked

Two tasks are made, and one of them is cancelled before it begins. Put the lines in the order in
which the program prints them.
"""

import asyncio

form = "order"

hints = [
    "`create_task` puts the first step into the queue and returns.",
    "A mark to be cancelled is looked at at the beginning of a step, the first one too.",
    "Callbacks of a task are called in the order in which they were added.",
]


def program():
    async def cook(dish):
        try:
            print(dish, "is on the stove")
            await asyncio.sleep(60)
            print(dish, "is hot")
        finally:
            print(dish, "is off the stove")

    async def main():
        soup = asyncio.create_task(cook("soup"))
        egg = asyncio.create_task(cook("egg"))
        egg.cancel()
        print("ordered")
        soup.add_done_callback(lambda task: print("a bell rings"))
        await soup
        print("cancelled:", egg.cancelled())

    asyncio.run(main())


def wrong_runs_at_once():
    """`create_task` makes no step. The soup is put on the stove in the next turn, when main
    waits."""
    print("soup is on the stove")
    print("ordered")
    print("soup is hot")
    print("soup is off the stove")
    print("a bell rings")
    print("cancelled: True")


def wrong_the_bell_comes_last():
    """The bell was added before main began to wait for the soup, so it rings before main goes
    on."""
    print("ordered")
    print("soup is on the stove")
    print("soup is hot")
    print("soup is off the stove")
    print("cancelled: True")
    print("a bell rings")


def wrong_the_bell_is_called():
    """A task that is done *asks* for its callbacks to be called. First its last step ends."""
    print("ordered")
    print("soup is on the stove")
    print("soup is hot")
    print("a bell rings")
    print("soup is off the stove")
    print("cancelled: True")

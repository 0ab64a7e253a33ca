"""After you

The same two, who now say *please, after you*.
"""

import asyncio

form = "order"

hints = [
    "`sleep(0)` puts the task at the end of the ready queue.",
]


def program():
    async def count(name):
        for number in range(2):
            print(name, number)
            await asyncio.sleep(0)

    async def main():
        await asyncio.gather(count("ann"), count("bob"))
        print("done")

    asyncio.run(main())


def wrong_nobody_gives_way():
    """`sleep(0)` gives way: the task goes to the end of the ready queue, and the other one is
    before it."""
    print("ann 0")
    print("ann 1")
    print("bob 0")
    print("bob 1")
    print("done")

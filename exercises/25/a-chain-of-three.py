"""A chain of three

A waits for B, and B waits for C. All are tasks.
"""

import asyncio

form = "order"

hints = [
    "Each wake-up takes a turn of its own.",
    "What stands in the queue is run before what comes in during the turn.",
]


def program():
    async def c():
        await asyncio.sleep(2)
        print("c ends")

    async def b():
        await asyncio.create_task(c())
        print("b ends")

    async def a():
        await asyncio.create_task(b())
        print("a ends")

    async def main():
        task = asyncio.create_task(a())
        await asyncio.sleep(1)
        print("main is awake")
        await task
        print("main ends")

    asyncio.run(main())


def wrong_all_in_one_go():
    """Three ends take three turns. And main's timer is due a second before that of c."""
    print("c ends")
    print("b ends")
    print("a ends")
    print("main is awake")
    print("main ends")

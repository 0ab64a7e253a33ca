"""Soon, and now

A callback, a task and a line of main.
"""

import asyncio

form = "order"

hints = [
    "What is put into the ready queue first is run first.",
    "main itself runs on until it pauses.",
]


def program():
    async def task():
        print("the task")

    async def main():
        loop = asyncio.get_running_loop()
        loop.call_soon(print, "the first callback")
        asyncio.create_task(task())
        loop.call_soon(print, "the second callback")
        print("main")
        await asyncio.sleep(0)
        print("main again")

    asyncio.run(main())


def wrong_callbacks_first():
    """Callbacks have no right of way. The task was put into the queue between the two
    callbacks."""
    print("main")
    print("the first callback")
    print("the second callback")
    print("the task")
    print("main again")

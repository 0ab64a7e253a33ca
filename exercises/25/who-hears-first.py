"""Who hears first?

A future has a result. Two tasks and a callback wait for it.
"""

import asyncio

form = "order"

hints = [
    "Those who wait are told in the order in which they began to wait.",
    "`set_result` puts them into the queue and calls nobody.",
]


def program():
    async def listener(name, news):
        print(name, "hears", await news)

    async def main():
        loop = asyncio.get_running_loop()
        news = loop.create_future()
        first = asyncio.create_task(listener("ann", news))
        news.add_done_callback(lambda news: print("the callback"))
        second = asyncio.create_task(listener("bob", news))
        await asyncio.sleep(1)
        news.set_result("rain")
        print("told everybody")
        await first
        await second

    asyncio.run(main())


def wrong_told_at_once():
    """`set_result` calls nobody. It puts those who wait into the ready queue, and main runs on
    until it pauses."""
    print("the callback")
    print("ann hears rain")
    print("bob hears rain")
    print("told everybody")


def wrong_tasks_first():
    """The callback was on the list before any of the tasks: they began to wait only when main
    paused."""
    print("told everybody")
    print("ann hears rain")
    print("bob hears rain")
    print("the callback")

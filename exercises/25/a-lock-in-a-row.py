"""A lock, in a row

Three tasks want the same lock.
"""

import asyncio

form = "order"

hints = [
    "Those who wait for a lock get it in the order in which they began to wait.",
    "Who releases a lock runs on until it pauses.",
]


def program():
    async def worker(name, lock):
        async with lock:
            print(name, "has the lock")
            await asyncio.sleep(1)
            print(name, "gives it back")
        print(name, "goes home")

    async def main():
        lock = asyncio.Lock()
        async with lock:
            tasks = [asyncio.create_task(worker(name, lock)) for name in ("ann", "bob")]
            await asyncio.sleep(1)
            print("main opens the door")
        await asyncio.gather(*tasks)

    asyncio.run(main())


def wrong_home_before_the_next():
    """Giving a lock back puts the next one into the ready queue, and calls nobody. Who gave it
    back runs on, and goes home in the same step."""
    print("main opens the door")
    print("ann has the lock")
    print("ann gives it back")
    print("bob has the lock")
    print("ann goes home")
    print("bob gives it back")
    print("bob goes home")

"""Asked to stop

A task is cancelled. When does it hear of it?
"""

import asyncio

form = "order"

hints = [
    "`cancel` makes a request and returns.",
    "The exception rises in the task's next step.",
]


def program():
    async def sleeper():
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            print("the sleeper is woken")
            raise
        finally:
            print("the sleeper makes the bed")

    async def main():
        task = asyncio.create_task(sleeper())
        await asyncio.sleep(1)
        task.cancel()
        print("asked to stop")
        try:
            await task
        except asyncio.CancelledError:
            print("the sleeper has gone")

    asyncio.run(main())


def wrong_stops_at_once():
    """`cancel` is a request. The sleeper is resumed in the next turn, and main goes on until it
    pauses."""
    print("the sleeper is woken")
    print("the sleeper makes the bed")
    print("asked to stop")
    print("the sleeper has gone")

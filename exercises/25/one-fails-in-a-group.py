"""One fails in a group

Two tasks in a `TaskGroup`. One of them fails.
"""

import asyncio

form = "order"

hints = [
    "The group cancels the others and waits until they have ended.",
    "The block ends with an exception group; `except*` catches what is in one.",
]


def program():
    async def fails():
        await asyncio.sleep(1)
        print("this one fails")
        raise OSError

    async def works():
        try:
            await asyncio.sleep(5)
        finally:
            print("this one tidies up")

    async def main():
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(works())
                group.create_task(fails())
                print("both are started")
        except* OSError:
            print("the group has failed")

    asyncio.run(main())


def wrong_fails_at_once():
    """The group is left only when all its tasks have ended, so the other one tidies up first."""
    print("both are started")
    print("this one fails")
    print("the group has failed")
    print("this one tidies up")

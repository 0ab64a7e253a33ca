"""A call or a task?

One coroutine is awaited, another is made a task. Put the lines in the order in which they are
printed.
"""

import asyncio

form = "order"

hints = [
    "Awaiting a coroutine runs it as a part of the one who awaits, at once.",
    "A task's first step stands in the ready queue when `create_task` returns.",
]


def program():
    async def say(word):
        print(word)

    async def main():
        task = asyncio.create_task(say("the task"))
        print("made a task")
        await say("the coroutine")
        print("awaited the coroutine")
        await task
        print("awaited the task")

    asyncio.run(main())


def wrong_await_lets_others_run():
    """`await say(...)` does not pause: nothing in it yields, so the task gets no turn before main
    waits for it."""
    print("made a task")
    print("the task")
    print("the coroutine")
    print("awaited the coroutine")
    print("awaited the task")


def wrong_create_task_runs_at_once():
    """`create_task` puts the first step into the ready queue and returns; no line of the task has
    run then."""
    print("the task")
    print("made a task")
    print("the coroutine")
    print("awaited the coroutine")
    print("awaited the task")

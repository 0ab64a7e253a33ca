"""The task that vanishes

`start(coroutine, background)` starts a task that nobody waits for. Now and then one of them is
gone, and the log says *Task was destroyed but it is pending!* Repair it: the set `background` holds
each task until it is done, and no longer.
"""

import asyncio
import gc
import weakref

form = "repair"

hints = [
    "Who holds a task that waits for a future which only the task itself knows?",
    "`task.add_done_callback(background.discard)` takes it out when it is done, however it ends.",
]


def start(coroutine, background):
    """Start a task, and hold it until it is done."""
    task = asyncio.create_task(coroutine)
    background.add(task)
    task.add_done_callback(background.discard)
    return task


def broken(coroutine, background):
    """Start a task, and hold it until it is done."""
    return asyncio.create_task(coroutine)


def check(start):
    async def wait_for_a_letter(futures):
        future = asyncio.get_running_loop().create_future()
        futures.append(weakref.ref(future))
        await future

    async def fails():
        raise OSError("no paper")

    async def main():
        futures, background = [], set()
        task = start(wait_for_a_letter(futures), background)
        assert isinstance(task, asyncio.Task), f"`start` should return the task, not {task!r}."
        del task
        await asyncio.sleep(1)
        gc.collect()
        assert futures[0]() is not None, (
            "The task waited for a letter. When Python tidied up, it was gone."
        )
        futures[0]().set_result("a letter")
        await asyncio.gather(start(fails(), background), return_exceptions=True)
        await asyncio.sleep(1)
        assert not background, f"All are done, but `background` still holds {len(background)}."

    asyncio.run(main())


def wrong_held_for_ever(coroutine, background):
    """All are done, but `background` still holds 2."""
    task = asyncio.create_task(coroutine)
    background.add(task)
    return task


def wrong_never_added(coroutine, background):
    """The task waited for a letter. When Python tidied up, it was gone."""
    task = asyncio.create_task(coroutine)
    task.add_done_callback(background.discard)
    return task


def wrong_holds_itself(coroutine, background):
    """The task waited for a letter. When Python tidied up, it was gone."""

    async def hold():
        await coroutine
        task.get_name()

    task = asyncio.create_task(hold())
    return task


def wrong_only_if_all_goes_well(coroutine, background):
    """All are done, but `background` still holds 1."""

    async def run():
        result = await coroutine
        background.discard(task)
        return result

    task = asyncio.create_task(run())
    background.add(task)
    return task

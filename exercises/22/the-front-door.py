"""The front door, by hand

Write `run_main(main)` without `asyncio.run` and without a `Runner`: make a loop, run the coroutine,
and return its result. However it ends, cancel the tasks that are left and wait for them, close the
async generators, and close the loop, in this order.
"""

import asyncio

hints = [
    "`loop.run_until_complete(coroutine)` can be called several times, one after the other.",
    "`asyncio.all_tasks(loop)` are the tasks that are not done. They have to be cancelled, and "
    "then given turns until they are gone: wait for them with `gather`.",
    "`loop.run_until_complete(loop.shutdown_asyncgens())` closes the generators.",
]

forbidden = {
    "asyncio.run": "`asyncio.run` is what you are about to write.",
    "asyncio.Runner": "A `Runner` does it all. This time, do it with the methods of a loop.",
}


def run_main(main):
    """Make a loop, run the coroutine, and put everything away."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(main)
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(_gone(left))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _gone(tasks):
    await asyncio.gather(*tasks, return_exceptions=True)


def check(run_main):
    loops, log = [], []

    async def wash_up():
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(1)
            log.append("the task has ended")

    async def music():
        try:
            yield "a waltz"
        finally:
            log.append("the generator is closed")

    async def evening(fails):
        loops.append(asyncio.get_running_loop())
        band = music()
        kept.append((band, asyncio.create_task(wash_up())))
        await anext(band)
        await asyncio.sleep(1)
        if fails:
            raise ValueError("rain")
        return "a good evening"

    kept = []
    for fails in False, True:
        log.clear()
        try:
            found = run_main(evening(fails))
        except ValueError:
            found = "a good evening" if fails else "a ValueError"
        how = "fails" if fails else "ends"
        assert len(loops) == 1 + fails, "`run_main` should run the coroutine."
        assert found == "a good evening", f"The result is 'a good evening', not {found!r}."
        wanted = ["the task has ended", "the generator is closed"]
        assert log == wanted, f"When main {how}, it should go on with {wanted}, but it was {log}."
        assert loops[-1].is_closed(), f"When main {how}, the loop should be closed at the end."


def wrong_nothing_is_put_away(main):
    """When main ends, it should go on with ['the task has ended', 'the generator is closed'], but
    it was []."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(main)
    finally:
        loop.close()


def wrong_cancelled_and_left(main):
    """When main ends, it should go on with ['the task has ended', 'the generator is closed'], but
    it was ['the generator is closed']."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(main)
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def wrong_only_if_all_goes_well(main):
    """When main fails, it should go on with ['the task has ended', 'the generator is closed'], but
    it was []."""
    loop = asyncio.new_event_loop()
    result = loop.run_until_complete(main)
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    loop.run_until_complete(asyncio.wait(left))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
    return result


def wrong_with_a_runner(main):
    """A `Runner` does it all. This time, do it with the methods of a loop."""
    with asyncio.Runner() as runner:
        return runner.run(main)

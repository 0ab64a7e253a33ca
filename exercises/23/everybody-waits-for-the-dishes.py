"""Everybody waits for the dishes

`work_off(loop, jobs)` is a callback. It calls the functions in the list `jobs`, first to last. Each
of them takes a second, and meanwhile no timer fires and no socket is read.

Repair it: one job a turn. `work_off` calls the first job, takes it out of the list, and has itself
called again as long as there are any.
"""

import asyncio
import time

form = "repair"

hints = [
    "What a callback asks for by `call_soon` runs in the next turn. Between two turns the loop "
    "looks around.",
    "`loop.call_soon(work_off, loop, jobs)`: a callback may ask for itself.",
]


def work_off(loop, jobs):
    """Call one job, and go on in the next turn."""
    if jobs:
        jobs.pop(0)()
    if jobs:
        loop.call_soon(work_off, loop, jobs)


def broken(loop, jobs):
    """Call all jobs."""
    while jobs:
        jobs.pop(0)()


def check(work_off):
    async def main(number):
        loop, log = asyncio.get_running_loop(), []
        start = loop.time()

        def job():
            time.sleep(1)
            log.append("a plate")

        bell = loop.call_later(2.5, lambda: log.append(f"the bell at {loop.time() - start:g} s"))
        loop.call_soon(work_off, loop, [job] * number)
        await asyncio.sleep(10)
        assert log.count("a plate") == number, (
            f"There are {number} plates. Done were {log.count('a plate')}."
        )
        bell.cancel()
        return log

    # When the bell is due, at the end of the third job, the fourth is in the queue already.
    log = asyncio.run(main(5))
    wanted = ["a plate", "a plate", "a plate", "a plate", "the bell at 4 s", "a plate"]
    assert log == wanted, f"The bell is set for 2.5 s. It should be {wanted}, but was {log}."
    asyncio.run(main(0))


def wrong_all_in_the_next_turn(loop, jobs):
    """The bell is set for 2.5 s. It should be ['a plate', 'a plate', 'a plate', 'a plate', 'the
    bell at 4 s', 'a plate'], but was ['a plate', 'a plate', 'a plate', 'a plate', 'a plate', 'the
    bell at 5 s']."""
    for job in jobs:
        loop.call_soon(job)


def wrong_calls_itself(loop, jobs):
    """The bell is set for 2.5 s. It should be ['a plate', 'a plate', 'a plate', 'a plate', 'the
    bell at 4 s', 'a plate'], but was ['a plate', 'a plate', 'a plate', 'a plate', 'a plate', 'the
    bell at 5 s']."""
    if jobs:
        jobs.pop(0)()
        work_off(loop, jobs)


def wrong_one_and_no_more(loop, jobs):
    """There are 5 plates. Done were 1."""
    if jobs:
        jobs.pop(0)()

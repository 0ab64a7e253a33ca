"""How late is the loop?

Write `lag(times, pause)`, a coroutine that measures how late the loop is. It sleeps so many times
for `pause` seconds, and returns by how many seconds it came too late at most. A loop that is never
kept busy gives 0.
"""

import asyncio
import time

hints = [
    "`loop.time()` before and after a sleep tells how long it really took.",
    "Each sleep is measured by itself: what one has lost is not the fault of the next.",
]


async def lag(times, pause):
    """The largest delay of a number of sleeps."""
    loop, worst = asyncio.get_running_loop(), 0
    for _ in range(times):
        before = loop.time()
        await asyncio.sleep(pause)
        worst = max(worst, loop.time() - before - pause)
    return worst


def check(lag):
    async def busy(moments):
        for waits, works in moments:
            await asyncio.sleep(waits)
            time.sleep(works)

    async def main(moments, wanted):
        found, _ = await asyncio.gather(lag(5, 1), busy(moments))
        assert found is not None, "`lag` should return a number of seconds."
        assert abs(found - wanted) < 1e-6, (
            f"The loop was late by {wanted} s at most, but `lag(5, 1)` returned {found:g}."
        )

    asyncio.run(main([], 0))
    asyncio.run(main([(1.5, 3)], 2.5))
    asyncio.run(main([(0.5, 1), (1.2, 2)], 1.2))


async def wrong_all_together(times, pause):
    """The loop was late by 1.2 s at most, but `lag(5, 1)` returned 1.7."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    for _ in range(times):
        await asyncio.sleep(pause)
    return loop.time() - start - times * pause


async def wrong_with_the_pause(times, pause):
    """The loop was late by 0 s at most, but `lag(5, 1)` returned 1."""
    loop, worst = asyncio.get_running_loop(), 0
    for _ in range(times):
        before = loop.time()
        await asyncio.sleep(pause)
        worst = max(worst, loop.time() - before)
    return worst


async def wrong_the_last_one(times, pause):
    """The loop was late by 2.5 s at most, but `lag(5, 1)` returned 0."""
    loop = asyncio.get_running_loop()
    for _ in range(times):
        before = loop.time()
        await asyncio.sleep(pause)
        late = loop.time() - before - pause
    return late

"""How cost grows with number: nanoseconds for one task, timer or waiter, and its bytes in memory.

Each number is measured in a process of its own, for memory that was once had makes later tasks
cheaper. Usage: scaling.py --most=COUNT, or scaling.py CONTENDER ROW COUNT for one number.
"""

from __future__ import annotations

import platform
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Coroutine
from typing import Any

from worker import PREPARE

COUNTS = (1_000, 10_000, 100_000, 1_000_000)
MEASURED = 10_000  # so many are held while their bytes are counted


async def tasks(asyncio: Any, count: int) -> Callable[[], Coroutine[Any, Any, None]]:
    """Tasks that have begun and wait; the end of each is awaited."""

    async def wait(for_what: Any) -> None:
        await for_what

    open_ = asyncio.get_running_loop().create_future()
    started = [asyncio.create_task(wait(open_)) for _ in range(count)]
    await asyncio.sleep(0)

    async def finish() -> None:
        open_.set_result(None)
        for task in started:
            await task

    return finish


async def timers(asyncio: Any, count: int) -> Callable[[], Coroutine[Any, Any, None]]:
    """Timers in order; all but the last are cancelled."""
    loop = asyncio.get_running_loop()
    begin = loop.time() + 0.01
    armed = [loop.call_at(begin + number / 1e9, int) for number in range(count)]

    async def finish() -> None:
        for timer in armed[:-1]:
            timer.cancel()
        await asyncio.sleep(max(0, armed[-1].when() - loop.time()))

    return finish


async def waiters(asyncio: Any, count: int) -> Callable[[], Coroutine[Any, Any, None]]:
    """Tasks in a row for one semaphore, which lets them through one by one."""
    door = asyncio.Semaphore(0)
    lined_up = [asyncio.create_task(door.acquire()) for _ in range(count)]
    await asyncio.sleep(0)

    async def finish() -> None:
        for task in lined_up:
            door.release()
            await task

    return finish


ROWS = {"task": tasks, "timer": timers, "waiter": waiters}


async def cost(asyncio: Any, row: str, count: int) -> str:
    """Nanoseconds from the beginning to the end of each."""
    begun = time.thread_time()
    finish = await ROWS[row](asyncio, count)
    await finish()
    return f"{(time.thread_time() - begun) / count * 1e9:,.0f}"


async def size(asyncio: Any, row: str) -> str:
    """Bytes of each while it waits."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    finish = await ROWS[row](asyncio, MEASURED)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    await finish()
    return f"{(after - before) / MEASURED:,.0f}"


def one(contender: str, row: str, count: int) -> str:
    """A number, in this process; with no count, the bytes."""
    PREPARE.get(contender, lambda: None)()
    import asyncio

    with asyncio.Runner() as runner:
        return str(runner.run(cost(asyncio, row, count) if count else size(asyncio, row)))


def main() -> None:
    if len(sys.argv) == 4:
        print(one(sys.argv[1], sys.argv[2], int(sys.argv[3])))
        return
    most = int(sys.argv[1].removeprefix("--most="))
    counts = [count for count in COUNTS if count <= most]
    version = platform.python_version()
    print(f"## Nanoseconds for one of so many, and its bytes, on Python {version}\n")
    print("| | " + " | ".join(f"{count:,}" for count in counts) + " | bytes |")
    print("|---|" + "---:|" * (len(counts) + 1))
    for row in ROWS:
        for contender in ("asyncio", "aio"):
            cells = [in_a_process(contender, row, count) for count in (*counts, 0)]
            print(f"| {row}, {contender} | {' | '.join(cells)} |")


def in_a_process(contender: str, row: str, count: int) -> str:
    command = [sys.executable, __file__, contender, row, str(count)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


if __name__ == "__main__":
    main()

"""The clock of a cell: only waiting moves it, and by exactly as much as was asked."""

import time

from lab.cells import Cells
from lab.programs import prints


@prints("""
    0.0 0.0 1767225600.0 0 0 1767225600000000000 0.0 0.0
    0.3 0.3 1767225600.3 300000000 1767225600300000000
    86400.3
    Fri Jan  2 00:00:00 2026 00:00:00 2026 2 1970
    Thu Jan  1 00:00:00 1970 1970 1970
    sleep length must be non-negative
    86400.3
""")
def test_every_function_of_time_reads_one_clock() -> None:
    import time

    monotonic, counter = time.monotonic(), time.perf_counter()
    nanoseconds = time.monotonic_ns(), time.perf_counter_ns(), time.time_ns()
    print(monotonic, counter, time.time(), *nanoseconds, time.process_time(), time.thread_time())
    time.sleep(0.1)
    time.sleep(0.2)
    print(time.monotonic(), time.perf_counter(), time.time(), time.monotonic_ns(), time.time_ns())
    time.sleep(24 * 60 * 60)
    print(time.monotonic())
    print(time.ctime(), time.strftime("%H:%M:%S %Y"), time.localtime().tm_mday, time.gmtime(0)[0])
    print(time.ctime(0), time.strftime("%Y", time.gmtime(0)), time.localtime(0).tm_year)
    try:
        time.sleep(-1)
    except ValueError as error:
        print(error)
    print(time.monotonic())


@prints("""
    0.1 0.3 0.3
    3600.3
    31539600.3
    3153603600.3
""")
def test_asyncio_sleeps_for_a_century_and_stays_exact() -> None:
    import asyncio
    import time

    async def main() -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(0.1)
        first = loop.time()
        await asyncio.sleep(0.2)
        print(first, loop.time(), time.monotonic())
        await asyncio.sleep(60 * 60)
        print(loop.time())
        await asyncio.sleep(365 * 24 * 60 * 60)
        print(loop.time())
        await asyncio.sleep(99 * 365 * 24 * 60 * 60)
        print(loop.time())

    asyncio.run(main())


@prints("""
    tea 3.0
    coffee 1.0
    3.0
""")
def test_a_runner_and_a_loop_of_ones_own_have_the_clock_too() -> None:
    import asyncio

    async def brew(name: str, seconds: float) -> str:
        start = asyncio.get_running_loop().time()
        await asyncio.sleep(seconds)
        return f"{name} {asyncio.get_running_loop().time() - start}"

    with asyncio.Runner() as runner:
        print(runner.run(brew("tea", 3)))
    loop = asyncio.new_event_loop()
    print(loop.run_until_complete(brew("coffee", 1)))
    loop.close()
    loop = asyncio.new_event_loop()
    loop.call_later(1.5, lambda: None)
    start = loop.time()
    loop.call_later(3, loop.stop)
    loop.run_forever()
    print(loop.time() - start)
    loop.close()


@prints("""
    timeout TimeoutError() 1.0
    wait_for TimeoutError() 1.5
    in time 'toast' 2.5
    timeout_at TimeoutError() 4.0
    wait 1 1 5.5
    as_completed ['fast', 'slow'] 7.5
""")
def test_timeouts_come_at_their_time() -> None:
    import asyncio

    async def toast(seconds: float, word: str = "toast") -> str:
        await asyncio.sleep(seconds)
        return word

    async def main() -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(1):
                await toast(10)
        except TimeoutError as error:
            print("timeout", repr(error), loop.time())
        try:
            await asyncio.wait_for(toast(10), 0.5)
        except TimeoutError as error:
            print("wait_for", repr(error), loop.time())
        print("in time", repr(await asyncio.wait_for(toast(1), 5)), loop.time())
        try:
            async with asyncio.timeout_at(4):
                await toast(10)
        except TimeoutError as error:
            print("timeout_at", repr(error), loop.time())
        tasks = [asyncio.create_task(toast(n)) for n in (1, 9)]
        done, pending = await asyncio.wait(tasks, timeout=1.5)
        print("wait", len(done), len(pending), loop.time())
        words = [toast(2, "slow"), toast(1, "fast")]
        print("as_completed", [await it for it in asyncio.as_completed(words)], loop.time())

    asyncio.run(main())


@prints("""
    0.0 baker puts loaf 1
    0.0 eater gets loaf 1
    1.0 baker puts loaf 2
    3.0 eater gets loaf 2
    3.0 baker puts loaf 3
    6.0 eater gets loaf 3
    6.0 all eaten
    9.0 end
""")
def test_tasks_of_a_group_take_turns_on_one_clock() -> None:
    import asyncio

    def tell(*words: object) -> None:
        print(asyncio.get_running_loop().time(), *words)

    async def bake(shelf: asyncio.Queue[int]) -> None:
        for loaf in (1, 2, 3):
            await shelf.put(loaf)
            tell("baker puts loaf", loaf)
            await asyncio.sleep(1)
        await shelf.join()
        tell("all eaten")

    async def eat(shelf: asyncio.Queue[int]) -> None:
        for _ in range(3):
            loaf = await shelf.get()
            tell("eater gets loaf", loaf)
            shelf.task_done()
            await asyncio.sleep(3)

    async def main() -> None:
        shelf: asyncio.Queue[int] = asyncio.Queue(maxsize=1)
        async with asyncio.TaskGroup() as group:
            group.create_task(bake(shelf))
            group.create_task(eat(shelf))
        tell("end")

    asyncio.run(main())


@prints("""
    [0, 2, 1]
""")
def test_timers_come_in_the_order_of_their_times_and_not_of_their_making() -> None:
    import asyncio

    async def main() -> None:
        order: list[int] = []
        for number, delay in enumerate((0.1, 0.3, 0.1 + 0.2 - 0.1)):
            asyncio.get_running_loop().call_later(delay, order.append, number)
        await asyncio.sleep(1)
        print(order)

    asyncio.run(main())


# For the kernel, that is. The timers of asyncio are a heap, which promises no order of equals.
@prints("""
    [0, 1, 2, 3, 4] 1.0
""")
def test_what_is_due_at_the_same_time_keeps_its_order() -> None:
    import threading
    import time

    def work(number: int) -> None:
        time.sleep(1)
        print(number, end=", " if number < 4 else "] ")

    print(end="[")
    threads = [threading.Thread(target=work, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(time.monotonic())


@prints("""
    Executing <Task finished name='Task-1' coro=<main() done, defined at <cell x>:4> result=None created at …/asyncio/runners.py:…> took 2.000 seconds
""")
def test_a_callback_that_holds_up_the_loop_is_measured() -> None:
    import asyncio
    import time

    async def main() -> None:
        time.sleep(2)  # noqa: ASYNC251 - that it blocks is the point

    asyncio.run(main(), debug=True)


def test_every_cell_starts_at_zero(cells: Cells) -> None:
    for _ in range(2):
        cells.run("import time\nbefore = time.monotonic()\ntime.sleep(5)\nbefore, time.monotonic()")
        assert cells.text == "(0.0, 5.0)\n"


def test_a_name_that_a_cell_has_taken_from_time_works_in_cells_and_nowhere_else(
    cells: Cells,
) -> None:
    cells.run("from time import monotonic, sleep")
    cells.run("sleep(5)\nmonotonic()")
    assert cells.text == "5.0\n"
    before = time.monotonic()
    assert before <= cells["monotonic"]() <= time.monotonic()
    cells.run("import time\nmonotonic() == time.monotonic() == 0", simulate=False)
    assert cells.text == "False\n"


def test_hours_pass_in_no_time(cells: Cells) -> None:
    before = time.perf_counter()
    cells.run("import time\nfor _ in range(1_000): time.sleep(3_600)\ntime.monotonic()")
    assert cells.text == "3600000.0\n"
    assert time.perf_counter() - before < 60

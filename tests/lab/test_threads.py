"""Threads and thread pools: what they do takes its time on the simulated clock."""

from lab.cells import Cells
from lab.programs import prints


@prints("""
    main: started 0.0 True
    main: meanwhile 0.5
    worker: Thread-1 (work) False 1.0
    main: joined 1.0 False
    worker ended at 1.0
""")
def test_a_thread_sleeps_while_the_program_goes_on() -> None:
    import threading
    import time

    def work() -> None:
        time.sleep(1)
        thread = threading.current_thread()
        print("worker:", thread.name, thread is threading.main_thread(), time.monotonic())
        ended.append(time.monotonic())

    ended: list[float] = []
    thread = threading.Thread(target=work)
    thread.start()
    print("main: started", time.monotonic(), thread.is_alive())
    time.sleep(0.5)
    print("main: meanwhile", time.monotonic())
    thread.join()
    print("main: joined", time.monotonic(), thread.is_alive())
    print("worker ended at", *ended)


@prints("""
    [3, 1, 2] 3.0
    25 calls with 12 workers: 3.0
    5 calls with 2 workers: 3.0
    nothing to do: 0.0
""")
def test_calls_in_threads_run_side_by_side_as_far_as_there_are_workers() -> None:
    import asyncio
    import time
    from concurrent.futures import ThreadPoolExecutor

    def work(seconds: float) -> float:
        time.sleep(seconds)
        return seconds

    async def main() -> None:
        loop = asyncio.get_running_loop()
        print(await asyncio.gather(*(asyncio.to_thread(work, n) for n in (3, 1, 2))), loop.time())
        start = loop.time()
        await asyncio.gather(*(asyncio.to_thread(work, 1) for _ in range(25)))
        print("25 calls with 12 workers:", loop.time() - start)
        with ThreadPoolExecutor(max_workers=2) as pool:
            start = loop.time()
            await asyncio.gather(*(loop.run_in_executor(pool, work, 1) for _ in range(5)))
            print("5 calls with 2 workers:", loop.time() - start)
        start = loop.time()
        await asyncio.gather(*(asyncio.to_thread(work, 0) for _ in range(2_000)))
        print("nothing to do:", loop.time() - start)

    asyncio.run(main())


@prints("""
    the kettle starts at 0.0
    main slices bread 1.0
    the kettle boils at 2.0
    tea 2.0
""")
def test_what_a_thread_prints_comes_when_the_clock_is_there() -> None:
    import asyncio
    import time

    def boil() -> str:
        print("the kettle starts at", time.monotonic())
        time.sleep(2)
        print("the kettle boils at", time.monotonic())
        return "tea"

    async def main() -> None:
        kettle = asyncio.create_task(asyncio.to_thread(boil))
        await asyncio.sleep(1)
        print("main slices bread", time.monotonic())
        print(await kettle, time.monotonic())

    asyncio.run(main())


@prints("""
    main ends
    late
    later
""")
def test_a_program_ends_with_its_last_thread() -> None:
    import threading
    import time

    def speak(after: float, word: str) -> None:
        time.sleep(after)
        print(word)

    threading.Thread(target=speak, args=(2, "later")).start()
    threading.Thread(target=speak, args=(1, "late")).start()
    threading.Thread(target=speak, args=(3, "never"), daemon=True).start()
    print("main ends")


@prints("""
    waited 2.0
""")
def test_a_thread_that_waits_for_another_ends_with_it() -> None:
    import asyncio
    import time
    from concurrent.futures import ThreadPoolExecutor

    async def main() -> None:
        pool = ThreadPoolExecutor()
        pool.submit(time.sleep, 2)
        await asyncio.to_thread(pool.shutdown)
        print("waited", time.monotonic())

    asyncio.run(main())


@prints("""
    [(1, 'pool_1'), (1, 'pool_1'), (3, 'pool_0'), (1, 'pool_1')] 3.0
    [(1, 'pool_1'), (2, 'pool_0')]
    ZeroDivisionError('division by zero')
    1 1
    TimeoutError() CancelledError()
    cannot schedule new futures after shutdown
    ThreadPoolExecutor-0_0 ThreadPoolExecutor-1_0
""")
def test_a_pool_hands_out_futures() -> None:
    import contextlib
    import threading
    import time
    from concurrent import futures

    def work(seconds: float) -> tuple[float, str]:
        time.sleep(seconds)
        return seconds, threading.current_thread().name

    with futures.ThreadPoolExecutor(2, "pool") as pool:
        calls = [pool.submit(work, seconds) for seconds in (3, 1, 1, 1)]
        print([call.result() for call in futures.as_completed(calls)], time.monotonic())
        print(list(pool.map(work, (1, 2))))
        print(repr(pool.submit(lambda: 1 / 0).exception()))
        done, pending = futures.wait([pool.submit(work, 1), pool.submit(work, 5)], timeout=2)
        print(len(done), len(pending))
        errors: list[BaseException] = []
        waiting = [pool.submit(work, 50) for _ in range(3)]
        for call in (
            lambda: waiting[0].result(1),
            lambda: waiting[2].cancel() and waiting[2].result(),
        ):
            try:
                call()
            except (TimeoutError, futures.CancelledError) as error:
                errors.append(error)
        print(*map(repr, errors))
    with contextlib.suppress(ZeroDivisionError):
        try:
            pool.submit(work, 1)
        except RuntimeError as error:
            print(error)
    pools = [futures.ThreadPoolExecutor() for _ in range(2)]
    print(*(pool.submit(work, 0).result()[1] for pool in pools))


@prints("""
    Exception in thread baker:
    Traceback (most recent call last):
      File "<cell x>", line 4, in burn
        raise ValueError("smoke")
    ValueError: smoke
    silence
    own hook: ValueError smoke baker
    RuntimeError('threads can only be started once')
    RuntimeError('cannot join thread before it is started')
    RuntimeError('cannot join current thread')
""")
def test_what_goes_wrong_in_a_thread_is_told() -> None:
    import threading

    def burn() -> None:
        raise ValueError("smoke")

    def leave() -> None:
        raise SystemExit

    def join_oneself() -> None:
        attempt(threading.current_thread().join)

    def attempt(call: object) -> None:
        try:
            call()
        except RuntimeError as error:
            print(repr(error))

    baker = threading.Thread(target=burn, name="baker")
    baker.start()
    threading.Thread(target=leave).start()
    print("silence")

    def tell(report: threading.ExceptHookArgs) -> None:
        print("own hook:", report.exc_type.__name__, report.exc_value, report.thread.name)

    before, threading.excepthook = threading.excepthook, tell
    threading.Thread(target=burn, name="baker").start()
    threading.excepthook = before
    attempt(baker.start)
    attempt(threading.Thread().join)
    threading.Thread(target=join_oneself).start()


@prints("""
    Event False 3.0
    Lock False 4.0
    Condition False 8.0
    Semaphore False 9.0
    Queue 11.0
    SimpleQueue 12.0
    Timer ring 17.0
    set by a timer True 17.5
    Barrier 18.5
""")
def test_locks_and_what_is_made_of_them_wait_on_the_clock() -> None:
    import queue
    import threading
    import time

    now = time.monotonic
    print("Event", threading.Event().wait(3), now())
    lock = threading.Lock()
    with lock:
        print("Lock", lock.acquire(timeout=1), now())
    condition = threading.Condition()
    with condition:
        print("Condition", condition.wait_for(lambda: False, 4), now())
    print("Semaphore", threading.Semaphore(0).acquire(timeout=1), now())
    for kind, seconds in ((queue.Queue, 2), (queue.SimpleQueue, 1)):
        try:
            kind().get(timeout=seconds)
        except queue.Empty:
            print(kind.__name__.strip("_Py"), now())
    timer = threading.Timer(5, lambda: print("Timer ring", now()))
    timer.start()
    timer.join()
    event = threading.Event()
    threading.Timer(0.5, event.set).start()
    print("set by a timer", event.wait(), 17.5)
    try:
        threading.Barrier(2).wait(1)
    except threading.BrokenBarrierError:
        print("Barrier", 18.5)


@prints("""
    main 1 False
    worker 2 True
    worker sees False
    worker counts 0
""")
def test_each_thread_has_its_own_context() -> None:
    import contextvars
    import threading

    count = contextvars.ContextVar("count", default=0)
    count.set(5)
    local = threading.local()
    local.seen = True

    def work() -> None:
        print("worker", threading.get_ident(), threading.current_thread().ident == 2)
        print("worker sees", hasattr(local, "seen"))
        print("worker counts", count.get())

    print("main", threading.get_ident(), threading.current_thread() is not threading.main_thread())
    threading.Thread(target=work).start()


@prints("""
    2.0 made in a thread
    Non-thread-safe operation invoked on an event loop other than the current one
""")
def test_a_thread_may_run_a_loop_of_its_own() -> None:
    import asyncio
    import threading
    import time

    async def inner() -> None:
        await asyncio.sleep(2)
        made.append("made in a thread")

    made: list[str] = []
    thread = threading.Thread(target=lambda: asyncio.run(inner()))
    thread.start()
    thread.join()
    print(time.monotonic(), *made)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        try:
            await asyncio.to_thread(loop.call_soon, print)
        except RuntimeError as error:
            print(error)

    asyncio.run(main(), debug=True)


def test_pools_and_threads_are_numbered_anew_in_each_cell(cells: Cells) -> None:
    for _ in range(2):
        cells.run(
            """
            import threading
            from concurrent.futures import ThreadPoolExecutor
            pool = ThreadPoolExecutor()
            thread = threading.Thread(target=print)
            pool.submit(lambda: threading.current_thread().name).result(), thread.name
            """
        )
        assert cells.text == "('ThreadPoolExecutor-0_0', 'Thread-1 (print)')\n"

"""A program that waits for something that can never come is told so, and who waits for what."""

import pytest
from lab.cells import Cells
from lab.programs import prints

from glassloop.lab import Deadlock


@prints("""
    Traceback (most recent call last):
      File "<cell x>", line 8, in <module>
        asyncio.run(main())
    lab.Deadlock: every task waits for something that cannot come:
      Task-1, line 6 in main: waits for acquire() of <asyncio.locks.Lock object at 0x… [locked, waiters:1]>
""")
def test_a_task_waits_for_a_lock_that_it_holds() -> None:
    import asyncio

    async def main() -> None:
        lock = asyncio.Lock()
        await lock.acquire()
        await lock.acquire()

    asyncio.run(main())


@prints("""
    Traceback (most recent call last):
      File "<cell x>", line 10, in <module>
        asyncio.run(main())
    lab.Deadlock: every task waits for something that cannot come:
      Task-1, line 7 in main: waits for <asyncio.locks.Lock object at 0x… [locked, waiters:1]>
""")
def test_a_block_waits_for_the_lock_of_the_block_around_it() -> None:
    import asyncio

    async def main() -> None:
        lock = asyncio.Lock()
        async with lock:
            await asyncio.sleep(1)
            async with lock:
                print("never")

    asyncio.run(main())


@prints("""
    Traceback (most recent call last):
      File "<cell x>", line 15, in <module>
        asyncio.run(main())
    lab.Deadlock: every task waits for something that cannot come:
      Task-1, line 11 in main: waits for the end of <TaskGroup tasks=2 entered>
      Task-2, line 6 in eat: waits for <asyncio.locks.Lock object at 0x… [locked, waiters:1]>
      Task-3, line 6 in eat: waits for <asyncio.locks.Lock object at 0x… [locked, waiters:1]>
""")
def test_two_tasks_hold_what_the_other_wants() -> None:
    import asyncio

    async def eat(first: asyncio.Lock, second: asyncio.Lock) -> None:
        async with first:
            await asyncio.sleep(1)
            async with second:
                print("never")

    async def main() -> None:
        fork, spoon = asyncio.Lock(), asyncio.Lock()
        async with asyncio.TaskGroup() as group:
            group.create_task(eat(fork, spoon))
            group.create_task(eat(spoon, fork))

    asyncio.run(main())


@prints("""
    bread
    Traceback (most recent call last):
      File "<cell x>", line 14, in <module>
        asyncio.run(main())
    lab.Deadlock: every task waits for something that cannot come:
      baker, line 5 in bake: waits for get() of <Queue at 0x… maxsize=0 _getters[1] tasks=1>
      Task-1, line 11 in main: waits for join() of <Queue at 0x… maxsize=0 _getters[1] tasks=1>
""")
def test_a_queue_waits_for_work_that_nobody_marks_as_done() -> None:
    import asyncio

    async def bake(orders: asyncio.Queue[str]) -> None:
        while True:
            print(await orders.get())

    async def main() -> None:
        orders: asyncio.Queue[str] = asyncio.Queue()
        orders.put_nowait("bread")
        baker = asyncio.create_task(bake(orders), name="baker")
        await orders.join()
        baker.cancel()

    asyncio.run(main())


@prints("""
    Traceback (most recent call last):
      File "<cell x>", line 6, in <module>
        asyncio.run(main())
    lab.Deadlock: every task waits for something that cannot come:
      Task-1, line 4 in main: waits for wait() of <asyncio.locks.Event object at 0x… [unset, waiters:1]>
""")
def test_an_event_is_never_set() -> None:
    import asyncio

    async def main() -> None:
        await asyncio.Event().wait()

    asyncio.run(main())


@prints("""
    cancelled
    cancelled
    Traceback (most recent call last):
      File "<cell x>", line 16, in <module>
        asyncio.run(main())
    lab.Deadlock: every task waits for something that cannot come:
      chicken, line 5 in wait_for: waits for the task egg
      egg, line 5 in wait_for: waits for the task chicken
      Task-1, line 14 in main: waits for the task chicken
""")
def test_tasks_wait_for_each_other_and_can_be_cancelled_all_the_same() -> None:
    import asyncio

    async def wait_for(name: str) -> None:
        try:
            await tasks[name]
        finally:
            print("cancelled")

    tasks: dict[str, asyncio.Task[None]] = {}

    async def main() -> None:
        tasks["chicken"] = asyncio.create_task(wait_for("egg"), name="chicken")
        tasks["egg"] = asyncio.create_task(wait_for("chicken"), name="egg")
        await tasks["chicken"]

    asyncio.run(main())


@prints("""
    Traceback (most recent call last):
      File "<cell x>", line 13, in <module>
        asyncio.run(main())
    lab.Deadlock: every task waits for something that cannot come:
      first, line 4 in gather: waits for the task second
      second, line 4 in gather: waits for the task first
      Task-1, line 11 in main: waits for the task first
""")
def test_a_circle_may_lead_through_gather() -> None:
    import asyncio

    async def gather(name: str) -> None:
        await asyncio.gather(tasks[name])

    tasks: dict[str, asyncio.Task[None]] = {}

    async def main() -> None:
        tasks["first"] = asyncio.create_task(gather("second"), name="first")
        tasks["second"] = asyncio.create_task(gather("first"), name="second")
        await tasks["first"]

    asyncio.run(main())


@prints("""
    Traceback (most recent call last):
      File "<cell x>", line 10, in <module>
        asyncio.run(main())
    lab.Deadlock: every task waits for something that cannot come:
      Task-1, line 8 in main: waits for the tasks Task-2, Task-3
      Task-2, line 4 in wait: waits for wait() of <asyncio.locks.Event object at 0x… [unset, waiters:2]>
      Task-3, line 4 in wait: waits for wait() of <asyncio.locks.Event object at 0x… [unset, waiters:2]>
""")
def test_gather_waits_for_those_of_its_tasks_that_are_not_done() -> None:
    import asyncio

    async def wait(event: asyncio.Event) -> None:
        await event.wait()

    async def main() -> None:
        event = asyncio.Event()
        await asyncio.gather(wait(event), wait(event), asyncio.sleep(1))

    asyncio.run(main())


@prints("""
    Traceback (most recent call last):
      File "<cell x>", line 12, in <module>
        asyncio.run(main())
    lab.Deadlock: every task waits for something that cannot come:
      Task-1, line 10 in main: waits for wait()
      Task-2: waits for wait() of <asyncio.locks.Event object at 0x… [unset, waiters:1]>
      Task-3, line 4 in promise: waits for a future that nobody has set
""")
def test_tasks_of_the_library_and_bare_futures_are_named_too() -> None:
    import asyncio

    async def promise() -> None:
        await asyncio.get_running_loop().create_future()

    async def main() -> None:
        event = asyncio.Event()
        tasks = [asyncio.create_task(event.wait())]
        tasks.append(asyncio.create_task(promise()))
        await asyncio.wait(tasks)

    asyncio.run(main())


@prints("""
    first
    Traceback (most recent call last):
      File "<cell x>", line 22, in <module>
        asyncio.run(main())
    lab.Deadlock: every task waits for something that cannot come:
      Task-1, line 17 in main: waits for the end of <TaskGroup tasks=2 entered>
      Task-2, line 6 in deliver: waits for wait() of <asyncio.locks.Event object at 0x… [unset, waiters:2]>
      Task-3, line 6 in deliver: waits for wait() of <asyncio.locks.Event object at 0x… [unset, waiters:2]>
""")
def test_the_place_is_inside_an_asynchronous_generator() -> None:
    import asyncio

    async def deliver(*parcels: str) -> object:
        for parcel in parcels:
            yield parcel
        await event.wait()
        yield "last"

    async def follow() -> None:
        async for parcel in deliver("first"):
            print(parcel)

    async def take_one() -> None:
        await anext(deliver())

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(follow())
            group.create_task(take_one())

    event = asyncio.Event()
    asyncio.run(main())


@prints("""
    Traceback (most recent call last):
      File "<cell x>", line 8, in <module>
        asyncio.run(main())
    lab.Deadlock: every task waits for something that cannot come:
      Task-1, line 6 in main: waits for serve_forever() of <Server sockets=(<asyncio.TransportSocket fd=1002, family=2, type=1, proto=6, laddr=('127.0.0.1', 8888)>,)>
""")
def test_a_server_waits_for_clients_that_never_come() -> None:
    import asyncio

    async def main() -> None:
        server = await asyncio.start_server(print, "127.0.0.1", 8888)
        async with server:
            await server.serve_forever()

    asyncio.run(main())


@prints("""
    recv() waits for something that cannot come: nobody is left who could act
    send() waits for something that cannot come: nobody is left who could act
    accept() waits for something that cannot come: nobody is left who could act
    select() waits for something that cannot come: no socket can become ready
    the selector waits, but no socket can become ready and no timer is set
    the program waits for a lock that nobody is left to release
    the program waits for a lock that nobody is left to release
    the loop runs, but it has no task, no timer and no socket that could become ready
""")
def test_calls_that_block_say_which_they_are() -> None:
    import asyncio
    import queue
    import select
    import selectors
    import socket
    import threading

    left, right = socket.socketpair()
    lock = threading.Lock()
    lock.acquire()
    selector = selectors.DefaultSelector()
    selector.register(left, selectors.EVENT_READ)
    for call in (
        lambda: left.recv(1),
        lambda: left.sendall(bytes(1_000_000)),
        socket.create_server(("", 0)).accept,
        lambda: select.select([left], [], []),
        selector.select,
        lock.acquire,
        queue.Queue().get,
        asyncio.new_event_loop().run_forever,
    ):
        try:
            call()
        except RuntimeError as error:
            print(error)


@prints("""
    Traceback (most recent call last):
      File "<cell x>", line 7, in <module>
        asyncio.run(main())
      File "<cell x>", line 5, in main
        selectors.DefaultSelector().select()
    lab.Deadlock: every task waits for something that cannot come:
      Task-1, line 5 in main: holds up the loop with a wait of its own
""")
def test_a_task_that_waits_without_await_holds_up_the_loop() -> None:
    import asyncio
    import selectors

    async def main() -> None:
        selectors.DefaultSelector().select()

    asyncio.run(main())


@prints("""
    the kitchen is clean
    Traceback (most recent call last):
      File "<cell x>", line 9, in <module>
        asyncio.run(main())
    lab.Deadlock: every task waits for something that cannot come:
      Task-1, line 5 in main: waits for wait() of <asyncio.locks.Event object at 0x… [unset, waiters:1]>
""")
def test_tasks_are_cancelled_and_clean_up() -> None:
    import asyncio

    async def main() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            print("the kitchen is clean")

    asyncio.run(main())


def test_a_deadlock_is_one_class_for_cells_and_for_their_hosts(cells: Cells) -> None:
    cells.run(
        """
        import socket
        from glassloop.lab import Deadlock
        pair = socket.socketpair()
        try:
            pair[0].recv(1)
        except Deadlock as error:
            caught = error
        """
    )
    assert type(cells["caught"]) is Deadlock
    with pytest.raises(RuntimeError, match="nobody is left who could act"):
        raise cells["caught"]


def test_the_next_cell_works_after_a_deadlock(cells: Cells) -> None:
    for _ in range(2):
        cells.run("import asyncio\nasyncio.run(asyncio.Event().wait())")
        assert "Task-1: waits for wait() of" in cells.text
        cells.run("asyncio.run(asyncio.sleep(1, 'awake'))")
        assert cells.text == "'awake'\n"

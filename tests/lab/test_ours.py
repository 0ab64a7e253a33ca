"""Our asyncio on the simulated machine: its clock, its sockets, its deadlocks."""

from lab.cells import Cells, printed


def test_an_hour_on_ours_takes_no_time_in_any_cell_of_a_session() -> None:
    cells = Cells()
    nap = """
        import time
        from glassloop import aio

        async def nap():
            await aio.sleep(3600)
            print(aio.current_task().get_name(), aio.get_running_loop().time(), time.monotonic())

        aio.run(nap())
    """
    for _ in range(2):
        assert cells.run(nap).status == "ok"
        assert cells.text == "Task-1 3600.0 3600.0\n"


def test_servers_and_clients_of_ours_meet_in_memory() -> None:
    text = printed(
        """
        from glassloop import aio

        async def greet(reader, writer):
            writer.write(b"good day, " + await reader.readline())
            writer.close()

        async def main():
            async with await aio.start_server(greet, "localhost", 8000):
                reader, writer = await aio.open_connection("localhost", 8000)
                writer.write(b"ann\\n")
                print(await reader.read(), await aio.to_thread(len, "ann"))
                writer.close()

        aio.run(main())
        """
    )
    assert text == "b'good day, ann\\n' 3\n"


def test_a_deadlock_on_ours_is_told() -> None:
    text = printed(
        """
        from glassloop import aio

        async def cook(first, second):
            async with first:
                await aio.sleep(1)
                async with second:
                    pass

        async def main():
            pan, lid = aio.Lock(), aio.Lock()
            await aio.gather(cook(pan, lid), cook(lid, pan))

        aio.run(main())
        """
    )
    lock = "<glassloop.aio.locks.Lock object at 0x… [locked, waiters:1]>"
    assert "Task-1, line 12 in main: waits for the tasks Task-2, Task-3\n" in text
    assert f"Task-2, line 7 in cook: waits for {lock}\n" in text


def test_tasks_of_ours_that_wait_for_each_other_are_told_and_ended() -> None:
    text = printed(
        """
        from glassloop import aio

        async def wait(name):
            await tasks[name]

        async def main():
            tasks["hen"] = aio.create_task(wait("egg"), name="hen")
            tasks["egg"] = aio.create_task(wait("hen"), name="egg")
            await tasks["hen"]

        tasks = {}
        aio.run(main())
        """
    )
    assert "egg, line 5 in wait: waits for the task hen\n" in text
    assert "hen, line 5 in wait: waits for the task egg\n" in text
    assert text.count("Error") == 0

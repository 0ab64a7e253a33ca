"""What goes wrong ends what it belongs to and no more, leaves nothing, and costs no more."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import struct
from collections.abc import Callable
from typing import Any

import pytest
from diary import descriptors
from virtual_clock import LOOPS, OurLoop

from glassloop import aio

# Close with a reset: linger for no time.
RESET = struct.pack("ii", 1, 0)
ENDS = (KeyboardInterrupt, SystemExit)


def fail_with(error: BaseException) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize("name", LOOPS)
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("place", ["callback", "timer", "done callback", "handler", "task"])
def test_what_ends_the_program_comes_out_of_the_loop_from_anywhere_and_the_loop_still_works(
    name: str, end: type[BaseException], place: str
) -> None:
    _, make_loop = LOOPS[name]
    loop = make_loop()
    fail = fail_with(end())

    async def main() -> None:
        if place == "callback":
            loop.call_soon(fail)
        elif place == "timer":
            loop.call_later(1, fail)
        elif place == "done callback":
            future = loop.create_future()
            future.add_done_callback(fail)
            future.set_result(None)
        elif place == "handler":
            loop.set_exception_handler(fail)
            loop.call_exception_handler({"message": "burnt"})
        else:
            fail()
        await asyncio.sleep(3)

    task = loop.create_task(main())
    with contextlib.closing(loop):
        with pytest.raises(end):
            loop.run_until_complete(task)
        loop.set_exception_handler(None)
        if place in ("handler", "task"):  # these end the task as well
            assert isinstance(task.exception(), end)
        else:
            loop.run_until_complete(task)
        assert loop.run_until_complete(asyncio.sleep(1, "works")) == "works"


@pytest.mark.parametrize("name", LOOPS)
def test_a_handler_that_fails_is_reported_and_the_others_run_on(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    library, make_loop = LOOPS[name]
    ran: list[str] = []

    async def main() -> None:
        loop = library.get_running_loop()
        loop.set_exception_handler(fail_with(ValueError("the handler")))
        loop.call_soon(fail_with(ValueError("the callback")))
        loop.call_soon(ran.append, "the next one")
        await library.sleep(0)
        await library.sleep(0)

    with library.Runner(loop_factory=make_loop) as runner:
        runner.run(main())
    assert ran == ["the next one"]
    assert "Unhandled error in exception handler" in caplog.text


def test_a_thousand_connections_that_are_opened_and_cut_leave_nothing(run: Any) -> None:
    accepted: list[Any] = []

    async def until(condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not condition():  # noqa: ASYNC110 - nobody tells when a peer has gone
                await asyncio.sleep(0)

    class Counted(asyncio.Protocol):
        def connection_made(self, transport: Any) -> None:
            accepted.append(None)

    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(Counted, "127.0.0.1", 0)
        address = server.sockets[0].getsockname()
        before = descriptors()
        for count in range(50, 1001, 50):
            clients = [socket.create_connection(address) for _ in range(50)]
            for client in clients[::2]:  # a reset, and before it is accepted
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                client.close()
            await until(lambda count=count: len(accepted) == count)  # type: ignore[misc]
            for client in clients:
                client.close()
        await until(lambda: descriptors() == before)
        server.close()
        await server.wait_closed()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    before = descriptors()
    run(main())
    assert descriptors() == before


@pytest.mark.parametrize("name", ["asyncio", "aio"])
def test_the_first_interruption_cancels_and_the_second_one_ends_the_cleaning_up(name: str) -> None:
    library = {"asyncio": asyncio, "aio": aio}[name]
    said: list[str] = []

    async def main() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
            await library.sleep(3600)
        except library.CancelledError:
            said.append("cancelled")
            signal.raise_signal(signal.SIGINT)
            said.append("never")

    before = descriptors()
    with pytest.raises(KeyboardInterrupt):
        library.run(main())
    assert said == ["cancelled"]
    assert descriptors() == before
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("name", ["asyncio", "aio"])
def test_an_interruption_lets_the_program_clean_up_and_comes_out_at_its_end(name: str) -> None:
    library = {"asyncio": asyncio, "aio": aio}[name]
    said: list[str] = []

    async def main() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
            await library.sleep(3600)
        finally:
            await library.sleep(0)
            said.append("cleaned up")

    with pytest.raises(KeyboardInterrupt):
        library.run(main())
    assert said == ["cleaned up"]


@pytest.mark.parametrize("name", LOOPS)
def test_a_day_passes_with_every_second_of_it(name: str) -> None:
    library, make_loop = LOOPS[name]

    async def main() -> float:
        loop = library.get_running_loop()
        for _ in range(24 * 60):
            async with library.timeout(3600):
                await library.sleep(60)
        assert len(loop._scheduled) < 300
        return loop.time()

    with library.Runner(loop_factory=make_loop) as runner:
        assert runner.run(main()) == pytest.approx(86_400)


# Its cost ---------------------------------------------------------------------------------------


def test_timers_that_are_cancelled_do_not_pile_up() -> None:
    async def main() -> int:
        loop = aio.get_running_loop()
        most = 0
        for _ in range(50):
            for timer in [loop.call_later(3600, print) for _ in range(100)]:
                timer.cancel()
            await aio.sleep(0)
            most = max(most, len(loop._scheduled))
        return most

    with aio.Runner(loop_factory=OurLoop) as runner:
        assert runner.run(main()) <= 200


@pytest.mark.parametrize("many", [100, 800])
def test_of_waiters_that_are_cancelled_none_is_left(many: int) -> None:
    async def main() -> None:
        lock, queue, future = aio.Lock(), aio.Queue[int](), aio.get_running_loop().create_future()
        await lock.acquire()
        waits = [*(lock.acquire for _ in range(many)), *(queue.get for _ in range(many))]
        tasks = [aio.ensure_future(wait()) for wait in waits]
        tasks += [aio.ensure_future(aio.wait([future])) for _ in range(many)]
        await aio.sleep(0)
        for task in tasks:
            task.cancel()
        await aio.wait(tasks)
        assert not lock._waiters
        assert not queue._getters
        assert not future._callbacks

    with aio.Runner(loop_factory=OurLoop) as runner:
        runner.run(main())

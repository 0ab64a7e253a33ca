"""The same programs for Trio, as Trio's own users would write them; what it has not is left out."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Coroutine
from typing import Any

import trio

Row = Callable[[int], Coroutine[Any, Any, None]]


async def nothing() -> None:
    """A task's work where the task itself is what is measured."""


async def switch(count: int) -> None:
    async def give_way() -> None:
        for _ in range(count // 100):
            await trio.lowlevel.checkpoint()

    async with trio.open_nursery() as nursery:
        for _ in range(100):
            nursery.start_soon(give_way)


async def wake_up(count: int) -> None:
    """Trio's own way to sleep until somebody says so."""
    court: list[trio.lowlevel.Task | None] = [None, None]

    def refuse(_: object) -> trio.lowlevel.Abort:
        return trio.lowlevel.Abort.FAILED

    async def play(mine: int, other: int) -> None:
        for _ in range(count // 2):
            if court[other] is not None:
                trio.lowlevel.reschedule(court[other])
                court[other] = None
            court[mine] = trio.lowlevel.current_task()
            await trio.lowlevel.wait_task_rescheduled(refuse)
        if court[other] is not None:
            trio.lowlevel.reschedule(court[other])

    async with trio.open_nursery() as nursery:
        nursery.start_soon(play, 0, 1)
        nursery.start_soon(play, 1, 0)


async def spawn_many(count: int) -> None:
    async with trio.open_nursery() as nursery:
        for _ in range(count):
            nursery.start_soon(nothing)


async def nursery_of_ten(count: int) -> None:
    for _ in range(count // 10):
        await spawn_many(10)


async def timeout(count: int) -> None:
    for _ in range(count):
        with trio.fail_after(60):
            await trio.lowlevel.checkpoint()


async def lock(count: int) -> None:
    await contend(trio.Lock(), count)


async def semaphore(count: int) -> None:
    await contend(trio.Semaphore(3), count)


async def contend(door: Any, count: int) -> None:
    async def go_through() -> None:
        for _ in range(count // 10):
            async with door:
                await trio.lowlevel.checkpoint()

    async with trio.open_nursery() as nursery:
        for _ in range(10):
            nursery.start_soon(go_through)


async def event(count: int) -> None:
    """Trio's events cannot be cleared: each is used once."""
    bells = [trio.Event(), trio.Event()]

    async def answer(mine: int, other: int) -> None:
        for _ in range(count // 2):
            await bells[mine].wait()
            bells[mine] = trio.Event()
            bells[other].set()

    bells[0].set()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(answer, 0, 1)
        nursery.start_soon(answer, 1, 0)


async def queue(count: int) -> None:
    send, receive = trio.open_memory_channel[int](1)

    async def put() -> None:
        for number in range(count):
            await send.send(number)

    async def get() -> None:
        for _ in range(count):
            await receive.receive()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(put)
        nursery.start_soon(get)


async def echo(stream: trio.SocketStream) -> None:
    async with stream:
        while data := await stream.receive_some(262_144):
            await stream.send_all(data)


async def serve_streams(command: Callable[[int], list[str]]) -> None:
    """Serve until the client, another process, has had its answers."""
    async with trio.open_nursery() as nursery:
        listeners = await nursery.start(trio.serve_tcp, echo, 0)
        port = listeners[0].socket.getsockname()[1]
        await trio.to_thread.run_sync(lambda: subprocess.run(command(port), check=True))
        nursery.cancel_scope.cancel()


ROWS: dict[str, tuple[Row, int]] = {
    "switch": (switch, 20_000),
    "wake-up": (wake_up, 20_000),
    "spawn 20,000, join": (spawn_many, 20_000),
    "TaskGroup of 10": (nursery_of_ten, 10_000),
    "timeout": (timeout, 10_000),
    "Lock": (lock, 10_000),
    "Semaphore": (semaphore, 10_000),
    "Event": (event, 10_000),
    "Queue of 1": (queue, 10_000),
}
SERVERS = {"echo, streams": serve_streams}
run = trio.run

"""The same programs for curio, where it can be had; what it has not is left out."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Coroutine
from typing import Any

import curio

Row = Callable[[int], Coroutine[Any, Any, None]]


async def nothing() -> None:
    """A task's work where the task itself is what is measured."""


async def all_of(works: list[Any]) -> None:
    tasks = [await curio.spawn(work) for work in works]
    for task in tasks:
        await task.join()


async def switch(count: int) -> None:
    async def give_way() -> None:
        for _ in range(count // 100):
            await curio.sleep(0)

    await all_of([give_way] * 100)


async def spawn_and_join(count: int) -> None:
    for _ in range(count):
        task = await curio.spawn(nothing)
        await task.join()


async def spawn_many(count: int) -> None:
    await all_of([nothing] * count)


async def task_group(count: int) -> None:
    for _ in range(count // 10):
        async with curio.TaskGroup() as group:
            for _ in range(10):
                await group.spawn(nothing)


async def timeout(count: int) -> None:
    for _ in range(count):
        async with curio.timeout_after(60):
            await curio.sleep(0)


async def lock(count: int) -> None:
    await contend(curio.Lock(), count)


async def semaphore(count: int) -> None:
    await contend(curio.Semaphore(3), count)


async def contend(door: Any, count: int) -> None:
    async def go_through() -> None:
        for _ in range(count // 10):
            async with door:
                await curio.sleep(0)

    await all_of([go_through] * 10)


async def queue(count: int) -> None:
    counter = curio.Queue(1)

    async def put() -> None:
        for number in range(count):
            await counter.put(number)

    async def get() -> None:
        for _ in range(count):
            await counter.get()

    await all_of([put, get])


async def echo(client: Any, address: Any) -> None:
    stream = client.as_stream()
    while data := await stream.read(262_144):
        await stream.write(data)


async def serve_streams(command: Callable[[int], list[str]]) -> None:
    """Serve until the client, another process, has had its answers."""
    listener = curio.tcp_server_socket("127.0.0.1", 0)
    port = listener.getsockname()[1]
    server = await curio.spawn(curio.network.run_server, listener, echo)
    await curio.run_in_thread(lambda: subprocess.run(command(port), check=True))
    await server.cancel()


ROWS: dict[str, tuple[Row, int]] = {
    "switch": (switch, 20_000),
    "spawn and join": (spawn_and_join, 10_000),
    "spawn 20,000, join": (spawn_many, 20_000),
    "TaskGroup of 10": (task_group, 10_000),
    "timeout": (timeout, 10_000),
    "Lock": (lock, 10_000),
    "Semaphore": (semaphore, 10_000),
    "Queue of 1": (queue, 10_000),
}
SERVERS = {"echo, streams": serve_streams}
run = curio.run

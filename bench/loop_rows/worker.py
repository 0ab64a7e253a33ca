"""Runs rows on one asyncio, in a process of its own: a row's name comes in, seconds go out.

usage: worker.py CONTENDER CLIENT. For each line of standard input, the name of a row, it prints the
processor's seconds that one item of the row took, or nothing where this contender has no such row.
What the processor did for others, and for the clients of a server, does not count.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

AIO = Path(__file__).parents[2] / "src" / "glassloop" / "aio"

# Of each server: requests of one measurement, connections, what a client asks for.
REQUESTS: dict[str, tuple[int, int, str]] = {
    "echo, streams": (6_000, 20, "1024"),
    "echo, protocols": (10_000, 20, "1024"),
    "HTTP, uvicorn": (1_000, 20, "/"),
    "HTTP, protocol": (10_000, 20, "/"),
}


def stand_in() -> None:
    """From now on `import asyncio` imports ours."""
    folder = Path(tempfile.mkdtemp(prefix="standin"))
    (folder / "asyncio").symlink_to(AIO)
    sys.path.insert(0, str(folder))


def without_c() -> None:
    """From now on the standard library has no `_asyncio`, and its tasks are those in Python."""
    sys.modules["_asyncio"] = None  # type: ignore[assignment]


def uvloop_factory() -> Callable[[], Any]:
    import uvloop

    return uvloop.new_event_loop


def guest_factory() -> Callable[[], Any]:
    from glassloop import aio

    return aio.EventLoop


# How each is put in place before asyncio is imported, and what makes its loop.
PREPARE = {"aio": stand_in, "asyncio in Python": without_c}
FACTORIES = {"uvloop": uvloop_factory, "aio as guest": guest_factory}


class Contender:
    """One of those that are compared: its rows, its servers, and how it runs a coroutine."""

    def __init__(self, name: str) -> None:
        PREPARE.get(name, lambda: None)()
        if name in ("trio", "curio"):
            module = __import__(f"{name}_rows")
            self.rows, self.servers, self.run = module.ROWS, module.SERVERS, module.run
            return
        import asyncio

        import scheduling
        import serving

        self.rows, self.servers = scheduling.ROWS, serving.SERVERS
        factory = FACTORIES[name]() if name in FACTORIES else asyncio.SelectorEventLoop

        def run(function: Any, *args: Any) -> Any:
            with asyncio.Runner(loop_factory=factory) as runner:
                return runner.run(function(*args))

        self.run = run

    def measure(self, row: str, client: str) -> float | None:
        """Seconds of this thread for one item of the row."""
        if (found := self.find(row, client)) is None:
            return None
        function, argument, count = found
        gc.collect()
        return float(self.run(timed, function, argument)) / count

    def find(self, row: str, client: str) -> tuple[Any, Any, int] | None:
        """What a row calls, with which argument, and how many items that makes."""
        if row in self.rows:
            function, count = self.rows[row]
            return function, count, count
        if row in self.servers:
            return self.servers[row], client_command(client, row), REQUESTS[row][0]
        return None


def client_command(client: str, row: str) -> Callable[[int], list[str]]:
    """What runs the client against a port."""
    count, connections, wanted = REQUESTS[row]
    return lambda port: [client, str(port), str(connections), str(count), wanted]


async def timed(function: Any, argument: Any) -> float:
    begun = time.thread_time()
    await function(argument)
    return time.thread_time() - begun


def main() -> None:
    name, client = sys.argv[1:]
    contender = Contender(name)
    for line in sys.stdin:
        seconds = contender.measure(line.strip(), client)
        print("" if seconds is None else repr(seconds), flush=True)


if __name__ == "__main__":
    main()

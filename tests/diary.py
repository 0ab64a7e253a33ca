"""A protocol that writes down what it is told, and what else tests of transports share."""

import asyncio
import os
from collections.abc import Callable
from typing import Any


class Diary(asyncio.Protocol):
    """Writes down what it is told, and can be waited for."""

    def __init__(self) -> None:
        self.said: list[Any] = []
        self.ended = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.said.append(data)

    def eof_received(self) -> bool | None:
        self.said.append("eof")
        return None

    def pause_writing(self) -> None:
        self.said.append("pause")

    def resume_writing(self) -> None:
        self.said.append("resume")

    def connection_lost(self, exc: BaseException | None) -> None:
        self.ended.set_result(exc)

    def received(self) -> bytes:
        return b"".join(each for each in self.said if isinstance(each, bytes))


class FullDiary(Diary):
    """The same from the first call to the last."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.said.append("made")

    def connection_lost(self, exc: BaseException | None) -> None:
        self.said.append(("lost", exc))
        super().connection_lost(exc)


async def until(condition: Callable[[], Any]) -> None:
    """Let turns go by until it is true. The system makes sockets ready in its own time."""
    while not condition():  # noqa: ASYNC110 - nobody sets an event: the turns are the point
        await asyncio.sleep(0)


def descriptors() -> int:
    """How many files and sockets this process has open."""
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - only their number counts

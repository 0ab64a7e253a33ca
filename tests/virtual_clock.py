"""Loops whose clock moves only when there is nothing to do, so that a day of waiting takes no time.

A selector without sockets never waits: it moves the clock on by as much as it was to wait. This is
all that the two loops share, so that a difference between them is one of the loops.
"""

from __future__ import annotations

import asyncio
import itertools
import selectors
from collections.abc import Callable
from typing import Any

from glassloop import aio


class StuckError(Exception):
    """Every task waits for something that cannot come."""


class Clock(selectors.DefaultSelector):
    """A selector that moves the time on, in seconds, in place of waiting."""

    now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0)
        if not ready and timeout is None:
            raise StuckError
        if not ready and timeout is not None:
            self.now += timeout
        return ready


class _Virtual:
    """For a loop: its time is its selector's."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        super().__init__(self.clock)  # type: ignore[call-arg]
        # Of two times that are so near to each other, the loop takes the later one for due as well.
        self._clock_resolution = 1e-9

    def time(self) -> float:
        return self.clock.now


class _Due(float):
    """A time that comes before an equal one that was made later."""

    numbers = itertools.count()

    def __init__(self, seconds: float) -> None:
        self.number = next(self.numbers)

    def __lt__(self, other: Any) -> bool:
        if self == other and isinstance(other, _Due):
            return self.number < other.number
        return float(self) < float(other)


class StandardLoop(_Virtual, asyncio.SelectorEventLoop):
    """The standard library's loop, on such a clock. Of equal timers its heap takes either first."""

    def call_at(self, when: float, *args: Any, **keywords: Any) -> Any:
        return super().call_at(_Due(when), *args, **keywords)


class OurLoop(_Virtual, aio.EventLoop):
    """Ours."""


LOOPS: dict[str, tuple[Any, Callable[[Clock], Any]]] = {
    "asyncio": (asyncio, StandardLoop),
    "aio": (aio, OurLoop),
}

"""How long the program stood still without its own doing, on the machine's own clock.

The garbage collector takes the longer the more is recorded, and a busy machine runs other programs
meanwhile. Neither is what the program has done, and who looks for what held up its loop must know.
"""

from __future__ import annotations

import contextlib
import gc
import math
import time
from collections.abc import Callable
from typing import Any, NamedTuple

try:
    import resource
except ModuleNotFoundError:  # on Windows, and in the browser
    resource = None  # type: ignore[assignment]

LEAST = 0.01  # seconds that are worth telling

# The lab puts a clock of its own into `time`, on which nothing is ever lost.
_real_clock = time.monotonic
_THREAD = getattr(resource, "RUSAGE_THREAD", None)  # Linux alone counts by threads


class _Usage(NamedTuple):
    """The clock, the processor's time for this thread, and how often it has waited."""

    clock: float
    processor: float
    waits: int


class Pauses:
    """Listens to the garbage collector between `start` and `stop`, and compares clocks."""

    def __init__(self) -> None:
        self._clock = time.monotonic
        self._collecting = 0.0  # seconds since they were last told
        self._since: float | None = None
        self._before: _Usage | None = None
        self.latest = -math.inf  # the clock at the latest event

    def start(self) -> None:
        """Begin to listen."""
        self._clock = time.monotonic  # which the program may replace later
        gc.callbacks.append(self._hear)

    def stop(self) -> None:
        """Listen no more."""
        with contextlib.suppress(ValueError):  # the program has cleared the list
            gc.callbacks.remove(self._hear)

    def mark(self) -> None:
        """The loop has waited; from here on its thread has something to do."""
        self._before = _usage(self._clock)

    def lost(self, time: float) -> float:
        """How many seconds were lost before an event at `time`, since the one before; 0 for few."""
        gap, self.latest = time - self.latest, time
        if gap < LEAST:
            return 0.0
        seconds, self._collecting = self._collecting, 0.0
        seconds += self._taken_away()
        return round(seconds, 6) if seconds >= LEAST else 0.0

    def _taken_away(self) -> float:
        """The seconds in which this thread was ready to run and did not."""
        before, now = self._before, _usage(self._clock)
        self._before = now
        if before is None or now is None or before.waits != now.waits:
            return 0.0  # it has waited of itself, as in `time.sleep`
        return max(0.0, now.clock - before.clock - (now.processor - before.processor))

    def _hear(self, phase: str, _: dict[str, Any]) -> None:
        if phase == "start":
            self._since = self._clock()
        elif self._since is not None:
            self._collecting += self._clock() - self._since
            self._since = None


def _usage(clock: Callable[[], float]) -> _Usage | None:
    if _THREAD is None or clock is not _real_clock:
        return None
    usage = resource.getrusage(_THREAD)
    return _Usage(_real_clock(), usage.ru_utime + usage.ru_stime, usage.ru_nvcsw)

"""What runs at a time: a clock, and a heap of timers, the next one to be due on top."""

from __future__ import annotations

import contextvars
import heapq
import itertools
import time
from collections.abc import Callable
from typing import Any

from .handles import TimerHandle
from .turns import ReadyLoop

# Cancelled timers stay in the heap until they come to its top; when there are more than so many,
# and more than this part of all, the heap is built anew without them.
CANCELLED_KEPT = 100
CANCELLED_PART = 0.5

# In seconds: a selector cannot wait as long as some timers are set for, and none until infinity.
LONGEST_WAIT = 24 * 3600


class TimerLoop(ReadyLoop):
    """Runs what is due, too. With nothing ready, it waits until something is."""

    def __init__(self, clock: Callable[[], float] | None = None) -> None:
        self._clock = time.monotonic if clock is None else clock
        # What a clock cannot tell apart happens at once.
        self._clock_resolution = time.get_clock_info("monotonic").resolution
        # (time, number, timer): of two timers for one time, the earlier made comes first.
        self._scheduled: list[tuple[float, int, TimerHandle]] = []
        self._timer_numbers = itertools.count()
        self._timer_cancelled_count = 0
        super().__init__()

    def time(self) -> float:
        """Now, in seconds since a moment that means nothing: only differences do."""
        return self._clock()

    def call_later(
        self,
        delay: float,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> TimerHandle:
        """Call `callback(*args)` when `delay` seconds have passed."""
        if delay is None:
            raise TypeError("delay must not be None")
        timer = self.call_at(self.time() + delay, callback, *args, context=context)
        if timer._source_traceback:
            del timer._source_traceback[-1]
        return timer

    def call_at(
        self,
        when: float,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> TimerHandle:
        """Call `callback(*args)` when the loop's clock shows `when`."""
        if when is None:
            raise TypeError("when cannot be None")
        if self._closed or self._debug:
            self._check_closed()
            self._check_thread()
            self._check_callback(callback, "call_at")
        timer = TimerHandle(when, callback, args, self, context)
        if timer._source_traceback:
            del timer._source_traceback[-1]
        timer._scheduled = True
        heapq.heappush(self._scheduled, (when, next(self._timer_numbers), timer))
        return timer

    def _gather(self) -> None:
        """Wait until something is ready or due, and put what is due into the queue."""
        if self._timer_cancelled_count:
            self._sweep()
        self._wait(self._longest_wait())
        self._fire()

    def _longest_wait(self) -> float | None:
        """For how many seconds the loop has nothing to do; None, as long as nobody calls it."""
        if self._ready or self._stopping:
            return 0
        if not self._scheduled:
            return None
        return min(max(0, self._scheduled[0][0] - self.time()), LONGEST_WAIT)

    def _wait(self, timeout: float | None) -> None:
        """Let this time pass. There is nothing in this loop that could come in between."""
        if timeout is None:
            raise RuntimeError("nothing is ready and no timer is set: this loop would wait forever")
        time.sleep(timeout)

    def _fire(self) -> None:
        timers = self._scheduled
        if not timers:
            return
        now = self.time() + self._clock_resolution
        while timers and timers[0][0] < now:
            _, _, timer = heapq.heappop(timers)
            timer._scheduled = False
            if timer._cancelled:
                self._timer_cancelled_count -= 1
            else:
                self._ready.append(timer)

    def _timer_handle_cancelled(self, handle: TimerHandle) -> None:
        if handle._scheduled:
            self._timer_cancelled_count += 1

    def _sweep(self) -> None:
        """Take cancelled timers out: those on top, and all of them when they are many."""
        timers = self._scheduled
        if len(timers) > CANCELLED_KEPT and self._timer_cancelled_count > CANCELLED_PART * len(
            timers
        ):
            kept = []
            for entry in timers:
                if entry[2]._cancelled:
                    entry[2]._scheduled = False
                else:
                    kept.append(entry)
            timers[:] = kept
            heapq.heapify(timers)
            self._timer_cancelled_count = 0
        while timers and timers[0][2]._cancelled:
            _, _, timer = heapq.heappop(timers)
            timer._scheduled = False
            self._timer_cancelled_count -= 1

    def close(self) -> None:
        super().close()
        self._scheduled.clear()

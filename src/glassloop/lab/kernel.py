"""The simulated kernel: a clock that only waiting moves, and what is due to happen on it.

Everything that can wait, waits here: a selector, a sleep, a blocking socket. A wait takes no
real time. It moves the clock to the next thing that is due, and lets that happen; where
nothing is due and no deadline was given, nothing can ever come, and the wait says so
(`Deadlock`).

Times inside are whole nanoseconds, so that 0.1 s and 0.2 s make 0.3 s; times that a program
sees are seconds, as the `time` module gives them.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from glassloop.lab.endpoints import Endpoint

NANOSECONDS = 1_000_000_000

# The first file descriptor. High enough that no real file of the process has it too, so a
# number that reaches the wrong kernel is found out at once.
FIRST_FD = 1000

T = TypeVar("T")


class Deadlock(RuntimeError):
    """A wait that nothing can end: no timer, no bytes on their way, nobody left to act."""

    __module__ = "lab"  # tracebacks say lab.Deadlock


def nanoseconds(seconds: float) -> int:
    """`seconds` as whole nanoseconds, rounded to the nearest."""
    return round(seconds * NANOSECONDS)


class Kernel:
    """Clock, calendar and file descriptors of one simulated machine."""

    def __init__(self) -> None:
        self.now = 0  # nanoseconds since the machine was made
        self.files: dict[int, Endpoint] = {}
        self._started = 0  # when the clock that programs see was last set to zero
        self._calendar: list[tuple[int, int, Callable[[], object]]] = []
        self._numbers = itertools.count()
        self._unused_fds: list[int] = []  # a heap of descriptors that were closed
        self._threads = 0  # simulated threads that are running inside one another
        self._latest = 0  # the time of the last thing that happened

    @property
    def clock(self) -> int:
        """What the clock shows to programs, in nanoseconds."""
        return self.now - self._started

    def restart_clock(self) -> None:
        """Set the clock that programs see to zero. What is on its way keeps its distance."""
        self._started = self.now

    def after(self, delay: int, action: Callable[[], object]) -> None:
        """Let `action` happen `delay` nanoseconds from now; equal times keep their order."""
        if delay:
            heapq.heappush(self._calendar, (self.now + delay, next(self._numbers), action))
        else:
            action()

    def wait(
        self,
        ready: Callable[[], T],
        timeout: float | None = None,
        reason: str | Callable[[], str] = "the program waits for something that cannot come",
    ) -> T:
        """Let time pass until `ready()` is true or `timeout` seconds are over.

        Returns the last value of `ready()`. Raises `Deadlock` with `reason` where there is no
        timeout and nothing is due that could change anything.
        """
        deadline = None if timeout is None else self.now + max(0, nanoseconds(timeout))
        while True:
            self._let_happen_what_is_due()
            if answer := ready():
                return answer
            following = self._calendar[0][0] if self._calendar else None
            if deadline is not None and (following is None or deadline < following):
                self.now = deadline
                return answer
            if following is None:
                raise Deadlock(reason if isinstance(reason, str) else reason())
            self.now = following

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass. In a simulated thread they pass for that thread alone."""
        if self._threads:
            self.now += nanoseconds(seconds)
        else:
            self.wait(lambda: False, seconds)

    def run_as_thread(self, call: Callable[[], object]) -> int:
        """Run `call` now and take its sleeps back: how long it slept, in nanoseconds.

        Code takes no time, so a thread that computes and sleeps can run to its end at once, and
        whoever started it learns of the end that much later. A thread that waits for someone
        else (a socket, another thread's result) holds everyone up meanwhile, since there is
        one real thread only.
        """
        start = self.now
        self._threads += 1
        try:
            call()
        finally:
            self._threads -= 1
            elapsed = self.now - start
            self.now = max(start, self._latest)
        return elapsed

    def open(self, endpoint: Endpoint) -> int:
        """Give `endpoint` the lowest free descriptor, as POSIX demands."""
        if self._unused_fds:
            fd = heapq.heappop(self._unused_fds)
        else:
            fd = FIRST_FD + len(self.files)
        self.files[fd] = endpoint
        endpoint.fd = fd
        return fd

    def release(self, endpoint: Endpoint) -> None:
        """Take the descriptor of `endpoint` back, where it has one."""
        if self.files.pop(endpoint.fd, None) is not None:
            heapq.heappush(self._unused_fds, endpoint.fd)

    def _let_happen_what_is_due(self) -> None:
        while self._calendar and self._calendar[0][0] <= self.now:
            time, _, action = heapq.heappop(self._calendar)
            self._latest = max(self._latest, time)
            action()

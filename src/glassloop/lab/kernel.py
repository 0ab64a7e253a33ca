"""The simulated kernel: a clock that only waiting moves, and what is due to happen on it.

Everything that can wait, waits here: a selector, a sleep, a blocking socket. A wait takes no
real time. It moves the clock to the next thing that is due, and lets that happen; where
nothing is due and no deadline was given, nothing can ever come, and the wait says so
(`Deadlock`).

Times inside are whole nanoseconds, so that 0.1 s and 0.2 s make 0.3 s; times that a program
sees are seconds, as the `time` module gives them.
"""

from __future__ import annotations

import _thread
import contextlib
import functools
import heapq
import itertools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from glassloop.lab.endpoints import Endpoint

NANOSECONDS = 1_000_000_000

# The first file descriptor. High enough that no real file of the process has it too, so a
# number that reaches the wrong kernel is found out at once.
FIRST_FD = 1000

T = TypeVar("T")

# The kernel of the cell that is running, by the real thread that it runs in.
_running: dict[int, Kernel] = {}


def running() -> Kernel | None:
    """The kernel of the cell that runs in this thread, if one does."""
    return _running.get(_thread.get_ident())


def only_in_cells(real: Callable[..., T], simulated: Callable[..., T]) -> Callable[..., T]:
    """`simulated` where a cell runs; elsewhere, and in the process's other threads, `real`.

    A module that is first imported in a cell keeps what it imports by name, from `time` for
    instance. So what a cell can get hold of has to be right after the cell too.
    """

    @functools.wraps(real)
    def either(*arguments: Any, **options: Any) -> T:
        return (simulated if running() else real)(*arguments, **options)

    return either


class Deadlock(RuntimeError):
    """A wait that nothing can end: no timer, no bytes on their way, nobody left to act."""

    __module__ = "lab"  # tracebacks say lab.Deadlock


def nanoseconds(seconds: float) -> int:
    """`seconds` as whole nanoseconds, rounded to the nearest, and more than 0 where they are."""
    return round(seconds * NANOSECONDS) or int(seconds > 0)


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
        self._unfinished = 0  # simulated threads that the end of the program waits for
        self._present = 0  # the time that everybody has reached, whatever a thread has slept

    @property
    def clock(self) -> int:
        """What the clock shows to programs, in nanoseconds."""
        return self.now - self._started

    def restart_clock(self) -> None:
        """Set the clock that programs see to zero. What is on its way keeps its distance."""
        self._started = self.now

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Be the kernel that runs in this thread."""
        thread, outer = _thread.get_ident(), running()
        _running[thread] = self
        try:
            yield
        finally:
            del _running[thread]
            if outer is not None:
                _running[thread] = outer

    def after(self, delay: int, action: Callable[[], object]) -> None:
        """Let `action` happen `delay` nanoseconds from now; equal times keep their order."""
        if delay:
            self._enter(self.now + delay, action)
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

    def run_thread(
        self, call: Callable[[], object], then: Callable[[], object], awaited: bool = True
    ) -> None:
        """Run `call` now, take its sleeps back, and call `then` when they have passed.

        Code takes no time, so a thread that computes and sleeps can run to its end at once, and
        whoever started it learns of the end that much later. A thread that waits for someone
        else (a socket, another thread's result) holds everyone up meanwhile, since there is
        one real thread only. `wait_for_threads` waits for those that are `awaited`.
        """
        elapsed = self._run_ahead(call)
        self._unfinished += awaited

        def end() -> None:
            self._unfinished -= awaited
            then()

        self.after(elapsed, end)

    def wait_for_threads(self) -> None:
        """Let time pass until every awaited thread has ended."""
        self.wait(lambda: not self._unfinished)

    def stop(self) -> None:
        """Forget all that is due: threads that would end, bytes that are under way."""
        self._calendar.clear()
        self._unfinished = 0

    def in_its_time(self, action: Callable[[], object]) -> None:
        """Let `action` happen when everybody has come to the time that a thread has slept to."""
        if self._threads and self.now > self._present:
            self._enter(self.now, action)
        else:
            action()

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

    def _run_ahead(self, call: Callable[[], object]) -> int:
        """Run `call` ahead of everybody else; returns by how many nanoseconds it is ahead then.

        Where it waited for someone else, everybody has come along, and it is not ahead of them.
        """
        start = self.now
        if not self._threads:
            self._present = start
        self._threads += 1
        try:
            call()
        finally:
            self._threads -= 1
            finished = self.now
            self.now = max(start, self._present)
        return finished - self.now

    def _enter(self, time: int, action: Callable[[], object]) -> None:
        heapq.heappush(self._calendar, (time, next(self._numbers), action))

    def _let_happen_what_is_due(self) -> None:
        while self._calendar and self._calendar[0][0] <= self.now:
            time, _, action = heapq.heappop(self._calendar)
            self._present = max(self._present, time)
            action()

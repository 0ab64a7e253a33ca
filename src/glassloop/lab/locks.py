"""`threading.Lock` on the simulated clock, and with it all that waits for other threads.

Conditions, events, semaphores, queues and futures are made of this lock; they are the standard
library's own code.
"""

from __future__ import annotations

import _thread

from glassloop.lab.kernel import running


class Lock:
    """A real lock, for which a cell waits on its own clock."""

    def __init__(self) -> None:
        self._lock = _thread.allocate_lock()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take the lock; with a `timeout`, in seconds, only if it is free by then."""
        kernel = running()
        if kernel is None or not blocking or not self._lock.locked():
            return self._lock.acquire(blocking, timeout)
        if timeout < 0 and timeout != -1:
            raise ValueError("timeout value must be a non-negative number")
        kernel.wait(
            lambda: not self._lock.locked(),
            None if timeout == -1 else timeout,
            "the program waits for a lock that nobody is left to release",
        )
        return self._lock.acquire(False)

    def release(self) -> None:
        """Let the next one have the lock."""
        self._lock.release()

    def locked(self) -> bool:
        """Whether somebody has the lock."""
        return self._lock.locked()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def _at_fork_reinit(self) -> None:
        self._lock = _thread.allocate_lock()

    def __repr__(self) -> str:
        return repr(self._lock)

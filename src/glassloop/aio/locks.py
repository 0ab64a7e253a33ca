"""Agreements between tasks: who may go on, who waits, and who is woken when."""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Any, Literal

from . import running
from .exceptions import BrokenBarrierError, CancelledError
from .futures import Future


class _BoundToLoop:
    """Belongs to the loop that first made a task wait at it."""

    _loop: Any = None

    def _get_loop(self) -> Any:
        loop = running.get_running_loop()
        if self._loop is None:
            self._loop = loop
        if self._loop is not loop:
            raise RuntimeError(f"{self!r} is bound to a different event loop")
        return loop


class _Waiters(_BoundToLoop):
    """A row of tasks, each asleep in a future of its own; who came first is woken first."""

    def __init__(self) -> None:
        self._waiters: deque[Future[Any]] = deque()

    def _line_up(self) -> Future[Any]:
        waiter: Future[Any] = self._get_loop().create_future()
        self._waiters.append(waiter)
        return waiter

    def _described(self, *facts: str) -> str:
        count = len(self._waiters)
        words = ", ".join([*facts, *([f"waiters:{count}"] if count else [])])
        return f"{object.__repr__(self)[:-1]} [{words}]>"


class _Entered:
    """`async with` it: what `acquire` takes is given back by `release` when the block is left."""

    async def __aenter__(self) -> None:
        await self.acquire()  # type: ignore[attr-defined]

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()  # type: ignore[attr-defined]


class Lock(_Entered, _Waiters):
    """Held by one task at a time. `release` hands it to whoever has waited longest."""

    def __init__(self) -> None:
        super().__init__()
        self._locked = False

    def locked(self) -> bool:
        """Whether somebody holds it."""
        return self._locked

    async def acquire(self) -> Literal[True]:
        """Wait until it is free, or is handed over, and hold it."""
        if not self._locked and all(waiter.cancelled() for waiter in self._waiters):
            self._locked = True
            return True
        waiter = self._line_up()
        try:
            await waiter
        except CancelledError:
            # It may have been woken, and cancelled before it could run: the next one's turn.
            self._waiters.remove(waiter)
            if not self._locked:
                self._wake_first()
            raise
        self._waiters.remove(waiter)
        self._locked = True
        return True

    def release(self) -> None:
        """Let it go. Raises `RuntimeError` where nobody holds it."""
        if not self._locked:
            raise RuntimeError("Lock is not acquired.")
        self._locked = False
        self._wake_first()

    def _wake_first(self) -> None:
        # The one that is woken stays in the row until it runs: nobody can slip in before it.
        if self._waiters and not self._waiters[0].done():
            self._waiters[0].set_result(True)

    def __repr__(self) -> str:
        return self._described("locked" if self._locked else "unlocked")


class Event(_Waiters):
    """Something that has happened, or not yet; many can wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self._value = False

    def is_set(self) -> bool:
        """Whether it has happened."""
        return self._value

    def set(self) -> None:
        """It has happened: all who wait go on, and nobody waits from now on."""
        if not self._value:
            self._value = True
            for waiter in self._waiters:
                if not waiter.done():
                    waiter.set_result(True)

    def clear(self) -> None:
        """It has not happened: who waits from now on waits."""
        self._value = False

    async def wait(self) -> Literal[True]:
        """Wait until it has happened."""
        if self._value:
            return True
        waiter = self._line_up()
        try:
            await waiter
        finally:
            self._waiters.remove(waiter)
        return True

    def __repr__(self) -> str:
        return self._described("set" if self._value else "unset")


class Condition(_Entered, _Waiters):
    """Something behind a lock that may change; who holds the lock can wait for a change."""

    def __init__(self, lock: Lock | None = None) -> None:
        super().__init__()
        self._lock = Lock() if lock is None else lock
        self.locked = self._lock.locked
        self.acquire = self._lock.acquire
        self.release = self._lock.release

    async def wait(self) -> Literal[True]:
        """Let the lock go, wait to be notified, and take the lock again. Raises without it."""
        if not self.locked():
            raise RuntimeError("cannot wait on un-acquired lock")
        waiter = self._line_up()
        self.release()
        try:
            try:
                await waiter
            finally:
                self._waiters.remove(waiter)
                await self._acquire_again()
        except BaseException:
            # It was notified and cannot act on it: perhaps somebody else can.
            if waiter.done() and not waiter.cancelled():
                self._notify(1)
            raise
        return True

    async def _acquire_again(self) -> None:
        """Take the lock, whatever happens: the block that we are in will let it go."""
        cancelled: CancelledError | None = None
        while True:
            try:
                await self.acquire()
                break
            except CancelledError as error:
                cancelled = error
        if cancelled is not None:
            try:
                raise cancelled
            finally:
                cancelled = None

    async def wait_for(self, predicate: Callable[[], Any]) -> Any:
        """Wait until `predicate()` is true, asking after each notification; returns its value."""
        while not (result := predicate()):
            await self.wait()
        return result

    def notify(self, n: int = 1) -> None:
        """Wake `n` of those who wait; they go on when the lock is let go. Raises without it."""
        if not self.locked():
            raise RuntimeError("cannot notify on un-acquired lock")
        self._notify(n)

    def _notify(self, n: int) -> None:
        for waiter in self._waiters:
            if n <= 0:
                break
            if not waiter.done():
                n -= 1
                waiter.set_result(False)

    def notify_all(self) -> None:
        """Wake all of them."""
        self.notify(len(self._waiters))

    def __repr__(self) -> str:
        return self._described("locked" if self.locked() else "unlocked")


class Semaphore(_Entered, _Waiters):
    """So many may go on at a time."""

    def __init__(self, value: int = 1) -> None:
        if value < 0:
            raise ValueError("Semaphore initial value must be >= 0")
        super().__init__()
        self._value = value

    def locked(self) -> bool:
        """Whether `acquire` would have to wait."""
        return self._value == 0 or any(not waiter.cancelled() for waiter in self._waiters)

    async def acquire(self) -> Literal[True]:
        """Take one of its places, and wait for one where none is free."""
        if not self.locked():
            self._value -= 1
            return True
        waiter = self._line_up()
        try:
            try:
                await waiter
            finally:
                self._waiters.remove(waiter)
        except CancelledError:
            # The place that it was given, and cannot take, is free again.
            if waiter.done() and not waiter.cancelled():
                self._value += 1
            raise
        finally:
            if self._value > 0:
                self._hand_over()
        return True

    def release(self) -> None:
        """Give a place back."""
        self._value += 1
        self._hand_over()

    def _hand_over(self) -> None:
        """Give free places to those who wait. They count as taken at once: nobody slips in."""
        for waiter in self._waiters:
            if self._value <= 0:
                break
            if not waiter.done():
                self._value -= 1
                waiter.set_result(True)

    def __repr__(self) -> str:
        return self._described("locked" if self.locked() else f"unlocked, value:{self._value}")


class BoundedSemaphore(Semaphore):
    """A semaphore that complains when more places are given back than it has."""

    def __init__(self, value: int = 1) -> None:
        super().__init__(value)
        self._bound_value = value

    def release(self) -> None:
        """Give a place back. Raises `ValueError` where all of them are free."""
        if self._value >= self._bound_value:
            raise ValueError("BoundedSemaphore released too many times")
        super().release()


class _BarrierState(enum.Enum):
    FILLING = "filling"
    DRAINING = "draining"
    RESETTING = "resetting"
    BROKEN = "broken"


class Barrier(_BoundToLoop):
    """Tasks wait here until there are `parties` of them; then all of them go on."""

    def __init__(self, parties: int) -> None:
        if parties < 1:
            raise ValueError("parties must be >= 1")
        self._condition = Condition()
        self._parties = parties
        self._state = _BarrierState.FILLING
        self._count = 0  # the tasks that are inside

    async def __aenter__(self) -> int:
        return await self.wait()

    async def __aexit__(self, *error: object) -> None:
        pass

    async def wait(self) -> int:
        """Wait for the others. Returns a different number to each of them, from 0 up."""
        async with self._condition:
            await self._wait_to_come_in()
            try:
                place = self._count
                self._count += 1
                if place + 1 == self._parties:
                    self._state = _BarrierState.DRAINING
                    self._condition.notify_all()
                else:
                    await self._wait_for_the_others()
                return place
            finally:
                self._count -= 1
                self._leave()

    async def _wait_to_come_in(self) -> None:
        """Those of the last round have to be out first."""
        await self._condition.wait_for(
            lambda: self._state not in (_BarrierState.DRAINING, _BarrierState.RESETTING)
        )
        if self._state is _BarrierState.BROKEN:
            raise BrokenBarrierError("Barrier aborted")

    async def _wait_for_the_others(self) -> None:
        await self._condition.wait_for(lambda: self._state is not _BarrierState.FILLING)
        if self._state in (_BarrierState.BROKEN, _BarrierState.RESETTING):
            raise BrokenBarrierError("Abort or reset of barrier")

    def _leave(self) -> None:
        """The last one out opens the barrier for the next round."""
        if self._count == 0:
            if self._state in (_BarrierState.RESETTING, _BarrierState.DRAINING):
                self._state = _BarrierState.FILLING
            self._condition.notify_all()

    async def reset(self) -> None:
        """Begin anew; those who wait get `BrokenBarrierError`."""
        async with self._condition:
            if self._count > 0:
                self._state = _BarrierState.RESETTING
            else:
                self._state = _BarrierState.FILLING
            self._condition.notify_all()

    async def abort(self) -> None:
        """Break it: those who wait, and all who come, get `BrokenBarrierError` until a reset."""
        async with self._condition:
            self._state = _BarrierState.BROKEN
            self._condition.notify_all()

    @property
    def parties(self) -> int:
        """How many tasks it takes."""
        return self._parties

    @property
    def n_waiting(self) -> int:
        """How many are waiting."""
        return self._count if self._state is _BarrierState.FILLING else 0

    @property
    def broken(self) -> bool:
        """Whether it was aborted."""
        return self._state is _BarrierState.BROKEN

    def __repr__(self) -> str:
        facts = [self._state.value]
        if not self.broken:
            facts.append(f"waiters:{self.n_waiting}/{self.parties}")
        return f"{object.__repr__(self)[:-1]} [{', '.join(facts)}]>"

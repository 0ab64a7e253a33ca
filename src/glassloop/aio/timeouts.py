"""A deadline for a block of code: when it passes, the block is cancelled."""

from __future__ import annotations

import enum
from types import TracebackType
from typing import TYPE_CHECKING, Any

from . import running
from .exceptions import CancelledError

if TYPE_CHECKING:
    from .handles import Handle
    from .tasks import Task


class _State(enum.Enum):
    CREATED = "created"
    ENTERED = "active"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    EXITED = "finished"


class Timeout:
    """`async with` it: at its deadline the block is cancelled, and `TimeoutError` follows it.

    The cancellation is the timeout's own. One that comes from outside passes through as it is,
    whether or not the deadline has passed too.
    """

    def __init__(self, when: float | None) -> None:
        self._state = _State.CREATED
        self._when = when
        self._task: Task[Any] | None = None
        self._timer: Handle | None = None
        self._cancelling = 0  # requests to cancel the task when the block was entered

    def when(self) -> float | None:
        """The deadline, a time of the loop's clock; None where there is none."""
        return self._when

    def reschedule(self, when: float | None) -> None:
        """Move the deadline, to None for no deadline at all."""
        if self._state is not _State.ENTERED:
            if self._state is _State.CREATED:
                raise RuntimeError("Timeout has not been entered")
            raise RuntimeError(f"Cannot change state of {self._state.value} Timeout")
        self._when = when
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        if when is None:
            return
        loop: Any = running.get_running_loop()
        if when <= loop.time():
            self._timer = loop.call_soon(self._expire)
        else:
            self._timer = loop.call_at(when, self._expire)

    def expired(self) -> bool:
        """Whether the deadline has passed while the block was running."""
        return self._state in (_State.EXPIRING, _State.EXPIRED)

    def _expire(self) -> None:
        assert self._task is not None
        self._task.cancel()
        self._state = _State.EXPIRING
        self._timer = None

    async def __aenter__(self) -> Timeout:
        if self._state is not _State.CREATED:
            raise RuntimeError("Timeout has already been entered")
        task = running.current_task()
        if task is None:
            raise RuntimeError("Timeout should be used inside a task")
        self._state = _State.ENTERED
        self._task = task
        self._cancelling = task.cancelling()
        self.reschedule(self._when)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._task is not None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._state is not _State.EXPIRING:
            self._state = _State.EXITED
            return
        self._state = _State.EXPIRED
        # Ours is one of the requests. Are there more, somebody outside wants the task to stop.
        if self._task.uncancel() > self._cancelling or error is None:
            return
        if kind is not None and issubclass(kind, CancelledError):
            raise TimeoutError from error
        _mark_cause(error)
        if isinstance(error, ExceptionGroup):
            for each in error.exceptions:
                _mark_cause(each)

    def __repr__(self) -> str:
        facts = [""]
        if self._state is _State.ENTERED:
            facts.append(f"when={None if self._when is None else round(self._when, 3)}")
        return f"<Timeout [{self._state.value}]{' '.join(facts)}>"


def _mark_cause(error: BaseException) -> None:
    """Say in the context of an error that a timeout brought it about."""
    while error.__context__ is not None:
        if isinstance(error.__context__, CancelledError):
            late = TimeoutError()
            late.__context__ = late.__cause__ = error.__context__
            error.__context__ = late
            break
        error = error.__context__


def timeout(delay: float | None) -> Timeout:
    """A deadline in `delay` seconds; None for no deadline."""
    if delay is None:
        return Timeout(None)
    loop: Any = running.get_running_loop()
    return Timeout(loop.time() + delay)


def timeout_at(when: float | None) -> Timeout:
    """A deadline at a time of the loop's clock; None for no deadline."""
    return Timeout(when)

"""Knows one callback that a loop is to call: what, with which arguments, and whether still."""

from __future__ import annotations

import contextvars
import sys
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import describing

if TYPE_CHECKING:
    from .turns import ReadyLoop


class Handle:
    """A callback in a loop's queue. Whoever asked for it can still cancel it."""

    __slots__ = (
        "__weakref__",
        "_args",
        "_callback",
        "_cancelled",
        "_context",
        "_loop",
        "_repr",
        "_source_traceback",
    )

    def __init__(
        self,
        callback: Callable[..., object],
        args: tuple[Any, ...],
        loop: ReadyLoop,
        context: contextvars.Context | None = None,
    ) -> None:
        self._callback: Callable[..., object] | None = callback
        self._args: tuple[Any, ...] | None = args
        self._loop = loop
        self._context = contextvars.copy_context() if context is None else context
        self._cancelled = False
        self._repr: str | None = None
        # In debug mode: the calls that led to where this handle was asked for.
        self._source_traceback: traceback.StackSummary | None = None
        if loop.get_debug():
            self._source_traceback = describing.extract_stack(sys._getframe(1))

    def _run(self) -> None:
        """Call the callback. An exception goes to the loop's handler: it ends nothing else."""
        if self._cancelled:
            return
        assert self._callback is not None
        assert self._args is not None
        try:
            self._context.run(self._callback, *self._args)
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            self._report(error)
        # Whoever keeps the traceback keeps this frame: it must not keep the handle as well.
        self = None  # type: ignore[assignment]

    def _report(self, error: BaseException) -> None:
        called = self._described()
        context = {"message": f"Exception in callback {called}", "exception": error, "handle": self}
        if self._source_traceback:
            context["source_traceback"] = self._source_traceback
        self._loop.call_exception_handler(context)

    def _described(self) -> str:
        debug = self._loop.get_debug()
        return describing.callback(self._callback, self._args or (), debug=debug)

    def cancel(self) -> None:
        """Take the call back. What was to be called is let go of at once."""
        if self._cancelled:
            return
        self._cancelled = True
        if self._loop.get_debug():
            self._repr = repr(self)
        self._callback = None
        self._args = None

    def cancelled(self) -> bool:
        """Whether it was cancelled."""
        return self._cancelled

    def get_context(self) -> contextvars.Context:
        """The context that the callback runs in."""
        return self._context

    def _facts(self) -> list[str]:
        """What `repr` says, beside the class."""
        facts = ["cancelled"] if self._cancelled else []
        if self._callback is not None:
            facts.append(self._described())
        if self._source_traceback:
            origin = self._source_traceback[-1]
            facts.append(f"created at {origin.filename}:{origin.lineno}")
        return facts

    def __repr__(self) -> str:
        return self._repr or f"<{' '.join([type(self).__name__, *self._facts()])}>"


class TimerHandle(Handle):
    """A callback that is to be called at a time of the loop's clock."""

    __slots__ = ("_scheduled", "_when")

    def __init__(
        self,
        when: float,
        callback: Callable[..., object],
        args: tuple[Any, ...],
        loop: ReadyLoop,
        context: contextvars.Context | None = None,
    ) -> None:
        super().__init__(callback, args, loop, context)
        if self._source_traceback:
            del self._source_traceback[-1]
        self._when = when
        self._scheduled = False  # whether it is in its loop's heap

    def when(self) -> float:
        """The time, in seconds of the loop's clock."""
        return self._when

    def cancel(self) -> None:
        """Take the call back; the loop sweeps it out of its heap when there are many of these."""
        if not self._cancelled:
            self._loop._timer_handle_cancelled(self)
            super().cancel()

    def _facts(self) -> list[str]:
        facts = super()._facts()
        facts.insert(int(self._cancelled), f"when={self._when}")
        return facts

    def __hash__(self) -> int:
        return hash(self._when)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TimerHandle):
            return NotImplemented
        return (
            self._when == other._when
            and self._callback == other._callback
            and self._args == other._args
            and self._cancelled == other._cancelled
        )

    def __lt__(self, other: object) -> bool:
        return self._when < other._when if isinstance(other, TimerHandle) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self < other or self == other if isinstance(other, TimerHandle) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self._when > other._when if isinstance(other, TimerHandle) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return self > other or self == other if isinstance(other, TimerHandle) else NotImplemented

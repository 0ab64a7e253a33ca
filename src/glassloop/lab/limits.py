"""How long a cell may run: a number of steps, not of seconds, so that it is the same everywhere.

A step is a jump back in a loop, a call, or the resumption of a generator or coroutine. Counting
these finds every program that never ends, and costs little beside counting lines.
"""

from __future__ import annotations

import _thread
import dis
import os
import sys
import types
from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar, TypeVar

from glassloop.lab.tracebacks import is_readers

STEP_LIMIT = 5_000_000

# Python 3.11 counts lines instead of jumps: about so many go on one step.
LINES_PER_STEP = 4

T = TypeVar("T")


class Limit(BaseException):
    """A cell has gone too far. No `except Exception` catches it."""


class StepLimit(Limit):
    """A cell has run for more steps than it may."""


class _Counter:
    """Counts down, and from zero on stops the program at every further step.

    At every one, since `except:` would catch a single exception and go on.
    """

    def __init__(self, limit: int, when_reached: Callable[[], object]) -> None:
        self.left = limit
        self._when_reached = when_reached

    def step(self, code: types.CodeType, *_: object) -> None:
        """Count a step made in `code`."""
        self.left -= 1
        # The lab itself is never stopped: it must be able to end a cell that has gone too far.
        if self.left < 0 and not code.co_filename.startswith(_LAB):
            self._when_reached()
            self._stop()

    def jump(self, code: types.CodeType, start: int, end: int) -> Any:
        """Count a jump where it leads back; the interpreter need not tell of others again."""
        if end > start:
            return _monitoring().DISABLE
        return self.step(code)

    def _stop(self) -> None:
        raise StepLimit


class _LineCounter(_Counter):
    """The same for `sys.settrace`, which a trace function that raises switches off.

    From then on it is `_Interruption` that stops the program at every further step.
    """

    at_work: ClassVar[list[_LineCounter]] = []  # outermost first

    def __init__(self, limit: int, when_reached: Callable[[], object]) -> None:
        super().__init__(limit, when_reached)
        self.thread = _thread.get_ident()

    def trace(self, frame: types.FrameType, event: str, argument: object) -> Any:
        """Count a call, or a line of the program's own code."""
        if event == "call":
            if not _is_programs(frame.f_code):
                self.step(frame.f_code)
                return None
            frame.f_trace = self.trace  # a recorder that only passes events on may return nothing
            frame.f_trace_opcodes = _has_loop_without_line(frame.f_code)
        if event in ("call", "line", "opcode"):
            self.step(frame.f_code)
        return self.trace

    def _stop(self) -> None:
        _interrupt_soon()
        raise StepLimit


class _Interruption:
    """Stops a program that is over its limit when the interpreter asks whether this is true.

    Only a function in C can raise an exception in a program from outside. Asking an object for
    its truth is such a function, and lets the object raise what it likes.
    """

    def __bool__(self) -> bool:
        thread = _thread.get_ident()
        over = (it for it in _LineCounter.at_work if it.left < 0 and it.thread == thread)
        if counter := next(over, None):
            counter.step(sys._getframe(1).f_code)
            _interrupt_soon()  # that was the lab's own code, which is not stopped: come again
        return False


_interruption = _Interruption()  # one for good, since the interpreter keeps no reference to it


def _interrupt_soon() -> None:
    """Let the interpreter ask `_interruption` when it next jumps back or calls."""
    import ctypes  # not in a browser, which has sys.monitoring

    ask = ctypes.cast(ctypes.pythonapi.PyObject_IsTrue, ctypes.c_void_p)
    ctypes.pythonapi.Py_AddPendingCall(ask, ctypes.py_object(_interruption))


def within_steps(
    limit: int, call: Callable[[], T], when_reached: Callable[[], object] = lambda: None
) -> T:
    """Return `call()`; raise `StepLimit` in it, and after it, beyond `limit` steps.

    `when_reached()` is called before each `StepLimit`.
    """
    if sys.version_info >= (3, 12):
        counter = _Counter(limit, when_reached)
        result = _monitored(counter, call)
    else:
        counter = _LineCounter(limit * LINES_PER_STEP, when_reached)
        result = _traced(counter, call)
    if counter.left < 0:
        raise StepLimit  # the program has caught ours
    return result


def _monitored(counter: _Counter, call: Callable[[], T]) -> T:
    monitoring = _monitoring()
    events = monitoring.events
    callbacks = {
        events.JUMP: counter.jump,
        events.PY_START: counter.step,
        events.PY_RESUME: counter.step,
    }
    tool = next(number for number in range(6) if monitoring.get_tool(number) is None)
    monitoring.use_tool_id(tool, "glassloop step limit")
    for event, callback in callbacks.items():
        monitoring.register_callback(tool, event, callback)
    monitoring.set_events(tool, sum(callbacks))
    try:
        return call()
    finally:
        monitoring.set_events(tool, 0)
        for event in callbacks:
            monitoring.register_callback(tool, event, None)
        monitoring.free_tool_id(tool)


def _monitoring() -> Any:
    return sys.monitoring  # type: ignore[attr-defined,unused-ignore]  # from Python 3.12 on


def _traced(counter: _LineCounter, call: Callable[[], T]) -> T:
    before = sys.gettrace()
    _LineCounter.at_work.append(counter)
    sys.settrace(counter.trace)
    try:
        return call()
    finally:
        _LineCounter.at_work.remove(counter)
        sys.settrace(before)


def _is_programs(code: types.CodeType) -> bool:
    """Whether the program wrote this, in a cell or in a string for `exec`."""
    return is_readers(code) or code.co_filename == "<string>"


@cache
def _has_loop_without_line(code: types.CodeType) -> bool:
    """Whether `while True: pass` is in `code`: a jump to itself, which is no event of a line."""
    jump_to_itself = bytes([dis.opmap["JUMP_BACKWARD"], 1])
    return any(
        code.co_code[index : index + 2] == jump_to_itself
        for index in range(0, len(code.co_code), 2)
    )


# The whole package, for the recorder is not to be stopped either.
_LAB = os.path.dirname(os.path.dirname(__file__))

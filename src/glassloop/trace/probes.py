"""Where the interpreter tells what frames do: `sys.monitoring`, and on Python 3.11 `sys.settrace`.

Both report to a `Listener` in the same words. Watching changes nothing in what is watched: where
a listener itself fails it is told so, and the program goes on.
"""

from __future__ import annotations

import dis
import sys
import types
from collections.abc import Callable
from typing import Any, Protocol

# What the RESUME behind a yield says of it (see `dis`): 1 yield, 2 yield from, 3 await.
_RESUME = dis.opmap["RESUME"]
DELEGATIONS = {1: "yield", 2: "delegate", 3: "await"}

# Calls that a listener wants to see of functions that are not the reader's: on entry and on exit.
Hook = Callable[[types.FrameType, Any], object]


class Listener(Protocol):
    """What the recorder hears of the reader's frames."""

    def called(self, frame: types.FrameType) -> None: ...
    def line(self, frame: types.FrameType, line: int) -> None: ...
    def suspended(self, frame: types.FrameType, how: str, value: Any) -> None: ...
    def resumed(self, frame: types.FrameType, error: BaseException | None) -> None: ...
    def returned(self, frame: types.FrameType, value: Any) -> None: ...
    def raised(self, frame: types.FrameType, error: BaseException) -> None: ...
    def caught(self, frame: types.FrameType, error: BaseException) -> None: ...
    def unwound(self, frame: types.FrameType, error: BaseException) -> None: ...
    def failed(self, error: Exception) -> None: ...


# Where the watched frame stands, seen from a callback: behind the callback and its `safely`.
_WATCHED = 2

Entries = dict[types.CodeType, Hook]


def probe(
    listener: Listener,
    wanted: Callable[[types.CodeType], bool],
    on_entry: Entries,
    on_exit: Entries,
    lines: bool,
) -> Probe:
    """What reports to `listener` between its `start` and its `stop`.

    It tells of the frames of wanted code. `on_entry` and `on_exit` name functions of libraries,
    with what is to be called when they begin and when they return.
    """
    kind = _Monitoring if sys.version_info >= (3, 12) else _Tracing
    return kind(listener, wanted, on_entry, on_exit, lines)


class Probe:
    """What both kinds have."""

    def __init__(
        self,
        listener: Listener,
        wanted: Callable[[types.CodeType], bool],
        on_entry: Entries,
        on_exit: Entries,
        lines: bool,
    ) -> None:
        self.listener = listener
        self.wanted = wanted
        self.on_entry = on_entry
        self.on_exit = on_exit
        self.lines = lines

    def start(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError

    def safely(self, callback: Callable[..., Any]) -> Callable[..., Any]:
        """`callback`, with its own failures kept away from the program."""

        def call(*arguments: Any) -> Any:
            try:
                return callback(*arguments)
            except Exception as error:
                self.listener.failed(error)
                return None

        return call


class _Monitoring(Probe):
    """For Python 3.12 and later. Only watched code pays."""

    def start(self) -> None:
        monitoring: Any = sys.monitoring  # type: ignore[attr-defined,unused-ignore]  # from 3.12
        self._monitoring, self._events = monitoring, monitoring.events
        self._tool = next(n for n in (4, 3, 5, 2, 1, 0) if monitoring.get_tool(n) is None)
        monitoring.use_tool_id(self._tool, "glassloop trace")
        events = self._events
        self._callbacks: dict[int, Callable[..., Any]] = {
            events.PY_START: self._start,
            events.PY_RESUME: self._resume,
            events.PY_YIELD: self._yield,
            events.PY_RETURN: self._return,
            events.PY_THROW: self._throw,
            events.PY_UNWIND: self._unwind,
            events.RAISE: self._raise,
            events.EXCEPTION_HANDLED: self._handled,
        }
        if self.lines:
            self._callbacks[events.LINE] = self._line
        for event, callback in self._callbacks.items():
            monitoring.register_callback(self._tool, event, self.safely(callback))
        self._local = events.PY_RESUME | events.PY_YIELD | events.PY_RETURN
        if self.lines:
            self._local |= events.LINE
        everywhere = events.PY_START | events.PY_UNWIND | events.PY_THROW
        if self.lines:
            everywhere |= events.RAISE | events.EXCEPTION_HANDLED
        self._watched: set[types.CodeType] = set()
        for code in self.on_exit:
            monitoring.set_local_events(self._tool, code, events.PY_RETURN)
        monitoring.set_events(self._tool, everywhere)
        monitoring.restart_events()

    def stop(self) -> None:
        monitoring = self._monitoring
        monitoring.set_events(self._tool, 0)
        for code in [*self._watched, *self.on_exit]:
            monitoring.set_local_events(self._tool, code, 0)
        for event in self._callbacks:
            monitoring.register_callback(self._tool, event, None)
        monitoring.free_tool_id(self._tool)

    def _start(self, code: types.CodeType, offset: int) -> Any:
        if hook := self.on_entry.get(code):
            hook(sys._getframe(_WATCHED), None)
            return None
        if code not in self._watched:
            if not self.wanted(code):
                return self._monitoring.DISABLE
            self._watched.add(code)
            self._monitoring.set_local_events(self._tool, code, self._local)
        self.listener.called(sys._getframe(_WATCHED))
        return None

    def _line(self, code: types.CodeType, line: int) -> Any:
        self.listener.line(sys._getframe(_WATCHED), line)

    def _resume(self, code: types.CodeType, offset: int) -> Any:
        self.listener.resumed(sys._getframe(_WATCHED), None)

    def _yield(self, code: types.CodeType, offset: int, value: Any) -> Any:
        self.listener.suspended(sys._getframe(_WATCHED), _how(code, offset), value)

    def _return(self, code: types.CodeType, offset: int, value: Any) -> Any:
        if hook := self.on_exit.get(code):
            hook(sys._getframe(_WATCHED), value)
        else:
            self.listener.returned(sys._getframe(_WATCHED), value)

    def _throw(self, code: types.CodeType, offset: int, error: BaseException) -> Any:
        if code in self._watched:
            self.listener.resumed(sys._getframe(_WATCHED), error)

    def _unwind(self, code: types.CodeType, offset: int, error: BaseException) -> Any:
        if code in self._watched:
            self.listener.unwound(sys._getframe(_WATCHED), error)

    def _raise(self, code: types.CodeType, offset: int, error: BaseException) -> Any:
        if code in self._watched and not _is_end_of_iteration(code, offset, error):
            self.listener.raised(sys._getframe(_WATCHED), error)

    def _handled(self, code: types.CodeType, offset: int, error: BaseException) -> Any:
        if code in self._watched:
            self.listener.caught(sys._getframe(_WATCHED), error)


class _Tracing(Probe):
    """For Python 3.11. It reports a suspension as a return; the instruction tells them apart."""

    def start(self) -> None:
        self._before: Any = sys.gettrace()
        self._errors: dict[types.FrameType, BaseException] = {}
        self._paused: set[int] = set()
        self._on_call = self.safely(self._call)
        self._on_event, self._on_library = self.safely(self._event), self.safely(self._library)
        sys.settrace(self._on_call)

    def stop(self) -> None:
        sys.settrace(self._before)

    def _call(self, frame: types.FrameType, event: str, argument: Any) -> Any:
        code = frame.f_code
        self._tell_others(frame, event, argument)
        if hook := self.on_entry.get(code):
            hook(frame, None)
        if code in self.on_exit:
            frame.f_trace_lines = False
            return self._on_library
        if not self.wanted(code):
            return None
        frame.f_trace_lines = self.lines
        if frame.f_lasti >= 0 and _is_resumption(frame):
            self._paused.discard(id(frame))
            self.listener.resumed(frame, None)
        else:
            self.listener.called(frame)
        return self._on_event

    def _library(self, frame: types.FrameType, event: str, argument: Any) -> Any:
        if event == "return":
            self.on_exit[frame.f_code](frame, argument)
        return self._on_library

    def _tell_others(self, frame: types.FrameType, event: str, argument: Any) -> None:
        """Whoever traced before goes on hearing: there is room for one trace function only."""
        if self._before is not None:
            self._before(frame, event, argument)

    def _event(self, frame: types.FrameType, event: str, argument: Any) -> Any:
        self._tell_others(frame, event, argument)
        if event == "line":
            self._forget_error(frame)
            self.listener.line(frame, frame.f_lineno)
        elif event == "exception":
            if _is_end_of_iteration(frame.f_code, frame.f_lasti, argument[1]):
                return self._on_event
            if id(frame) in self._paused:  # what is thrown in comes without a "call"
                self._paused.discard(id(frame))
                self.listener.resumed(frame, argument[1])
            self._errors[frame] = argument[1]
            if self.lines:
                self.listener.raised(frame, argument[1])
        elif event == "return":
            error = self._errors.pop(frame, None)
            if error is not None and argument is None:
                self.listener.unwound(frame, error)
            elif _is_suspension(frame):
                self._paused.add(id(frame))
                self.listener.suspended(frame, _how(frame.f_code, frame.f_lasti), argument)
            else:
                self.listener.returned(frame, argument)
        return self._on_event

    def _forget_error(self, frame: types.FrameType) -> None:
        """A line behind an exception: the frame has caught it."""
        error = self._errors.pop(frame, None)
        if error is not None:
            self.listener.caught(frame, error)


def _how(code: types.CodeType, offset: int) -> str:
    """What kind of suspension stands at `offset`: "yield", "delegate" or "await"."""
    following = offset + 2
    if code.co_code[following] == _RESUME:
        return DELEGATIONS[code.co_code[following + 1] & 3]
    return "yield"


def _is_end_of_iteration(code: types.CodeType, offset: int, error: BaseException) -> bool:
    """Whether a `for` or an `await` itself takes this exception as its signal to go on."""
    if not isinstance(error, StopIteration | StopAsyncIteration):
        return False
    return dis.opname[code.co_code[offset]] in ("SEND", "FOR_ITER", "GET_ANEXT", "END_ASYNC_FOR")


_YIELD_VALUE = dis.opmap["YIELD_VALUE"]


def _is_suspension(frame: types.FrameType) -> bool:
    return frame.f_code.co_code[frame.f_lasti] == _YIELD_VALUE


def _is_resumption(frame: types.FrameType) -> bool:
    """Whether a "call" event goes on behind a yield instead of beginning at the top."""
    code = frame.f_code.co_code
    return code[frame.f_lasti] == _RESUME and code[frame.f_lasti + 1] & 3 != 0

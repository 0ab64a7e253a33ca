"""Where the interpreter tells what frames do: `sys.monitoring`, and on Python 3.11 `sys.settrace`.

Both report to a `Listener` in the same words. Watching changes nothing in what is watched: where
a listener itself fails it is told so, and the program goes on.
"""

from __future__ import annotations

import dis
import inspect
import sys
import threading
import types
from _thread import get_ident  # the real one, whatever stands in `threading`
from collections.abc import Callable
from typing import Any, Protocol

from glassloop.trace.values import describe

# What the RESUME behind a yield says of it (see `dis`): 1 yield, 2 yield from, 3 await.
_RESUME = dis.opmap["RESUME"]
DELEGATIONS = {1: "yield", 2: "delegate", 3: "await"}

# Calls that a listener wants to see of functions that are not the reader's: on entry and on exit.
Hook = Callable[[types.FrameType, Any], object]


class Listener(Protocol):
    """What the recorder hears of the reader's frames."""

    def called(self, frame: types.FrameType) -> None: ...
    def line(self, frame: types.FrameType, line: int) -> None: ...
    def suspended(self, frame: types.FrameType, offset: int, value: Any) -> None: ...
    def resumed(self, frame: types.FrameType, error: BaseException | None) -> None: ...
    def returned(self, frame: types.FrameType, value: Any) -> None: ...
    def raised(self, frame: types.FrameType, error: BaseException) -> None: ...
    def caught(self, frame: types.FrameType, error: BaseException) -> None: ...
    def unwound(self, frame: types.FrameType, error: BaseException | str) -> None: ...
    def failed(self, error: Exception) -> None: ...


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
    """What both kinds have.

    Code objects are looked up by identity: their hash is that of all they hold, which takes long.
    Whatever is looked up by identity is held too, so that nothing else can take its place.
    """

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
        self.lines = lines
        self.on_entry = on_entry
        self.on_exit = on_exit
        self._listening = False
        self._watched: dict[int, types.CodeType] = {}
        self._ignored: dict[int, types.CodeType] = {}

    def start(self) -> None:
        """Begin to listen, with the hooks that there are by now."""
        self._entry_hooks = {id(code): (hook, code) for code, hook in self.on_entry.items()}
        self._exit_hooks = {id(code): (hook, code) for code, hook in self.on_exit.items()}

    def listen(self, on_entry: Entries, on_exit: Entries) -> None:
        """Listen to more functions of libraries, from now on."""
        self._entry_hooks |= {id(code): (hook, code) for code, hook in on_entry.items()}
        self._exit_hooks |= {id(code): (hook, code) for code, hook in on_exit.items()}

    def mute(self) -> None:
        """Hear nothing from now on, perhaps from within a callback; `stop` is still to come."""
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError

    def watches(self, code: types.CodeType) -> bool:
        """Whether `code` is listened to; code that is seen for the first time is, if wanted."""
        if id(code) in self._watched:
            return True
        if id(code) in self._ignored:
            return False
        if self.wanted(code):
            self.watch(code)
            return True
        self._ignored[id(code)] = code
        return False

    def watch(self, code: types.CodeType) -> None:
        """Listen to what frames of this code do, wanted or not."""
        self._ignored.pop(id(code), None)
        self._watched[id(code)] = code


TOOL = "glassloop trace"  # what `sys.monitoring` shows of us


class _Monitoring(Probe):
    """For Python 3.12 and later. Only watched code pays.

    Each callback deals with its own failures, and is called by the watched frame itself, which is
    one step up the stack: they run so often that another call in between would be felt.
    """

    def start(self) -> None:
        super().start()
        monitoring: Any = sys.monitoring  # type: ignore[attr-defined,unused-ignore]  # from 3.12
        self._monitoring, self._events = monitoring, monitoring.events
        self._tool = next(n for n in (4, 3, 5, 2, 1, 0) if monitoring.get_tool(n) is None)
        monitoring.use_tool_id(self._tool, TOOL)
        events = self._events
        self._callbacks: dict[int, Callable[..., Any]] = {
            events.PY_START: self._start,
            events.PY_RESUME: self._resume,
            events.PY_YIELD: self._yield,
            events.PY_RETURN: self._return,
            events.PY_THROW: self._throw,
            events.PY_UNWIND: self._unwind,
        }
        self._local = events.PY_RESUME | events.PY_YIELD | events.PY_RETURN
        everywhere = events.PY_START | events.PY_UNWIND | events.PY_THROW
        everywhere |= events.PY_RESUME  # a frame may have begun before the recording
        if self.lines:
            self._callbacks |= {
                events.LINE: self._line,
                events.RAISE: self._raise,
                events.EXCEPTION_HANDLED: self._handled,
            }
            self._local |= events.LINE
            everywhere |= events.RAISE | events.EXCEPTION_HANDLED
        for event, callback in self._callbacks.items():
            monitoring.register_callback(self._tool, event, callback)
        for _, code in self._exit_hooks.values():
            monitoring.set_local_events(self._tool, code, events.PY_RETURN)
        for code in self._watched.values():
            monitoring.set_local_events(self._tool, code, self._local)
        self._raising = 0  # the frame in which an exception was raised last
        monitoring.set_events(self._tool, everywhere)
        monitoring.restart_events()
        self._listening = True

    def listen(self, on_entry: Entries, on_exit: Entries) -> None:
        super().listen(on_entry, on_exit)
        for code in on_exit:
            self._monitoring.set_local_events(self._tool, code, self._events.PY_RETURN)
        self._monitoring.restart_events()

    def mute(self) -> None:
        monitoring, self._listening = self._monitoring, False
        monitoring.set_events(self._tool, 0)
        hooked = [code for _, code in self._exit_hooks.values()]
        for code in [*self._watched.values(), *hooked]:
            monitoring.set_local_events(self._tool, code, 0)

    def stop(self) -> None:
        monitoring = self._monitoring
        if monitoring.get_tool(self._tool) != TOOL:
            return  # it was stopped before
        self.mute()
        for event in self._callbacks:
            monitoring.register_callback(self._tool, event, None)
        monitoring.free_tool_id(self._tool)

    def watch(self, code: types.CodeType) -> None:
        if id(code) in self._watched:
            return
        switched_off = id(code) in self._ignored
        super().watch(code)
        if not self._listening:
            return
        self._monitoring.set_local_events(self._tool, code, self._local)
        if switched_off:
            self._monitoring.restart_events()

    def _start(self, code: types.CodeType, offset: int) -> Any:
        try:
            if id(code) in self._watched:
                self.listener.called(sys._getframe(1))
            elif hook := self._entry_hooks.get(id(code)):
                hook[0](sys._getframe(1), None)
            elif self.watches(code):
                self.listener.called(sys._getframe(1))
            else:
                return self._monitoring.DISABLE
        except Exception as error:
            self.listener.failed(error)
        return None

    def _line(self, code: types.CodeType, line: int) -> None:
        try:
            frame = sys._getframe(1)
            if id(frame) == self._raising:
                self._raising = 0
                if code.co_code[frame.f_lasti] == _CLEANUP_THROW:
                    return  # an `await` looks at the exception and passes it on: no line is reached
            self.listener.line(frame, line)
        except Exception as error:
            self.listener.failed(error)

    def _resume(self, code: types.CodeType, offset: int) -> Any:
        try:
            if id(code) in self._watched or self.watches(code):
                self.listener.resumed(sys._getframe(1), None)
            else:
                return self._monitoring.DISABLE
        except Exception as error:
            self.listener.failed(error)
        return None

    def _yield(self, code: types.CodeType, offset: int, value: Any) -> None:
        try:
            self.listener.suspended(sys._getframe(1), offset, value)
        except Exception as error:
            self.listener.failed(error)

    def _return(self, code: types.CodeType, offset: int, value: Any) -> None:
        try:
            hook = self._exit_hooks.get(id(code))
            if hook is not None:
                hook[0](sys._getframe(1), value)
            else:
                self.listener.returned(sys._getframe(1), value)
        except Exception as error:
            self.listener.failed(error)

    def _throw(self, code: types.CodeType, offset: int, error: BaseException) -> None:
        try:
            if self.watches(code):  # it need not have begun yet
                self.listener.resumed(sys._getframe(1), error)
        except Exception as failure:
            self.listener.failed(failure)

    def _unwind(self, code: types.CodeType, offset: int, error: BaseException) -> None:
        try:
            if id(code) in self._watched:
                self.listener.unwound(sys._getframe(1), error)
        except Exception as failure:
            self.listener.failed(failure)

    def _raise(self, code: types.CodeType, offset: int, error: BaseException) -> None:
        try:
            if id(code) in self._watched and not _is_end_of_iteration(code, offset, error):
                frame = sys._getframe(1)
                self._raising = id(frame)
                self.listener.raised(frame, error)
        except Exception as failure:
            self.listener.failed(failure)

    def _handled(self, code: types.CodeType, offset: int, error: BaseException) -> None:
        try:
            if id(code) in self._watched and code.co_code[offset] == _PUSH_EXC_INFO:
                self.listener.caught(sys._getframe(1), error)
        except Exception as failure:
            self.listener.failed(failure)


_OF_POOLS = ("QueueFeederThread", "QueueManagerThread")


class _Tracing(Probe):
    """For Python 3.11. It reports a suspension as a return; the instruction tells them apart."""

    def start(self) -> None:
        super().start()
        self._before: Any = sys.gettrace()
        # Threads that start from now on have a trace function of their own.
        self._thread, self._over = get_ident(), False
        self._before_in_threads: Any = threading.gettrace()
        self._errors: dict[types.FrameType, BaseException] = {}
        self._paused: set[int] = set()
        self._handled: dict[int, str] = {}  # what each frame deals with, or dealt with last
        self._on_call = self._safely(self._call)
        self._on_event, self._on_library = self._safely(self._event), self._safely(self._library)
        sys.settrace(self._on_call)
        threading.settrace(self._enter_thread)

    def mute(self) -> None:
        sys.settrace(self._before)

    def stop(self) -> None:
        # What `threading.settrace` does; a call could be ended here by a limit of the lab.
        threading._trace_hook = self._before_in_threads  # type: ignore[attr-defined]
        if not self._over:
            self._over = True
            self.mute()

    def _enter_thread(self, frame: types.FrameType, event: str, argument: Any) -> Any:
        """A thread begins. Those that serve pools of processes run nothing of the reader's.

        They are left alone, since a traced thread of Python 3.11 can spin for ever while the main
        thread waits for it.
        """
        thread = threading.current_thread()
        if type(thread).__name__ == "_ExecutorManagerThread" or thread.name in _OF_POOLS:
            sys.settrace(None)
            return None
        sys.settrace(self._on_call)
        return self._on_call(frame, event, argument)

    def _safely(self, callback: Callable[..., Any]) -> Callable[..., Any]:
        """`callback`, with its own failures kept away from the program."""

        def call(*arguments: Any) -> Any:
            if self._over and get_ident() != self._thread:
                sys.settrace(None)  # of this thread, which the end of the recording cannot reach
                return None
            try:
                return callback(*arguments)
            except Exception as error:
                self.listener.failed(error)
                return None

        return call

    def _call(self, frame: types.FrameType, event: str, argument: Any) -> Any:
        code = frame.f_code
        self._tell_others(frame, event, argument)
        if hook := self._entry_hooks.get(id(code)):
            hook[0](frame, None)
        if id(code) in self._exit_hooks:
            frame.f_trace_lines = False
            return self._on_library
        if not self.watches(code):
            return None
        frame.f_trace_lines = self.lines
        if not _is_at_resume(frame):  # something is thrown in, which an "exception" will tell
            self._paused.add(id(frame))
        elif _is_resumption(frame):
            self._paused.discard(id(frame))
            self.listener.resumed(frame, None)
        else:
            self.listener.called(frame)
        return self._on_event

    def _library(self, frame: types.FrameType, event: str, argument: Any) -> Any:
        if event == "return":
            self._exit_hooks[id(frame.f_code)][0](frame, argument)
        return self._on_library

    def _tell_others(self, frame: types.FrameType, event: str, argument: Any) -> None:
        """Whoever traced before goes on hearing: there is room for one trace function only."""
        before = self._before if get_ident() == self._thread else self._before_in_threads
        if before is not None:
            before(frame, event, argument)

    def _event(self, frame: types.FrameType, event: str, argument: Any) -> Any:
        self._tell_others(frame, event, argument)
        if event == "line":
            self._forget_error(frame)
            if self.lines:
                self.listener.line(frame, frame.f_lineno)
            else:
                frame.f_trace_lines = False
        elif event == "exception":
            if _is_end_of_iteration(frame.f_code, frame.f_lasti, argument[1]):
                return self._on_event
            if id(frame) in self._paused:  # what is thrown in comes without a "call"
                self._paused.discard(id(frame))
                self.listener.resumed(frame, argument[1])
            self._errors[frame] = argument[1]
            frame.f_trace_lines = True  # only the next line tells whether the frame has caught it
            if self.lines:
                self.listener.raised(frame, argument[1])
        elif event == "return":
            error = self._errors.pop(frame, None)
            if error is not None and argument is None:
                self.listener.unwound(frame, _as_it_leaves(frame.f_code, error))
            elif _is_suspension(frame):
                self._paused.add(id(frame))
                self.listener.suspended(frame, frame.f_lasti, argument)
                return self._on_event
            elif _is_return(frame):
                self.listener.returned(frame, argument)
            else:  # it has cleaned up, and the exception goes on without another event
                self.listener.unwound(frame, self._handled.get(id(frame), "an exception"))
            self._handled.pop(id(frame), None)
        return self._on_event

    def _forget_error(self, frame: types.FrameType) -> None:
        """A line behind an exception: the frame has caught it."""
        error = self._errors.pop(frame, None)
        if error is not None:
            self.listener.caught(frame, error)
        elif id(frame) in self._handled:  # perhaps another one by now, in a handler in a handler
            error = sys.exception()
        if error is not None:
            self._handled[id(frame)] = describe(_as_it_leaves(frame.f_code, error))


def _as_it_leaves(code: types.CodeType, error: BaseException) -> BaseException:
    """What comes out of a frame: Python 3.11 turns the end of an iteration into an error only then.

    From 3.12 on the frame itself does so, and tells it (PEP 479).
    """
    for flag, kind, ends in (
        (inspect.CO_GENERATOR, "generator", StopIteration),
        (inspect.CO_COROUTINE, "coroutine", StopIteration),
        (inspect.CO_ASYNC_GENERATOR, "async generator", (StopIteration, StopAsyncIteration)),
    ):
        if code.co_flags & flag and isinstance(error, ends):
            return RuntimeError(f"{kind} raised {type(error).__name__}")
    return error


_known: dict[tuple[int, int], tuple[str, types.CodeType]] = {}


def how(code: types.CodeType, offset: int) -> str:
    """What kind of suspension stands at `offset`: "yield", "delegate" or "await"."""
    known = _known.get((id(code), offset))
    if known is None:
        following, kind = offset + 2, "yield"
        if code.co_code[following] == _RESUME:
            kind = DELEGATIONS[code.co_code[following + 1] & 3]
        known = _known[id(code), offset] = kind, code
    return known[0]


def _is_end_of_iteration(code: types.CodeType, offset: int, error: BaseException) -> bool:
    """Whether a `for` or an `await` itself takes this exception as its signal to go on."""
    if not isinstance(error, StopIteration | StopAsyncIteration):
        return False
    return dis.opname[code.co_code[offset]] in ("SEND", "FOR_ITER", "GET_ANEXT", "END_ASYNC_FOR")


# Where a handler of the program's own begins; those that the compiler adds begin otherwise.
_PUSH_EXC_INFO = dis.opmap["PUSH_EXC_INFO"]
_CLEANUP_THROW = dis.opmap.get("CLEANUP_THROW")  # from Python 3.12

_YIELD_VALUE, _RETURN_VALUE = dis.opmap["YIELD_VALUE"], dis.opmap["RETURN_VALUE"]


def _is_suspension(frame: types.FrameType) -> bool:
    return frame.f_code.co_code[frame.f_lasti] == _YIELD_VALUE


def _is_return(frame: types.FrameType) -> bool:
    return frame.f_code.co_code[frame.f_lasti] == _RETURN_VALUE


def _is_at_resume(frame: types.FrameType) -> bool:
    """Whether a "call" event comes from a frame that goes on, and not from a `throw`."""
    return frame.f_code.co_code[frame.f_lasti] == _RESUME


def _is_resumption(frame: types.FrameType) -> bool:
    """Whether a "call" event goes on behind a yield instead of beginning at the top."""
    return frame.f_code.co_code[frame.f_lasti + 1] & 3 != 0

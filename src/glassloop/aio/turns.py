"""What runs next: a queue of what is ready, and turns in which the loop runs what is in it."""

from __future__ import annotations

import contextvars
import inspect
import os
import sys
import threading
import time
import traceback
import warnings
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import coroutines, describing, running
from .handles import Handle
from .interfaces import AbstractEventLoop
from .log import logger

if TYPE_CHECKING:
    from .handles import TimerHandle
    from .tasks import Task

Context = dict[str, Any]
ExceptionHandler = Callable[[Any, Context], object]


class ReadyLoop(AbstractEventLoop):
    """Runs what is ready, in turns. What gets ready during a turn runs in the next one."""

    # In debug mode, a step that takes longer than so many seconds is logged.
    slow_callback_duration = 0.1

    def __init__(self) -> None:
        # Handles and tasks. The loop calls the `_run` of each and need not know more of them.
        self._ready: deque[Handle | Task[Any]] = deque()
        self._stopping = False
        self._closed = False
        self._thread_id: int | None = None
        self._exception_handler: ExceptionHandler | None = None
        self._origin_depth_before: int | None = None
        self._debug = False
        self.set_debug(_debug_is_asked_for())

    # The queue.

    def call_soon(
        self,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> Handle:
        """Call `callback(*args)` in the next turn, behind what is in the queue already."""
        if self._closed or self._debug:
            self._check_closed()
            self._check_thread()
            self._check_callback(callback, "call_soon")
        handle = Handle(callback, args, self, context)
        if handle._source_traceback:
            del handle._source_traceback[-1]
        self._ready.append(handle)
        return handle

    def _resume_soon(self, task: Task[Any]) -> None:
        """Let a task take its next step in the next turn. A task needs no handle."""
        if self._closed or self._debug:
            self._check_closed()
            self._check_thread()
        self._ready.append(task)

    # Turns.

    def run_forever(self) -> None:
        """Take turn after turn until `stop` is called."""
        self._run_forever_setup()
        try:
            while True:
                self._run_once()
                if self._stopping:
                    break
        finally:
            self._run_forever_cleanup()

    def _run_once(self) -> None:
        """One turn: find out what has become ready, then run what is ready now, once each."""
        self._gather()
        ready = self._ready
        if self._debug:
            self._run_timed(len(ready))
            return
        for _ in range(len(ready)):
            ready.popleft()._run()

    def _gather(self) -> None:
        """Put into the queue what has become ready. In this loop nothing does by itself."""

    def _run_timed(self, count: int) -> None:
        """The same in debug mode: what runs too long, and keeps all others waiting, is logged."""
        for _ in range(count):
            entry = self._ready.popleft()
            began = time.monotonic()
            entry._run()
            took = time.monotonic() - began
            if took >= self.slow_callback_duration:
                logger.warning("Executing %s took %.3f seconds", describing.entry(entry), took)

    def stop(self) -> None:
        """End `run_forever` after this turn."""
        self._stopping = True

    def _run_forever_setup(self) -> None:
        self._check_closed()
        self._check_not_running()
        self._thread_id = threading.get_ident()
        self._track_origins(self._debug)
        running._set_running_loop(self)

    def _run_forever_cleanup(self) -> None:
        self._stopping = False
        self._thread_id = None
        running._set_running_loop(None)
        self._track_origins(False)

    def _check_not_running(self) -> None:
        if self.is_running():
            raise RuntimeError("This event loop is already running")
        if running._get_running_loop() is not None:
            raise RuntimeError("Cannot run the event loop while another loop is running")

    def is_running(self) -> bool:
        """Whether it is taking turns."""
        return self._thread_id is not None

    # Its end.

    def close(self) -> None:
        """Drop what is in the queue and take nothing more."""
        if self.is_running():
            raise RuntimeError("Cannot close a running event loop")
        if self._closed:
            return
        if self._debug:
            logger.debug("Close %r", self)
        self._closed = True
        self._ready.clear()

    def is_closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    def _check_closed(self) -> None:
        if self._closed:
            raise RuntimeError("Event loop is closed")

    def __del__(self) -> None:
        if not getattr(self, "_closed", True):
            message = f"unclosed event loop {self!r}"
            warnings.warn(message, ResourceWarning, stacklevel=1, source=self)
            if not self.is_running():
                self.close()

    # Exceptions that nobody else can take.

    def get_exception_handler(self) -> ExceptionHandler | None:
        """The function that was given to `set_exception_handler`."""
        return self._exception_handler

    def set_exception_handler(self, handler: ExceptionHandler | None) -> None:
        """Have `handler(loop, context)` called in place of `default_exception_handler`."""
        if handler is not None and not callable(handler):
            raise TypeError(f"A callable object or None is expected, got {handler!r}")
        self._exception_handler = handler

    def call_exception_handler(self, context: Context) -> None:
        """Report an exception that ended a callback, or that nobody has asked a future for.

        `context` has a `message`, and where there are any an `exception`, a `future`, a `task`, a
        `handle`, a `protocol`, a `transport`, a `socket`. A handler that fails is reported itself:
        the loop goes on.
        """
        handler = self._exception_handler
        if handler is None:
            self._call_guarded(self.default_exception_handler, context)
            return
        try:
            self._in_context_of(context, handler, self, context)
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            message = "Unhandled error in exception handler"
            failed = {"message": message, "exception": error, "context": context}
            while_handling = " while handling an unexpected error in custom exception handler"
            self._call_guarded(self.default_exception_handler, failed, while_handling)

    def _call_guarded(
        self, handler: Callable[[Context], object], context: Context, while_handling: str = ""
    ) -> None:
        try:
            handler(context)
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException:
            logger.error(f"Exception in default exception handler{while_handling}", exc_info=True)

    def _in_context_of(self, about: Context, function: Callable[..., object], *args: Any) -> None:
        """Call it in the context of the task or the callback that the report is about."""
        for key in ("task", "future", "handle"):
            thing = about.get(key)
            if thing is not None and hasattr(thing, "get_context"):
                context = thing.get_context()
                if context is not None:
                    context.run(function, *args)
                    return
        function(*args)

    def default_exception_handler(self, context: Context) -> None:
        """Log what there is in `context`, with the exception's traceback."""
        message = context.get("message") or "Unhandled exception in event loop"
        exception = context.get("exception")
        facts = sorted(context.keys() - {"message", "exception"})
        lines = [message, *(f"{key}: {self._worded(key, context[key])}" for key in facts)]
        trace = exception and (type(exception), exception, exception.__traceback__)
        logger.error("\n".join(lines), exc_info=trace or False)

    def _worded(self, key: str, value: Any) -> str:
        if key not in ("source_traceback", "handle_traceback"):
            return repr(value)
        title = {
            "source_traceback": "Object created at",
            "handle_traceback": "Handle created at",
        }[key]
        return f"{title} (most recent call last):\n{''.join(traceback.format_list(value)).rstrip()}"

    # Debug mode.

    def get_debug(self) -> bool:
        """Whether it checks what it is given, remembers where from, and logs what is slow."""
        return self._debug

    def set_debug(self, enabled: bool) -> None:
        """Switch debug mode on or off."""
        self._debug = enabled
        if self.is_running():
            self._resume_from_threads(self._track_origins, enabled)

    def _resume_from_threads(self, callback: Callable[..., object], *args: Any) -> None:
        """Call it from the loop's own thread. A loop that hears other threads asks them in."""
        self.call_soon(callback, *args)

    def _track_origins(self, enabled: bool) -> None:
        """Have Python remember where coroutines were made, and later no more of it than before."""
        if enabled == (self._origin_depth_before is not None):
            return
        if enabled:
            self._origin_depth_before = sys.get_coroutine_origin_tracking_depth()
            sys.set_coroutine_origin_tracking_depth(describing.DEBUG_STACK_DEPTH)
        else:
            assert self._origin_depth_before is not None
            sys.set_coroutine_origin_tracking_depth(self._origin_depth_before)
            self._origin_depth_before = None

    def _check_callback(self, callback: Any, method: str) -> None:
        if coroutines.iscoroutine(callback) or inspect.iscoroutinefunction(callback):
            raise TypeError(f"coroutines cannot be used with {method}()")
        if not callable(callback):
            raise TypeError(f"a callable object was expected by {method}(), got {callback!r}")

    def _check_thread(self) -> None:
        if self._thread_id is not None and self._thread_id != threading.get_ident():
            raise RuntimeError(
                "Non-thread-safe operation invoked on an event loop other than the current one"
            )

    # For the layers above.

    def _timer_handle_cancelled(self, handle: TimerHandle) -> None:
        """A timer was cancelled. Only a loop with timers cares."""

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} running={self.is_running()} "
            f"closed={self.is_closed()} debug={self.get_debug()}>"
        )


def _debug_is_asked_for() -> bool:
    """By `python -X dev`, or by the environment where that counts."""
    asked = not sys.flags.ignore_environment and bool(os.environ.get("PYTHONASYNCIODEBUG"))
    return sys.flags.dev_mode or asked

"""What a program has for itself besides the operating system: its streams, its warnings, its log.

A chapter's cells run in a process that is busy with other things (a page in a browser, a test).
Here is all that it lends to them, and gets back as it was.
"""

from __future__ import annotations

import asyncio.base_events
import asyncio.events
import contextlib
import gc
import io
import itertools
import logging
import os
import signal
import sys
import threading
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from glassloop.lab import tracebacks
from glassloop.lab.install import Change, changed
from glassloop.lab.limits import Limit
from glassloop.lab.output import Stream


class Process:
    """The process of a chapter, as far as it outlives a cell."""

    def __init__(self, out: Stream, err: Stream) -> None:
        self.module = types.ModuleType("__main__")
        self._out = out
        self._err = err
        self._log_handlers: list[logging.Handler] = []
        self._log_level = logging.WARNING

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Be the process that runs while the block does."""
        gc.collect()  # what others have dropped says its last words to them
        with (
            contextlib.redirect_stdout(self._out),
            contextlib.redirect_stderr(self._err),
            changed(self._changes()),
            _main(self.module),
            _warnings(),
            self._log(),
            _no_event_loop(),
            _interpreter(),
            _collecting_at_fixed_points(),
        ):
            yield

    def _changes(self) -> Iterator[Change]:
        yield sys, "stdin", io.StringIO()  # nobody is there to answer `input()`
        yield sys, "unraisablehook", _print_unraisable
        yield sys, "excepthook", sys.__excepthook__
        yield traceback.StackSummary, "format_frame_summary", tracebacks.format_frame
        loop = asyncio.base_events.BaseEventLoop
        yield loop, "create_task", _numbering(loop.create_task)
        if (ours := sys.modules.get("glassloop.aio.tasks")) is not None:
            yield ours, "_numbers", itertools.count(1)
        # No event loop set, and the policy of a plain Python: a page in a browser has its own.
        yield asyncio.events, "_event_loop_policy", None

    @contextlib.contextmanager
    def _log(self) -> Iterator[None]:
        """Let the root of all loggers have the handlers and the level that our cells gave it."""
        root = logging.getLogger()
        handlers, level = root.handlers, root.level
        root.handlers = self._log_handlers
        root.setLevel(self._log_level)
        try:
            yield
        finally:
            self._log_level = root.level
            root.handlers = handlers
            root.setLevel(level)


@contextlib.contextmanager
def _main(module: types.ModuleType) -> Iterator[None]:
    """Be `__main__`."""
    before = sys.modules.get("__main__")
    sys.modules["__main__"] = module
    try:
        yield
    finally:
        if before is not None:
            sys.modules["__main__"] = before


@contextlib.contextmanager
def _no_event_loop() -> Iterator[None]:
    """Let no event loop run, although the process may run one: a page in a browser does."""
    outer = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(outer)


@contextlib.contextmanager
def _interpreter() -> Iterator[None]:
    """Put back what a program can change in the interpreter, or asyncio where it is stopped."""
    states: list[tuple[Callable[[], Any], Callable[[Any], object]]] = [
        (sys.gettrace, sys.settrace),
        (sys.getprofile, sys.setprofile),
        (sys.getrecursionlimit, sys.setrecursionlimit),
        (sys.get_coroutine_origin_tracking_depth, sys.set_coroutine_origin_tracking_depth),
        (sys.get_asyncgen_hooks, lambda hooks: sys.set_asyncgen_hooks(*hooks)),
    ]
    if threading.current_thread() is threading.main_thread():
        states.append((lambda: signal.getsignal(signal.SIGINT), _handle_interrupt))
    before = [get() for get, _ in states]
    try:
        yield
    finally:
        for (get, set_), value in zip(states, before, strict=True):
            if get() is not value:
                set_(value)


def _handle_interrupt(handler: Any) -> None:
    signal.signal(signal.SIGINT, handler)


@contextlib.contextmanager
def _collecting_at_fixed_points() -> Iterator[None]:
    """Collect garbage only when asked, so that finalisers print at the same place every time."""
    automatic = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if automatic:
            gc.enable()


@contextlib.contextmanager
def _warnings() -> Iterator[None]:
    """Show the warnings that a plain Python shows."""
    hidden = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)
    with warnings.catch_warnings():
        warnings.resetwarnings()
        for category in hidden:
            warnings.simplefilter("ignore", category)
        warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
        plain: Any = warnings  # two of its names are private
        plain.showwarning = plain._showwarning_orig
        plain._showwarnmsg_impl = _print_warning
        yield


def _print_warning(report: Any) -> None:
    """Print a warning; one that comes up while the lab collects garbage is from nowhere."""
    if report.filename.startswith(os.path.dirname(__file__)):
        report = warnings.WarningMessage(
            report.message, report.category, "sys", 1, line="", source=report.source
        )
    plain: Any = warnings  # the name is private
    print(plain._formatwarnmsg(report), end="", file=sys.stderr)


def _print_unraisable(report: Any) -> None:
    """Print an exception that nobody can catch, in one form for all versions of Python."""
    if isinstance(report.exc_value, Limit):
        return  # the cell is being stopped, and is told so by itself
    # Python 3.14 names the object in its message, and says "while closing generator <…>".
    subject = repr(report.object) if report.object is not None else str(report.err_msg)
    print("Exception ignored in:", subject[max(0, subject.find("<")) :], file=sys.stderr)
    if report.exc_value is not None:
        print(tracebacks.render(report.exc_value), end="", file=sys.stderr)


# Before Python 3.13 these make a task without a name and set it afterwards.
_CALLERS = (asyncio.create_task.__code__, asyncio.TaskGroup.create_task.__code__)


def _numbering(create_task: Callable[..., Any]) -> Callable[..., Any]:
    """`create_task` with names that count from 1: asyncio counts for the whole process.

    Tasks that are given a name are not counted, as from Python 3.13 on.
    """
    numbers = itertools.count(1)

    def create_numbered_task(
        self: asyncio.AbstractEventLoop, coro: Any, *, name: Any = None, **options: Any
    ) -> Any:
        factory: Any = self.get_task_factory()
        caller = sys._getframe(1)
        if name is None and caller.f_code in _CALLERS:
            name = caller.f_locals.get("name")
        given, name = name, f"Task-{next(numbers)}" if name is None else name
        if factory is None:
            task = create_task(self, coro, name=name, **options)
            if task._source_traceback:
                del task._source_traceback[-1]  # it is not we who made the task
            return task
        if getattr(factory, "__qualname__", "") == "create_eager_task_factory.<locals>.factory":
            # It runs the task at once, so the name must come first.
            return factory(self, coro, name=name, **options)
        # Other factories need not know of names.
        task = create_task(self, coro, **(options if given is None else options | {"name": given}))
        if hasattr(task, "set_name"):
            task.set_name(name)
        return task

    return create_numbered_task

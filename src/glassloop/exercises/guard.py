"""Watches an attempt at work: it may not end processes, change files or lift the limits.

Python's audit hooks tell of every file that is opened and of every process that is started. What
was done is remembered, so an attempt that catches every exception gains nothing.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from glassloop.lab.tracebacks import CELL, is_readers

FILES = "Your attempt changes files (`{}`). An exercise works with what `check` gives it."
PROCESSES = "Your attempt starts or ends processes (`{}`), which no exercise asks for."
LIMITS = "Your attempt changes how the interpreter watches it (`{}`)."
EXIT = "Your attempt ends the interpreter (`{}`). To leave a function there is `return`."

# The beginnings of audit events, and what is said of them.
EVENTS = {
    **dict.fromkeys(("os.system", "os.fork", "os.exec", "os.posix_spawn", "os.spawn"), PROCESSES),
    **dict.fromkeys(("os.kill", "subprocess.", "pty.", "ctypes."), PROCESSES),
    **dict.fromkeys(("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.truncate"), FILES),
    **dict.fromkeys(("os.chmod", "os.chown", "os.link", "os.symlink", "os.utime"), FILES),
    **dict.fromkeys(("os.chdir", "os.putenv", "os.unsetenv", "shutil.", "tempfile."), FILES),
    **dict.fromkeys(("sys.setprofile", "sys.monitoring.", "gc.get_"), LIMITS),
    "sys.addaudithook": LIMITS,
}

# The lab and the recorder do these as well, so they are forbidden to the attempt's own lines alone.
OWN_LINES = ("sys.", "gc.")

# Functions that raise no audit event, or one that the interpreter raises by itself as well.
UNHEARD: list[tuple[Any, str, str]] = [
    (os, "_exit", EXIT),
    (os, "abort", EXIT),
    (signal, "raise_signal", PROCESSES),
    (sys, "setrecursionlimit", LIMITS),
    (sys, "settrace", LIMITS),
]


class ForbiddenError(BaseException):
    """An attempt has done what it may not. No `except Exception` catches it."""


class Guard:
    """Stands by one attempt: `with guard:`. `first` is what it did first that it may not.

    Where a limit stops the program, it stops the standard library's functions too, `contextlib`
    among them, and only ours go on. So nothing but ours is called on the way out.
    """

    at_work: Guard | None = None

    def __init__(self) -> None:
        self.first = ""
        self._thread = _thread.get_ident()
        self._before: list[tuple[Any, str, Any]] = []

    def __enter__(self) -> Guard:
        _hear_events()
        for holder, name, text in _unheard():
            self._before.append((holder, name, getattr(holder, name)))
            setattr(holder, name, self._denying(holder, name, text))
        Guard.at_work = self
        return self

    def __exit__(self, *error: object) -> None:
        Guard.at_work = None
        for holder, name, value in self._before:
            setattr(holder, name, value)

    def heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        """An audit event; raises `ForbiddenError` where it is forbidden."""
        text = _said_of(event, arguments)
        if text and _thread.get_ident() == self._thread and _concerns_attempt(event):
            self.forbid(text.format(event))

    def forbid(self, message: str) -> None:
        """Remember what was done, and raise."""
        self.first = self.first or message
        raise ForbiddenError(message)

    def _denying(self, holder: Any, name: str, text: str) -> Callable[..., Any]:
        real = getattr(holder, name)

        def deny(*arguments: Any, **options: Any) -> Any:
            if is_readers(sys._getframe(1).f_code):
                self.forbid(text.format(f"{holder.__name__}.{name}"))
            return real(*arguments, **options)

        return deny


def _unheard() -> Iterator[tuple[Any, str, str]]:
    yield from ((holder, name, text) for holder, name, text in UNHEARD if hasattr(holder, name))
    if sys.version_info >= (3, 12):
        for name in ("set_events", "set_local_events", "free_tool_id"):
            yield sys.monitoring, name, LIMITS


_listening = False


def _hear_events() -> None:
    """Begin to hear audit events, once for the process: it is for good."""
    global _listening
    if not _listening:
        _listening = True
        sys.addaudithook(_audit)


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    guard = Guard.at_work
    if guard is not None and (event == "open" or event.startswith(_HEARD)):
        Guard.at_work = None  # what is done in here is not the attempt's
        try:
            guard.heard(event, arguments)
        finally:
            Guard.at_work = guard


_HEARD = tuple(EVENTS)


def _said_of(event: str, arguments: tuple[Any, ...]) -> str:
    if event == "open":
        return FILES if _writes(*arguments) else ""
    return next((text for start, text in EVENTS.items() if event.startswith(start)), "")


def _writes(path: Any, mode: str | None, flags: int) -> bool:
    """Whether a file is opened to be changed; what Python itself keeps of a module is not meant."""
    if isinstance(path, str) and "__pycache__" in path:
        return False
    return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND))


def _concerns_attempt(event: str) -> bool:
    """Whether it is the attempt's doing, and not that of an import or of the lab's own code."""
    files = [frame.f_code.co_filename for frame in _callers()]
    caller = next(file for file in files if not file.startswith(_BETWEEN))
    if event.startswith(OWN_LINES):
        return caller.startswith(CELL)
    return not caller.startswith(_PACKAGE) and not any("importlib" in file for file in files)


# The limits of the lab stop a program by way of ctypes.
_BETWEEN = (__file__, str(Path(os.__file__).parent / "ctypes"))
_PACKAGE = str(Path(__file__).parents[1])


def _callers() -> Iterator[types.FrameType]:
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None:
        yield frame
        frame = frame.f_back

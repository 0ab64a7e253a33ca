"""A loop that hears signals: each is a byte on its wake-up socket, and a callback in its queue."""

from __future__ import annotations

import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable
from typing import Any

from .handles import Handle
from .log import logger


class SignalsMixin:
    """Calls callbacks for signals. The interpreter's own handler only writes their numbers."""

    _signal_handlers: dict[int, Handle]

    def __init__(self, *args: Any, **keywords: Any) -> None:
        self._signal_handlers = {}
        super().__init__(*args, **keywords)

    def add_signal_handler(self, sig: int, callback: Callable[..., object], *args: Any) -> None:
        """Call `callback(*args)` when signal `sig` comes. For the main thread only."""
        loop: Any = self
        loop._check_callback(callback, "add_signal_handler")
        self._check_signal(sig)
        loop._check_closed()
        try:
            # The interpreter writes each signal's number there, whatever the loop is doing.
            signal.set_wakeup_fd(loop._csock.fileno())
        except (ValueError, OSError) as error:
            raise RuntimeError(str(error)) from error
        self._signal_handlers[sig] = Handle(callback, args, loop, None)
        try:
            signal.signal(sig, _do_nothing)
            # Calls of the system go on behind the signal, and need not be made again.
            signal.siginterrupt(sig, False)
        except (OSError, RuntimeError) as error:
            del self._signal_handlers[sig]
            self._give_wake_ups_back()
            if isinstance(error, OSError) and error.errno == 22:
                raise RuntimeError(f"sig {sig} cannot be caught") from error
            raise

    def remove_signal_handler(self, sig: int) -> bool:
        """Let the signal do again what it does by default. False where nothing was to be called."""
        self._check_signal(sig)
        if self._signal_handlers.pop(sig, None) is None:
            return False
        handler = signal.default_int_handler if sig == signal.SIGINT else signal.SIG_DFL
        try:
            signal.signal(sig, handler)
        except OSError as error:
            if error.errno == 22:
                raise RuntimeError(f"sig {sig} cannot be caught") from error
            raise
        self._give_wake_ups_back()
        return True

    def _give_wake_ups_back(self) -> None:
        if self._signal_handlers:
            return
        try:
            signal.set_wakeup_fd(-1)
        except (ValueError, OSError) as error:
            logger.info("set_wakeup_fd(-1) failed: %s", error)

    def _check_signal(self, sig: int) -> None:
        if not isinstance(sig, int):
            raise TypeError(f"sig must be an int, not {sig!r}")
        if sig not in signal.valid_signals():
            raise ValueError(f"invalid signal number {sig}")

    def _process_self_data(self, data: bytes) -> None:
        for number in data:
            if number:  # a zero is another thread's
                self._handle_signal(number)

    def _handle_signal(self, sig: int) -> None:
        handle = self._signal_handlers.get(sig)
        if handle is None:
            return
        if handle._cancelled:
            self.remove_signal_handler(sig)
        else:
            loop: Any = self
            loop._ready.append(handle)

    def close(self) -> None:
        """Give the signals back, where this thread may."""
        loop: Any = super()
        loop.close()
        if sys.is_finalizing():
            if self._signal_handlers:
                warnings.warn(
                    f"Closing the loop {self!r} on interpreter shutdown stage, "
                    f"skipping signal handlers removal",
                    ResourceWarning,
                    stacklevel=2,
                    source=self,
                )
        elif threading.current_thread() is threading.main_thread():
            for sig in list(self._signal_handlers):
                self.remove_signal_handler(sig)
        self._signal_handlers.clear()


def _stop_writing() -> None:
    """In a forked child: its signals must not wake the parent's loop."""
    signal.set_wakeup_fd(-1)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_stop_writing)


def _do_nothing(sig: int, frame: object) -> None:
    """A handler has to be set, or the interpreter would write nothing."""

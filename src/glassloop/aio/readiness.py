"""What runs when the outside world says so: sockets that are ready, and calls of other threads."""

from __future__ import annotations

import contextvars
import selectors
import socket
from collections.abc import Callable
from typing import Any

from .handles import Handle
from .timers import TimerLoop

# While there is work, the selector is asked only when so many callbacks have run since the last
# time: asking costs as much as several of them. Until then a socket that is ready waits.
CALLBACKS_PER_QUESTION = 64


class SelectorLoop(TimerLoop):
    """With nothing ready it waits in a selector, until a timer, a socket or a thread wakes it."""

    def __init__(self, selector: selectors.BaseSelector | None = None) -> None:
        super().__init__()
        self._selector = selectors.DefaultSelector() if selector is None else selector
        self._callbacks_since_asked = 0
        # A byte that is written into one end makes the other one ready, and so ends the waiting.
        self._ssock, self._csock = socket.socketpair()
        for end in (self._ssock, self._csock):
            end.setblocking(False)
        woken = Handle(self._read_wake_ups, (), self, None)
        self._watch(self._ssock, selectors.EVENT_READ, woken)

    # Turns.

    def _run_forever_setup(self) -> None:
        super()._run_forever_setup()
        # A run asks in its first turn, however short it is.
        self._callbacks_since_asked = CALLBACKS_PER_QUESTION

    def _gather(self) -> None:
        """Ask the selector, and wait in it while there is nothing else to do."""
        if self._timer_cancelled_count:
            self._sweep()
        ready = len(self._ready)
        if ready and self._callbacks_since_asked < CALLBACKS_PER_QUESTION:
            self._callbacks_since_asked += ready
        else:
            self._callbacks_since_asked = 0
            self._wait(self._longest_wait())
        if self._scheduled:
            self._fire()

    def _wait(self, timeout: float | None) -> None:
        self._process_events(self._selector.select(timeout))

    def _process_events(self, event_list: Any) -> None:
        """Put what belongs to the ready sockets into the queue."""
        for key, events in event_list:
            reader, writer = key.data
            if events & selectors.EVENT_READ and reader is not None:
                self._ready_or_gone(key.fileobj, reader, self._remove_reader)
            if events & selectors.EVENT_WRITE and writer is not None:
                self._ready_or_gone(key.fileobj, writer, self._remove_writer)

    def _ready_or_gone(self, file: Any, handle: Handle, remove: Callable[[Any], bool]) -> None:
        if handle._cancelled:
            remove(file)
        else:
            self._ready.append(handle)

    # Other threads.

    def call_soon_threadsafe(
        self,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> Handle:
        """`call_soon` for other threads: it also ends the loop's waiting."""
        self._check_closed()
        if self._debug:
            self._check_callback(callback, "call_soon_threadsafe")
        handle = Handle(callback, args, self, context)
        if handle._source_traceback:
            del handle._source_traceback[-1]
        self._ready.append(handle)
        self._write_to_self()
        return handle

    def _resume_from_threads(self, callback: Callable[..., object], *args: Any) -> None:
        self.call_soon_threadsafe(callback, *args)

    def _write_to_self(self) -> None:
        """End the waiting. A full pipe will do that too, and a closed loop does not wait."""
        try:
            self._csock.send(b"\0")
        except OSError:
            if self._debug:
                from .log import logger

                logger.debug("Fail to write a null byte into the self-pipe socket", exc_info=True)

    def _read_wake_ups(self) -> None:
        """The waiting has ended; the bytes have done their work. (Signals write here too.)"""
        while True:
            try:
                data = self._ssock.recv(4096)
            except InterruptedError:
                continue
            except BlockingIOError:
                break
            if not data:
                break
            self._process_self_data(data)

    def _process_self_data(self, data: bytes) -> None:
        """Bytes that woke the loop. Only a loop with signals looks at them."""

    # Sockets.

    def add_reader(self, fd: Any, callback: Callable[..., object], *args: Any) -> None:
        """Call `callback(*args)` in each turn in which something can be read from `fd`."""
        self._check_no_transport(fd)
        self._add_reader(fd, callback, *args)

    def remove_reader(self, fd: Any) -> bool:
        """Call it no more. False where nothing was to be called."""
        self._check_no_transport(fd)
        return self._remove_reader(fd)

    def add_writer(self, fd: Any, callback: Callable[..., object], *args: Any) -> None:
        """Call `callback(*args)` in each turn in which something can be written to `fd`."""
        self._check_no_transport(fd)
        self._add_writer(fd, callback, *args)

    def remove_writer(self, fd: Any) -> bool:
        """Call it no more. False where nothing was to be called."""
        self._check_no_transport(fd)
        return self._remove_writer(fd)

    def _check_no_transport(self, fd: Any) -> None:
        """Only a loop with transports has sockets that are not the program's own."""

    def _add_reader(self, fd: Any, callback: Callable[..., object], *args: Any) -> Handle:
        return self._watch(fd, selectors.EVENT_READ, Handle(callback, args, self, None))

    def _add_writer(self, fd: Any, callback: Callable[..., object], *args: Any) -> Handle:
        return self._watch(fd, selectors.EVENT_WRITE, Handle(callback, args, self, None))

    def _watch(self, fd: Any, event: int, handle: Handle) -> Handle:
        """Have `handle` run when `fd` is ready for this event, in place of what did before."""
        self._check_closed()
        key = self._selector.get_map().get(fd)
        if key is None:
            data = (handle, None) if event == selectors.EVENT_READ else (None, handle)
            self._selector.register(fd, event, data)
            return handle
        reader, writer = key.data
        if event == selectors.EVENT_READ:
            before, data = reader, (handle, writer)
        else:
            before, data = writer, (reader, handle)
        self._selector.modify(fd, key.events | event, data)
        if before is not None:
            before.cancel()
        return handle

    def _remove_reader(self, fd: Any) -> bool:
        return self._unwatch(fd, selectors.EVENT_READ)

    def _remove_writer(self, fd: Any) -> bool:
        return self._unwatch(fd, selectors.EVENT_WRITE)

    def _unwatch(self, fd: Any, event: int) -> bool:
        if self.is_closed():
            return False
        key = self._selector.get_map().get(fd)
        if key is None:
            return False
        reader, writer = key.data
        if event == selectors.EVENT_READ:
            removed, data = reader, (None, writer)
        else:
            removed, data = writer, (reader, None)
        left = key.events & ~event
        if left:
            self._selector.modify(fd, left, data)
        else:
            self._selector.unregister(fd)
        if removed is None:
            return False
        removed.cancel()
        return True

    # Its end.

    def close(self) -> None:
        if self.is_running():
            raise RuntimeError("Cannot close a running event loop")
        if self.is_closed():
            return
        self._ssock.close()
        self._csock.close()
        super().close()
        self._selector.close()

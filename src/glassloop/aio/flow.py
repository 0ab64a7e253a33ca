"""Flow control: tells a protocol to stop writing while too much waits to be sent, and to go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .interfaces import Transport

# In bytes. The low-water mark is a quarter of the high one unless it is said otherwise.
HIGH_WATER = 64 * 1024
LOW_PART = 4


class FlowControl(Transport):
    """Two marks on what waits: above the high one writing pauses, at the low one it resumes.

    A subclass keeps `_protocol`, counts what waits in `get_write_buffer_size`, and calls
    `_maybe_pause_protocol` when that has grown, `_maybe_resume_protocol` when it has shrunk.
    """

    _protocol: Any
    _protocol_paused = False

    def __init__(self, extra: dict[str, Any] | None = None, loop: Any = None) -> None:
        super().__init__(extra)
        assert loop is not None
        self._loop = loop
        self._set_write_buffer_limits()

    def get_write_buffer_limits(self) -> tuple[int, int]:
        """The low-water mark and the high one, in bytes."""
        return self._low_water, self._high_water

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Set the marks, in bytes; what is not given follows from the other one."""
        self._set_write_buffer_limits(high, low)
        self._maybe_pause_protocol()

    def _set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        if high is None:
            high = HIGH_WATER if low is None else LOW_PART * low
        if low is None:
            low = high // LOW_PART
        if not high >= low >= 0:
            raise ValueError(f"high ({high!r}) must be >= low ({low!r}) must be >= 0")
        self._high_water, self._low_water = high, low

    def get_write_buffer_size(self) -> int:
        """How many bytes wait to be sent."""
        raise NotImplementedError

    def _maybe_pause_protocol(self) -> None:
        if not self._protocol_paused and self.get_write_buffer_size() > self._high_water:
            self._protocol_paused = True
            self._ask(self._protocol.pause_writing, "protocol.pause_writing() failed")

    def _maybe_resume_protocol(self) -> None:
        if self._protocol_paused and self.get_write_buffer_size() <= self._low_water:
            self._protocol_paused = False
            self._ask(self._protocol.resume_writing, "protocol.resume_writing() failed")

    def _ask(self, method: Callable[[], object], problem: str) -> None:
        """Call it. Should the protocol fail here, its connection goes on."""
        try:
            method()
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            self._loop.call_exception_handler(
                {
                    "message": problem,
                    "exception": error,
                    "transport": self,
                    "protocol": self._protocol,
                }
            )

"""What can go wrong, by name."""

from __future__ import annotations

from . import guest


class CancelledError(BaseException):
    """Somebody asked the task, or the future that it waits for, to stop.

    It is no `Exception`, so that `except Exception` in a program lets it pass.
    """


# The name is older than this one class: since Python 3.11 both are the built-in one.
TimeoutError = TimeoutError  # noqa: A001  # the same one


class InvalidStateError(Exception):
    """A future was asked for what it does not have yet, or told what it knows already."""


class SendfileNotAvailableError(RuntimeError):
    """The system cannot send this file to this socket by itself."""


class IncompleteReadError(EOFError):
    """The stream ended too early: `partial` holds what came of the `expected` bytes."""

    def __init__(self, partial: bytes, expected: int | None) -> None:
        wanted = "undefined" if expected is None else repr(expected)
        super().__init__(f"{len(partial)} bytes read on a total of {wanted} expected bytes")
        self.partial = partial
        self.expected = expected

    def __reduce__(self) -> tuple[type, tuple[bytes, int | None]]:
        return type(self), (self.partial, self.expected)


class LimitOverrunError(Exception):
    """The stream's buffer is full, and what was looked for is not in its `consumed` bytes."""

    def __init__(self, message: str, consumed: int) -> None:
        super().__init__(message)
        self.consumed = consumed

    def __reduce__(self) -> tuple[type, tuple[str, int]]:
        return type(self), (self.args[0], self.consumed)


class BrokenBarrierError(RuntimeError):
    """Somebody has aborted the barrier at which others waited."""


__all__ = (
    "BrokenBarrierError",
    "CancelledError",
    "IncompleteReadError",
    "InvalidStateError",
    "LimitOverrunError",
    "SendfileNotAvailableError",
    "TimeoutError",
)

guest.borrow(globals(), "exceptions", __all__)

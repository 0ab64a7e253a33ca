"""What depth "switches" writes down, in short forms, and the events that each stands for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from glassloop.trace.events import COMPOUND, ShortForm

STEP = ("step", "id")
WAIT = ("wait", "id", "on", "chain", "lines")
WAKE = ("wake", "id", "by", "how")
MADE = ("made", "f", "name", "file", "line", "of", "library", "begun")
DONE = ("done", "id", "how", "value", "asked")
OBJECT = ("object", "o", "type", "label", "state")

_PENDING: dict[str, Any] = {"state": "pending", "waiters": []}


def _waiting(
    now: float, turn: int, task: str, on: str | None, names: tuple[str, ...], lines: tuple[int, ...]
) -> Iterator[ShortForm]:
    yield WAIT, now, turn, task, task, on, list(names), list(lines)


def _waiting_for_any(
    now: float, turn: int, task: str, future: str, *chain: Any
) -> Iterator[ShortForm]:
    """The task waits for a future of which nothing is known."""
    yield OBJECT, now, turn, task, future, "Future", "a future", _PENDING
    yield from _waiting(now, turn, task, future, *chain)


def _woken(now: float, turn: int, who: str, task: str, on: str, how: str) -> Iterator[ShortForm]:
    """The task goes on, and what it waited for is done: when that came nobody has told."""
    yield WAKE, now, turn, who, task, on, how
    yield STEP, now, turn, task, task


def _all_made(now: float, turn: int, task: str, *made: Any) -> Iterator[ShortForm]:
    for name, said in zip(*made, strict=True):
        yield MADE, now, turn, task, name, *said


COMPOUND |= {"waiting": _waiting, "waiting for any": _waiting_for_any}
COMPOUND |= {"woken": _woken, "all made": _all_made}

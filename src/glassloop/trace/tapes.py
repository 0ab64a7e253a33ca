"""Iterators over lists, tuples, strings and ranges: which values they pass, and how far they are.

Such an iterator has no frame and no line of code, so nothing is heard of it when it moves. Its
position is read from it, wherever a variable names it, at each step of the frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from glassloop.trace.values import describe

_EXAMPLES: tuple[Any, ...] = ([], (), "a", "ä", range(0))
KINDS = frozenset(type(iter(example)) for example in _EXAMPLES)

# It speaks only of what is left, from Python 3.12 on; and a range does not change.
_RANGE = type(iter(range(0)))

SHOWN = 20  # items of a tape


@dataclass
class _Tape:
    """One iterator: the variables that name it, as (frame, name), and what was said of it last."""

    name: str
    items: list[str]
    size: int
    holders: dict[tuple[str, str], None] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)


class Tapes:
    """Writes down where each iterator stands that a variable names."""

    def __init__(self, emit: Callable[..., object]) -> None:
        self._emit = emit
        self._count = 0
        self._tapes: dict[int, _Tape] = {}
        self._held: dict[str, dict[str, int]] = {}  # by frame: variables and what they name

    def held(self, frame: str) -> list[str]:
        """The variables of a frame that name an iterator."""
        return list(self._held.get(frame, ()))

    def look(self, frame: str, values: Mapping[str, Any], touched: Iterable[str]) -> None:
        """Compare the iterators among these variables of a frame with what is known of them.

        `touched` are the variables that are others than they were, or gone, and those in `values`.
        """
        found = {name: value for name, value in values.items() if type(value) in KINDS}
        held = self._held.get(frame, {})
        for name in touched:
            if name in held and id(found.get(name)) != held[name]:
                self._let_go(held.pop(name), (frame, name))
        for name, value in found.items():
            tape = self._tapes.get(id(value))
            if tape is None:
                self._count += 1
                tape = self._tapes[id(value)] = _Tape(f"I{self._count}", *_items_of(value))
            tape.holders[frame, name] = None
            self._held.setdefault(frame, {})[name] = id(value)
        for value in {id(value): value for value in found.values()}.values():
            self._tell(self._tapes[id(value)], value)

    def forget(self, frame: str) -> None:
        """The frame is gone, and its variables with it."""
        for name, key in self._held.pop(frame, {}).items():
            self._let_go(key, (frame, name))

    def _let_go(self, key: int, holder: tuple[str, str]) -> None:
        tape = self._tapes[key]
        tape.holders.pop(holder, None)
        if not tape.holders:
            del self._tapes[key]  # it may be gone, and its identity given to another object
            self._emit_state(tape, {**tape.said, "names": []})

    def _tell(self, tape: _Tape, iterator: Any) -> None:
        names = list(dict.fromkeys(name for _, name in tape.holders))
        at = tape.size - iterator.__length_hint__()
        if at < tape.size and type(iterator) is not _RANGE:
            tape.items, tape.size = _items_of(iterator)  # a list may have changed meanwhile
            at = tape.size - iterator.__length_hint__()
        state = {"names": names, "items": tape.items, "size": tape.size, "at": at}
        if state != tape.said:
            self._emit_state(tape, state)

    def _emit_state(self, tape: _Tape, state: dict[str, Any]) -> None:
        tape.said = state
        label = ", ".join(state["names"]) or "an iterator"
        self._emit("object", o=tape.name, type="iterator", label=label, state=state)


def _items_of(iterator: Any) -> tuple[list[str], int]:
    """Descriptions of the first items that it passes or has passed, and how many there are."""
    # What pickle asks of it; for these types it is C and runs no code of the program.
    _, (passed, *_), *_ = iterator.__reduce__()
    first = [describe(passed[index]) for index in range(min(SHOWN, len(passed)))]
    return first, len(passed)

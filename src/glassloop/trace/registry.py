"""What is known of each object that the recorder has met, and never the object itself."""

from __future__ import annotations

import contextlib
import weakref
from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class Known:
    """What was found out about one object; `name` is empty until the trace speaks of it."""

    reference: weakref.ref[Any] | None = None
    name: str = ""
    label: str = ""
    state: dict[str, Any] = field(default_factory=dict)
    waiter: str | None = None  # the task that waits for this future
    place_of: weakref.ref[Any] | None = None  # the lock or queue in whose row this future stands
    holder: str | None = None  # the task that holds this lock
    due: float | None = None  # when a timer ends this future


class Registry:
    """Finds what is known of an object by its identity, for as long as the object lives."""

    def __init__(self) -> None:
        self._known: dict[int, Known] = {}

    def find(self, thing: Any) -> Known | None:
        """What is known of `thing`, if anything is."""
        return self._known.get(id(thing))

    def of(self, thing: Any) -> Known:
        """What is known of `thing`, from now on at least that it exists."""
        known = self._known.get(id(thing))
        if known is None:
            known = self._known[id(thing)] = Known()
            with contextlib.suppress(TypeError):
                known.reference = weakref.ref(thing, self._end(id(thing), known))
        return known

    def _end(self, key: int, known: Known) -> Any:
        """What forgets an object that is gone: its identity may be given to another one."""

        def gone(_: object) -> None:
            if self._known.get(key) is known:
                del self._known[key]

        return gone

"""The ways through frames on which tasks are suspended: each is worked out once, and then known."""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from glassloop.trace import chains
from glassloop.trace.asyncios import known


@dataclass(eq=False)
class Path:
    """A way through suspended frames, outermost first. Of two through the same code `codes` is one.

    `door` is where a method of a lock or the like stands, below the frames of the reader's.
    """

    codes: tuple[types.CodeType, ...] = ()
    lines: tuple[int, ...] = ()
    door: int | None = None


class Paths:
    """Finds the path from a coroutine down, by the code and the instruction of each frame in it."""

    def __init__(self, own: Callable[[types.CodeType], bool]) -> None:
        self._own = own
        self._paths: dict[tuple[int, ...], Path] = {}
        self._codes: dict[tuple[int, ...], tuple[types.CodeType, ...]] = {}

    def below(self, coroutine: Any) -> tuple[Path, list[types.FrameType]]:
        """The path that begins with `coroutine`, and the frames on it."""
        where, frames = chains.places(coroutine)
        key = tuple(where)
        return self._paths.get(key) or self._new(key, frames), frames

    def _new(self, key: tuple[int, ...], frames: list[types.FrameType]) -> Path:
        # The code is held from here on, since it is known by its identity.
        codes = self._codes.setdefault(key[::2], tuple([frame.f_code for frame in frames]))
        own = [at for at, code in enumerate(codes) if self._own(code)]
        below = range(own[-1] + 1 if own else 0, len(codes))
        door = next((at for at in below if id(codes[at]) in known.methods), None)
        path = self._paths[key] = Path(codes, tuple([frame.f_lineno for frame in frames]), door)
        return path

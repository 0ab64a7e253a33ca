"""Runs a program in the lab, recorded or not, and tells all that can be seen of it."""

from __future__ import annotations

from dataclasses import dataclass

from glassloop.lab import Session
from glassloop.trace import Trace
from glassloop.trace.events import Depth

STEPS = 300_000


@dataclass(frozen=True)
class Run:
    """What a program printed (stream and text, piece by piece), how it ended, and its trace."""

    printed: tuple[tuple[str, str], ...]
    status: str
    error: str
    trace: str = ""

    @property
    def seen(self) -> tuple[object, ...]:
        """What must not depend on whether the program was recorded."""
        return self.printed, self.status, self.error

    def read(self) -> Trace:
        """The trace."""
        return Trace.read(self.trace.splitlines())


def run(source: str, depth: Depth | None = None, *, steps: int = STEPS) -> Run:
    """Run `source` as a cell of its own session, recorded at `depth` or not at all."""
    pieces: list[tuple[str, str]] = []
    session = Session(lambda stream, text: pieces.append((stream, text)), step_limit=steps)
    result = session.run(source, "random", recorded=depth is not None, depth=depth or "lines")
    printed = tuple(pieces)
    session.run("globals().clear()", "end")
    return Run(printed, result.status, result.error, result.trace)

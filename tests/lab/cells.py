"""A session whose output a test can read."""

from __future__ import annotations

import textwrap
from typing import Any

from glassloop.lab import Result, Session


class Cells:
    """Runs cells in one session and keeps what they print."""

    def __init__(self, **limits: int) -> None:
        self.pieces: list[tuple[str, str]] = []
        self.session = Session(lambda stream, text: self.pieces.append((stream, text)), **limits)
        self._count = 0

    def run(
        self, source: str, name: str = "", *, simulate: bool = True, recorded: bool = False
    ) -> Result:
        """Run one cell; its name is its number where none is given."""
        self._count += 1
        self.pieces.clear()
        cell = textwrap.dedent(source), name or str(self._count)
        return self.session.run(*cell, simulate=simulate, recorded=recorded)

    @property
    def text(self) -> str:
        """All that the last cell printed, in order."""
        return "".join(text for _, text in self.pieces)

    def of(self, stream: str) -> str:
        """What the last cell wrote to one stream."""
        return "".join(text for name, text in self.pieces if name == stream)

    def __getitem__(self, name: str) -> Any:
        """A variable of the session's namespace."""
        return vars(self.session._process.module)[name]


def printed(source: str, **limits: int) -> str:
    """All that a cell prints, in a session of its own."""
    cells = Cells(**limits)
    cells.run(source)
    return cells.text

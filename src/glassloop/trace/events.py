"""The trace: events in order, the sources they speak of, and their form in a file.

A file is JSON Lines: a header, one line for each event, a footer. Clock, turn and actor are left
out of a line where they are the same as in the line before.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, TextIO

from glassloop.trace import sources

Event = dict[str, Any]
Depth = Literal["lines", "switches"]

FORMAT = "glassloop-trace"
VERSION = 1
CARRIED = {"t": 0.0, "turn": 0, "who": "main"}


class TraceError(ValueError):
    """A file that is no trace, or one of a version that this program does not know."""


class Trace:
    """What was recorded. `events` are dictionaries; FORMAT.md beside this file has their fields."""

    def __init__(self, title: str = "", depth: Depth = "lines") -> None:
        self.title = title
        self.depth = depth
        self.python = platform.python_version()
        self.sources: dict[str, str] = {}
        self.events: list[Event] = []
        self.cut: str | None = None
        self._on_print: Callable[[str, str], object] | None = None
        self._unprinted = ""  # the beginning of a line whose end has not come yet

    def printed(self, stream: str, text: str) -> None:
        """Tell a recording that is under way what was printed to "out" or "err"."""
        if self._on_print is None:
            return
        lines, newline, self._unprinted = (self._unprinted + text).rpartition("\n")
        if newline:
            self._on_print(stream, lines + newline)

    def recording(self, on_print: Callable[[str, str], object]) -> None:
        """A recording has begun, which wants to know what is printed."""
        self._on_print = on_print

    def complete(self, events: list[Event], files: Iterable[str], cut: str | None) -> None:
        """Take what the recorder has written down."""
        from glassloop.trace.sentences import narrate

        self.sources = {sources.short_name(file): sources.text_of(file) for file in sorted(files)}
        self.events = events
        self.cut = cut
        self._on_print = None
        narrate(events)

    def lines(self) -> Iterator[str]:
        """The lines of the file that holds this trace, one at a time."""
        header = {
            "format": FORMAT,
            "version": VERSION,
            "title": self.title,
            "python": self.python,
            "depth": self.depth,
            "sources": self.sources,
        }
        yield _json(header)
        before = dict(CARRIED)
        for event in self.events:
            yield _json({k: v for k, v in event.items() if k not in before or before[k] != v})
            before = {key: event[key] for key in CARRIED}
        yield _json({"end": True, "cut": self.cut})

    def text(self) -> str:
        """The file that holds this trace, as one string."""
        return "\n".join(self.lines()) + "\n"

    def write(self, file: TextIO) -> None:
        """Write the trace to a text file."""
        file.writelines(line + "\n" for line in self.lines())

    @classmethod
    def read(cls, lines: Iterable[str]) -> Trace:
        """The trace in the lines of a file. Raises `TraceError` where they are none."""
        rows = iter(lines)
        header = json.loads(next(rows, "{}"))
        if header.get("format") != FORMAT:
            raise TraceError("this is no Glassloop trace: its first line does not say so")
        if header.get("version") != VERSION:
            raise TraceError(f"version {header.get('version')} of the format is not known here")
        trace = cls(header["title"], header["depth"])
        trace.python, trace.sources = header["python"], header["sources"]
        carried = dict(CARRIED)
        for row in rows:
            event = json.loads(row)
            if event.get("end"):
                trace.cut = event["cut"]
                return trace
            carried = {key: event.get(key, carried[key]) for key in CARRIED}
            trace.events.append({**event, **carried})
        raise TraceError("the trace breaks off: its last line is missing")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

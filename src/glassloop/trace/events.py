"""The trace: events in order, the sources they speak of, and their form in a file.

A file is JSON Lines: a header, one line for each event, a footer. Clock, turn and actor are left
out of a line where they are the same as in the line before.
"""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, TextIO

from glassloop.trace import sources

if TYPE_CHECKING:
    from glassloop.trace.rules import Lint

Event = dict[str, Any]
Depth = Literal["lines", "switches"]

# An event in its short form, which takes less time and room while the program runs: its shape (its
# kind and the names of its fields), then clock, turn and actor, and the values of the fields. In
# place of a shape may stand the name of a function that takes the rest and tells the short forms
# meant. (Not the function: the garbage collector leaves tuples of texts and numbers alone.)
Shape = tuple[str, ...]
ShortForm = tuple[Any, ...]
COMPOUND: dict[str, Callable[..., Iterator[ShortForm]]] = {}
Record = Event | ShortForm

# Fields that an event lacks where a short form says None.
_OPTIONAL = frozenset(("value", "set", "del", "library", "begun", "asked"))

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
        self.lints: list[Lint] = []
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

    def complete(
        self,
        records: list[Record],
        start: float,
        files: Iterable[str],
        cut: str | None,
        limit: int,
    ) -> None:
        """Take what the recorder has written down since its clock was at `start`.

        `records` is empty afterwards, so that no event is held in both forms. A record may stand
        for several events, and only here it shows that there are more than `limit`.
        """
        from glassloop.trace.lints import find
        from glassloop.trace.sentences import narrate

        self.sources = {sources.short_name(file): sources.text_of(file) for file in sorted(files)}
        in_full = _in_full(records, start)
        self.events = events = self.chosen(list(islice(in_full, limit)))
        self.cut = cut = cut_after(limit) if next(in_full, None) is not None else cut
        self._on_print = None
        narrate(events, self.sources)
        self.lints = find(events, whole=cut is None)

    def chosen(self, events: list[Event]) -> list[Event]:
        """What this trace tells of the events that were recorded, before they get their words."""
        return events

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
        lints = [lint.fields() for lint in self.lints]
        yield _json({"end": True, "cut": self.cut, "lints": lints})

    def text(self) -> str:
        """The file that holds this trace, as one string."""
        return "\n".join(self.lines()) + "\n"

    def write(self, file: TextIO) -> None:
        """Write the trace to a text file."""
        file.writelines(line + "\n" for line in self.lines())

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        """What a notebook asks for where a trace is the value of a cell."""
        from glassloop.notebook import bundle  # which nothing but a notebook needs

        return bundle(self)

    @classmethod
    def read(cls, lines: Iterable[str]) -> Trace:
        """The trace in the lines of a file. Raises `TraceError` where they are none."""
        from glassloop.trace.rules import Lint

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
                trace.lints = [Lint.of(fields) for fields in event.get("lints", ())]
                return trace
            carried = {key: event.get(key, carried[key]) for key in CARRIED}
            # Each row would bring names of fields of its own, which take more room than the values.
            trace.events.append({sys.intern(key): event[key] for key in event} | carried)
        raise TraceError("the trace breaks off: its last line is missing")


def cut_after(limit: int) -> str:
    """Why a trace ends with this number of events."""
    return f"Recording stopped after {limit:,} events."


def _in_full(records: list[Record], start: float) -> Iterator[Event]:
    """The events, each taken from the list of records as it is given."""
    records.reverse()
    while records:
        record = records.pop()
        if isinstance(record, dict):
            yield record
        else:
            yield from long_forms(record, start)


def long_forms(record: ShortForm, start: float) -> Iterator[Event]:
    """The events for which a record stands: one, unless a function makes more of it."""
    if type(record[0]) is str:
        for short in COMPOUND[record[0]](*record[1:]):
            yield from long_forms(short, start)
        return
    (do, *names), now, turn, who, *values = record
    event: Event = {"do": do, "t": round(now - start, 9), "turn": turn, "who": who}
    for name, value in zip(names, values, strict=True):
        if value is not None or name not in _OPTIONAL:
            event[name] = in_words(value) if name == "set" else value
    yield event


def in_words(changed: dict[str, str | int]) -> dict[str, str]:
    """Descriptions of variables, where integers may still stand for themselves."""
    return {name: value if type(value) is str else repr(value) for name, value in changed.items()}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

"""Tracebacks of the reader's own frames, the same on every Python.

Frames of the standard library and of the lab are left out. So are the marks under a line,
since each version of Python draws them in another way. One hook of the `traceback` module does
both, so it holds for whatever prints a traceback: the lab, `traceback.print_exc`, `logging`.
"""

from __future__ import annotations

import linecache
import traceback
import types

CELL = "<cell "


def filename_of(name: str) -> str:
    """The file name under which the cell `name` is compiled, as tracebacks show it."""
    return f"{CELL}{name}>"


def remember_source(filename: str, source: str) -> None:
    """Let tracebacks and `inspect` find the lines of a cell."""
    lines = source.splitlines(keepends=True)
    # With no time of change, linecache does not look for a file to compare.
    linecache.cache[filename] = (len(source), None, lines, filename)


def is_readers(code: types.CodeType) -> bool:
    """Whether this code was written in a cell."""
    return code.co_filename.startswith(CELL)


def render(error: BaseException) -> str:
    """The traceback of `error` with its causes, groups and notes, as Python would print it."""
    return "".join(traceback.TracebackException.from_exception(error, compact=True).format())


def format_frame(
    summary: traceback.StackSummary, frame: traceback.FrameSummary, **_: object
) -> str | None:
    """Stands in for `traceback.StackSummary.format_frame_summary`; None leaves a frame out."""
    if not frame.filename.startswith(CELL):
        return None
    place = f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}\n'
    return place + (f"    {frame.line}\n" if frame.line else "")

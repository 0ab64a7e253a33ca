"""Tracebacks of the reader's own frames, the same on every Python.

Frames of the standard library and of the lab are left out. So are the marks under a line,
since each version of Python draws them in another way. One hook of the `traceback` module does
both, so it holds for whatever prints a traceback: the lab, `traceback.print_exc`, `logging`.
"""

from __future__ import annotations

import dis
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


def without_own_frames(error: BaseException) -> BaseException:
    """`error` with its traceback starting in the cell, not in the lab."""
    trace = error.__traceback__
    while trace is not None and not is_readers(trace.tb_frame.f_code):
        trace = trace.tb_next
    if isinstance(error, RecursionError):
        _cut_where_steps_are_counted(trace)
    return error.with_traceback(trace)


def _cut_where_steps_are_counted(trace: types.TracebackType | None) -> None:
    """Take off the last call where the stack was full for counting it and not for making it."""
    while trace is not None and trace.tb_next is not None:
        code = trace.tb_next.tb_frame.f_code
        if is_readers(code) and trace.tb_next.tb_lasti <= _start_of(code):
            trace.tb_next = None
        trace = trace.tb_next


def _start_of(code: types.CodeType) -> int:
    """Where in the bytecode the first line of a function begins."""
    resume = dis.opmap["RESUME"]
    return next(index for index in range(0, len(code.co_code), 2) if code.co_code[index] == resume)


def format_frame(
    summary: traceback.StackSummary, frame: traceback.FrameSummary, **_: object
) -> str | None:
    """Stands in for `traceback.StackSummary.format_frame_summary`; None leaves a frame out."""
    if not frame.filename.startswith(CELL):
        return None
    place = f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}\n'
    return place + (f"    {frame.line}\n" if frame.line else "")

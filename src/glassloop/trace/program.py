"""Runs a whole program recorded, as `python script.py` or `python -m module` would run it."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from glassloop.trace.events import Depth, Trace
from glassloop.trace.recorder import EVENT_LIMIT, record


def run_program(
    target: str,
    arguments: list[str],
    *,
    module: bool = False,
    depth: Depth = "lines",
    limit: int = EVENT_LIMIT,
) -> tuple[Trace, BaseException | None]:
    """Run the script (or with `module` the module) `target`; returns its trace and how it ended.

    The second value is the exception that left the program, `SystemExit` included, or None. The
    program's output goes where it always goes.
    """
    ending: BaseException | None = None
    with (
        _command_line(target, arguments, module),
        record(depth, limit=limit, title=target) as trace,
        _noting_prints(trace),
    ):
        try:
            if module:
                runpy.run_module(target, run_name="__main__", alter_sys=True)
            else:
                runpy.run_path(target, run_name="__main__")
        except BaseException as error:  # the program's own, to be passed on by the caller
            ending = error
    return trace, ending


@contextmanager
def _command_line(target: str, arguments: list[str], module: bool) -> Iterator[None]:
    argv, path = sys.argv, sys.path[:]
    sys.argv = [target, *arguments]
    sys.path.insert(0, "" if module else str(Path(target).resolve().parent))
    try:
        yield
    finally:
        sys.argv, sys.path[:] = argv, path


class _Noting:
    """A stream that also tells the trace what is written; in all else it is the stream itself."""

    def __init__(self, stream: Any, name: str, trace: Trace) -> None:
        self._stream, self._name, self._trace = stream, name, trace

    def write(self, text: str) -> Any:
        written = self._stream.write(text)
        self._trace.printed(self._name, text)
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def _noting_prints(trace: Trace) -> Iterator[None]:
    out: Any = sys.stdout
    err: Any = sys.stderr
    sys.stdout, sys.stderr = _Noting(out, "out", trace), _Noting(err, "err", trace)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = out, err

"""Runs a whole program recorded, as `python script.py` or `python -m module` would run it."""

from __future__ import annotations

import builtins
import contextlib
import io
import runpy
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from pathlib import Path
from pkgutil import get_importer
from typing import Any

from glassloop.trace.events import Depth, Trace
from glassloop.trace.recorder import EVENT_LIMIT, record

# What a program leaves in its module lives until the process ends, as it does without us.
_ended: list[types.ModuleType] = []


def run_program(
    target: str,
    arguments: list[str],
    *,
    module: bool = False,
    depth: Depth = "lines",
    limit: int = EVENT_LIMIT,
) -> tuple[Trace, BaseException | None]:
    """Run the script (or with `module` the module) `target`; returns its trace and how it ended.

    The second value is the exception that left the program, `SystemExit` included, or None. Its
    traceback begins where Python's own would. The program's output goes where it always goes. The
    recording ends with the main program; threads that it has left running are heard no more.
    """
    ending: BaseException | None = None
    with (
        _command_line(target, arguments, module),
        record(depth, limit=limit, title=target) as trace,
        noting_prints(trace),
    ):
        try:
            (_run_module if module else _run_script)(target)
        except BaseException as error:  # the program's own, to be passed on by the caller
            ending = _without_own_frames(error)
    return trace, ending


def _run_script(target: str) -> None:
    path = str(Path(target).absolute())
    if get_importer(path) is not None:  # a folder or an archive with a `__main__.py`
        runpy.run_path(path, run_name="__main__")
        return
    namespace = vars(sys.modules["__main__"])
    namespace |= {"__file__": path, "__cached__": None}
    namespace |= {"__loader__": SourceFileLoader("__main__", path)}
    with io.open_code(path) as file:
        code = compile(file.read(), path, "exec", dont_inherit=True)
    exec(code, namespace)


def _run_module(target: str) -> None:
    # What `python -m` itself calls, so that tracebacks and messages are the same.
    runpy._run_module_as_main(target)  # type: ignore[attr-defined]  # it is private


def _without_own_frames(error: BaseException) -> BaseException:
    """The error, with a traceback that begins where the program does."""
    traceback, own = error.__traceback__, {_run_script.__code__, _run_module.__code__}
    while traceback is not None and traceback.tb_frame.f_code not in own:
        traceback = traceback.tb_next
    return error.with_traceback(traceback and traceback.tb_next)


@contextmanager
def _command_line(target: str, arguments: list[str], module: bool) -> Iterator[None]:
    """Arguments, import path and main module as the program would find them."""
    argv, path, main = sys.argv, sys.path[:], sys.modules["__main__"]
    sys.argv = ["-m" if module else target, *arguments]
    # The first folder of the path is that of the command; it gives way to the program's.
    sys.path[:1] = [str(Path.cwd()) if module else str(Path(target).resolve().parent)]
    sys.modules["__main__"] = program = types.ModuleType("__main__")
    vars(program)["__builtins__"] = builtins
    _ended.append(program)
    try:
        yield
    finally:
        sys.modules["__main__"] = main
        sys.argv, sys.path[:] = argv, path


@contextmanager
def noting_prints(trace: Trace) -> Iterator[None]:
    """Tell the trace what is written to the standard streams, which stay the objects they are."""
    with contextlib.ExitStack() as stack:
        for name, stream in (("out", sys.stdout), ("err", sys.stderr)):
            stack.enter_context(_noting(stream, name, trace))
        yield


@contextmanager
def _noting(stream: Any, name: str, trace: Trace) -> Iterator[None]:
    write: Callable[[str], Any] = getattr(stream, "write", lambda text: None)

    def noting(text: str) -> Any:
        written = write(text)
        trace.printed(name, text)
        return written

    try:
        before = vars(stream).get("write")
        stream.write = noting
    except (AttributeError, TypeError):  # there is no stream, or none that takes an attribute
        yield
        return
    try:
        yield
    finally:
        if before is not None:
            stream.write = before
        else:
            vars(stream).pop("write", None)

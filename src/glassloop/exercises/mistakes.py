"""Puts what went wrong in an attempt into words for the one who wrote it."""

from __future__ import annotations

import ast
import linecache
import re
import traceback
import types
from collections.abc import Iterator
from pathlib import Path

from glassloop.exercises import guard
from glassloop.exercises.exercise import Exercise
from glassloop.exercises.files import Definition
from glassloop.exercises.verdicts import Verdict
from glassloop.lab import Deadlock
from glassloop.lab.output import normalise
from glassloop.lab.tracebacks import is_readers, render, without_own_frames

# Where an assertion is the check's: in the exercise's file, or in what this package has for it.
OWN = ("<exercise ", str(Path(__file__).parent))
IN_CHECK = "It happened where the check said `{}`"


def verdict_on(error: BaseException, exercise: Exercise, attempt: str) -> Verdict:
    """The verdict on an attempt that ended with `error`, or whose check did."""
    error = _innermost(error)
    if isinstance(error, RecursionError):
        error = without_own_frames(error)  # which leaves out where the steps are counted
    line = line_in_attempt(error)
    if isinstance(error, Deadlock):
        return Verdict("deadlock", normalise(str(error)), line or _line_of_waiting(str(error)))
    if isinstance(error, SystemExit):
        return Verdict("forbidden", guard.EXIT.format("SystemExit"), line)
    if isinstance(error, AssertionError) and _is_of_check(error):
        message = normalise(str(error) or _line_of_check(error))
        return Verdict("failed", message, _defined_at(attempt, exercise.names))
    if isinstance(error, SyntaxError) and error.filename == "<cell attempt>":
        return Verdict("error", f"{type(error).__name__}: {error.msg}", error.lineno)
    return Verdict("error", _described(error, line), line, _traceback(error, line))


def line_in_attempt(error: BaseException) -> int | None:
    """The line of the attempt that `error`, or what has caused it, came from."""
    lines = [number for frame, number in _places(error) if is_readers(frame.f_code)]
    if not lines and error.__cause__ is not None:
        return line_in_attempt(error.__cause__)
    return lines[-1] if lines else None


def _line_of_waiting(report: str) -> int | None:
    """The line at which the first task waits that has one in the attempt."""
    found = re.search(r", line (\d+) in ", report)
    return int(found[1]) if found else None


def _innermost(error: BaseException) -> BaseException:
    """The one error in a group, in a group that has one."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


def _places(error: BaseException) -> Iterator[tuple[types.FrameType, int]]:
    trace = error.__traceback__
    while trace is not None:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


def _is_of_check(error: BaseException) -> bool:
    """Whether it was raised in the check, or in what the check calls."""
    *_, (frame, _line) = _places(error)
    return frame.f_code.co_filename.startswith(OWN)


def _line_of_check(error: BaseException) -> str:
    *_, (frame, line) = _places(error)
    return linecache.getline(frame.f_code.co_filename, line).strip()


def _defined_at(attempt: str, names: list[str]) -> int | None:
    """Where the attempt defines what was checked, if that is one thing: of several any may fail."""
    nodes = [node for node in ast.walk(ast.parse(attempt)) if isinstance(node, Definition)]
    return next((node.lineno for node in nodes if [node.name] == names), None)


def _described(error: BaseException, line: int | None) -> str:
    """The exception as Python names it, and where in the check where the attempt has no part."""
    last = normalise("".join(traceback.format_exception_only(error)).strip())
    if last == type(error).__name__:
        last = f"`{last}` was raised, and nobody caught it."
    in_check = [(f, n) for f, n in _places(error) if f.f_code.co_filename.startswith("<exercise ")]
    if line is not None or not in_check:
        return last
    frame, number = in_check[-1]
    said = linecache.getline(frame.f_code.co_filename, number).strip()
    return f"{last}\n{IN_CHECK.format(said)}"


def _traceback(error: BaseException, line: int | None) -> str:
    return render(without_own_frames(error)) if line is not None else ""

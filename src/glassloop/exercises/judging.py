"""Runs an attempt in the lab, checks it, and says how that ended."""

from __future__ import annotations

import types
from typing import Any

from glassloop.exercises import guard, orders, protected
from glassloop.exercises.exercise import PROGRAM, Exercise
from glassloop.exercises.mistakes import line_in_attempt, verdict_on
from glassloop.exercises.shortcuts import find_shortcut
from glassloop.exercises.verdicts import Verdict
from glassloop.lab import Session
from glassloop.lab.limits import Limit
from glassloop.lab.tracebacks import filename_of, remember_source
from glassloop.trace import Trace

ATTEMPT = "attempt"

# Exercises are small: one that is still at work after so many steps is not going to end.
STEP_LIMIT = 200_000
OUTPUT_LIMIT = 20_000

TOO_LONG = (
    f"Your attempt has not ended after {STEP_LIMIT:,} steps. "
    "Look for a loop whose condition never becomes false."
)
TOO_MUCH = f"Stopped after {OUTPUT_LIMIT:,} characters of output. Look for a loop that never ends."
MISSING = "Your attempt defines no `{}`. Keep the name: the check calls it."


def judge(exercise: Exercise, attempt: str) -> Verdict:
    """The verdict on an attempt. Nothing that the attempt does is raised here."""
    if exercise.form == "order":
        beliefs = {wrong.message: wrong.text.splitlines() for wrong in exercise.attempts}
        return orders.judge_order(exercise.truth, attempt, beliefs)
    shortcut = find_shortcut(attempt, exercise.forbidden)
    if shortcut is not None:
        return Verdict("forbidden", shortcut.message, shortcut.line)
    return _Trial(exercise, attempt).verdict()


def record_attempt(exercise: Exercise, attempt: str) -> Trace:
    """The trace of an attempt while it is checked, without the lines of the check.

    For exercises that ask for an order it is the trace of the program.
    """
    if exercise.form == "order":
        session = Session(lambda stream, text: None)
        result = session.run(exercise.starter, PROGRAM, recorded=True)
        return Trace.read(result.trace.splitlines())
    return _Trial(exercise, attempt).trace()


class _Trial:
    """One run of an attempt and of the check on it."""

    def __init__(self, exercise: Exercise, attempt: str) -> None:
        self._exercise = exercise
        self._attempt = attempt
        self._printed: list[str] = []
        self._guard = guard.Guard()
        self._replaced = ""
        self._ending: Verdict | None = None
        self._line: int | None = None  # where a limit was reached
        self._session = Session(self._write, step_limit=STEP_LIMIT, output_limit=OUTPUT_LIMIT)

    def verdict(self) -> Verdict:
        """Run, and say how it ended."""
        result = self._session.call(self._run, ATTEMPT)
        output = "".join(self._printed)
        if message := self._guard.first:
            return Verdict("forbidden", message, self._line, output)
        if self._replaced:
            return Verdict("forbidden", protected.REPLACED.format(self._replaced), None, output)
        if result.status == "stopped":
            message = TOO_MUCH if result.error == "OutputLimit" else TOO_LONG
            return Verdict("endless", message, self._line, output)
        ending = self._ending or Verdict("error", f"The check ended with {result.error}.")
        return Verdict(ending.kind, ending.message, ending.line, ending.output + output)

    def trace(self) -> Trace:
        """Run recorded."""
        result = self._session.call(self._run, ATTEMPT, recorded=True)
        return Trace.read(result.trace.splitlines())

    def _write(self, stream: str, text: str) -> None:
        if stream in ("out", "err"):
            self._printed.append(text)

    def _run(self, namespace: dict[str, Any]) -> None:
        """What happens in the lab."""
        check = self._check_of_exercise()
        before = protected.Snapshot(check)
        try:
            with self._guard:
                self._ending = self._checked(namespace, check)
        except (Limit, guard.ForbiddenError) as stopped:
            self._line = line_in_attempt(stopped)
            if isinstance(stopped, Limit):
                raise
        finally:
            self._replaced = before.restore()

    def _check_of_exercise(self) -> dict[str, Any]:
        """The namespace of the exercise's file, which its attempt never gets to see."""
        name = self._exercise.name
        module = types.ModuleType(f"exercise {name}")
        file = f"<exercise {name}>"
        remember_source(file, self._exercise.source.text)
        code = compile(self._exercise.source.text, file, "exec", dont_inherit=True, optimize=0)
        exec(code, vars(module))
        return vars(module)

    def _checked(self, namespace: dict[str, Any], check: dict[str, Any]) -> Verdict:
        """Define what the attempt defines, then call the check with it."""
        try:
            exec(self._exercise.prelude, namespace)
            self._define(namespace)
            for name in self._exercise.names:
                if name not in namespace:
                    return Verdict("failed", MISSING.format(name))
            check["check"](*(namespace[name] for name in self._exercise.names))
        except (Limit, guard.ForbiddenError):
            raise
        except BaseException as error:
            return verdict_on(error, self._exercise, self._attempt)
        return Verdict("passed", "")

    def _define(self, namespace: dict[str, Any]) -> None:
        file = filename_of(ATTEMPT)
        remember_source(file, self._attempt)
        exec(compile(self._attempt, file, "exec", dont_inherit=True), namespace)

"""Judges an attempt in a process of its own, where it can harm nothing of ours.

`judge_apart` starts the process, in an empty folder and for so many seconds at most; run as a
module, this is what the process does.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from glassloop.exercises.exercise import Exercise, load
from glassloop.exercises.judging import judge, record_attempt
from glassloop.exercises.verdicts import Verdict
from glassloop.trace import Trace

SECONDS = 20.0
MEMORY = 2_000_000_000  # bytes

TOO_SLOW = (
    f"Your attempt has not ended after {SECONDS:.0f} seconds. "
    "Look for a loop that never ends, or for one inside a call such as `list`."
)
GONE = "Your attempt ended the interpreter that it ran in."


def judge_apart(exercise: Exercise, attempt: str, seconds: float = SECONDS) -> Verdict:
    """The verdict on an attempt, from a process of its own."""
    try:
        answer = _ask(exercise, attempt, "judge", seconds)
    except subprocess.TimeoutExpired:
        return Verdict("endless", TOO_SLOW)
    if answer is None:
        return Verdict("forbidden", GONE)
    return Verdict(**json.loads(answer))


def record_apart(exercise: Exercise, attempt: str, seconds: float = SECONDS) -> Trace | None:
    """The trace of an attempt, from a process of its own; None where it has not come to an end."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        if answer := _ask(exercise, attempt, "record", seconds):
            return Trace.read(answer.splitlines())
    return None


def _ask(exercise: Exercise, attempt: str, what: str, seconds: float) -> str | None:
    question = {"file": exercise.source.text, "name": exercise.name, "attempt": attempt}
    package = str(Path(__file__).parents[2])
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {package!r}); {RUN}", what]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            command,
            input=json.dumps(question).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            timeout=seconds,
        )
    return done.stdout.decode() or None


RUN = "from glassloop.exercises.apart import answer; answer(sys.argv[1])"


def answer(what: str) -> None:
    """Answer one question of `_ask`, on a standard output that the attempt does not have."""
    question = json.loads(sys.stdin.buffer.read())
    _limit_memory()
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        exercise = load(question["file"], question["name"])
        if what == "judge":
            out.write(judge(exercise, question["attempt"]).as_json())
        else:
            out.write(record_attempt(exercise, question["attempt"]).text())


def _limit_memory() -> None:
    """Let the process have no more than `MEMORY`, where the system can see to that."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

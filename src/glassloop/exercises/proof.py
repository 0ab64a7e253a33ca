"""Proves that an exercise is right: what is given fails, the solution passes, mistakes are told.

`python -m glassloop.exercises.proof exercises/02/*.py` prints what is wrong, in this Python;
book/exercises.py does so in the browser's.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from glassloop.exercises.exercise import Attempt, Exercise, load
from glassloop.exercises.judging import judge, record_attempt


def problems_of(exercise: Exercise) -> list[str]:
    """What is wrong with the exercise; nothing where it is right."""
    found = [*_of_texts(exercise), *_of_beginning(exercise), *_of_solution(exercise)]
    for attempt in exercise.attempts:
        found += _of_attempt(exercise, attempt)
    return [f"{exercise.name}: {problem}" for problem in found]


def _of_texts(exercise: Exercise) -> Iterator[str]:
    if not exercise.task.strip():
        yield "has a title and no task"
    if not exercise.hints:
        yield "has no hints"
    if not exercise.attempts:
        yield "knows no wrong attempt"


def _of_beginning(exercise: Exercise) -> Iterator[str]:
    """What a reader is given must fail, in words that help."""
    given = "\n".join(exercise.cards) or exercise.starter
    verdict = judge(exercise, given)
    if verdict.kind == "passed":
        yield "passes as it is given"
    elif exercise.form == "write" and verdict.kind != "failed":
        yield f"answers its starter with: {verdict.kind}, {verdict.message}"


def _of_solution(exercise: Exercise) -> Iterator[str]:
    verdict = judge(exercise, exercise.solution)
    if verdict.kind != "passed":
        yield f"does not pass with its solution: {verdict.message}\n{verdict.output}"
    if not record_attempt(exercise, exercise.solution).events:
        yield "has a solution that cannot be stepped"


def _of_attempt(exercise: Exercise, attempt: Attempt) -> Iterator[str]:
    verdict = judge(exercise, attempt.text)
    if not attempt.message:
        yield f"{attempt.name} has no docstring, which says what message it must earn"
    elif _plain(verdict.message) != _plain(attempt.message):
        yield f"{attempt.name} earns: {verdict.message}\n{verdict.output}"
    if exercise.cards and (more := _cards_of(attempt) - Counter(exercise.cards)):
        yield f"{attempt.name} has cards that are not there: {', '.join(more)}"


def _cards_of(attempt: Attempt) -> Counter[str]:
    return Counter(line.strip() for line in attempt.text.splitlines())


def _plain(message: str) -> str:
    """The message, however its lines are broken."""
    return " ".join(message.split())


def run_json(files: str) -> str:
    """The problems of all files, for callers that speak JSON: names and texts in, a list out."""
    texts = json.loads(files)
    found = [problem for name in texts for problem in problems_of(load(texts[name], name))]
    return json.dumps(found)


if __name__ == "__main__":
    paths = [Path(argument) for argument in sys.argv[1:]]
    texts = {path.stem: path.read_text(encoding="utf-8") for path in paths}
    problems = json.loads(run_json(json.dumps(texts)))
    print("\n".join(problems) or f"{len(paths)} exercises are right")
    sys.exit(bool(problems))

"""What a program prints, for exercises that ask for the order of its lines."""

from __future__ import annotations

from glassloop.exercises.verdicts import Verdict
from glassloop.lab import Session

NAME = "program"


def lines_of(program: str) -> list[str]:
    """The lines that a program prints in the lab."""
    printed: list[str] = []
    Session(lambda stream, text: printed.append(text)).run(program, NAME)
    return "".join(printed).splitlines()


def judge_order(truth: list[str], attempt: str, beliefs: dict[str, list[str]]) -> Verdict:
    """The verdict on an order of lines; `beliefs` are orders that have an explanation."""
    lines, output = attempt.splitlines(), "\n".join(truth) + "\n"
    if lines == truth:
        return Verdict("passed", "", None, output)
    for explanation, order in beliefs.items():
        if lines == order:
            return Verdict("failed", explanation, None, output)
    return Verdict("failed", _how_far(truth, lines), None, output)


def _how_far(truth: list[str], lines: list[str]) -> str:
    if sorted(lines) != sorted(truth):
        return f"The program prints {len(truth)} lines: put all of them in order."
    pairs = zip(truth, lines, strict=True)
    right = next(number for number, (a, b) in enumerate(pairs) if a != b)
    if right == 0:
        return "The first line is another one."
    if right == 1:
        return "The first line is right, the second is not."
    return f"The first {right} lines are right, the next one is not."

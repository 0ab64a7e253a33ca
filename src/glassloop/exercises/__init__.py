"""Exercises: a file of the book becomes a task, an attempt at it becomes a verdict.

`load`, `judge` and `record_attempt` serve the page, the terminal and the notebook alike. The other
names are for the files of exercises: what their checks ask of an attempt.
"""

from glassloop.exercises.attempts import Printed, Supply, at_every_await, nothing_left, seconds
from glassloop.exercises.exercise import Exercise, ExerciseError, load
from glassloop.exercises.judging import judge, record_attempt
from glassloop.exercises.verdicts import Verdict

__all__ = [
    "Exercise",
    "ExerciseError",
    "Printed",
    "Supply",
    "Verdict",
    "at_every_await",
    "judge",
    "load",
    "nothing_left",
    "record_attempt",
    "seconds",
]

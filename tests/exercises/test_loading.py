"""From the file of an exercise to what a reader is given."""

import pytest

from glassloop.exercises import ExerciseError, judge, load

TEXT = '''
"""Twice a `number`.

Write `twice(number)`.
"""

import math
import time
from functools import cache

from glassloop.exercises import seconds

hints = ["Add it to itself."]

given = ["ZERO"]

ZERO = 0


@cache
def twice(
    number: int,
) -> int:
    """Return twice the number."""
    # What is done is not shown.
    return _add(number, number) + ZERO


def _add(a, b):
    return math.floor(a + b)


def check(twice):
    assert twice(2) == 4, f"`twice(2)` should be 4, but is {twice(2)}."


def wrong_square(number):
    """`twice(3)` is not
    what it gives."""
    time.sleep(1)
    return number**2
'''.lstrip()


def test_the_docstring_is_title_and_task():
    exercise = load(TEXT, "twice")
    assert (exercise.title, exercise.task) == ("Twice a `number`", "Write `twice(number)`.\n")
    assert exercise.hints == ["Add it to itself."]


def test_a_starter_has_imports_what_is_given_signature_and_docstring():
    assert load(TEXT, "twice").starter == (
        "from functools import cache\n\n\n"
        "ZERO = 0\n\n\n"
        "@cache\ndef twice(\n    number: int,\n) -> int:\n"
        '    """Return twice the number."""\n    ...\n'
    )


def test_a_solution_brings_what_it_calls():
    solution = load(TEXT, "twice").solution
    assert solution.startswith("import math\nfrom functools import cache\n\n\nZERO = 0\n\n\n@cache")
    assert solution.endswith("\n\n\ndef _add(a, b):\n    return math.floor(a + b)\n")
    assert "seconds" not in solution


def test_a_wrong_attempt_stands_in_the_place_of_the_solution_without_its_message():
    (attempt,) = load(TEXT, "twice").attempts
    assert attempt.message == "`twice(3)` is not what it gives."
    assert attempt.text == (
        "import time\nfrom functools import cache\n\n\nZERO = 0\n\n\n"
        "def twice(number):\n    time.sleep(1)\n    return number**2\n"
    )


def test_a_class_keeps_its_methods_signatures():
    text = '"""T\n\nx\n"""\nclass Lift:\n    """Goes up."""\n\n    floor = 1\n\n'
    text += "    def up(self, by=1):\n        self.floor += by\n\n    async def wait(self):\n"
    text += '        """Wait."""\n        return 1\n\ndef check(Lift):\n    pass\n'
    assert load(text, "lift").starter == (
        'class Lift:\n    """Goes up."""\n\n    def up(self, by=1):\n        ...\n\n'
        '    async def wait(self):\n        """Wait."""\n        ...\n'
    )


PARSONS = '''
"""T

x
"""
import math

form = "parsons"
distractors = ["return 0"]

def area(side):
    """Not on a card."""

    if side:
        return math.pow(side, 2)
    return 0.0

def check(area):
    assert area(3) == 9, "no"
'''.lstrip()


def test_cards_are_shuffled_the_same_way_without_indentation_docstring_and_imports():
    exercise = load(PARSONS, "area")
    assert exercise.cards == load(PARSONS, "area").cards
    assert exercise.cards != load(PARSONS, "another").cards
    lines = ["def area(side):", "if side:", "return math.pow(side, 2)", "return 0.0", "return 0"]
    assert sorted(exercise.cards) == sorted(lines)
    assert exercise.starter == ""
    assert judge(exercise, exercise.solution).kind == "passed"


ORDER = '''
"""T

x
"""
import asyncio

form = "order"

def program():
    """Not shown."""

    async def main():
        print("in")
        await asyncio.sleep(3600)
        print("out")

    asyncio.run(main())
    print("over")

def wrong_at_once():
    """It waits."""
    print("over")
    print("in")
    print("out")
'''.lstrip()


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ("in\nout\nover", ""),
        ("over\nin\nout", "It waits."),
        ("out\nin\nover", "The first line is another one."),
        ("in\nover\nout", "The first line is right, the second is not."),
        ("in\nout", "The program prints 3 lines: put all of them in order."),
    ],
)
def test_an_order_is_judged_by_what_the_program_prints(order: str, message: str, no_running_loop):
    verdict = judge(load(ORDER, "waits"), order)
    assert (verdict.kind, verdict.message) == ("failed" if message else "passed", message)
    assert verdict.output == "in\nout\nover\n"


def test_a_program_is_shown_as_one_of_its_own(no_running_loop):
    exercise = load(ORDER, "waits")
    assert exercise.starter.startswith("import asyncio\n\nasync def main():\n    print(")
    assert exercise.starter.endswith('asyncio.run(main())\nprint("over")\n')
    assert sorted(exercise.cards) == ["in", "out", "over"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x = 1", "begins with no docstring, whose first line is the title"),
        ('"""T"""\ndef f(): pass', "has no function `check`"),
        ('"""T"""\ndef check(lift): pass', "does not define `lift`"),
        ('"""T"""\nform = "sing"\ndef check(): pass', "has the form 'sing'; there are write, "),
        ('"""T"""\nhints = "one"\ndef check(): pass', "has a str for `hints`, not a list"),
        ('"""T"""\nform = "order"', "does not define `program`"),
        ('"""T"""\ndef check(:', "is no Python: "),
    ],
)
def test_a_file_that_is_no_exercise_is_refused_with_what_is_missing(text: str, problem: str):
    with pytest.raises(ExerciseError) as refused:
        load(text, "lift")
    assert str(refused.value).startswith(f"exercise lift {problem}")

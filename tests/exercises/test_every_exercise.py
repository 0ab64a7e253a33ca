"""Every exercise of the book: what is given fails with help, the solution passes, and each wrong
attempt earns its own message."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from glassbook import chapters
from glassbook.exercises import file_of, named_in

from glassloop.exercises import load

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "exercises").glob("*/*.py"))


CHAPTERS = sorted({path.parent.name for path in FILES})


# In a process of its own: each attempt collects its garbage, which takes long beside all tests.
@pytest.mark.each_chapter
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_exercises_of_a_chapter_are_right(chapter: str):
    files = [path for path in FILES if path.parent.name == chapter]
    proof = [sys.executable, "-m", "glassloop.exercises.proof", *files]
    done = subprocess.run(proof, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_exercise_stands_in_the_chapter_of_its_folder_and_nowhere_else():
    named = [
        (path.name[:2], name)
        for path in chapters.all_chapters()
        for name in named_in(path.read_text())
    ]
    assert Counter(named) == Counter((path.parent.name, path.stem) for path in FILES)


def test_names_are_unique_over_the_book():
    for path in FILES:
        assert file_of(path.stem) == path


PUZZLES = {"25"}  # chapters that ask for nothing but orders


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_has_something_to_repair_and_an_order_to_predict(chapter: str):
    exercises = [load(path.read_text(), path.stem) for path in FILES if path.parent.name == chapter]
    forms = {exercise.form for exercise in exercises}
    assert len(exercises) >= 3
    assert forms >= ({"order"} if chapter in PUZZLES else {"order", "repair"})


def test_a_name_says_what_it_is_in_lower_case():
    assert [path.stem for path in FILES if not re.fullmatch(r"[a-z]+(-[a-z]+)*", path.stem)] == []

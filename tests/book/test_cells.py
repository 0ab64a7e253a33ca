"""Every cell of the book runs on this Python and prints what stands under it."""

import sys
from pathlib import Path

import pytest
from glassbook import chapters, running

VERSION = sys.version_info[:2]


@pytest.mark.parametrize("path", chapters.all_chapters(), ids=lambda path: path.stem)
def test_every_cell_prints_what_the_chapter_says(path: Path):
    chapter = chapters.load(path)
    outcomes = running.in_python(sys.executable, chapter, VERSION)
    assert len(outcomes) == len([cell for cell in chapter.cells if cell.python <= VERSION])
    found = running.problems(chapter, outcomes, f"Python {VERSION[0]}.{VERSION[1]}")
    assert not found, "\n".join(found)


def run(text: str) -> list[str]:
    chapter = chapters.parse(text, Path("chapter.md"))
    outcomes = running.in_python(sys.executable, chapter, VERSION)
    return running.problems(chapter, outcomes, "here")


def test_a_missing_output_is_told_with_the_difference():
    (problem,) = run("# Lift\n\n```{code-cell}\nprint(3)\n```\n")
    assert problem == (
        "chapter.md:3: cell `1` on here prints something else than the chapter says\n"
        "--- chapter\n+++ run\n@@ -0,0 +1 @@\n+3"
    )


def test_an_output_that_is_never_printed_is_told():
    (problem,) = run("```{code-cell}\n3 + 4\n```\n```{output}\n7\n8\n```\n")
    assert problem.endswith("@@ -1,2 +1 @@\n 7\n-8")


def test_an_exception_that_nobody_announced_is_told_with_the_remedy():
    (problem,) = run("```{code-cell}\n:name: fall\n1 / 0\n```\n")
    assert problem.startswith(
        "chapter.md:1: cell `fall` on here raises ZeroDivisionError; if it is meant to, give it "
        "`:raises: ZeroDivisionError`\nTraceback"
    )


def test_an_announced_exception_must_come():
    (problem,) = run("```{code-cell}\n:raises: KeyError\n1\n```\n```{output}\n1\n```\n")
    assert problem == "chapter.md:1: cell `1` on here should raise KeyError and raises nothing"


def test_a_cell_for_a_newer_python_is_left_out():
    assert run("```{code-cell}\n:python: 9.0\nbroken(\n```\n") == []

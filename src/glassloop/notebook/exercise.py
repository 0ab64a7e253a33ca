"""`%%exercise NAME`: a notebook's cell is an attempt at an exercise, and is judged.

It runs in a process of its own and leaves nothing in the notebook. `%exercise NAME` puts what there
is to begin with into a new cell.
"""

from __future__ import annotations

from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class

from glassloop.exercises import Exercise, shelf
from glassloop.exercises.apart import judge_apart


@magics_class
class ExerciseMagics(Magics):  # type: ignore[misc,unused-ignore]  # traitlets says Any
    """Finds exercises by their names."""

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        self._shell = shell

    @line_cell_magic
    def exercise(self, line: str, cell: str | None = None) -> None:
        """Judge the cell as an attempt at the exercise that is named."""
        exercise = _named(line.strip())
        if cell is None:
            print(f"{exercise.title}\n\n{exercise.task}")
            begin = exercise.starter if exercise.form != "order" else ""
            text = "\n".join(exercise.cards) + "\n" if exercise.cards else begin
            self._shell.set_next_input(f"%%exercise {exercise.name}\n{text}")
        else:
            print("\n".join(_told(exercise, cell)))


def _named(name: str) -> Exercise:
    if name not in shelf.files():
        raise UsageError(f"There is no exercise {name!r}. They are: {', '.join(shelf.files())}")
    return shelf.find(name)


def _told(exercise: Exercise, attempt: str) -> list[str]:
    """The verdict in lines; lines of the attempt are counted as the notebook counts the cell's."""
    verdict = judge_apart(exercise, attempt)
    place = f" (line {verdict.line + 1})" if verdict.line else ""
    output = verdict.output.splitlines() if exercise.form != "order" else []
    return [*output, "✓ Solved." if verdict.kind == "passed" else f"✗ {verdict.message}{place}"]

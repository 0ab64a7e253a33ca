"""The directive `{exercise} name`: a task to be solved in the page, from its file in `exercises/`.

What stands in the page can be read without JavaScript: the task, what there is to begin with, and
the hints. The file itself goes along, for the reader's own Python to check attempts with.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from glassbook import chapters
from glassloop.exercises import Exercise, ExerciseError, load
from glassloop.exercises.exercise import FORMS

FOLDER = chapters.BOOK.parent / "exercises"


class exercise(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """The whole exercise; its task and its hints are its children."""


class exercise_task(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """What is to be done."""


class exercise_hint(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """One hint, which a reader may open."""


def file_of(name: str, folder: Path = FOLDER) -> Path:
    """The file of an exercise. Raises `LookupError` where there is none, or more than one."""
    found = sorted(folder.glob(f"*/{name}.py"))
    if len(found) != 1:
        raise LookupError(f"there {'is no' if not found else 'is more than one'} exercise {name}")
    return found[0]


def named_in(text: str) -> list[str]:
    """The names of the exercises that a chapter has, in order."""
    opening = "{exercise}"
    infos = [token.info.strip() for token in chapters.directives(text)]
    return [info.removeprefix(opening).strip() for info in infos if info.startswith(opening)]


class ExerciseDirective(SphinxDirective):
    """An exercise, by its name."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        try:
            path = file_of(name)
            found = load(path.read_text(encoding="utf-8"), name)
        except (LookupError, ExerciseError) as error:
            raise ExtensionError(f"{self.get_location()}: {error}") from error
        self.env.note_dependency(str(path))
        node = exercise(name=name, parts=_parts(found), form=found.form, title=found.title)
        self.set_source_info(node)
        node += exercise_task("", *self.parse_text_to_nodes(found.task))
        for number, hint in enumerate(found.hints, 1):
            node += exercise_hint("", *self.parse_text_to_nodes(hint), number=number)
        return [node]


def _parts(found: Exercise) -> dict[str, Any]:
    """The texts that the page needs, so that the node can be kept in a file."""
    return {
        "starter": found.starter,
        "cards": found.cards,
        "solution": "" if found.form == "order" else found.solution,
        "file": found.source.text,
    }


def visit_exercise(self: HTML5Translator, node: exercise) -> None:
    """Open an exercise."""
    name, form = node["name"], node["form"]
    data = {"data-exercise": name, "data-form": form}
    ids = [f"exercise-{name}"]
    self.body.append(self.starttag(node, "div", CLASS="exercise", IDS=ids, **data))
    self.body.append(f'<p class="exercise-kind">Exercise · {FORMS[form]}</p>\n')
    title = _with_code(self.encode(node["title"]))
    self.body.append(f'<h3 class="exercise-title">{title}</h3>\n')


def depart_exercise(self: HTML5Translator, node: exercise) -> None:
    """Close an exercise with what only a script shows: its solution and its file."""
    parts = node["parts"]
    if parts["solution"]:
        solution = self.highlighter.highlight_block(parts["solution"], "python", location=node)
        self.body.append(f'<template class="exercise-solution">{solution}</template>\n')
    # The newline behind <pre> is HTML's own and not part of the text.
    text = self.encode(parts["file"])
    self.body.append(f'<template class="exercise-file"><pre>\n{text}</pre></template>\n</div>\n')


def depart_task(self: HTML5Translator, node: exercise_task) -> None:
    """Close the task; behind it stands what the reader begins with."""
    self.body.append("</div>\n")
    self.body.extend(_beginning(self, node.parent))


def _beginning(self: HTML5Translator, node: exercise) -> Iterator[str]:
    parts = node["parts"]
    if parts["starter"]:
        source = self.highlighter.highlight_block(
            parts["starter"], "python", location=node, linespans=f"line-exercise-{node['name']}"
        )
        yield f'<div class="cell-source">{source}</div>\n'
    if parts["cards"]:
        items = (f"<li><code>{self.encode(card)}</code></li>\n" for card in parts["cards"])
        yield f'<ol class="exercise-cards">\n{"".join(items)}</ol>\n'


def visit_hint(self: HTML5Translator, node: exercise_hint) -> None:
    number = node["number"]
    self.body.append(f'<details class="exercise-hint"><summary>Hint {number}</summary>\n')


def _with_code(text: str) -> str:
    """The text of a title, with what stands between backticks as code."""
    pieces = text.split("`")
    return "".join(f"<code>{each}</code>" if i % 2 else each for i, each in enumerate(pieces))


def setup(app: Sphinx) -> None:
    """Register what this module defines."""
    app.add_node(exercise, html=(visit_exercise, depart_exercise))
    app.add_node(
        exercise_task,
        html=(lambda self, node: self.body.append('<div class="exercise-task">\n'), depart_task),
    )
    app.add_node(
        exercise_hint,
        html=(visit_hint, lambda self, node: self.body.append("</details>\n")),
    )
    app.add_directive("exercise", ExerciseDirective)

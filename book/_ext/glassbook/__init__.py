"""The book's own Sphinx extension: its directives, and what a page needs to be read offline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from glassbook import (
    cells,
    chapters,
    contents,
    cpython,
    exercises,
    notes,
    offline,
    pieces,
    predict,
    traces,
)

LANDMARKS = "landmarks.html"


def check_chapter(app: Sphinx, docname: str, content: list[str]) -> None:
    """Stop at a cell that is not right, before anything is made of it."""
    try:
        chapters.parse(content[0], Path(app.env.doc2path(docname, base=False)))
    except chapters.ChapterError as error:
        raise ExtensionError(str(error)) from error


def name_landmarks(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> str | None:
    """Put the theme's page into our template, which names its landmarks for screen readers."""
    if not (Path(app.srcdir) / "_templates" / LANDMARKS).exists():
        return None
    context["inner_template"] = template
    return LANDMARKS


def setup(app: Sphinx) -> dict[str, Any]:
    """Register all directives."""
    for module in (cells, traces, predict, exercises, notes, cpython, pieces, contents, offline):
        module.setup(app)
    app.connect("source-read", check_chapter)
    app.connect("html-page-context", name_landmarks)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

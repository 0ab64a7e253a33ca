"""Makes the starter of a solution: its signatures and docstrings, with `...` for each body."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from glassloop.exercises.files import Definition, first_line

METHODS = (ast.FunctionDef, ast.AsyncFunctionDef)


def starter_of(solution: str) -> str:
    """The text of a definition without what is to be found."""
    (node,) = ast.parse(solution).body
    assert isinstance(node, Definition)
    return "\n".join(_emptied(node, solution.splitlines()))


def _emptied(node: Definition, lines: list[str]) -> Iterator[str]:
    """The lines of a definition without its body; those of a class keep its methods."""
    yield from lines[first_line(node) - 1 : _before_body(node)]
    if not isinstance(node, ast.ClassDef):
        yield " " * (node.col_offset + 4) + "..."
        return
    for number, method in enumerate(each for each in node.body if isinstance(each, METHODS)):
        if number or ast.get_docstring(node) is not None:
            yield ""
        yield from _emptied(method, lines)


def _before_body(node: Definition) -> int:
    """The last line of the signature, or of the docstring behind it."""
    first = node.body[0]
    if ast.get_docstring(node) is not None:
        return first.end_lineno or 0
    return first_line(first) - 1

"""Finds what an exercise forbids in the text of an attempt, before it runs."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from typing import NamedTuple

# Statements and expressions that an exercise can forbid by these words.
KINDS: dict[str, tuple[type[ast.AST], ...]] = {
    "async for": (ast.AsyncFor,),
    "async with": (ast.AsyncWith,),
    "await": (ast.Await,),
    "class": (ast.ClassDef,),
    "comprehension": (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
    "for": (ast.For, ast.comprehension),
    "while": (ast.While,),
    "with": (ast.With,),
    "yield": (ast.Yield, ast.YieldFrom),
    "yield from": (ast.YieldFrom,),
}


class Shortcut(NamedTuple):
    """Something forbidden, the line where it stands, and what is said of it."""

    line: int
    message: str


def find_shortcut(attempt: str, forbidden: dict[str, str]) -> Shortcut | None:
    """The first thing in the attempt that is forbidden; None too where it is no Python."""
    try:
        tree = ast.parse(attempt)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found = [
        Shortcut(line, message)
        for name, message in forbidden.items()
        for line in _lines_with(tree, name)
    ]
    return min(found, default=None)


def _lines_with(tree: ast.Module, name: str) -> Iterator[int]:
    if name in KINDS:
        yield from (_line_of(node) for node in ast.walk(tree) if isinstance(node, KINDS[name]))
        return
    known = _imported(tree)
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and _full_name(node, known, own) == name:
            yield node.lineno


def _line_of(node: ast.AST) -> int:
    """The line of a node; a `for` within a comprehension knows only that of its parts."""
    place = node.target if isinstance(node, ast.comprehension) else node
    return int(getattr(place, "lineno", 0))


def _imported(tree: ast.Module) -> dict[str, str]:
    """The full name of each imported name."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return names


def _full_name(node: ast.expr, imported: dict[str, str], own: set[str]) -> str:
    """`time.sleep`, however it was imported; `list` where it is the builtin; or nothing."""
    if isinstance(node, ast.Attribute):
        before = _full_name(node.value, imported, own)
        return f"{before}.{node.attr}" if before else ""
    if isinstance(node, ast.Name) and node.id not in own:
        return imported.get(node.id, node.id if hasattr(builtins, node.id) else "")
    return ""

"""The file of an exercise, read as text: its parts, found by their names, and nothing run."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator
from typing import Any

# Names that a file may give a value to, with the type of the value and what it is without one.
SETTINGS: dict[str, tuple[type, Any]] = {
    "form": (str, "write"),
    "hints": (list, []),
    "given": (list, []),  # names of what stands ready in the starter, above the reader's part
    "distractors": (list, []),  # lines that are no part of the solution
    "forbidden": (dict, {}),  # names and kinds of statement, each with what to say of it
}

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Import = ast.Import | ast.ImportFrom


class ExerciseError(Exception):
    """A file that is no exercise, and what is to be put right in it."""


class Source:
    """The parts of a file: title and task, settings, imports, definitions."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
        self._lines = text.splitlines()
        tree = ast.parse(text, f"{name}.py")
        title, _, task = (ast.get_docstring(tree) or "").partition("\n")
        self.title, self.task = title.strip().rstrip("."), task.strip() + "\n"
        self.imports = [node for node in tree.body if isinstance(node, Import)]
        self.definitions = {node.name: node for node in tree.body if isinstance(node, Definition)}
        self._values = dict(_assignments(tree))
        if not self.title:
            raise self.error("begins with no docstring, whose first line is the title")

    def error(self, problem: str) -> ExerciseError:
        """An error that names this file."""
        return ExerciseError(f"exercise {self.name} {problem}")

    def setting(self, name: str) -> Any:
        """The value of a setting. Raises `ExerciseError` where it is of another type."""
        kind, default = SETTINGS[name]
        if name not in self._values:
            return default
        value = ast.literal_eval(self._values[name].value)
        if not isinstance(value, kind):
            raise self.error(f"has a {type(value).__name__} for `{name}`, not a {kind.__name__}")
        return value

    def parameters(self, function: str) -> list[str]:
        """The parameters of a function of the file. Raises `ExerciseError` where it is missing."""
        node = self.definitions.get(function)
        if not isinstance(node, ast.FunctionDef):
            raise self.error(f"has no function `{function}`")
        return [argument.arg for argument in node.args.args]

    def named(self, prefix: str) -> list[str]:
        """The names of the definitions that begin so, in order."""
        return [name for name in self.definitions if name.startswith(prefix)]

    def docstring(self, name: str) -> str:
        """The docstring of a definition, on one line where it was one paragraph."""
        text = ast.get_docstring(self.definitions[name]) or ""
        return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))

    def source_of(self, name: str) -> str:
        """The text of a definition, or of the line that gives a name its value."""
        if name in self.definitions:
            return self._slice(first_line(self.definitions[name]), self.definitions[name])
        if name in self._values:
            return self._slice(self._values[name].lineno, self._values[name])
        raise self.error(f"does not define `{name}`")

    def without_docstring(self, name: str) -> str:
        """The text of a definition without its docstring."""
        node = self.definitions[name]
        lines = self.source_of(name).splitlines()
        if ast.get_docstring(node) is not None:
            first, string = first_line(node), node.body[0]
            del lines[string.lineno - first : (string.end_lineno or 0) - first + 1]
        return "\n".join(lines).rstrip()

    def body_of(self, function: str) -> str:
        """The text of a function's body, as it would stand in a program of its own."""
        node = self.definitions[function]
        first = node.body[1] if ast.get_docstring(node) is not None else node.body[0]
        return inspect.cleandoc("\n" + self._slice(first_line(first), node.body[-1]))

    def imports_for(self, text: str) -> str:
        """Those import lines of the file that `text` makes use of."""
        used = names_in(text)
        kept = (_narrowed(node, used) for node in self.imports)
        return "\n".join(ast.unparse(node) for node in kept if node.names)

    def _slice(self, first: int, last: ast.stmt) -> str:
        return "\n".join(self._lines[first - 1 : last.end_lineno])


def names_in(text: str) -> set[str]:
    """The names that a text of Python uses."""
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}


def _assignments(tree: ast.Module) -> Iterator[tuple[str, ast.Assign]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node


def first_line(node: ast.stmt) -> int:
    """Where a statement begins, its decorators included."""
    decorators: Iterable[ast.expr] = getattr(node, "decorator_list", ())
    return min([node.lineno, *(each.lineno for each in decorators)])


def _narrowed(node: Import, used: set[str]) -> Import:
    """The import with those names alone that are used; nothing of our own is shown."""
    kept = [alias for alias in node.names if (alias.asname or alias.name).partition(".")[0] in used]
    if isinstance(node, ast.Import):
        return ast.Import(kept)
    own = (node.module or "").startswith("glassloop.exercises")
    return ast.ImportFrom(node.module, [] if own else kept, node.level)

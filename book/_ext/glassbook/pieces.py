"""The source of `glassloop.aio` in pieces, and the directive `{listing}` that shows one.

A module falls into pieces without any mark in its source: its head (docstring and imports), then
for each statement behind it one piece, and for a class its head and each of its methods. The book
shows every piece once; `with_only` makes a module of those that a reader has seen so far.
"""

from __future__ import annotations

import ast
import difflib
import textwrap
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from glassbook import chapters

AIO = Path(__file__).parents[3] / "src" / "glassloop" / "aio"


class folded(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """Listings that can be opened under their title."""


HEAD = "(head)"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Piece:
    """Some lines of a module; `first` and `last` are counted from 1 and both belong to it."""

    module: str
    name: str
    first: int
    last: int
    text: str

    @property
    def address(self) -> str:
        """What `{listing}` calls it: `futures::Future.cancel`."""
        return f"{self.module}::{self.name}"

    @property
    def shown(self) -> str:
        """The text as it is shown, without the indentation and blank lines around it."""
        return textwrap.dedent(self.text).strip("\n") + "\n"


def pieces_of(module: str, package: Path = AIO) -> list[Piece]:
    """The pieces of a module, in order; together they are its whole text."""
    text = (package / f"{module}.py").read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    starts = _starts(ast.parse(text), lines)
    ends = [first - 1 for first, _ in starts[1:]] + [len(lines)]
    return [
        Piece(module, name, first, last, "".join(lines[first - 1 : last]))
        for (first, name), last in zip(starts, ends, strict=True)
    ]


def modules(package: Path = AIO) -> list[str]:
    """The names of the modules that fall into pieces."""
    return sorted(path.stem for path in package.glob("*.py"))


def find(address: str, package: Path = AIO) -> Piece:
    """The piece at `module::name`. Raises `LookupError` with the name that is near."""
    module, separator, name = address.partition("::")
    if not separator:
        raise LookupError(
            f"{{listing}} takes module::piece, as futures::Future.cancel, not {address}"
        )
    if module not in modules(package):
        raise LookupError(f"glassloop.aio has no module {module}{_near(module, modules(package))}")
    pieces = {piece.name: piece for piece in pieces_of(module, package)}
    if name not in pieces:
        near = _near(name, list(pieces))
        raise LookupError(f"there is no piece {name} in glassloop.aio.{module}{near}")
    return pieces[name]


def listed(text: str) -> list[str]:
    """The addresses that a chapter's listings name, in order."""
    found = []
    for token in chapters.directives(text):
        if token.info.startswith("{listing}"):
            argument = token.info.removeprefix("{listing}").strip()
            found += _lines(token.content.splitlines()) or [argument]
    return found


def _lines(content: Iterable[str]) -> list[str]:
    return [line.strip() for line in content if line.strip()]


# Packages of some pieces -------------------------------------------------------------------


def write_package(folder: Path, shown: Collection[str], package: Path = AIO) -> None:
    """Write the modules as far as their pieces are `shown` (by address) into a folder.

    A module's head is always there, but it imports nothing that is not shown.
    """
    folder.mkdir(parents=True)
    for module in modules(package):
        (folder / f"{module}.py").write_text(with_only(module, shown, package), encoding="utf-8")


def with_only(module: str, shown: Collection[str], package: Path = AIO) -> str:
    """A module's source, made of its head and of its pieces whose addresses are `shown`."""
    head, *rest = pieces_of(module, package)
    kept = [piece.text for piece in rest if piece.address in shown]
    return "".join([_with_imports_of(head.text, shown, package), *kept])


def _with_imports_of(head: str, shown: Collection[str], package: Path) -> str:
    tree = ast.parse(head)
    known = set(modules(package))
    for statement in list(tree.body):
        if isinstance(statement, ast.ImportFrom) and statement.level and statement.module in known:
            names = _names_in(statement.module, shown)
            statement.names = [alias for alias in statement.names if alias.name in names]
            if not statement.names:
                tree.body.remove(statement)
    return ast.unparse(tree) + "\n"


def _names_in(module: str, shown: Collection[str]) -> set[str]:
    """What can be imported from a module of which these pieces are shown."""
    own = [address.partition("::")[2] for address in shown if address.startswith(f"{module}::")]
    return {name.strip() for piece in own for name in piece.split(",")}


def _starts(tree: ast.Module, lines: list[str]) -> list[tuple[int, str]]:
    """For each piece its first line and its name; comments above a statement belong to it."""
    starts = [(1, HEAD)]
    for statement in tree.body[_length_of_head(tree) :]:
        starts.append((_first_line(statement, lines), _name_of(statement)))
        if isinstance(statement, ast.ClassDef):
            starts += [
                (_first_line(member, lines), f"{statement.name}.{member.name}")
                for member in statement.body
                if isinstance(member, Function)
            ]
    return _told_apart(starts)


def _length_of_head(tree: ast.Module) -> int:
    """How many statements make up the head: the docstring, the imports, what is for types only."""
    for count, statement in enumerate(tree.body):
        is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        is_import = isinstance(statement, ast.Import | ast.ImportFrom)
        is_for_types = isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.dump(statement.test)
        if not (is_text or is_import or is_for_types):
            return count
    return len(tree.body)


def _first_line(statement: ast.stmt, lines: list[str]) -> int:
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
    above = first - 1
    while above and (not lines[above - 1].strip() or lines[above - 1].lstrip().startswith("#")):
        above -= 1
        if lines[above].strip():
            first = above + 1
    return first


def _name_of(statement: ast.stmt) -> str:
    if isinstance(statement, Function | ast.ClassDef):
        return statement.name
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return ", ".join(ast.unparse(target).strip("()") for target in targets)
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return f"{ast.unparse(statement.value.func)}(…)"
    return ast.unparse(statement).partition("\n")[0].rstrip(":")


def _told_apart(starts: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Pieces of one name (a property and its setter) are numbered from the second one on."""
    seen: dict[str, int] = {}
    apart = []
    for first, name in starts:
        seen[name] = seen.get(name, 0) + 1
        apart.append((first, name if seen[name] == 1 else f"{name} ({seen[name]})"))
    return apart


def _near(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {near[0]}?" if near else ""


class Listing(SphinxDirective):
    """A piece of the loop that the book builds, with the place where it stands.

    With a content it is a list of pieces, folded away under the argument as their title.
    """

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        addresses = _lines(self.content)
        if not addresses:
            return [self._show(self.arguments[0])]
        details = folded("", title=self.arguments[0])
        for address in addresses:
            details += self._show(address)
        return [details]

    def _show(self, address: str) -> nodes.Node:
        try:
            piece = find(address)
        except LookupError as error:
            raise ExtensionError(f"{self.get_location()}: {error}") from error
        self.env.note_dependency(str(AIO / f"{piece.module}.py"))
        block = nodes.literal_block(piece.shown, piece.shown, language="python")
        where = nodes.paragraph(
            "",
            f"glassloop/aio/{piece.module}.py, line {piece.first}",
            classes=["listing-source"],
        )
        return nodes.container("", block, where, classes=["listing"])


def _open_details(translator: HTML5Translator, node: folded) -> None:
    title = translator.encode(node["title"])
    translator.body.append(f'<details class="listings"><summary>{title}</summary>')


def _close_details(translator: HTML5Translator, node: folded) -> None:
    translator.body.append("</details>")


def setup(app: Sphinx) -> None:
    """Register what this module defines."""
    app.add_node(folded, html=(_open_details, _close_details))
    app.add_directive("listing", Listing)

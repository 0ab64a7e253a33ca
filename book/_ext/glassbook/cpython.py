"""The directive `{cpython} module::object`: source of the standard library, as it is running.

A second name, after a space, is that of a part that some versions have and others do not.

The text is taken from the interpreter that builds the book and never stands in the repository.
It is cut from the module's file, since `inspect` knows no source of modules that are frozen.
"""

from __future__ import annotations

import ast
import platform
import sysconfig
import textwrap
from contextlib import suppress
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

SOURCE = "https://github.com/python/cpython/blob/v{version}/Lib/{file}#L{first}-L{last}"
Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
LICENCE = "https://docs.python.org/3/license.html"


class CPython(SphinxDirective):
    """A function, class or method of the standard library, with a link to its tagged source."""

    required_arguments = 1
    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        name, *parts = self.arguments
        try:
            found = [find(name)]
        except LookupError as error:
            raise ExtensionError(f"{self.get_location()}: {error}") from error
        with suppress(LookupError):
            found += map(find, parts)
        return [_shown(*each) for each in found]


def _shown(source: str, file: str, first: int) -> nodes.container:
    block = nodes.literal_block(source, source, language="python", classes=["cpython"])
    return nodes.container("", block, _caption(source, file, first), classes=["cpython"])


def find(name: str) -> tuple[str, str, int]:
    """Source, file below `Lib/` and first line of `module::object`. Raises `LookupError`."""
    module, separator, path = name.partition("::")
    if not separator:
        raise LookupError(f"{{cpython}} takes module::object, as asyncio.tasks::gather, not {name}")
    library = Path(sysconfig.get_path("stdlib"))
    stem = library.joinpath(*module.split("."))
    file = next((f for f in (stem.with_suffix(".py"), stem / "__init__.py") if f.exists()), None)
    if file is None:
        raise LookupError(f"the standard library has no Python source for the module {module}")
    text = file.read_text(encoding="utf-8")
    node: ast.AST = ast.parse(text)
    for part in path.split("."):
        node = _member(node, part, name)
    assert isinstance(node, Definition)
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    lines = text.splitlines(keepends=True)[first - 1 : node.end_lineno]
    return textwrap.dedent("".join(lines)), file.relative_to(library).as_posix(), first


def _member(node: ast.AST, part: str, name: str) -> ast.AST:
    for child in getattr(node, "body", []):
        if isinstance(child, Definition) and child.name == part:
            return child
    raise LookupError(
        f"no class or function {part} for {name} in CPython {platform.python_version()}"
    )


def _caption(source: str, file: str, first: int) -> nodes.paragraph:
    version = platform.python_version()
    last = first + source.count("\n") - 1
    where = SOURCE.format(version=version, file=file, first=first, last=last)
    return nodes.paragraph(
        "",
        "",
        nodes.reference("", f"CPython {version}, Lib/{file}, line {first}", refuri=where),
        nodes.Text(". Copyright Python Software Foundation, "),
        nodes.reference("", "PSF License", refuri=LICENCE),
        nodes.Text("."),
        classes=["cpython-source"],
    )


def setup(app: Sphinx) -> None:
    """Register what this module defines."""
    app.add_directive("cpython", CPython)

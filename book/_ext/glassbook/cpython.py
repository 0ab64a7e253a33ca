"""The directive `{cpython} module::object`: source of the standard library, as it is running.

The text is taken from the interpreter that builds the book and never stands in the repository.
"""

from __future__ import annotations

import importlib
import inspect
import platform
import sysconfig
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

SOURCE = "https://github.com/python/cpython/blob/v{version}/Lib/{file}#L{first}-L{last}"
LICENCE = "https://docs.python.org/3/license.html"


class CPython(SphinxDirective):
    """A function, class or method of the standard library, with a link to its tagged source."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        try:
            source, file, first = find(self.arguments[0])
        except LookupError as error:
            raise ExtensionError(f"{self.get_location()}: {error}") from error
        block = nodes.literal_block(source, source, language="python", classes=["cpython"])
        return [nodes.container("", block, _caption(source, file, first), classes=["cpython"])]


def find(name: str) -> tuple[str, str, int]:
    """Source, file below `Lib/` and first line of `module::object`. Raises `LookupError`."""
    module_name, separator, path = name.partition("::")
    if not separator:
        raise LookupError(f"{{cpython}} takes module::object, as in asyncio.tasks::gather, not {name!r}")
    try:
        found: Any = importlib.import_module(module_name)
        for attribute in path.split("."):
            found = getattr(found, attribute)
        lines, first = inspect.getsourcelines(found)
        file = Path(inspect.getsourcefile(found) or "")
    except (ImportError, AttributeError, TypeError, OSError) as error:
        raise LookupError(f"the standard library has no Python source for {name}: {error}") from error
    return inspect.cleandoc("\n" + "".join(lines)), _below_lib(file), first


def _below_lib(file: Path) -> str:
    library = Path(sysconfig.get_path("stdlib")).resolve()
    return file.resolve().relative_to(library).as_posix()


def _caption(source: str, file: str, first: int) -> nodes.paragraph:
    version = platform.python_version()
    last = first + source.count("\n")
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

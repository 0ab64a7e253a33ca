"""Who may import whom: each layer is read as text, and its imports are held against this table."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "glassloop"

# Each part of the package, with the parts that it may import besides itself.
MAY_IMPORT = {
    "__init__": {"notebook"},  # IPython asks the package itself for its extension
    "aio": set(),
    "trace": {"notebook"},  # once, where a notebook asks a trace to show itself
    "notebook": {"trace", "exercises"},
    "lab": {"trace"},
    "exercises": {"lab", "trace"},
    "server": {"aio"},
    "workbench": {"trace", "exercises"},
    "cli": {"__init__", "aio", "trace", "lab", "exercises", "server", "workbench"},
}
# Only what runs outside the browser may use packages of others.
OTHERS = {
    "server": {"starlette", "uvicorn"},
    "workbench": {"watchfiles"},
    "notebook": {"IPython", "anywidget", "traitlets"},
}


def imports_of(source: Path, package: str = "") -> Iterator[str]:
    """The full names that a file imports, wherever in it; `package` is what its dots start from."""
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: package.count(".") + 2 - node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{name.name}" for name in node.names)


def part_of(name: str) -> str:
    """The part of glassloop that a full name belongs to: glassloop.lab.clock is in lab."""
    part = name.split(".")[1] if "." in name else "__init__"
    return part if part in MAY_IMPORT else "__init__"


def package_files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports_by_kind(source: Path, package: str = "") -> tuple[set[str], set[str]]:
    """The parts of glassloop that a file imports, and the packages of others."""
    names = set(imports_of(source, package))
    own = {part_of(name) for name in names if name.split(".")[0] == "glassloop"}
    tops = {name.split(".")[0] for name in names} - {"glassloop"}
    return own, tops - sys.stdlib_module_names


@pytest.mark.parametrize("source", package_files(), ids=relative)
def test_a_part_imports_only_what_its_layer_may(source: Path) -> None:
    inside = source.relative_to(PACKAGE)
    part = inside.parts[0].removesuffix(".py")
    assert part in MAY_IMPORT, f"{part} is a new part: say in MAY_IMPORT what it may import"
    own, others = imports_by_kind(source, ".".join(["glassloop", *inside.parent.parts]))
    assert own - {part} <= MAY_IMPORT[part]
    assert others <= OTHERS.get(part, set())


def test_only_a_notebook_makes_the_trace_import_what_notebooks_need() -> None:
    asking = [
        relative(source)
        for source in package_files()
        if source.parent.name == "trace" and "notebook" in imports_by_kind(source)[0]
    ]
    assert asking == ["src/glassloop/trace/events.py"]
    loaded = "import sys, glassloop.trace; print('glassloop.notebook' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", loaded], capture_output=True, check=True, text=True)
    assert ran.stdout == "False\n"


def test_the_book_runs_cells_through_the_lab_and_reads_exercises() -> None:
    for source in (ROOT / "book" / "_ext").rglob("*.py"):
        own, _ = imports_by_kind(source)
        assert own <= {"lab", "exercises"}, relative(source)


def test_an_exercise_imports_what_a_reader_may() -> None:
    sources = sorted((ROOT / "exercises").rglob("*.py"))
    assert sources
    for source in sources:
        own, others = imports_by_kind(source)
        assert (own - {"aio", "exercises"}, others) == (set(), set()), relative(source)


@pytest.mark.parametrize(
    ("line", "package", "names"),
    [
        ("import glassloop.lab", "", {"glassloop.lab"}),
        ("from glassloop import aio as asyncio", "", {"glassloop.aio"}),
        ("from . import clock", "glassloop.lab", {"glassloop.lab.clock"}),
        ("from .clock import Clock", "glassloop.lab", {"glassloop.lab.clock.Clock"}),
        ("from ..trace import Trace", "glassloop.lab", {"glassloop.trace.Trace"}),
        ("def later():\n    import uvicorn", "", {"uvicorn"}),
    ],
)
def test_an_import_is_seen_however_it_is_written(
    tmp_path: Path, line: str, package: str, names: set[str]
) -> None:
    source = tmp_path / "module.py"
    source.write_text(line)
    assert set(imports_of(source, package)) == names

"""The same program gives the same trace on every Python: this one's is compared with 3.14's.

Python 3.14 is the browser's, run once under Node for all programs. What may differ is in
`normal_form`, with the reasons, and in FORMAT.md.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from consistent import check, check_end
from glassbook import chapters
from machine import PATH, find_node
from normal_form import normal_form
from version_cells import cells_that_differ, cells_with_own_rules
from version_programs import PROGRAMS

from glassloop.lab import batch
from glassloop.trace import Trace

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"

# Frames keep their variables in a dictionary up to Python 3.12, and then in a proxy, which is what
# a variable that holds them is then told to be. Such cells are run, and not compared.
READS_LOCALS = re.compile(r"f_locals|\blook\(")

# Programs that are also run on our asyncio, which the browser's Python has to import meanwhile.
ON_OURS = ("lock and semaphore", "queue", "cancellation", "a task group that fails")
ON_OURS += ("asynchronous generator", "a conversation", "one loop after another")

# Each is run in a session of its own: cells in the form of `glassloop.lab.batch`.
Cells = list[batch.Cell]


def recorded_cell(name: str, source: str, recorded: bool = True) -> batch.Cell:
    """A cell that is recorded on the simulated machine."""
    return {"name": name, "source": source, "simulate": True, "recorded": recorded}


def all_runs() -> dict[str, Cells]:
    """Programs, and the cells of the book, by a name for each."""
    runs = {name: [recorded_cell(name, source)] for name, source in PROGRAMS.items()}
    for name in ON_OURS:
        ours = "from glassloop import aio as asyncio\n"
        source = PROGRAMS[name].replace("import asyncio\n", ours)
        runs[f"{name}, on ours"] = [recorded_cell(name, source)]
    for path in chapters.all_chapters():
        if path.parent == BOOK:
            continue  # a page of its own, with programs that are not meant to end well
        runs[path.stem] = [
            {
                **recorded_cell(f"{path.name[:2]}/{cell.name}", cell.source),
                "recorded": not READS_LOCALS.search(cell.source),
            }
            for cell in chapters.load(path).cells
            if cell.simulated and cell.python <= sys.version_info[:2]
        ]
    return runs


RUNS = all_runs()
CHAPTERS = {path.stem for path in chapters.all_chapters()}

each_run = pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.each_chapter] * (name in CHAPTERS)) for name in RUNS],
)


@pytest.fixture(scope="module")
def in_a_browser(request: pytest.FixtureRequest) -> dict[str, list[Trace]]:
    """The traces of the cells on the browser's Python, by the name of the run."""
    asked = {
        item.callspec.params.get("name")
        for item in request.session.items
        if hasattr(item, "callspec")
    }
    runs = {name: cells for name, cells in RUNS.items() if name in asked}
    node = find_node()
    if node is None or not (ROOT / "web" / "node_modules" / "pyodide").is_dir():
        pytest.skip("there is no Node, or no Pyodide in web/node_modules: `make test` brings both")
    done = subprocess.run(
        [node, str(ROOT / "web" / "tools" / "run-cells.mjs")],
        input=json.dumps({"source": str(ROOT / "src"), "chapters": list(runs.values())}),
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PATH": PATH},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return {
        name: traces_of(outcomes)
        for name, outcomes in zip(runs, json.loads(done.stdout), strict=True)
    }


def traces_of(outcomes: Sequence[batch.Outcome]) -> list[Trace]:
    """The traces of a run's cells."""
    return [Trace.read(cell["trace"].splitlines()) for cell in outcomes if "trace" in cell]


@each_run
def test_the_trace_is_the_browsers(name: str, in_a_browser: dict[str, list[Trace]]) -> None:
    # Sets of tasks are in the order of their addresses: what another run does not show is no
    # difference between versions.
    for _ in range(3):
        found = differences(name, in_a_browser[name])
        if not found:
            break
    assert not found, "\n".join(found.values())


def differences(name: str, others: list[Trace]) -> dict[str, str]:
    """The cells of a run, made anew, whose traces differ from the others, with the first lines."""
    here = traces_of(run_by_itself(RUNS[name]))
    known = cells_that_differ(sys.version_info)
    found = {
        cell: difference(mine, other)
        for cell, mine, other in zip(recorded(name), here, others, strict=True)
        if cell not in known
    }
    return {cell: text for cell, text in found.items() if text}


@each_run
def test_each_event_in_the_browser_is_possible(
    name: str, in_a_browser: dict[str, list[Trace]]
) -> None:
    for cell, trace in zip(recorded(name), in_a_browser[name], strict=True):
        assert trace.python.startswith("3.14.")
        if cell not in cells_with_own_rules():
            checker = check(trace)
            if trace.cut is None:
                check_end(checker)


def run_by_itself(cells: Cells) -> list[batch.Outcome]:
    """The outcomes of a run in a process of its own, where garbage is collected at its own time."""
    command = [sys.executable, "-m", "glassloop.lab.batch"]
    done = subprocess.run(command, input=json.dumps(cells), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def recorded(name: str) -> list[str]:
    """The names of the cells of a run that give a trace."""
    return [cell["name"] for cell in RUNS[name] if cell["recorded"]]


def test_the_cells_that_are_said_to_differ_are_in_the_book() -> None:
    names = {
        f"{path.name[:2]}/{cell.name}"
        for path in chapters.all_chapters()
        for cell in chapters.load(path).cells
    }
    assert cells_that_differ((3, 11)) | cells_with_own_rules() <= names


def test_a_difference_that_no_version_explains_is_found() -> None:
    source = "async def nap():\n    yield\nnap()\n"
    one, other = (traces_of(batch.run([recorded_cell("nap", source)]))[0] for _ in range(2))
    assert difference(one, other) == ""
    del other.events[-1]
    assert '"return"' in difference(one, other)


def difference(one: Trace, other: Trace) -> str:
    """The first lines in which the normal forms of two traces differ, or nothing."""
    rows = [
        [json.dumps(event, sort_keys=True) for event in normal_form(trace)]
        for trace in (one, other)
    ]
    found = difflib.unified_diff(*rows, one.python, other.python, lineterm="", n=2)
    return "\n".join(list(found)[:30])

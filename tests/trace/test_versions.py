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
from version_programs import PROGRAMS

from glassloop.lab import batch
from glassloop.trace import Trace

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"

# Frames keep their variables in a dictionary up to Python 3.12, and then in a proxy, which is what
# a variable that holds them is then told to be. Such cells are run, and not compared.
READS_LOCALS = re.compile(r"f_locals|\blook\(")

# Each is run in a session of its own: cells in the form of `glassloop.lab.batch`.
Cells = list[batch.Cell]


def recorded_cell(name: str, source: str, recorded: bool = True) -> batch.Cell:
    """A cell that is recorded on the simulated machine."""
    return {"name": name, "source": source, "simulate": True, "recorded": recorded}


def all_runs() -> dict[str, Cells]:
    """Programs, and the cells of the book, by a name for each."""
    runs = {name: [recorded_cell(name, source)] for name, source in PROGRAMS.items()}
    for path in chapters.all_chapters():
        if path.parent == BOOK:
            continue  # a page of its own, with programs that are not meant to end well
        runs[path.stem] = [
            {
                **recorded_cell(cell.name, cell.source),
                "recorded": not READS_LOCALS.search(cell.source),
            }
            for cell in chapters.load(path).cells
            if cell.simulated and cell.python <= sys.version_info[:2]
        ]
    return runs


RUNS = all_runs()


@pytest.fixture(scope="module")
def in_a_browser() -> dict[str, list[Trace]]:
    """The traces of all cells on the browser's Python, by the name of the run."""
    node = find_node()
    if node is None or not (ROOT / "web" / "node_modules" / "pyodide").is_dir():
        pytest.skip("there is no Node, or no Pyodide in web/node_modules: `make test` brings both")
    done = subprocess.run(
        [node, str(ROOT / "web" / "tools" / "run-cells.mjs")],
        input=json.dumps({"source": str(ROOT / "src"), "chapters": list(RUNS.values())}),
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PATH": PATH},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return {
        name: traces_of(outcomes)
        for name, outcomes in zip(RUNS, json.loads(done.stdout), strict=True)
    }


def traces_of(outcomes: Sequence[batch.Outcome]) -> list[Trace]:
    """The traces of a run's cells."""
    return [Trace.read(cell["trace"].splitlines()) for cell in outcomes if "trace" in cell]


@pytest.mark.parametrize("name", RUNS)
def test_the_trace_is_the_browsers(name: str, in_a_browser: dict[str, list[Trace]]) -> None:
    here = traces_of(batch.run(RUNS[name]))
    for mine, other in zip(here, in_a_browser[name], strict=True):
        assert difference(mine, other) == ""


@pytest.mark.parametrize("name", RUNS)
def test_each_event_in_the_browser_is_possible(
    name: str, in_a_browser: dict[str, list[Trace]]
) -> None:
    for trace in in_a_browser[name]:
        assert trace.python.startswith("3.14.")
        check_end(check(trace))


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

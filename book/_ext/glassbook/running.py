"""Runs the cells of chapters in other Pythons: an installed one, or the browser's.

Nothing is imported from the lab here. It runs in the Python that is asked for, whatever Python
asks.
"""

from __future__ import annotations

import difflib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from glassbook.chapters import Cell, Chapter

ROOT = Path(__file__).parents[3]
SOURCE = ROOT / "src"
RUN_CELLS = ROOT / "web" / "tools" / "run-cells.mjs"

# A cell's outcome as glassloop.lab.batch gives it: name, text, status, error, and its trace.
Outcome = dict[str, str]


def in_python(
    python: str | Path,
    chapter: Chapter,
    version: tuple[int, ...],
    *,
    traces: bool = False,
    source: Path = SOURCE,
) -> list[Outcome]:
    """The outcomes of all cells that `python`, of this version, can run.

    With `traces` the cells that ask for a trace are recorded. `source` is the folder that the
    package is imported from.
    """
    cells = [_request(cell, traces) for cell in chapter.cells if cell.python <= version]
    return json.loads(_run([str(python), "-m", "glassloop.lab.batch"], cells, source))


def in_pyodide(
    node: str | Path, chapters: Sequence[Chapter], *, traces: bool = False
) -> list[list[Outcome]]:
    """The same of all cells that a browser can run, chapter by chapter."""
    requests = [
        [_request(cell, traces) for cell in chapter.cells if cell.simulated] for chapter in chapters
    ]
    question = {"source": str(SOURCE), "chapters": requests}
    return json.loads(_run([str(node), str(RUN_CELLS)], question))


def problems(chapter: Chapter, outcomes: list[Outcome], where: str) -> list[str]:
    """What is wrong with `outcomes`, each problem with file, line and difference."""
    cells = {cell.name: cell for cell in chapter.cells}
    found = []
    for outcome in outcomes:
        cell = cells[outcome["name"]]
        place = f"{chapter.path}:{cell.first + 1}: cell `{cell.name}` on {where}"
        if ending := wrong_ending(cell, outcome):
            found.append(f"{place} {ending}")
        elif difference := _difference(cell, outcome):
            found.append(f"{place} prints something else than the chapter says\n{difference}")
    return found


def wrong_ending(cell: Cell, outcome: Outcome) -> str:
    """What is wrong with how the cell ended; empty where it ended as it is meant to."""
    error, expected = outcome["error"], cell.options.get("raises", "")
    if error == expected:
        return ""
    if expected:
        return f"should raise {expected} and {f'raises {error}' if error else 'raises nothing'}"
    return f"raises {error}; if it is meant to, give it `:raises: {error}`\n{outcome['text']}"


def _difference(cell: Cell, outcome: Outcome) -> str:
    recorded = cell.output.text if cell.output else ""
    if recorded.strip("\n") == outcome["text"].strip("\n"):
        return ""
    lines = difflib.unified_diff(
        recorded.splitlines(), outcome["text"].splitlines(), "chapter", "run", lineterm=""
    )
    return "\n".join(lines)


def _request(cell: Cell, traces: bool) -> dict[str, Any]:
    recorded = traces and cell.traced
    return {
        "name": cell.name,
        "source": cell.source,
        "simulate": cell.simulated,
        "recorded": recorded,
    }


def _run(command: list[str], question: Any, source: Path = SOURCE) -> str:
    environment = dict(os.environ, PYTHONPATH=str(source), PYTHONHASHSEED="0")
    done = subprocess.run(
        command, input=json.dumps(question), capture_output=True, text=True, env=environment
    )
    if done.returncode:
        sys.exit(f"{command[0]} could not run the cells:\n{done.stderr}")
    return done.stdout

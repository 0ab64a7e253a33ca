"""All cells of a chapter in one go: JSON in, JSON out.

The same call serves the tests, on any Python (`python -m glassloop.lab.batch < cells.json`),
and `make outputs`, in Pyodide.
"""

from __future__ import annotations

import json
import os
import sys
from typing import NotRequired, TypedDict

from glassloop.lab.session import Session
from glassloop.trace.events import Depth


class Cell(TypedDict):
    """A cell to be run; with `simulate` false it runs on the real operating system."""

    name: str
    source: str
    simulate: bool
    recorded: NotRequired[bool]
    depth: NotRequired[Depth]


class Outcome(TypedDict):
    """All that a cell printed, in order, how it ended, and its trace (see `session.Result`)."""

    name: str
    text: str
    status: str
    error: str
    trace: NotRequired[str]


def run(cells: list[Cell]) -> list[Outcome]:
    """Run `cells` in order in one session."""
    printed: list[str] = []
    session = Session(lambda stream, text: printed.append(text))
    outcomes: list[Outcome] = []
    for cell in cells:
        printed.clear()
        recorded = cell.get("recorded", False)
        result = session.run(
            cell["source"],
            cell["name"],
            simulate=cell["simulate"],
            recorded=recorded,
            depth=cell.get("depth", "lines"),
        )
        outcome = Outcome(
            name=cell["name"], text="".join(printed), status=result.status, error=result.error
        )
        if recorded:
            outcome["trace"] = result.trace
        outcomes.append(outcome)
    return outcomes


def run_json(cells: str) -> str:
    """`run` for callers that speak JSON."""
    return json.dumps(run(json.loads(cells)))


if __name__ == "__main__":
    print(run_json(sys.stdin.read()), flush=True)
    # What the cells left half-way would end with the interpreter, and print behind the JSON.
    os._exit(0)

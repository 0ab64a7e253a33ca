"""All cells of a chapter in one go: JSON in, JSON out.

The same call serves the tests, on any Python (`python -m glassloop.lab.batch < cells.json`),
and `make outputs`, in Pyodide.
"""

from __future__ import annotations

import json
import sys
from typing import TypedDict

from glassloop.lab.session import Session


class Cell(TypedDict):
    """A cell to be run; with `simulate` false it runs on the real operating system."""

    name: str
    source: str
    simulate: bool


class Outcome(TypedDict):
    """All that a cell printed, in order, and how it ended (see `session.Result`)."""

    name: str
    text: str
    status: str
    error: str


def run(cells: list[Cell]) -> list[Outcome]:
    """Run `cells` in order in one session."""
    printed: list[str] = []
    session = Session(lambda stream, text: printed.append(text))
    outcomes: list[Outcome] = []
    for cell in cells:
        printed.clear()
        result = session.run(cell["source"], cell["name"], simulate=cell["simulate"])
        outcomes.append(
            Outcome(
                name=cell["name"], text="".join(printed), status=result.status, error=result.error
            )
        )
    return outcomes


def run_json(cells: str) -> str:
    """`run` for callers that speak JSON."""
    return json.dumps(run(json.loads(cells)))


if __name__ == "__main__":
    sys.stdout.write(run_json(sys.stdin.read()))

"""What a notebook's cells are called in a trace, and their text: as the reader sees them."""

from __future__ import annotations

import linecache
import re
from dataclasses import replace
from typing import Any

from glassloop.trace import Trace
from glassloop.trace.sources import short_name


def label(shell: Any, file: str) -> str:
    """What IPython's tracebacks call a cell, such as In[3]; empty for what is no cell."""
    found = shell.compile.format_code_name(file)
    return found[1] if found else ""


def name_cells(trace: Trace, shell: Any) -> None:
    """Call the cells in a trace by their numbers, and show their text as it was typed."""
    cells = {short_name(file): name for file in linecache.cache if (name := label(shell, file))}
    for event in trace.events:
        for place in (event, event.get("at", {})):
            if place.get("file") in cells:
                place["file"] = cells[place["file"]]
    trace.lints = [
        replace(lint, file=cells.get(lint.file, lint.file)) if lint.file else lint
        for lint in trace.lints
    ]
    trace.sources = {
        cells.get(file, file): _as_typed(shell, cells.get(file, ""), text)
        for file, text in trace.sources.items()
    }


def _as_typed(shell: Any, name: str, text: str) -> str:
    """A cell's text before IPython made Python of it, where the lines are the same ones."""
    typed = shell.history_manager.input_hist_raw
    number = re.search(r"\d+", name)
    if number is None or int(number[0]) >= len(typed):
        return text
    found: str = typed[int(number[0])]
    same = len(found.splitlines()) == len(text.splitlines())
    return found if same else text

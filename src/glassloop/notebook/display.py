"""What a notebook keeps of a trace that it shows: the widget, and words for readers without it."""

from __future__ import annotations

import html
import sys
from typing import Any

from glassloop.notebook.names import name_cells
from glassloop.trace import Trace
from glassloop.trace.page import NoViewer, items

# Sentences of a trace that a notebook keeps for those who read it without its widgets.
SENTENCES = 200


def bundle(trace: Trace) -> dict[str, Any]:
    """The forms of a trace by media type, as Jupyter asks for them.

    The widget is among them where anywidget is installed and the viewer is built.
    """
    shell = _shell()
    if shell is not None:
        name_cells(trace, shell)
    forms = {"text/plain": _plain(trace), "text/html": words(trace)}
    try:
        from glassloop.notebook.widget import TraceWidget

        return {**TraceWidget(trace).media(), **forms}
    except NoViewer:
        return forms
    except ModuleNotFoundError as missing:
        if missing.name not in ("anywidget", "traitlets"):
            raise
        return forms


def _shell() -> Any:
    """IPython's shell, or None where a trace is shown by something else."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _plain(trace: Trace) -> str:
    return f"<Trace of {trace.title or 'a program'}: {len(trace.events):,} events>"


def words(trace: Trace) -> str:
    """The first sentences of a trace in HTML, folded up."""
    title = html.escape(trace.title or "the program")
    sentences = "".join(items(trace, SENTENCES))
    return (
        f"<details><summary>The trace of {title} in words</summary>\n<ol>{sentences}</ol></details>"
    )

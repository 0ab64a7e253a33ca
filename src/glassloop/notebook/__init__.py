"""In notebooks: `%load_ext glassloop` brings `%%trace` and `%%exercise`; a trace shows itself."""

from __future__ import annotations

from typing import Any

from glassloop.notebook.display import bundle
from glassloop.trace import Trace

__all__ = ["bundle", "load", "show", "unload"]


def show(trace: Trace) -> None:
    """Show a trace below the cell, to be stepped."""
    from IPython.display import display

    display(trace)


def load(shell: Any) -> None:
    """What `%load_ext glassloop` does: IPython's shell learns `%%trace` and `%%exercise`."""
    from glassloop.notebook.exercise import ExerciseMagics
    from glassloop.notebook.magic import TraceMagics, as_line_magic

    shell.register_magics(TraceMagics, ExerciseMagics)
    shell.input_transformers_cleanup.append(as_line_magic)


def unload(shell: Any) -> None:
    """What `%unload_ext glassloop` does."""
    from glassloop.notebook.magic import as_line_magic

    shell.input_transformers_cleanup.remove(as_line_magic)
    for kind in ("line", "cell"):
        for name in ("trace", "exercise"):
            shell.magics_manager.magics[kind].pop(name, None)

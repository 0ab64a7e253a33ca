"""Runs one program on the real kernel and on the simulated one."""

from __future__ import annotations

import ast
import contextlib
import functools
import inspect
import signal
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lab.cells import Cells

HELPERS = Path(__file__).with_name("talk.py").read_text()

# Seconds after which a program on the real kernel counts as stuck.
PATIENCE = 20


def on_both_kernels(program: Callable[[], None]) -> Callable[[], None]:
    """Make a test of a function: its body, run as a cell, prints the same on both kernels.

    The body sees nothing of the module around it but the names of `talk`.
    """
    source = body_of(program)

    @functools.wraps(program)
    def test() -> None:
        assert printed_by(source, simulate=True) == printed_by(source, simulate=False)

    return test


def printed_by(source: str, *, simulate: bool) -> str:
    """All that a program prints, which has to end well and to print something."""
    cells = Cells()
    with contextlib.nullcontext() if simulate else _patience():
        cells.run(HELPERS, simulate=simulate)
        result = cells.run(source, simulate=simulate)
        text = cells.text
        cells.run("globals().clear()", simulate=simulate)  # closes sockets that were left open
    assert result.status == "ok", text
    assert text, "the program prints nothing, so it proves nothing"
    return text


def body_of(function: Callable[..., Any]) -> str:
    """The lines of a function below its `def`, as a program."""
    lines = inspect.getsource(function).splitlines()
    tree = ast.parse(textwrap.dedent("\n".join(lines)))
    return textwrap.dedent("\n".join(lines[tree.body[0].body[0].lineno - 1 :])) + "\n"


@contextlib.contextmanager
def _patience() -> Iterator[None]:
    def give_up(*_: object) -> None:
        raise AssertionError(f"the program is stuck on the real kernel for {PATIENCE} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)

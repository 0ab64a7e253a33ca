"""Programs as the bodies of test functions, so that they are read, linted and coloured as code.

A program is run as a cell and sees nothing of the module around its function. All of them are
registered, so that `test_browser.py` can run them in the browser's Python too.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import inspect
import re
import signal
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.cells import Cells

HELPERS = Path(__file__).with_name("talk.py").read_text("utf-8")

# Seconds after which a program on the real kernel counts as stuck.
PATIENCE = 20

Test = Callable[[], None]


@dataclass(frozen=True)
class Program:
    """A program, the cells to run before it, and what it prints, unless another run tells."""

    source: str
    before: tuple[str, ...]
    expected: str | None
    in_a_browser: bool

    def printed(self, *, simulate: bool = True) -> str:
        """All that the program prints."""
        cells = Cells()
        for source in self.before:
            cells.run(source, simulate=simulate)
        cells.run(self.source, "x", simulate=simulate)
        text = cells.text
        cells.run("globals().clear()", simulate=simulate)  # closes sockets that were left open
        return text


PROGRAMS: dict[str, Program] = {}


def prints(
    expected: str, *, source: str | None = None, in_a_browser: bool = True
) -> Callable[[Test], Test]:
    """Make a test of a function: its body, run as the cell `x`, prints `expected`.

    Where the numbers of the lines matter, `source` is the program, which a formatter leaves alone.
    """
    text = re.sub(r"^ {4}", "", expected, flags=re.MULTILINE).strip("\n") + "\n"

    def decorate(function: Test) -> Test:
        cell = body_of(function) if source is None else textwrap.dedent(source).lstrip("\n")
        program = _register(function, Program(cell, (), text, in_a_browser))

        @functools.wraps(function)
        def test() -> None:
            assert program.printed() == text

        return test

    return decorate


def on_both_kernels(function: Test) -> Test:
    """Make a test of a function: its body prints the same on Linux and on the simulated kernel."""
    return _on_both_kernels(function, in_a_browser=True)


def on_both_kernels_but_not_in_a_browser(function: Test) -> Test:
    """The same for what WebAssembly's Python lacks: epoll, paths as addresses in asyncio."""
    return _on_both_kernels(function, in_a_browser=False)


def _on_both_kernels(function: Test, *, in_a_browser: bool) -> Test:
    program = _register(function, Program(body_of(function), (HELPERS,), None, in_a_browser))

    @functools.wraps(function)
    def test() -> None:
        simulated = program.printed()
        with _patience():
            real = program.printed(simulate=False)
        assert simulated == real
        assert real, "the program prints nothing, so it proves nothing"
        assert "Traceback" not in real

    return test


def _register(function: Test, program: Program) -> Program:
    PROGRAMS[f"{Path(inspect.getfile(function)).stem}.{function.__name__}"] = program
    return program


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

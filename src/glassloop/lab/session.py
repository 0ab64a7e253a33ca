"""One chapter at work: its cells run in one namespace, on one simulated machine."""

from __future__ import annotations

import ast
import asyncio
import bisect
import contextlib
import gc
import re
import sys
import types
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from glassloop.lab import install, tracebacks
from glassloop.lab.kernel import Kernel
from glassloop.lab.limits import STEP_LIMIT, StepLimit, step_limit
from glassloop.lab.hosts import Network
from glassloop.lab.output import OUTPUT_LIMIT, Output, OutputLimit, Stream, Write

Status = Literal["ok", "raised", "stopped"]


@dataclass(frozen=True)
class Result:
    """How a cell ended: `ok`, `raised` (an exception left it), `stopped` (at a limit).

    `error` is the name of the exception's class, and empty for `ok`.
    """

    status: Status
    error: str = ""


class Session:
    """The namespace of a chapter and the machine that its cells run on.

    `write(stream, text)` gets what the cells print, line by line, in order. The streams are
    "out" and "err", "echo" for the value of a last expression, and "error" for tracebacks and
    the lab's own messages.
    """

    current: Session | None = None

    def __init__(
        self, write: Write, *, step_limit: int = STEP_LIMIT, output_limit: int = OUTPUT_LIMIT
    ) -> None:
        self.kernel = Kernel()
        self.network = Network()
        self._write = write
        self._step_limit = step_limit
        self._output_limit = output_limit
        self._module = types.ModuleType("__main__")
        self._task_numbers: list[int] = []
        self._left_open: dict[str, set[int]] = {}

    def run(self, source: str, name: str, *, simulate: bool = True) -> Result:
        """Run one cell; what goes wrong in it is printed and never raised.

        `name` is what tracebacks call the cell. With `simulate=False` it runs on the real
        operating system: for threads, processes and real sockets.
        """
        output = Output(self._write, self._output_limit)
        output.rewrite = self._renumber_tasks
        with self._own_process(output), self._machine(name, simulate):
            self._task_numbers.append(_last_task_number())
            result = self._within_limits(source, tracebacks.filename_of(name), output)
            gc.collect()
            output.flush()
        return result

    def _within_limits(self, source: str, filename: str, output: Output) -> Result:
        try:
            with step_limit(self._step_limit):
                result = self._execute(source, filename, output)
                gc.collect()  # what is no longer referred to says its last words here
                return result
        except (StepLimit, OutputLimit) as limit:
            output.message(self._explain(limit))
            output.close()
            return Result("stopped", type(limit).__name__)

    def _explain(self, limit: BaseException) -> str:
        if isinstance(limit, OutputLimit):
            return f"Stopped after {self._output_limit:,} characters of output."
        return (
            f"Stopped after {self._step_limit:,} steps: the cell does not seem to end. "
            "Look for a loop whose condition never becomes false."
        )

    def _execute(self, source: str, filename: str, output: Output) -> Result:
        tracebacks.remember_source(filename, source)
        try:
            value = _evaluate(source, filename, vars(self._module))
            if value is not None:
                output.write("echo", f"{value!r}\n")
                vars(self._module)["_"] = value
        except (StepLimit, OutputLimit):
            raise
        except BaseException as error:
            output.write("error", tracebacks.render(_without_own_frames(error)))
            return Result("raised", type(error).__name__)
        return Result("ok")

    @contextlib.contextmanager
    def _own_process(self, output: Output) -> Iterator[None]:
        """What a fresh interpreter would have for itself: streams, warnings, `__main__`, gc."""
        out, err = Stream(output, "out"), Stream(output, "err")
        main, hook, current = sys.modules.get("__main__"), sys.unraisablehook, Session.current
        collecting = gc.isenabled()
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            warnings.catch_warnings(),
        ):
            _default_warnings()
            sys.modules["__main__"] = self._module
            sys.unraisablehook = _print_unraisable
            Session.current = self
            # Collecting at fixed points makes finalisers print at the same place every time.
            gc.collect()
            gc.disable()
            try:
                yield
            finally:
                sys.unraisablehook = hook
                Session.current = current
                if main is not None:
                    sys.modules["__main__"] = main
                if collecting:
                    gc.enable()

    @contextlib.contextmanager
    def _machine(self, name: str, simulate: bool) -> Iterator[None]:
        """The machine that a cell runs on: the simulated one, its clock at zero, or the real."""
        if not simulate:
            yield
            return
        for fd in self._left_open.pop(name, set()) & self.kernel.files.keys():
            # A cell that runs again would find its own port taken.
            self.kernel.files[fd].close()
        before = set(self.kernel.files)
        self.kernel.restart_clock()
        self.network.ports.restart()
        with install.installed(self.kernel, self.network):
            yield
        self._left_open[name] = set(self.kernel.files) - before

    def _renumber_tasks(self, text: str) -> str:
        """Count the tasks of each cell from 1, as a program of its own would."""

        def renumber(match: re.Match[str]) -> str:
            number = int(match[1])
            cell = bisect.bisect_left(self._task_numbers, number)
            return f"Task-{number - self._task_numbers[cell - 1]}" if cell else match[0]

        return re.sub(r"\bTask-(\d+)\b", renumber, text)


def _evaluate(source: str, filename: str, namespace: dict[str, Any]) -> Any:
    """Run `source` and return the value of its last statement where that is an expression."""
    tree = ast.parse(source, filename)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = ast.Expression(tree.body.pop().value)  # type: ignore[attr-defined]  # an ast.Expr, by the line above
    exec(compile(tree, filename, "exec", dont_inherit=True), namespace)
    if last is None:
        return None
    return eval(compile(last, filename, "eval", dont_inherit=True), namespace)


def _without_own_frames(error: BaseException) -> BaseException:
    """`error` with its traceback starting in the cell, not in the lab."""
    trace = error.__traceback__
    while trace is not None and not tracebacks.is_readers(trace.tb_frame.f_code):
        trace = trace.tb_next
    return error.with_traceback(trace)


def _print_unraisable(report: Any) -> None:
    """Print an exception that nobody can catch, in one form for all versions of Python."""
    # Python 3.14 names the object in its message, and says "while closing generator <…>".
    subject = repr(report.object) if report.object is not None else str(report.err_msg)
    print("Exception ignored in:", subject[max(0, subject.find("<")) :], file=sys.stderr)
    if report.exc_value is not None:
        print(tracebacks.render(report.exc_value), end="", file=sys.stderr)


def _default_warnings() -> None:
    """Show the warnings that a plain Python shows."""
    warnings.resetwarnings()
    for category in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
        warnings.simplefilter("ignore", category)
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")


class _NoLoop:
    """As much of a loop as a task needs that never runs."""

    def get_debug(self) -> bool:
        return False

    def call_soon(self, *_: object, **__: object) -> None:
        pass

    def call_exception_handler(self, _: object) -> None:
        pass


def _last_task_number() -> int:
    """The number of the newest `Task-N`. C counts them for the whole process; one task tells."""

    async def nothing() -> None:
        pass

    coroutine = nothing()
    task: Any = asyncio.Task(coroutine, loop=_NoLoop())  # type: ignore[arg-type]  # enough of a loop for a task that never runs
    task._log_destroy_pending = False
    coroutine.close()
    return int(task.get_name().rpartition("-")[2])

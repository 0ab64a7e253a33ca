"""One chapter at work: its cells run in one namespace, on one simulated machine."""

from __future__ import annotations

import _thread
import ast
import asyncio
import contextlib
import gc
import sys
import types
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from glassloop.lab import install, tracebacks
from glassloop.lab.deadlock import task_classes
from glassloop.lab.hosts import Network
from glassloop.lab.kernel import Kernel
from glassloop.lab.limits import STEP_LIMIT, Limit, within_steps
from glassloop.lab.output import OUTPUT_LIMIT, Output, OutputLimit, Stream, Write
from glassloop.lab.process import Process
from glassloop.trace import Recording, Trace
from glassloop.trace.events import Depth
from glassloop.trace.recorder import EVENT_LIMIT

# Where the value of a cell's last expression stands until it is shown: no name that can be written.
LAST = "__last expression__"

Status = Literal["ok", "raised", "stopped"]

# What a cell does in its namespace; a value that is not None is shown.
Act = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True)
class Result:
    """How a cell ended: `ok`, `raised` (an exception left it), `stopped` (at a limit).

    `error` is the name of the exception's class, and empty for `ok`. `trace` is the text of the
    trace's file where the run was recorded.
    """

    status: Status
    error: str = ""
    trace: str = ""


class Session:
    """The namespace of a chapter and the machine that its cells run on.

    `write(stream, text)` gets what the cells print, line by line, in order. The streams are
    "out" and "err", "echo" for the value of a last expression, and "error" for tracebacks and
    the lab's own messages. `step_limit` and `output_limit` (in characters) hold for each cell.
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
        self._streams = Stream("out", self.kernel), Stream("err", self.kernel)
        self._process = Process(*self._streams)
        self._left_open: dict[str, set[int]] = {}

    def run(
        self,
        source: str,
        name: str,
        *,
        simulate: bool = True,
        recorded: bool = False,
        depth: Depth = "lines",
    ) -> Result:
        """Run one cell; what goes wrong in it is printed and never raised.

        `name` is what tracebacks call the cell. With `simulate=False` it runs on the real
        operating system: for threads, processes and real sockets. With `recorded=True` the result
        has a trace of this depth, which can be stepped.
        """
        filename = tracebacks.filename_of(name)

        def evaluate(namespace: dict[str, Any]) -> Any:
            tracebacks.remember_source(filename, source)
            return _evaluate(source, filename, namespace)

        trace = Trace(title=name, depth=depth) if recorded else None
        return self._perform(evaluate, name, simulate, trace)

    def call(
        self, action: Callable[[dict[str, Any]], None], name: str, *, recorded: bool = False
    ) -> Result:
        """Call `action(namespace)` as if it were the cell `name`: for what prepares and checks one.

        It runs on the simulated machine and within the limits. Of what is recorded, only the code
        of cells is told.
        """
        trace = Trace(title=name, depth="lines") if recorded else None
        return self._perform(action, name, True, trace)

    def _perform(self, act: Act, name: str, simulate: bool, trace: Trace | None) -> Result:
        own = tracebacks.is_readers
        self._recording = Recording(trace, EVENT_LIMIT, own) if trace is not None else None
        output = Output(self._write, self._output_limit, (trace or Trace()).printed)
        for stream in self._streams:
            stream.output = output
        with self._current(), self._process.running(), self._machine(name, simulate):
            result = self._within_limits(act, output)
        output.close()
        if self._recording is None:
            return result
        return replace(result, trace=self._recording.finish().text())

    def _within_limits(self, act: Act, output: Output) -> Result:
        recording = self._recording
        self._older = weakref.WeakValueDictionary(
            (id(thing), thing) for thing in _living(types.CoroutineType, *task_classes())
        )

        def execute() -> Result:
            if recording is not None:
                recording.start()
            try:
                result = self._execute(act, output)
                gc.collect()  # what is no longer referred to says its last words here
                return result
            finally:
                # Neither this nor the lab is ever stopped at a limit.
                if recording is not None:
                    recording.stop()

        try:
            # Once the limit is reached nothing more is printed: not by what the program does
            # when it is stopped, nor by what is left of it afterwards.
            try:
                result = within_steps(self._step_limit, execute, when_reached=output.close)
            finally:
                if recording is not None:  # the limit may have ended the first call
                    recording.stop()
            if output.exceeded:
                raise OutputLimit  # the program has caught ours
            return result
        except Limit as limit:
            output.message(self._explain(limit))
            self._quieten()
            return Result("stopped", type(limit).__name__)

    def _explain(self, limit: Limit) -> str:
        if isinstance(limit, OutputLimit):
            return f"Stopped after {self._output_limit:,} characters of output."
        return (
            f"Stopped after {self._step_limit:,} steps: the cell does not seem to end. "
            "Look for a loop whose condition never becomes false."
        )

    def _execute(self, act: Act, output: Output) -> Result:
        result = Result("ok")
        try:
            value = act(vars(self._process.module))
            if value is not None:
                output.write("echo", f"{value!r}\n")
                vars(self._process.module)["_"] = value
        except Limit:
            raise
        except BaseException as error:
            output.write("error", tracebacks.render(tracebacks.without_own_frames(error)))
            result = Result("raised", type(error).__name__)
        self.kernel.wait_for_threads()
        return result

    def _quieten(self) -> None:
        """Keep what is left of a stopped cell from complaining or running on when it goes.

        That may be in a later cell, or outside the lab, where nothing stops a coroutine that
        catches its own end.
        """
        self.kernel.stop()
        for task in _living(*task_classes()):
            if self._is_new(task) and not self._is_of_host(task):
                task._log_destroy_pending = task._log_traceback = False
                _within_steps(0, task.get_coro().close)
        for coroutine in _living(types.CoroutineType):
            if self._is_new(coroutine) and tracebacks.is_readers(coroutine.cr_code):
                _within_steps(0, coroutine.close)
        _within_steps(self._step_limit, gc.collect)

    def _is_new(self, thing: Any) -> bool:
        """Whether the cell has made this task or coroutine, and none before it."""
        return self._older.get(id(thing)) is not thing

    def _is_of_host(self, task: asyncio.Task[Any]) -> bool:
        """Whether a task belongs to a loop around the cell or beside it, in another thread."""
        loop = task.get_loop()
        # A stopped loop can look as if it still ran, in this thread or in a simulated one.
        others = sys._current_frames().keys() - {_thread.get_ident()}
        return loop is self._host_loop or getattr(loop, "_thread_id", None) in others

    @contextlib.contextmanager
    def _current(self) -> Iterator[None]:
        """Be the session whose cell is running."""
        self._host_loop = asyncio._get_running_loop()
        outer, Session.current = Session.current, self
        try:
            yield
        finally:
            Session.current = outer

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
        try:
            with install.installed(self.kernel, self.network):
                yield
        finally:
            self._left_open[name] = set(self.kernel.files) - before


def _evaluate(source: str, filename: str, namespace: dict[str, Any]) -> Any:
    """Run `source` and return the value of its last statement where that is an expression."""
    tree = ast.parse(source, filename)
    if tree.body and isinstance(last := tree.body[-1], ast.Expr):
        keep = ast.copy_location(ast.Name(LAST, ast.Store()), last)
        tree.body[-1] = ast.copy_location(ast.Assign([keep], last.value), last)
    exec(compile(tree, filename, "exec", dont_inherit=True), namespace)
    return namespace.pop(LAST, None)


def _within_steps(limit: int, call: Callable[[], object]) -> None:
    """Call what may run the program's own code once more, which need not end well, or end."""
    with contextlib.suppress(BaseException):
        within_steps(limit, call)


def _living(*kinds: type) -> list[Any]:
    """All objects of these types, whoever holds them."""
    return [thing for thing in gc.get_objects() if issubclass(type(thing), kinds)]

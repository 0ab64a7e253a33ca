"""What the recorder hears of things that a program loses: coroutines, tasks, exceptions.

Python notices the most of it itself, in functions of its own that can be watched. What is lost is
on its way out then, so nothing here refers to it for longer than a call, not even weakly.
"""

from __future__ import annotations

import dis
import types
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glassloop.trace import sources
from glassloop.trace.asyncios import known
from glassloop.trace.descriptors import state_of
from glassloop.trace.locals import read_one
from glassloop.trace.probes import Entries
from glassloop.trace.values import describe

if TYPE_CHECKING:
    from glassloop.trace.recorder import Recorder

# The lab stands between a program and its loop; it gives the tasks their numbers.
_LAB = str(Path(__file__).parents[1] / "lab")

_UNRETRIEVED = "exception was never retrieved"
_DESTROYED = "Task was destroyed but it is pending!"


class LossWatch:
    """Writes down what is lost. `task_name` gives the name of a task, also of one that is going."""

    def __init__(self, recorder: Recorder, task_name: Callable[[Any], str | None]) -> None:
        self._recorder = recorder
        self._task_name = task_name

    def on_entry(self) -> Entries:
        """The function of the standard library to be watched as it begins."""
        unawaited: Any = warnings._warn_unawaited_coroutine  # type: ignore[attr-defined]  # private
        return {unawaited.__code__: self._unawaited}

    def created(self, frame: types.FrameType, task: Any, name: str) -> None:
        """`loop.create_task` returns in `frame`: does anybody keep the task?"""
        caller = frame.f_back
        while caller is not None and _hands_on(caller.f_code):
            caller = caller.f_back
        if caller is None or not self._recorder.own(caller.f_code) or state_of(task) != "pending":
            return
        if _throws_away(caller.f_code, caller.f_lasti) and not _may_keep_itself(task):
            self._recorder.emit("unheld", id=name, at=_place(caller.f_code, caller.f_lineno))

    def _unawaited(self, frame: types.FrameType, _: Any) -> None:
        coroutine, caller = read_one(frame, "coro"), frame.f_back
        if type(coroutine) is not types.CoroutineType:
            return
        code, own = coroutine.cr_code, self._recorder.own
        fields: dict[str, Any] = {"name": code.co_name}
        if own(code):
            fields["defined"] = _place(code, code.co_firstlineno)
        if caller is not None and own(caller.f_code) and _drops(caller.f_code, caller.f_lasti):
            fields["at"] = _place(caller.f_code, caller.f_lineno)
        if len(fields) > 1:
            self._recorder.emit("unawaited", **fields)

    def complained(self, frame: types.FrameType, _: Any) -> None:
        """A loop's exception handler is called."""
        context = read_one(frame, "context")
        if type(context) is not dict or type(message := context.get("message")) is not str:
            return
        if message == _DESTROYED:
            loop = read_one(frame, "self")
            if (name := self._task_name(context.get("task"))) is not None:
                running = getattr(loop, "_thread_id", None) is not None
                self._recorder.emit("vanish", id=name, **({} if running else {"late": True}))
        elif message.endswith(_UNRETRIEVED):
            name = self._task_name(context.get("future"))
            self._recorder.emit("unretrieved", id=name, error=describe(context.get("exception")))


def _may_keep_itself(task: Any) -> bool:
    """Whether a task's own code asks which task it runs in: it may put itself into a list."""
    code = getattr(task._coro, "cr_code", None)
    return code is not None and "current_task" in code.co_names


def _hands_on(code: types.CodeType) -> bool:
    return id(code) in known.hands_on or code.co_filename.startswith(_LAB)


def _place(code: types.CodeType, line: int) -> dict[str, Any]:
    return {"file": sources.short_name(code.co_filename), "line": line}


# Whether a value is kept can be read from the instructions: a call that is a statement of its own
# is followed by POP_TOP.


@cache
def _throws_away(code: types.CodeType, offset: int) -> bool:
    """Whether the value of the call at `offset` is thrown away."""
    following = (step for step in dis.get_instructions(code) if step.offset > offset)
    return next((step.opname for step in following), "") == "POP_TOP"


@cache
def _drops(code: types.CodeType, offset: int) -> bool:
    """Whether a value is being thrown away at `offset`."""
    return dis.opname[code.co_code[offset]] == "POP_TOP"

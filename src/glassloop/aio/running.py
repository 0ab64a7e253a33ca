"""Knows which loop runs in this thread, which task that loop runs, and which tasks there are."""

from __future__ import annotations

import os
import sys
import threading
import weakref
from typing import TYPE_CHECKING, Any

from . import guest

if TYPE_CHECKING:
    from .interfaces import AbstractEventLoop
    from .tasks import Task


class _Running(threading.local):
    """The loop that runs in each thread."""

    loop: AbstractEventLoop | None = None


_running = _Running()


def get_running_loop() -> AbstractEventLoop:
    """The loop that runs in this thread. Raises `RuntimeError` where none does."""
    loop = _running.loop
    if loop is None:
        raise RuntimeError("no running event loop")
    return loop


def _get_running_loop() -> AbstractEventLoop | None:
    """The loop that runs in this thread, or None. A forked child runs none."""
    return _running.loop


def _set_running_loop(loop: AbstractEventLoop | None) -> None:
    """For loops: to be called with the loop when it begins to run, and with None when it stops."""
    _running.loop = loop


if hasattr(os, "register_at_fork"):
    # Asking at each question which process this is would cost more than the answer.
    os.register_at_fork(after_in_child=lambda: _set_running_loop(None))


def loop_for_new_objects() -> Any:
    """The loop of a future that was made without one: the running one, or the thread's."""
    from .policies import get_event_loop

    return get_event_loop()


# Tasks -------------------------------------------------------------------------------------

# The task that each loop runs right now.
_current_tasks: dict[Any, Any] = {}
# Every task that is not done, by its identity, which is quicker to look up than a weak reference.
# That a task is listed here does not keep it alive.
_scheduled_tasks: dict[int, weakref.ref[Any]] = {}
# Those that began to run at once, and have not yet had to wait.
_eager_tasks: set[Any] = set()


def current_task(loop: AbstractEventLoop | None = None) -> Task[Any] | None:
    """The task that runs right now; None where the loop runs a plain callback.

    Raises `RuntimeError` where no loop is given and none runs.
    """
    if loop is None:
        loop = get_running_loop()
    return _current_tasks.get(loop)


def all_tasks(loop: AbstractEventLoop | None = None) -> set[Task[Any]]:
    """The tasks of a loop, by default of the running one, that are not done."""
    if loop is None:
        loop = get_running_loop()
    # Another thread may change them at any time, but not while they are copied into a list.
    eager, scheduled = list(_eager_tasks), list(_scheduled_tasks.values())
    tasks = [*eager, *(task for each in scheduled if (task := each()) is not None)]
    return {task for task in tasks if loop_of(task) is loop and not task.done()}


def loop_of(task: Any) -> Any:
    """Its loop; a task class of somebody else's may keep it in an attribute only."""
    return task.get_loop() if hasattr(task, "get_loop") else task._loop


def _register_task(task: Any) -> None:
    """For task classes: this task exists."""
    _scheduled_tasks[id(task)] = weakref.ref(task)


def _unregister_task(task: Any) -> None:
    """For task classes: this task is done."""
    _scheduled_tasks.pop(id(task), None)


def _register_eager_task(task: Any) -> None:
    """For task classes: this task begins to run before its loop knows it."""
    _eager_tasks.add(task)


def _unregister_eager_task(task: Any) -> None:
    """For task classes: this task has been handed over to its loop, or is done."""
    _eager_tasks.discard(task)


def _enter_task(loop: Any, task: Any) -> None:
    """For task classes: `loop` begins a step of this task. Raises where it is in one already."""
    current = _current_tasks.get(loop)
    if current is not None:
        raise RuntimeError(
            f"Cannot enter into task {task!r} while another task {current!r} is being executed."
        )
    _current_tasks[loop] = task


def _leave_task(loop: Any, task: Any) -> None:
    """For task classes: the step is over. Raises where it was another task's."""
    current = _current_tasks.get(loop)
    if current is not task:
        raise RuntimeError(f"Leaving task {task!r} does not match the current task {current!r}.")
    del _current_tasks[loop]


def _swap_current_task(loop: Any, task: Any) -> Any:
    """For task classes: a task begins in the middle of another's step. Returns the other one."""
    previous = _current_tasks.pop(loop, None)
    if task is not None:
        _current_tasks[loop] = task
    return previous


guest.borrow(globals(), "events", ["_get_running_loop", "_set_running_loop", "get_running_loop"])
guest.borrow(
    globals(),
    "tasks",
    [
        "_current_tasks",
        "_eager_tasks",
        "_enter_task",
        "_leave_task",
        "_register_eager_task",
        "_register_task",
        "_scheduled_tasks",
        "_swap_current_task",
        "_unregister_eager_task",
        "_unregister_task",
        "all_tasks",
        "current_task",
    ],
)


class _StandardRegister:
    """From Python 3.14 on the standard library keeps its register in C, and not in a dictionary."""

    def __setitem__(self, loop: Any, task: Any) -> None:
        _enter_task(loop, task)

    def __delitem__(self, loop: Any) -> None:
        _swap_current_task(loop, None)


# What a task writes itself into for each of its steps, and takes itself out of.
current_tasks: Any = _current_tasks
if not guest.STANDS_IN and sys.version_info >= (3, 14):
    current_tasks = _StandardRegister()

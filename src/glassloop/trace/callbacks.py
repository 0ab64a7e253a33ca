"""What the entries of a loop's queues do, in words: a task's step, a timeout, news for a gather."""

from __future__ import annotations

import asyncio
import functools
import types
from collections.abc import Callable
from typing import Any

from glassloop.trace import sources
from glassloop.trace.asyncios import known
from glassloop.trace.descriptors import attribute, channel, is_future, state_of
from glassloop.trace.words import words_of

_BOUND = (types.MethodType, types.BuiltinMethodType)
_STEPS = {"task_wakeup", "__step", "__wakeup", "_Task__step", "_Task__wakeup"}
_STEPS |= {"_step", "_wakeup"}  # in ours

# They end a future: a timer's that of a sleep or a timeout, any other whatever it may be.
_ENDING_WAITS = {"_set_result_unless_cancelled", "set_result_unless_done"}


def is_task(value: Any) -> bool:
    """Whether `value` is a task, and one that is complete: `__init__` may not have run yet."""
    if not issubclass(type(value), known.tasks) or getattr(value, "_loop", None) is None:
        return False
    # One that has ended in its first step, as it started eagerly, has let its coroutine go.
    return getattr(value, "_coro", None) is not None or state_of(value) != "pending"


def running_task() -> Any:
    """The task that runs in this thread, or None."""
    # The loop is handed over: a program may have replaced the way in which it is found.
    loop = asyncio._get_running_loop()
    return asyncio.current_task(loop) if loop is not None else None


def is_step(callback: Any) -> bool:
    """Whether a callback that is a bound method may be the step of a task: its name says so."""
    return type(callback) in _BOUND and callback.__name__ in _STEPS


def task_of(handle: Any) -> Any:
    """The task that a handle steps or wakes, if it does; in our ready queue stand tasks as well."""
    if issubclass(type(handle), known.tasks):
        return handle
    callback = handle._callback
    if issubclass(type(callback), _BOUND):
        owner, name = callback.__self__, callback.__name__
    elif type(callback).__name__ == "TaskStepMethWrapper":
        owner, name = callback.__self__, "__step"
    else:
        return None
    return owner if name in _STEPS and is_task(owner) else None


def words_for(handle: Any, name_of: Callable[[Any], str]) -> str:
    """What the callback of a handle is about; `name_of` names a task.

    A callback of the program's own is its function's name, one of the library's stands in words.
    """
    callback: Any = handle._callback
    arguments = handle._args or ()
    while type(callback) is functools.partial:
        callback, arguments = callback.func, (*callback.args, *arguments)
    owner = callback.__self__ if issubclass(type(callback), _BOUND) else None
    function = callback.__func__ if type(callback) is types.MethodType else callback
    if type(function) is not types.FunctionType:
        return _builtin(function, owner, name_of)
    code = function.__code__
    if is_future(owner) and not sources.is_readers(code):
        return _of_a_future(function, owner, name_of)
    if (words := words_of(code)) is not None:
        if code.co_name in _ENDING_WAITS and not hasattr(type(handle), "when"):
            return "the end of a wait"
        return words.format(
            task=_first_task(arguments, name_of), channel=_channel(owner, arguments)
        )
    if sources.is_simulated(code):
        return code.co_name
    name = sources.short_function_name(code.co_qualname)
    return name if sources.is_readers(code) else f"`{name}`, of {_library(code)}"


def _library(code: types.CodeType) -> str:
    return sources.short_name(code.co_filename).partition("/")[0].removesuffix(".py")


def _builtin(function: Any, owner: Any, name_of: Callable[[Any], str]) -> str:
    if not issubclass(type(function), types.BuiltinFunctionType):  # a method's type is below it
        return type(function).__name__
    return _of_a_future(function, owner, name_of)


def _of_a_future(function: Any, owner: Any, name_of: Callable[[Any], str]) -> str:
    if is_task(owner) and function.__name__ == "cancel":
        return f"the cancellation of {name_of(owner)}"
    return str(function.__name__)


def _first_task(arguments: Any, name_of: Callable[[Any], str]) -> str:
    first = arguments[0] if arguments else None
    return name_of(first) if is_task(first) else "what it waits for"


def _channel(owner: Any, arguments: Any) -> str:
    """The socket or pipe of a transport, or else the first one among the arguments."""
    for candidate in (owner, attribute(owner, "_transport"), *(arguments or ())):
        if found := channel(candidate):
            return found
    number = next((argument for argument in arguments or () if type(argument) is int), None)
    return "a socket" if number is None else f"socket {number}"

"""What the entries of a loop's queues do, in words: a task's step, a timeout, news for a gather."""

from __future__ import annotations

import asyncio
import functools
import types
from collections.abc import Callable
from typing import Any

from glassloop.trace import sources
from glassloop.trace.descriptors import attribute, channel

# The task in C, and its twin in Python.
TASKS: tuple[Any, ...] = (asyncio.Task, getattr(asyncio.tasks, "_PyTask", asyncio.Task))

_BOUND = (types.MethodType, types.BuiltinMethodType)
_STEPS = {"task_wakeup", "__step", "__wakeup", "_Task__step", "_Task__wakeup"}

# Callbacks of asyncio, by the name of their code. A "{task}" is the task in their first argument,
# a "{channel}" the socket or pipe that they look after.
_WORDS = {
    "_set_result_unless_cancelled": "the end of a sleep",
    "_release_waiter": "a timeout",
    "Timeout._on_timeout": "a timeout",
    "_AsCompletedIterator._handle_timeout": "a timeout",
    "as_completed.<locals>._on_timeout": "a timeout",
    "gather.<locals>._done_callback": "news for the gather that {task} is done",
    "_wait.<locals>._on_completion": "news for `wait` that {task} is done",
    "shield.<locals>._inner_done_callback": "news for the shield that {task} is done",
    "shield.<locals>._outer_done_callback": "the end of a shield",
    "TaskGroup._on_task_done": "news for the task group that {task} is done",
    "as_completed.<locals>._on_completion": "news for `as_completed` that {task} is done",
    "_AsCompletedIterator._handle_completion": "news for `as_completed` that {task} is done",
    "_chain_future.<locals>._set_state": "the answer of a thread",
    "_chain_future.<locals>._call_set_state": "the answer for a thread",
    "_chain_future.<locals>._call_check_cancel": "the end of a call in a thread",
    "run_coroutine_threadsafe.<locals>.callback": "a coroutine that a thread hands over",
    "_run_until_complete_cb": "the end of the loop's run",
    "BaseEventLoop.stop": "the end of the loop's run",
    "BaseSelectorEventLoop._read_from_self": "a wake-up call to the loop",
    "BaseSelectorEventLoop._sock_recv": "data to read on {channel}",
    "BaseSelectorEventLoop._sock_recv_into": "data to read on {channel}",
    "BaseSelectorEventLoop._sock_recvfrom": "data to read on {channel}",
    "BaseSelectorEventLoop._sock_sendall": "room to send on {channel}",
    "BaseSelectorEventLoop._sock_accept": "a connection to accept at {channel}",
    "BaseSelectorEventLoop._accept_connection": "connections to accept at {channel}",
    "BaseSelectorEventLoop._sock_connect_cb": "the connection of {channel}",
    "BaseSelectorEventLoop._sock_read_done": "the end of reading from {channel}",
    "BaseSelectorEventLoop._sock_write_done": "the end of writing to {channel}",
    "BaseSelectorEventLoop._add_reader": "the watch on {channel}",
    "_SelectorTransport._add_reader": "the watch on {channel}",
    "_SelectorTransport._call_connection_lost": "the end of {channel}",
    "_SelectorSocketTransport._read_ready": "data to read on {channel}",
    "_SelectorSocketTransport._write_ready": "room to send on {channel}",
    "_UnixReadPipeTransport._add_reader": "the watch on {channel}",
    "_UnixReadPipeTransport._read_ready": "data to read on {channel}",
    "_UnixReadPipeTransport._call_connection_lost": "the end of {channel}",
    "_UnixWritePipeTransport._read_ready": "the other end of {channel}, which has closed",
    "_UnixWritePipeTransport._write_ready": "room to write to {channel}",
    "_UnixWritePipeTransport._call_connection_lost": "the end of {channel}",
    "StreamReaderProtocol.connection_made": "a new connection for a stream",
    "FlowControlMixin.connection_lost": "the end of a connection",
    "BaseSubprocessTransport._connect_pipes": "the pipes of a process",
    "BaseSubprocessTransport._process_exited": "the end of a process",
    "BaseSubprocessTransport._call_connection_lost": "the end of a process and its pipes",
    "BaseSubprocessTransport._do_pipe_data_received": "data of a process",
    "WriteSubprocessPipeProto.connection_made": "a new pipe to a process",
    "PidfdChildWatcher._do_wait": "the end of a process",
    "_PidfdChildWatcher._do_wait": "the end of a process",
    "BaseEventLoop._asyncgen_finalizer_hook": "an asynchronous generator that nobody holds",
}


def is_task(value: Any) -> bool:
    """Whether `value` is a task, and one that is complete: `__init__` may not have run yet."""
    if not issubclass(type(value), TASKS):
        return False
    return getattr(value, "_loop", None) is not None and getattr(value, "_coro", None) is not None


def running_task() -> Any:
    """The task that runs in this thread, or None."""
    # The loop is handed over: a program may have replaced the way in which it is found.
    loop = asyncio._get_running_loop()
    return asyncio.current_task(loop) if loop is not None else None


def task_of(handle: Any) -> Any:
    """The task that a handle steps or wakes, if it does."""
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
    name = code.co_qualname
    if name in _WORDS and "asyncio" in code.co_filename:
        if name == "_set_result_unless_cancelled" and type(handle) is not asyncio.TimerHandle:
            return "the end of a wait"
        return _WORDS[name].format(
            task=_first_task(arguments, name_of), channel=_channel(owner, arguments)
        )
    name = sources.short_function_name(name)
    return name if sources.is_readers(code) else f"`{name}`, of {_library(code)}"


def _library(code: types.CodeType) -> str:
    return sources.short_name(code.co_filename).partition("/")[0].removesuffix(".py")


def _builtin(function: Any, owner: Any, name_of: Callable[[Any], str]) -> str:
    if not issubclass(type(function), types.BuiltinFunctionType):  # a method's type is below it
        return type(function).__name__
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

"""What a task waits for, in words, read from the frames of the library that made it wait."""

from __future__ import annotations

import asyncio
import types
from collections.abc import Callable, Iterable
from typing import Any

from glassloop.trace import sources
from glassloop.trace.callbacks import is_task
from glassloop.trace.descriptors import attribute, channel
from glassloop.trace.locals import read_one

SHOWN = 3  # tasks named of those that are waited for together

NameOf = Callable[[Any], str]

# By the name of a function of asyncio: the words, and where the socket or pipe is found that they
# speak of (a variable of the frame, and attributes behind it).
_CHANNELS = {
    "BaseSelectorEventLoop.sock_recv": ("data on {}", "sock"),
    "BaseSelectorEventLoop.sock_recv_into": ("data on {}", "sock"),
    "BaseSelectorEventLoop.sock_recvfrom": ("data on {}", "sock"),
    "BaseSelectorEventLoop.sock_recvfrom_into": ("data on {}", "sock"),
    "BaseSelectorEventLoop.sock_sendall": ("room to send on {}", "sock"),
    "BaseSelectorEventLoop.sock_sendto": ("room to send on {}", "sock"),
    "BaseSelectorEventLoop.sock_accept": ("a connection at {}", "sock"),
    "BaseSelectorEventLoop.sock_connect": ("the connection of {}", "sock"),
    "BaseEventLoop._create_connection_transport": ("the transport of {}", "sock"),
    "StreamReader._wait_for_data": ("data on {}", "self._transport"),
    "FlowControlMixin._drain_helper": ("room to send on {}", "self._transport"),
    "StreamWriter.wait_closed": ("the end of the connection of {}", "self._transport"),
    # Ours.
    "SocketLoop.sock_recv": ("data on {}", "sock"),
    "SocketLoop.sock_recv_into": ("data on {}", "sock"),
    "SocketLoop.sock_recvfrom": ("data on {}", "sock"),
    "SocketLoop.sock_recvfrom_into": ("data on {}", "sock"),
    "SocketLoop.sock_sendall": ("room to send on {}", "sock"),
    "SocketLoop.sock_sendto": ("room to send on {}", "sock"),
    "SocketLoop.sock_accept": ("a connection at {}", "sock"),
    "SocketLoop.sock_connect": ("the connection of {}", "sock"),
    "ConnectingLoop._make_connection": ("the transport of {}", "sock"),
}

_OTHERS = {
    "Server.serve_forever": "the end of the server",
    "Server.wait_closed": "the end of the server's connections",
    "BaseEventLoop.shutdown_default_executor": "the end of the pool's threads",
    "as_completed.<locals>._wait_for_one": "the next task that is done",
    "_AsCompletedIterator._wait_for_one": "the next task that is done",
    "SubprocessStreamProtocol._get_close_waiter": "the end of a process",
    "_UnixSelectorEventLoop._make_subprocess_transport": "the start of a process",
    "BaseEventLoop.connect_read_pipe": "the beginning of a pipe",
    "BaseEventLoop.connect_write_pipe": "the beginning of a pipe",
    # Ours.
    "ThreadLoop.shutdown_default_executor": "the end of the pool's threads",
    "_AsCompletedIterator._next_done": "the next task that is done",
    "ProcessLoop._make_subprocess_transport": "the start of a process",
    "PipeLoop._connect_pipe": "the beginning of a pipe",
}


def reason(frames: list[types.FrameType], name_of: NameOf) -> str:
    """What the library's frames at the end of a chain (outermost first) wait for, or ""."""
    for frame in reversed(frames):
        name = frame.f_code.co_qualname
        if name in _CHANNELS:
            words, where = _CHANNELS[name]
            return words.format(_channel(frame, where))
        if name in _OTHERS:
            return _OTHERS[name]
        if name in _SPECIAL:
            return _SPECIAL[name](frame, name_of)
    frames = [frame for frame in frames if frame.f_code.co_name != "__await__"]  # of a future
    innermost = sources.short_function_name(frames[-1].f_code.co_qualname) if frames else ""
    return f"the future of `{innermost}`" if innermost else ""


def listed(tasks: Iterable[Any], name_of: NameOf) -> str:
    """Names of tasks and futures, "`a`, `b` and 3 more"."""
    names = [name_of(task) for task in tasks]
    if len(names) > SHOWN + 1:
        names[SHOWN:] = [f"{len(names) - SHOWN} more"]
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def call_in_a_thread(function: Any) -> str:
    """The words for a future that a function run in a thread will end."""
    while hasattr(type(function), "func"):  # a functools.partial
        bound = function.args[0] if function.args else function.func
        # `to_thread` calls `context.run(function)`.
        function = bound if type(function.func) is types.BuiltinMethodType else function.func
    kinds = (types.FunctionType, types.BuiltinFunctionType, types.MethodType)
    name = function.__name__ if type(function) in kinds else type(function).__name__
    return f"the call of `{name}` in a thread"


def _channel(frame: types.FrameType, where: str) -> str:
    variable, *attributes = where.split(".")
    thing = read_one(frame, variable)
    for name in attributes:
        thing = attribute(thing, name)
    return channel(thing) or "a connection"


def _several(frame: types.FrameType, name_of: NameOf) -> str:
    """`asyncio.wait`: the set has no order of its own, so the names give it one."""
    ours = "futures" in frame.f_code.co_varnames
    tasks = sorted(read_one(frame, "futures" if ours else "fs"), key=name_of)
    timeout = read_one(frame, "seconds" if ours else "timeout")
    late = " or of its time" if timeout is not None else ""
    if len(tasks) == 1:
        return f"the end of {name_of(tasks[0])}{late}"
    wanted = "all of" if read_one(frame, "return_when") == asyncio.ALL_COMPLETED else "the first of"
    late = " or a timeout" if late else ""
    return f"{wanted} {listed(tasks, name_of)}{late}"


def _sleep(frame: types.FrameType, name_of: NameOf) -> str:
    delay = read_one(frame, "delay")
    length = f" of {delay} s" if type(delay) in (int, float) else ""
    return f"the end of a sleep{length}"


def _wait_for(frame: types.FrameType, name_of: NameOf) -> str:
    """`asyncio.wait_for` until Python 3.11."""
    waited = read_one(frame, "fut")
    what = name_of(waited) if is_task(waited) else "an answer"
    return f"the end of {what} or of its time"


def _group(frame: types.FrameType, name_of: NameOf) -> str:
    tasks = sorted(attribute(read_one(frame, "self"), "_tasks") or (), key=name_of)
    return f"the group of {listed(tasks, name_of)}" if tasks else "the tasks of the group"


def _process(frame: types.FrameType, name_of: NameOf) -> str:
    return f"the end of process {attribute(read_one(frame, 'self'), '_pid')}"


_SPECIAL: dict[str, Callable[[types.FrameType, NameOf], str]] = {
    "sleep": _sleep,
    "to_thread": lambda frame, name_of: call_in_a_thread(read_one(frame, "func")),
    "_wait": _several,
    "wait_for": _wait_for,
    "TaskGroup.__aexit__": _group,
    "TaskGroup._aexit": _group,
    "TaskGroup._leave": _group,
    "BaseSubprocessTransport._wait": _process,
    "ProcessTransport._wait": _process,
}

"""What the callbacks of the known asyncios are about, in words, by the names of their code.

A "{task}" is the task in their first argument, a "{channel}" the socket or pipe they look after.
"""

from __future__ import annotations

import types

# Callbacks of the standard library's asyncio.
_STANDARD = {
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
    "_SelectorSocketTransport._write_send": "room to send on {channel}",
    "_SelectorSocketTransport._write_sendmsg": "room to send on {channel}",
    "_SelectorSocketTransport._call_connection_lost": "the end of {channel}",
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
    "BaseEventLoop.create_task": "an asynchronous generator that nobody holds",
}

# What stands in its place on the simulated machine.
_SIMULATED = {
    "_numbering.<locals>.create_numbered_task": "an asynchronous generator that nobody holds",
}

# Ours.
_OURS = {
    "_set_result_unless_cancelled": "the end of a sleep",
    "set_result_unless_done": "a timeout",
    "Timeout._expire": "a timeout",
    "_AsCompletedIterator._timed_out": "a timeout",
    "_Gathering.child_done": "news for the gather that {task} is done",
    "_wait.<locals>.child_done": "news for `wait` that {task} is done",
    "shield.<locals>.inner_done": "news for the shield that {task} is done",
    "shield.<locals>.outer_done": "the end of a shield",
    "TaskGroup._task_done": "news for the task group that {task} is done",
    "_AsCompletedIterator._child_done": "news for `as_completed` that {task} is done",
    "copy_outcome": "the answer of a thread",
    "_chain_future.<locals>.take_outcome": "the answer for a thread",
    "_chain_future.<locals>.cancel_source": "the end of a call in a thread",
    "run_coroutine_threadsafe.<locals>.start": "a coroutine that a thread hands over",
    "_stop_its_loop": "the end of the loop's run",
    "ReadyLoop.stop": "the end of the loop's run",
    "SelectorLoop._read_wake_ups": "a wake-up call to the loop",
    "_set_ready": "a socket that is ready",
    "Server._accept": "connections to accept at {channel}",
    "SelectorTransport._begin": "the watch on {channel}",
    "SelectorTransport._call_connection_lost": "the end of {channel}",
    "SocketTransport._read_data": "data to read on {channel}",
    "SocketTransport._read_into_buffer": "data to read on {channel}",
    "SocketTransport._write_ready": "room to send on {channel}",
    "SocketTransport._call_connection_lost": "the end of {channel}",
    "SelectorDatagramTransport._read_ready": "data to read on {channel}",
    "SelectorDatagramTransport._send_ready": "room to send on {channel}",
    "PipeEnd._begin": "the watch on {channel}",
    "PipeEnd._call_connection_lost": "the end of {channel}",
    "ReadPipeTransport._read_ready": "data to read on {channel}",
    "WritePipeTransport._read_ready": "the other end of {channel}, which has closed",
    "WritePipeTransport._write_ready": "room to write to {channel}",
    "FlowControlMixin.connection_lost": "the end of a connection",
    "ProcessTransport._process_exited": "the end of a process",
    "ProcessTransport._call_connection_lost": "the end of a process and its pipes",
    "ProcessLoop._child_ended": "the end of a process",
    "TaskLoop.create_task": "an asynchronous generator that nobody holds",
}

# By a part of the path of the file that the code is in.
WORDS = {"asyncio": _STANDARD, "glassloop/lab": _SIMULATED, "glassloop/aio": _OURS}


def words_of(code: types.CodeType) -> str | None:
    """The words for a callback with this code; None where it is none of asyncio's that is known."""
    for place, words in WORDS.items():
        if place in code.co_filename and code.co_qualname in words:
            return words[code.co_qualname]
    return None

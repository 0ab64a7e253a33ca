"""Processes: a transport that has a pipe for each of a child's streams, and hears of its end."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import subprocess
import warnings
from typing import Any

from .futures import Future
from .interfaces import Protocol, SubprocessTransport
from .log import logger

STREAMS = ("stdin", "stdout", "stderr")


class ProcessTransport(SubprocessTransport):
    """A child process. Its protocol hears of the pipes, then of the end, then that all is over."""

    _proc: subprocess.Popen[bytes] | None = None
    _pid: int | None = None
    _returncode: int | None = None
    _closed = False

    def __init__(
        self,
        loop: Any,
        protocol: Any,
        args: Any,
        shell: bool,
        stdin: Any,
        stdout: Any,
        stderr: Any,
        bufsize: int = 0,
        waiter: Future[None] | None = None,
        extra: dict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(extra)
        self._loop, self._protocol = loop, protocol
        # The protocols of the pipes by their number in the child; None until a pipe is connected.
        self._pipes: dict[int, Any] = {}
        # What the protocol is to hear of when it knows the transport; None from then on.
        self._pending_calls: list[tuple[Any, ...]] | None = []
        self._exit_waiters: list[Future[int]] = []
        try:
            self._start(args, shell, stdin, stdout, stderr, bufsize, **options)
        except BaseException:
            self._closed = True
            raise
        assert self._proc is not None
        self._pid = self._proc.pid
        self._extra["subprocess"] = self._proc
        self._pipes = {
            number: None
            for number, stream in enumerate(STREAMS)
            if getattr(self._proc, stream) is not None
        }
        loop.create_task(self._connect_pipes(waiter))

    def _start(
        self,
        args: Any,
        shell: bool,
        stdin: Any,
        stdout: Any,
        stderr: Any,
        bufsize: int,
        **options: Any,
    ) -> None:
        """Start it. Without a buffer, what is written goes straight into the pipe."""
        self._proc = subprocess.Popen(
            args,
            shell=shell,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            bufsize=bufsize,
            **options,
        )

    # What can be asked of it.

    def get_pid(self) -> int | None:
        """The number by which the system knows the process."""
        return self._pid

    def get_returncode(self) -> int | None:
        """What it returned; the number of a signal that ended it, negated; None while it runs."""
        return self._returncode

    def get_pipe_transport(self, fd: int) -> Any:
        """The transport of its stream 0, 1 or 2; None where that is no pipe."""
        pipe = self._pipes.get(fd)
        return None if pipe is None else pipe.transport

    def set_protocol(self, protocol: Any) -> None:
        """Talk to this protocol from now on."""
        self._protocol = protocol

    def get_protocol(self) -> Any:
        """The protocol that it talks to."""
        return self._protocol

    def is_closing(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    def send_signal(self, signal: int) -> None:
        """Send it a signal. Raises `ProcessLookupError` where all is over."""
        if self._proc is None:
            raise ProcessLookupError
        # Until somebody has asked for its end, no other process can have its number.
        if self._proc.returncode is None:
            os.kill(self._proc.pid, signal)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def close(self) -> None:
        """Close its pipes, and kill it if it still runs."""
        if self._closed:
            return
        self._closed = True
        self._close_pipes()
        self._kill_if_it_runs()

    def _kill_if_it_runs(self) -> None:
        if self._proc is None or self._returncode is not None or self._proc.poll() is not None:
            return
        if self._loop.get_debug():
            logger.warning("Close running child process: kill %r", self)
        # It may have ended just now, or run as another user.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            self._proc.kill()

    def _close_pipes(self) -> None:
        for pipe in self._pipes.values():
            if pipe is not None and pipe.transport is not None:
                pipe.transport.close()

    # Pipes.

    async def _connect_pipes(self, waiter: Future[None] | None) -> None:
        """Make transports of the pipes; then tell the protocol, and who waits for the process."""
        error = None
        try:
            for number in self._pipes:
                self._pipes[number] = await self._connect_pipe(number)
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as problem:
            self._give_up_pipes()
            error = problem
        pending, self._pending_calls = self._pending_calls or [], None
        if error is None:
            self._call(self._protocol.connection_made, self)
        for call in pending:
            self._call(*call)
        if self._closed:  # somebody did not want to wait for this
            self._close_pipes()
        self._try_finish()  # it may have ended meanwhile
        if waiter is not None and not waiter.done():
            if error is None:
                waiter.set_result(None)
            else:
                waiter.set_exception(error)

    async def _connect_pipe(self, number: int) -> _Pipe:
        file = getattr(self._proc, STREAMS[number])
        connect = self._loop.connect_read_pipe if number else self._loop.connect_write_pipe
        _, protocol = await connect(functools.partial(_Pipe, self, number), file)
        pipe: _Pipe = protocol
        return pipe

    def _give_up_pipes(self) -> None:
        """Close those that could not be connected: nobody will, and nobody must wait for them."""
        for number in [number for number, pipe in self._pipes.items() if pipe is None]:
            getattr(self._proc, STREAMS[number]).close()
            del self._pipes[number]

    def _pipe_data_received(self, number: int, data: bytes) -> None:
        self._call(self._protocol.pipe_data_received, number, data)

    def _pipe_connection_lost(self, number: int, error: BaseException | None) -> None:
        self._call(self._protocol.pipe_connection_lost, number, error)
        self._try_finish()

    def _call(self, *call: Any) -> None:
        """Tell the protocol something, in a turn of its own, and never before it is connected."""
        if self._pending_calls is None:
            self._loop.call_soon(*call)
        else:
            self._pending_calls.append(call)

    # The end.

    def _process_exited(self, returncode: int) -> None:
        """The process has ended. Its last bytes may still be in the pipes."""
        assert self._proc is not None
        if self._loop.get_debug():
            logger.info("%r exited with return code %r", self, returncode)
        self._returncode = returncode
        if self._proc.returncode is None:  # so that it is not waited for once more
            self._proc.returncode = returncode
        self._call(self._protocol.process_exited)
        self._try_finish()

    def _try_finish(self) -> None:
        """All is over when the process has ended and its pipes, which are connected, are closed."""
        if self._pending_calls is not None or self._returncode is None:
            return
        if all(pipe.is_lost for pipe in self._pipes.values()):
            self._call(self._call_connection_lost, None)

    def _call_connection_lost(self, error: BaseException | None) -> None:
        try:
            self._protocol.connection_lost(error)
        finally:
            for waiter in self._exit_waiters:
                if not waiter.done():
                    waiter.set_result(self._returncode or 0)
            self._exit_waiters.clear()
            self._loop = self._proc = self._protocol = None

    async def _wait(self) -> int:
        """Wait until it has ended and its pipes are closed; what it returned."""
        if self._returncode is not None:
            return self._returncode
        waiter = self._loop.create_future()
        self._exit_waiters.append(waiter)
        returncode: int = await waiter
        return returncode

    def __del__(self) -> None:
        if not self._closed:
            warnings.warn(
                f"unclosed transport {self!r}", ResourceWarning, stacklevel=2, source=self
            )
            if self._loop is not None and self._loop.is_closed():
                self._kill_if_it_runs()  # the pipes close by themselves
            else:
                self.close()

    def __repr__(self) -> str:
        facts = [type(self).__name__]
        facts += ["closed"] if self._closed else []
        facts += [] if self._pid is None else [f"pid={self._pid}"]
        if self._returncode is not None:
            facts.append(f"returncode={self._returncode}")
        else:
            facts.append("not started" if self._pid is None else "running")
        for number, pipe in self._pipes.items():
            facts += [] if pipe is None else [f"{STREAMS[number]}={pipe.transport!r}"]
        return f"<{' '.join(facts)}>"


class _Pipe(Protocol):
    """The protocol of one pipe: tells the process's transport what the pipe's transport says."""

    transport: Any = None
    is_lost = False

    def __init__(self, process: ProcessTransport, number: int) -> None:
        self._process: Any = process
        self._number = number

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._process._pipe_data_received(self._number, data)

    def pause_writing(self) -> None:
        self._process._protocol.pause_writing()

    def resume_writing(self) -> None:
        self._process._protocol.resume_writing()

    def connection_lost(self, exc: BaseException | None) -> None:
        self.is_lost = True
        process, self._process = self._process, None
        process._pipe_connection_lost(self._number, exc)

"""Processes for tasks that wait: streams to and from them, and their end."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import Any

from . import running
from .futures import Future
from .interfaces import SubprocessProtocol
from .log import logger
from .streams import DEFAULT_LIMIT, FlowControlMixin, StreamReader, StreamWriter
from .waiting import gather

PIPE = subprocess.PIPE
STDOUT = subprocess.STDOUT
DEVNULL = subprocess.DEVNULL

__all__ = ("create_subprocess_exec", "create_subprocess_shell")


async def create_subprocess_exec(
    program: Any,
    *args: Any,
    stdin: Any = None,
    stdout: Any = None,
    stderr: Any = None,
    limit: int = DEFAULT_LIMIT,
    **options: Any,
) -> Process:
    """Run a program with these arguments.

    `stdin`, `stdout` and `stderr` are PIPE for a stream here, DEVNULL, a file, or None to share
    ours; `stderr` may be STDOUT. Other options are those of `subprocess.Popen`.
    """
    loop: Any = running.get_running_loop()
    streams = {"stdin": stdin, "stdout": stdout, "stderr": stderr}
    transport, protocol = await loop.subprocess_exec(
        _protocol_factory(limit, loop), program, *args, **streams, **options
    )
    return Process(transport, protocol, loop)


async def create_subprocess_shell(
    cmd: str | bytes,
    stdin: Any = None,
    stdout: Any = None,
    stderr: Any = None,
    limit: int = DEFAULT_LIMIT,
    **options: Any,
) -> Process:
    """Have the shell run a command. Whoever has a say in it can have the shell do anything."""
    loop: Any = running.get_running_loop()
    streams = {"stdin": stdin, "stdout": stdout, "stderr": stderr}
    transport, protocol = await loop.subprocess_shell(
        _protocol_factory(limit, loop), cmd, **streams, **options
    )
    return Process(transport, protocol, loop)


def _protocol_factory(limit: int, loop: Any) -> Callable[[], SubprocessStreamProtocol]:
    return lambda: SubprocessStreamProtocol(limit=limit, loop=loop)


class SubprocessStreamProtocol(FlowControlMixin, SubprocessProtocol):
    """Hears what a process's transport says, and feeds the readers with it."""

    stdin: StreamWriter | None = None
    stdout: StreamReader | None = None
    stderr: StreamReader | None = None

    def __init__(self, limit: int, loop: Any) -> None:
        super().__init__(loop=loop)
        self._limit = limit
        self._transport: Any = None
        self._process_exited = False
        # The readers that have not come to their end.
        self._open_readers: dict[int, StreamReader] = {}
        self._stdin_closed: Future[None] = self._loop.create_future()

    def connection_made(self, transport: Any) -> None:
        """The process runs: make a stream for each pipe."""
        self._transport = transport
        self.stdout = self._reader(1)
        self.stderr = self._reader(2)
        pipe = transport.get_pipe_transport(0)
        if pipe is not None:
            self.stdin = StreamWriter(pipe, protocol=self, reader=None, loop=self._loop)

    def _reader(self, number: int) -> StreamReader | None:
        pipe = self._transport.get_pipe_transport(number)
        if pipe is None:
            return None
        reader = StreamReader(limit=self._limit, loop=self._loop)
        reader.set_transport(pipe)
        self._open_readers[number] = reader
        return reader

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Put them into the reader's buffer."""
        if fd in self._open_readers:
            self._open_readers[fd].feed_data(data)

    def pipe_connection_lost(self, fd: int, exc: BaseException | None) -> None:
        """A stream has ended: who reads, or waits until it can write, hears of it."""
        if fd == 0:
            self._stdin_is_lost(exc)
            return
        reader = self._open_readers.pop(fd, None)
        if reader is not None:
            reader.feed_eof() if exc is None else reader.set_exception(exc)
        self._maybe_close_transport()

    def _stdin_is_lost(self, error: BaseException | None) -> None:
        if self.stdin is not None:
            self.stdin.close()
        self.connection_lost(error)
        if error is None:
            self._stdin_closed.set_result(None)
        else:
            self._stdin_closed.set_exception(error)
            # Nobody has to wait for it. Who does not is not to be told that it failed.
            self._stdin_closed._log_traceback = False

    def process_exited(self) -> None:
        """It has ended."""
        self._process_exited = True
        self._maybe_close_transport()

    def _maybe_close_transport(self) -> None:
        """When nothing more can come, and not before: its last bytes come after its end."""
        if self._process_exited and not self._open_readers and self._transport is not None:
            self._transport.close()
            self._transport = None

    def _get_close_waiter(self, stream: StreamWriter) -> Future[None]:
        return self._stdin_closed

    def __repr__(self) -> str:
        streams = {"stdin": self.stdin, "stdout": self.stdout, "stderr": self.stderr}
        facts = [f"{name}={stream!r}" for name, stream in streams.items() if stream is not None]
        return f"<{' '.join([type(self).__name__, *facts])}>"


class Process:
    """A process that was started: its number `pid`, and its streams, None where it shares ours."""

    def __init__(self, transport: Any, protocol: SubprocessStreamProtocol, loop: Any) -> None:
        self._transport = transport
        self._protocol = protocol
        self._loop = loop
        self.stdin = protocol.stdin
        self.stdout = protocol.stdout
        self.stderr = protocol.stderr
        self.pid = transport.get_pid()

    @property
    def returncode(self) -> int | None:
        """What it returned; the number of a signal that ended it, negated; None while it runs."""
        returncode: int | None = self._transport.get_returncode()
        return returncode

    async def wait(self) -> int:
        """Wait until it has ended, and return what it returned.

        One that writes more into a pipe than that can hold ends only when somebody reads it:
        `communicate` does.
        """
        returncode: int = await self._transport._wait()
        return returncode

    def send_signal(self, signal: int) -> None:
        """Send it a signal. Raises `ProcessLookupError` where it has ended."""
        self._transport.send_signal(signal)

    def terminate(self) -> None:
        """Ask it to end."""
        self._transport.terminate()

    def kill(self) -> None:
        """End it."""
        self._transport.kill()

    async def communicate(self, input: bytes | None = None) -> tuple[bytes | None, bytes | None]:
        """Write `input`, read all that it says, and wait for its end; stdout and stderr."""
        _, stdout, stderr = await gather(
            self._feed_stdin(input), self._read_stream(1), self._read_stream(2)
        )
        await self.wait()
        return stdout, stderr

    async def _feed_stdin(self, input: bytes | None) -> None:
        if self.stdin is None:
            return
        try:
            if input is not None:
                self.stdin.write(input)
                self._note(f"feed stdin ({len(input)} bytes)")
            await self.stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            # It may end, or close its stdin, without having read all.
            self._note(f"stdin got {error!r}")
        self._note("close stdin")
        self.stdin.close()

    async def _read_stream(self, number: int) -> bytes | None:
        stream, name = {1: (self.stdout, "stdout"), 2: (self.stderr, "stderr")}[number]
        if stream is None:
            return None
        pipe = self._transport.get_pipe_transport(number)
        self._note(f"read {name}")
        output: bytes = await stream.read()
        self._note(f"close {name}")
        pipe.close()
        return output

    def _note(self, what: str) -> None:
        """In debug mode, log what `communicate` does."""
        if self._loop.get_debug():
            logger.debug("%r communicate: %s", self, what)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.pid}>"

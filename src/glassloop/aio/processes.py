"""A loop that starts processes, and notices when one of them ends."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable
from typing import Any

from .log import logger
from .pipes import PipeLoop
from .processtransport import ProcessTransport

# What is said of a child whose exit status somebody else has taken.
UNKNOWN_EXIT = 255

PIPE = subprocess.PIPE

# Options of `subprocess.Popen` that must be left as they are.
BYTES_ONLY = {
    "universal_newlines": False,
    "text": False,
    "bufsize": 0,
    "encoding": None,
    "errors": None,
}


class ProcessLoop(PipeLoop):
    """Starts processes. Both methods return a transport and its protocol."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        # Descriptors of the processes that run.
        self._children: set[int] = set()

    async def subprocess_shell(
        self,
        protocol_factory: Callable[[], Any],
        cmd: str | bytes,
        *,
        stdin: Any = PIPE,
        stdout: Any = PIPE,
        stderr: Any = PIPE,
        shell: bool = True,
        **options: Any,
    ) -> tuple[Any, Any]:
        """Have the shell run this command; `options` are those of `subprocess.Popen`."""
        if not isinstance(cmd, bytes | str):
            raise ValueError("cmd must be a string")
        if not shell:
            raise ValueError("shell must be True")
        _check_bytes_only(options)
        protocol = protocol_factory()
        transport = await self._make_subprocess_transport(
            protocol, cmd, True, stdin, stdout, stderr, **options
        )
        return transport, protocol

    async def subprocess_exec(
        self,
        protocol_factory: Callable[[], Any],
        program: Any,
        *args: Any,
        stdin: Any = PIPE,
        stdout: Any = PIPE,
        stderr: Any = PIPE,
        shell: bool = False,
        **options: Any,
    ) -> tuple[Any, Any]:
        """Run this program with these arguments."""
        if shell:
            raise ValueError("shell must be False")
        _check_bytes_only(options)
        protocol = protocol_factory()
        transport = await self._make_subprocess_transport(
            protocol, (program, *args), False, stdin, stdout, stderr, **options
        )
        return transport, protocol

    async def _make_subprocess_transport(
        self, protocol: Any, args: Any, shell: bool, *streams: Any, **options: Any
    ) -> ProcessTransport:
        options["waiter"] = waiter = self.create_future()
        transport = ProcessTransport(self, protocol, args, shell, *streams, **options)
        self._watch_child(transport)
        try:
            await waiter
        except BaseException:
            transport.close()
            await transport._wait()
            raise
        if self._debug:
            # Arguments may be secrets.
            program = args if shell else args[0]
            logger.debug("process %r created: %r", program, transport)
        return transport

    # The system has a descriptor that becomes ready when a process ends (Linux), or else a thread
    # has to wait for it.

    def _watch_child(self, transport: ProcessTransport) -> None:
        """Have the transport hear of the end of its process."""
        try:
            descriptor = os.pidfd_open(transport._pid)  # type: ignore[arg-type]
        except (AttributeError, OSError):
            threading.Thread(
                target=self._wait_for_child,
                args=(transport, transport._proc),
                name=f"waitpid-{transport._pid}",
                daemon=True,
            ).start()
        else:
            self._children.add(descriptor)
            self._add_reader(descriptor, self._child_ended, descriptor, transport)

    def _child_ended(self, descriptor: int, transport: ProcessTransport) -> None:
        self._remove_reader(descriptor)
        self._children.remove(descriptor)
        os.close(descriptor)
        transport._process_exited(_exit_code(transport._proc))

    def _wait_for_child(self, transport: ProcessTransport, process: Any) -> None:
        """In a thread: wait for it."""
        returncode = _exit_code(process)
        if self.is_closed():
            logger.warning("Loop %r that handles pid %r is closed", self, process.pid)
        else:
            self.call_soon_threadsafe(transport._process_exited, returncode)

    def close(self) -> None:
        super().close()
        while self._children:
            os.close(self._children.pop())


def can_use_pidfd() -> bool:
    """Whether the system has such descriptors, and this process may use them."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return True


def _exit_code(process: Any) -> int:
    """What it returned. Where nobody has asked the system for that yet, wait until it says so."""
    if process.returncode is None:
        try:
            _, status = os.waitpid(process.pid, 0)
        except ChildProcessError:
            pass  # somebody was quicker
        else:
            return os.waitstatus_to_exitcode(status)
    if process.returncode is None:
        logger.warning(
            "child process pid %d exit status already read: will report returncode %d",
            process.pid,
            UNKNOWN_EXIT,
        )
        return UNKNOWN_EXIT
    returncode: int = process.returncode
    return returncode


def _check_bytes_only(options: dict[str, Any]) -> None:
    """A transport carries bytes; to make text of them is for those who know where it ends."""
    for name, wanted in BYTES_ONLY.items():
        if options.pop(name, wanted):
            raise ValueError(f"{name} must be {wanted}")

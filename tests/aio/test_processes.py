"""Pipes and processes: the same programs on the standard library's loop and on ours."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from pathlib import Path
from typing import Any

import pytest
from diary import Diary, descriptors, until

from glassloop import aio

pytestmark = pytest.mark.filterwarnings(
    "ignore:.*child_watcher.*:DeprecationWarning",
)


async def pipe() -> tuple[Any, Any]:
    """The protocols at the two ends of a pipe: who reads, who writes."""
    loop = asyncio.get_running_loop()
    reads, writes = os.pipe()
    _, reader = await loop.connect_read_pipe(Diary, os.fdopen(reads, "rb", 0))
    _, writer = await loop.connect_write_pipe(Diary, os.fdopen(writes, "wb", 0))
    return reader, writer


def test_what_goes_into_a_pipe_comes_out_and_then_its_end(run: Any) -> None:
    async def main() -> None:
        reader, writer = await pipe()
        writer.transport.write(b"dough ")
        writer.transport.writelines([b"and ", bytearray(b"salt")])
        writer.transport.write_eof()
        assert await reader.ended is None
        assert await writer.ended is None
        assert reader.received() == b"dough and salt"
        assert reader.said[-1] == "eof"

    run(main())


def test_a_full_pipe_makes_the_writer_pause_and_loses_nothing(run: Any) -> None:
    async def main() -> None:
        reader, writer = await pipe()
        reader.transport.pause_reading()
        assert not reader.transport.is_reading()
        much = bytes(range(256)) * 2048
        writer.transport.write(much)
        assert writer.said == ["pause"]
        assert writer.transport.get_write_buffer_size() > 0
        reader.transport.resume_reading()
        writer.transport.close()  # after all is sent
        await reader.ended
        assert reader.received() == much

    run(main())


def test_a_writer_hears_that_nobody_reads_any_more(run: Any) -> None:
    async def main() -> None:
        reader, writer = await pipe()
        reader.transport.close()
        assert await reader.ended is None
        assert await writer.ended is None
        reader, writer = await pipe()
        reader.transport.pause_reading()
        writer.transport.write(bytes(1_000_000))
        reader.transport.close()
        assert isinstance(await writer.ended, BrokenPipeError)

    run(main())


def test_what_waits_is_lost_when_the_writer_aborts(run: Any) -> None:
    async def main() -> None:
        reader, writer = await pipe()
        reader.transport.pause_reading()
        writer.transport.write(bytes(1_000_000))
        writer.transport.abort()
        assert await writer.ended is None
        writer.transport.write(b"too late")
        reader.transport.resume_reading()
        await reader.ended
        assert 0 < len(reader.received()) < 1_000_000

    run(main())


def test_a_file_is_no_pipe(run: Any) -> None:
    async def main(file: Any) -> None:
        await asyncio.get_running_loop().connect_read_pipe(Diary, file)

    with Path(__file__).open("rb") as file, pytest.raises(ValueError, match="Pipe transport is"):
        run(main(file))


def test_an_unclosed_pipe_is_warned_of(run_on_aio: Any) -> None:
    async def main() -> None:
        reader, writer = await pipe()
        assert "open" in repr(reader.transport)
        writer.transport.close()
        with pytest.warns(ResourceWarning, match="unclosed transport <ReadPipeTransport open"):
            reader.transport.__del__()
        reader.transport.pause_reading()  # its file is closed: nobody must look at it any more
        reader.transport.close()
        await reader.ended
        await writer.ended
        assert "closed" in repr(writer.transport)

    run_on_aio(main())


def children() -> set[str]:
    """The processes that this one has started and not reaped, the browser of other tests too."""
    threads = Path("/proc/self/task").iterdir()
    return {number for one in threads for number in (one / "children").read_text().split()}


# Processes. A shell starts faster than a Python.


async def start(command: str, **streams: Any) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec("/bin/sh", "-c", command, **streams)


def test_communicate_gives_all_that_a_process_says(run: Any) -> None:
    async def main() -> None:
        process = await start("cat; echo burnt >&2; exit 3", stdin=PIPE, stdout=PIPE, stderr=PIPE)
        assert await process.communicate(b"bread") == (b"bread", b"burnt\n")
        assert process.returncode == await process.wait() == 3

    run(main())


def test_the_shell_runs_a_command_and_errors_can_go_where_output_goes(run: Any) -> None:
    async def main() -> None:
        command = "echo rolls; echo crumbs >&2"
        process = await asyncio.create_subprocess_shell(command, stdout=PIPE, stderr=STDOUT)
        assert await process.communicate() == (b"rolls\ncrumbs\n", None)
        quiet = await asyncio.create_subprocess_shell(command, stdout=DEVNULL, stderr=DEVNULL)
        assert await quiet.wait() == 0
        assert quiet.stdin is quiet.stdout is quiet.stderr is None

    run(main())


def test_a_large_output_comes_whole_although_the_reader_is_limited(run: Any) -> None:
    async def main() -> None:
        process = await start("head -c 500000 /dev/zero", stdout=PIPE, limit=100)
        stdout, _ = await process.communicate()
        assert stdout == bytes(500_000)

    run(main())


def test_a_process_that_reads_nothing_does_not_break_communicate(run: Any) -> None:
    async def main() -> None:
        process = await start("head -c 1 >/dev/null; exit 5", stdin=PIPE)
        assert await process.communicate(bytes(1_000_000)) == (None, None)
        assert process.returncode == 5

    run(main())


@pytest.mark.parametrize("how", ["terminate", "kill", "send_signal"])
def test_a_signal_ends_it_and_is_its_return_code(run: Any, how: str) -> None:
    numbers = {"terminate": signal.SIGTERM, "kill": signal.SIGKILL, "send_signal": signal.SIGUSR1}

    async def main() -> None:
        process = await start("echo on; exec sleep 100", stdout=PIPE)
        assert process.stdout is not None
        await process.stdout.readline()
        getattr(process, how)(*[numbers[how]] * (how == "send_signal"))
        assert await process.wait() == -numbers[how]
        with pytest.raises(ProcessLookupError):
            process.kill()

    run(main())


def test_who_stops_waiting_for_a_start_leaves_no_process(run_on_aio: Any) -> None:
    async def main() -> None:
        before, kept = descriptors(), children()
        starting = asyncio.create_task(start("exec sleep 100", stdin=PIPE, stdout=PIPE))
        await asyncio.sleep(0)
        starting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await starting
        assert children() == kept
        await until(lambda: descriptors() == before)

    run_on_aio(main())


def test_a_program_that_is_not_there_leaves_nothing_behind(run: Any) -> None:
    async def main() -> None:
        before = descriptors()
        with pytest.raises(FileNotFoundError):
            await asyncio.create_subprocess_exec("/no/such/oven", stdin=PIPE, stdout=PIPE)
        assert descriptors() == before

    run(main())


def test_a_hundred_processes_leave_no_descriptor(run_on_aio: Any) -> None:
    async def main() -> None:
        first = await start("cat", stdin=PIPE, stdout=PIPE)
        await first.communicate(b"warm up")
        before = descriptors()
        for _ in range(10):
            some = [await start("cat", stdin=PIPE, stdout=PIPE) for _ in range(10)]
            said = await asyncio.gather(*[each.communicate(b"x") for each in some])
            assert said == [(b"x", None)] * 10
        await asyncio.sleep(0)
        assert descriptors() == before

    run_on_aio(main())


class Hears(asyncio.SubprocessProtocol):
    """Writes down what it hears of a process."""

    def __init__(self) -> None:
        self.said: list[Any] = []
        self.ended = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self.said.append("made")

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        self.said.append((fd, data))

    def pipe_connection_lost(self, fd: int, exc: BaseException | None) -> None:
        self.said.append((fd, "lost"))

    def process_exited(self) -> None:
        self.said.append("exited")

    def connection_lost(self, exc: BaseException | None) -> None:
        self.said.append("lost")
        self.ended.set_result(None)


def test_a_protocol_hears_of_the_beginning_first_and_of_the_end_last(run: Any) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        transport, protocol = await loop.subprocess_exec(
            Hears, "/bin/sh", "-c", "echo 1; echo 2 >&2", stdin=DEVNULL
        )
        await protocol.ended
        assert (protocol.said[0], protocol.said[-1]) == ("made", "lost")
        assert sorted(protocol.said[1:-1], key=str) == [
            (1, "lost"),
            (1, b"1\n"),
            (2, "lost"),
            (2, b"2\n"),
            "exited",
        ]
        assert transport.get_returncode() == 0
        transport.close()

    run(main())


def test_what_comes_while_the_pipes_are_connected_waits_for_that(run_on_aio: Any) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        connect = loop.connect_read_pipe

        async def connect_slowly(factory: Any, pipe: Any) -> Any:
            connected = await connect(factory, pipe)
            await until(lambda: connected[1].is_lost)  # all is said, and heard
            return connected

        loop.connect_read_pipe = connect_slowly  # type: ignore[method-assign]
        transport, protocol = await loop.subprocess_shell(Hears, "echo 1", stdin=DEVNULL)
        await protocol.ended
        transport.close()
        assert protocol.said[0] == "made"
        assert (1, b"1\n") in protocol.said

    run_on_aio(main())


def test_to_close_the_transport_kills_the_process(run: Any) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        transport, protocol = await loop.subprocess_shell(Hears, "exec sleep 100")
        transport.close()
        await protocol.ended
        assert transport.get_returncode() == -signal.SIGKILL

    run(main())


def test_without_descriptors_of_processes_a_thread_waits(
    run_on_aio: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(pid: int) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "pidfd_open", forbidden, raising=False)

    async def main() -> None:
        process = await start("read line; exit 4", stdin=PIPE)
        assert f"waitpid-{process.pid}" in [thread.name for thread in threading.enumerate()]
        await process.communicate(b"go\n")
        assert process.returncode == 4

    run_on_aio(main())


def test_an_exit_status_that_somebody_else_took_is_not_invented(
    run_on_aio: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        process = await start("exit 0")
        os.waitpid(process.pid, 0)  # noqa: ASYNC222 - the loop must not be quicker
        assert await process.wait() == 255

    run_on_aio(main())
    assert "exit status already read: will report returncode 255" in caplog.text


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"text": True}, "text must be False"),
        ({"universal_newlines": True}, "universal_newlines must be False"),
        ({"bufsize": 1}, "bufsize must be 0"),
        ({"encoding": "utf-8"}, "encoding must be None"),
        ({"errors": "strict"}, "errors must be None"),
        ({"shell": True}, "shell must be False"),
    ],
)
def test_options_that_would_make_text_are_refused(
    run: Any, options: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        run(asyncio.create_subprocess_exec(sys.executable, **options))


def test_a_loop_that_is_closed_too_early_keeps_no_descriptor(run_on_aio: Any) -> None:
    before = descriptors()
    loop = aio.EventLoop()
    transport, _ = loop.run_until_complete(
        loop.subprocess_exec(Hears, "/bin/sleep", "100", stdin=None, stdout=None, stderr=None)
    )
    loop.close()
    process = transport.get_extra_info("subprocess")
    with pytest.warns(ResourceWarning, match="unclosed transport <ProcessTransport"):
        transport.__del__()
    with contextlib.suppress(ProcessLookupError):
        process.wait()
    assert process.returncode == -signal.SIGKILL
    assert descriptors() == before
    transport._closed = True

"""Sockets, transports and servers: the same programs on the standard library's loop and on ours."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import errno
import io
import os
import resource
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from diary import FullDiary, until

from glassloop.aio import addresses
from glassloop.aio.staggered import staggered_race

HOST = "127.0.0.1"


class Diary(FullDiary):
    """Tells its transport to stay open after the other side's end, if it is to."""

    def __init__(self) -> None:
        super().__init__()
        self.connected = asyncio.get_running_loop().create_future()
        self.keeps_open = False

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.connected.set_result(transport)

    def eof_received(self) -> bool:
        super().eof_received()
        return self.keeps_open


class Echo(Diary):
    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self.transport.write(data)


async def pair(factory: Callable[[], Any] = Diary) -> tuple[Any, Any]:
    """Two protocols that are connected to each other."""
    loop = asyncio.get_running_loop()
    ends = socket.socketpair()
    _, one = await loop.create_connection(factory, sock=ends[0])
    _, other = await loop.connect_accepted_socket(factory, ends[1])
    return one, other


def test_an_echo_over_tcp_gives_back_every_byte_in_order(run: Any) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(Echo, HOST, 0)
        address = server.sockets[0].getsockname()
        _, client = await loop.create_connection(Diary, *address)
        body = os.urandom(3_000_000)
        client.transport.write(body[:1_000_000])
        client.transport.writelines([body[1_000_000:1_000_001], b"", bytearray(body[1_000_001:])])
        client.transport.write_eof()
        assert await client.ended is None
        assert client.received() == body
        assert client.transport.get_extra_info("peername") == address
        server.close()
        await server.wait_closed()
        assert server.sockets == ()

    run(main())


def test_a_protocol_hears_of_its_connection_from_beginning_to_end(run: Any) -> None:
    async def main() -> None:
        one, other = await pair()
        one.transport.write(b"x")
        one.transport.close()
        one.transport.close()
        await asyncio.gather(one.ended, other.ended)
        assert one.said == ["made", ("lost", None)]
        assert other.said == ["made", b"x", "eof", ("lost", None)]
        assert one.transport.is_closing()

    run(main())


def test_a_half_closed_connection_still_carries_the_answer(run: Any) -> None:
    async def main() -> None:
        one, other = await pair()
        other.keeps_open = True
        one.transport.write_eof()
        with pytest.raises(RuntimeError, match=r"Cannot call write\(\) after write_eof\(\)"):
            one.transport.write(b"late")
        await until(lambda: "eof" in other.said)
        other.transport.write(b"the answer")
        other.transport.close()
        await one.ended
        assert one.said == ["made", b"the answer", "eof", ("lost", None)]

    run(main())


def test_writing_pauses_above_the_high_mark_and_resumes_at_the_low_one(run: Any) -> None:
    async def main() -> None:
        one, other = await pair()
        other.transport.pause_reading()
        one.transport.set_write_buffer_limits(high=1000, low=10)
        assert one.transport.get_write_buffer_limits() == (10, 1000)
        total = 0
        while one.transport.get_write_buffer_size() == 0:
            one.transport.write(bytes(100_000))
            total += 100_000
        assert one.said == ["made", "pause"]
        other.transport.resume_reading()
        await until(lambda: len(other.received()) == total)
        assert one.said == ["made", "pause", "resume"]
        assert one.transport.get_write_buffer_size() == 0
        one.transport.abort()
        other.transport.abort()
        await asyncio.gather(one.ended, other.ended)

    run(main())


def test_many_pieces_are_sent_in_order_wherever_the_socket_stops(run: Any) -> None:
    async def main() -> None:
        one, other = await pair()
        pieces = [bytes([n % 251]) * 30_000 for n in range(100)]
        one.transport.writelines(pieces)
        assert one.transport.get_write_buffer_size() > 0
        one.transport.close()
        await other.ended
        assert other.received() == b"".join(pieces)

    run(main())


def test_what_waits_to_be_sent_does_not_change_with_the_callers_buffer(run_on_aio: Any) -> None:
    async def main() -> None:
        one, other = await pair()
        other.transport.pause_reading()
        mine = bytearray(b"a" * 2_000_000)
        one.transport.write(mine)
        assert one.transport.get_write_buffer_size() > 0
        mine[:] = b"b" * 2_000_000
        mine.append(0)  # nobody holds it
        other.transport.resume_reading()
        one.transport.close()
        await other.ended
        assert other.received() == b"a" * 2_000_000

    run_on_aio(main())


def test_a_transport_that_is_closed_sends_what_waits_first_and_an_aborted_one_does_not(
    run: Any,
) -> None:
    async def main(end: str) -> int:
        one, other = await pair()
        other.transport.pause_reading()
        one.transport.write(bytes(5_000_000))
        getattr(one.transport, end)()
        other.transport.resume_reading()
        await asyncio.gather(one.ended, other.ended)
        return len(other.received())

    assert run(main("close")) == 5_000_000
    assert run(main("abort")) < 5_000_000


def test_a_protocol_with_a_buffer_is_given_it_filled(run: Any) -> None:
    class Buffered(asyncio.BufferedProtocol):
        def __init__(self) -> None:
            self.buffer = bytearray(4)
            self.got = b""
            self.ended = asyncio.get_running_loop().create_future()

        def connection_made(self, transport: Any) -> None:
            self.transport = transport

        def get_buffer(self, sizehint: int) -> bytearray:
            return self.buffer

        def buffer_updated(self, nbytes: int) -> None:
            self.got += self.buffer[:nbytes]

        def connection_lost(self, exc: BaseException | None) -> None:
            self.ended.set_result(exc)

    async def main() -> None:
        one, other = await pair(Buffered)
        one.transport.write(b"0123456789")
        await until(lambda: len(other.got) == 10)
        # From one kind of protocol to the other, in the middle of the stream.
        diary = Diary()
        other.transport.set_protocol(diary)
        one.transport.write(b"and more")
        one.transport.close()
        await diary.ended
        assert (other.got, diary.received()) == (b"0123456789", b"and more")

    run(main())


@pytest.mark.parametrize("method", ["data_received", "eof_received"])
def test_a_protocol_that_fails_loses_its_connection_and_is_reported(run: Any, method: str) -> None:
    async def main() -> list[str]:
        reports: list[str] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: reports.append(context["message"]))
        one, other = await pair()

        def fail(*args: object) -> None:
            raise ZeroDivisionError

        setattr(other, method, fail)
        one.transport.write(b"x")
        one.transport.write_eof()
        assert type(await other.ended) is ZeroDivisionError
        one.transport.abort()
        return reports

    assert run(main()) == [f"Fatal error: protocol.{method}() call failed."]


def test_a_server_closes_its_clients_when_it_is_told_to(run_on_aio: Any) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(Echo, HOST, 0)
        _, client = await loop.create_connection(Diary, *server.sockets[0].getsockname())
        client.transport.write(b"hello")
        await until(client.received)
        server.close()
        with pytest.raises(ConnectionRefusedError):
            await loop.sock_connect(socket_for(HOST), client.transport.get_extra_info("peername"))
        server.close_clients()
        await asyncio.gather(client.ended, server.wait_closed())

    def socket_for(host: str) -> socket.socket:
        sock = socket.socket()
        sock.setblocking(False)
        stack.callback(sock.close)
        return sock

    with contextlib.ExitStack() as stack:
        run_on_aio(main())


def test_serving_forever_ends_with_its_cancellation(run: Any) -> None:
    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(Diary, HOST, 0, start_serving=False)
        assert not server.is_serving()
        task = asyncio.ensure_future(server.serve_forever())
        await asyncio.sleep(0)
        assert server.is_serving()
        with pytest.raises(RuntimeError, match="already being awaited"):
            await server.serve_forever()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not server.is_serving()
        with pytest.raises(RuntimeError, match="is closed"):
            await server.serve_forever()

    run(main())


def test_each_connection_has_a_context_of_its_own(run: Any) -> None:
    visits = contextvars.ContextVar("visits", default=0)

    class Visitor(Diary):
        def __init__(self) -> None:
            super().__init__()
            visits.set(visits.get() + 1)
            seen.append(visits.get())

    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(Visitor, HOST, 0)
        clients = [
            (await loop.create_connection(Diary, *server.sockets[0].getsockname()))[1]
            for _ in range(3)
        ]
        await until(lambda: len(seen) == 3)
        server.close()
        for client in clients:
            client.transport.abort()
        await asyncio.gather(*[client.ended for client in clients])

    seen: list[int] = []
    run(main())
    assert seen == [1, 1, 1]


def test_out_of_descriptors_a_server_pauses_and_then_goes_on(run_on_aio: Any) -> None:
    async def main() -> None:
        reports: list[dict[str, Any]] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: reports.append(context))
        timers: list[Any] = []
        loop.call_later = lambda delay, *call: timers.append((delay, call))
        server = await loop.create_server(Echo, HOST, 0)
        client = socket.create_connection(server.sockets[0].getsockname())
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (client.fileno() + 1, before[1]))
        try:
            await until(lambda: reports)
            for _ in range(300):  # the socket is still ready, and nobody asks
                await asyncio.sleep(0)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
        [report], [(delay, (watch, sock))] = reports, timers
        assert report["message"] == "socket.accept() out of system resource"
        assert report["exception"].errno == errno.EMFILE
        assert delay == 1
        watch(sock)
        client.setblocking(False)
        await loop.sock_sendall(client, b"still there?")
        assert await loop.sock_recv(client, 100) == b"still there?"
        client.close()
        server.close()
        await server.wait_closed()

    run_on_aio(main())


def test_a_unix_servers_file_goes_with_it_unless_somebody_has_put_another_there(
    run_on_aio: Any,
) -> None:
    async def serve_once(path: Path) -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_unix_server(Echo, path)
        _, client = await loop.create_unix_connection(Diary, path)
        client.transport.write(b"hello")
        await until(client.received)
        client.transport.close()
        server.close()
        await asyncio.gather(client.ended, server.wait_closed())

    async def replace(path: Path) -> None:
        server = await asyncio.get_running_loop().create_unix_server(Echo, path)
        put_another_there(path)
        server.close()

    def put_another_there(path: Path) -> None:
        path.unlink()
        path.write_text("mine")

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "socket"
        run_on_aio(serve_once(path))
        assert not path.exists()
        run_on_aio(replace(path))
        assert path.read_text() == "mine"


def test_datagrams_arrive_whole_and_with_their_address(run: Any) -> None:
    class Mailbox(asyncio.DatagramProtocol):
        def __init__(self) -> None:
            self.letters: list[Any] = []
            self.closed = asyncio.get_running_loop().create_future()

        def connection_made(self, transport: Any) -> None:
            self.transport = transport

        def datagram_received(self, data: bytes, addr: Any) -> None:
            self.letters.append((data, addr))

        def connection_lost(self, exc: BaseException | None) -> None:
            self.closed.set_result(exc)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        open_end, inbox = await loop.create_datagram_endpoint(Mailbox, local_addr=(HOST, 0))
        address = open_end.get_extra_info("sockname")
        fixed_end, outbox = await loop.create_datagram_endpoint(Mailbox, remote_addr=address)
        fixed_end.sendto(b"one")
        fixed_end.sendto(b"two", address)
        with pytest.raises(ValueError, match="Invalid address: must be None or"):
            fixed_end.sendto(b"three", (HOST, 9))
        await until(lambda: len(inbox.letters) == 2)
        sender = fixed_end.get_extra_info("sockname")
        assert inbox.letters == [(b"one", sender), (b"two", sender)]
        open_end.sendto(b"answer", sender)
        await until(lambda: outbox.letters)
        assert outbox.letters == [(b"answer", address)]
        open_end.close()
        fixed_end.close()
        assert await asyncio.gather(inbox.closed, outbox.closed) == [None, None]

    run(main())


def test_a_datagram_without_an_address_goes_to_the_other_end_of_a_pair(run_on_aio: Any) -> None:
    async def main() -> bytes:
        loop = asyncio.get_running_loop()
        mine, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        with other:
            transport, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, sock=mine)
            transport.sendto(b"ready")
            transport.close()
            return other.recv(100, socket.MSG_DONTWAIT)

    assert run_on_aio(main()) == b"ready"


def test_a_cancelled_wait_for_a_socket_leaves_it_to_the_next_one(run: Any) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        one, other = socket.socketpair()
        with one, other:
            one.setblocking(False)
            other.setblocking(False)
            first = asyncio.ensure_future(loop.sock_recv(one, 10))
            await asyncio.sleep(0)
            second = asyncio.ensure_future(loop.sock_recv(one, 10))
            await asyncio.sleep(0)
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            await loop.sock_sendall(other, b"for the second")
            assert await second == b"for the se"
            assert not loop.remove_reader(one)

    run(main())


def test_a_socket_of_a_transport_is_nobody_elses(run: Any) -> None:
    async def main() -> None:
        one, other = await pair()
        loop = asyncio.get_running_loop()
        number = one.transport.get_extra_info("socket").fileno()
        with pytest.raises(RuntimeError, match=f"File descriptor {number} is used by transport"):
            loop.add_reader(number, print)
        one.transport.abort()
        other.transport.abort()
        await asyncio.gather(one.ended, other.ended)

    run(main())


@pytest.mark.parametrize("kind", ["system", "blocks"])
def test_a_file_is_sent_between_two_writes(run: Any, kind: str) -> None:
    async def main(file: Any) -> None:
        loop = asyncio.get_running_loop()
        one, other = await pair()
        one.transport.write(b"<")
        assert await loop.sendfile(one.transport, file, 2, 500_000) == 500_000
        assert file.tell() == 500_002
        one.transport.write(b">")
        one.transport.close()
        await asyncio.gather(one.ended, other.ended)
        assert other.received() == b"<" + body[2:500_002] + b">"

    body = os.urandom(1_000_000)
    if kind == "blocks":
        run(main(io.BytesIO(body)))
        return
    with tempfile.TemporaryFile() as file:
        file.write(body)
        file.seek(0)
        run(main(file))


def test_a_file_that_is_half_sent_is_left_where_its_sending_stopped(run: Any) -> None:
    async def main(file: io.BytesIO) -> None:
        loop = asyncio.get_running_loop()
        one, other = await pair()
        other.transport.pause_reading()
        write, written = one.transport.write, []

        def write_down(data: Any) -> None:
            written.append(len(data))
            write(data)

        one.transport.write = write_down
        sending = asyncio.ensure_future(loop.sendfile(one.transport, file))
        await until(lambda: one.transport.get_write_buffer_size() > 64 * 1024)
        await until(lambda: file.tell() > sum(written))  # one more block is read, and waits
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        other.transport.resume_reading()
        one.transport.close()
        await other.ended
        assert file.tell() == len(other.received()) < 2_000_000

    run(main(io.BytesIO(bytes(2_000_000))))


def test_a_host_that_refuses_is_reported_with_all_its_addresses(run: Any) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        with socket.socket() as closed:
            closed.bind((HOST, 0))
            port = closed.getsockname()[1]

        async def answers(host: object, port: int, **how: object) -> list[Any]:
            kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
            return [(*kind, (HOST, port)), (*kind, ("127.0.0.2", port))]

        loop.getaddrinfo = answers
        with pytest.raises(OSError, match=r"Multiple exceptions: .*127\.0\.0\.1.*, .*127\.0\.0\.2"):
            await loop.create_connection(Diary, "kitchen.example", port)
        with pytest.raises(OSError, match="Multiple exceptions"):
            await loop.create_connection(Diary, "kitchen.example", port, happy_eyeballs_delay=0.25)

    run(main())


def test_of_two_addresses_the_one_that_answers_is_taken(run_on_aio: Any) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(Echo, HOST, 0)
        port = server.sockets[0].getsockname()[1]

        async def answers(host: object, port: int, **how: object) -> list[Any]:
            kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
            return [(*kind, ("127.0.0.3", port)), (*kind, (HOST, port))]

        tried: list[str] = []
        connect = loop.sock_connect

        async def connect_unless_silent(sock: socket.socket, address: Any) -> None:
            tried.append(address[0])
            if address[0] != HOST:
                await loop.create_future()  # it never answers
            await connect(sock, address)

        loop.getaddrinfo, loop.sock_connect = answers, connect_unless_silent
        transport, client = await loop.create_connection(
            Diary, "kitchen.example", port, happy_eyeballs_delay=0.001
        )
        assert tried == ["127.0.0.3", HOST]
        assert transport.get_extra_info("peername") == (HOST, port)
        transport.close()
        server.close()
        await asyncio.gather(client.ended, server.wait_closed())

    run_on_aio(main())


def test_in_a_race_the_first_to_arrive_wins_and_the_others_are_cancelled(run_on_aio: Any) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()

        async def never() -> None:
            await loop.create_future()

        async def fails() -> None:
            raise OSError("no")

        async def wins() -> str:
            return "there"

        result, winner, errors = await staggered_race([never, fails, wins], 0.001, loop=loop)
        assert (result, winner) == ("there", 2)
        assert [type(error) for error in errors] == [
            asyncio.CancelledError,
            OSError,
            type(None),
        ]
        assert await staggered_race([], None, loop=loop) == (None, None, [])

    run_on_aio(main())


def test_families_of_addresses_are_tried_in_turns() -> None:
    four = [(socket.AF_INET, 1, 6, "", n) for n in range(3)]
    six = [(socket.AF_INET6, 1, 6, "", n) for n in range(2)]
    assert addresses.interleave(four + six) == [four[0], six[0], four[1], six[1], four[2]]
    assert addresses.interleave(four + six, 2) == [four[0], four[1], six[0], four[2], six[1]]


@pytest.mark.parametrize(
    ("host", "port", "address"),
    [
        ("127.0.0.1", "80", ("127.0.0.1", 80)),
        ("127.0.0.1", None, ("127.0.0.1", 0)),
        ("::1", 80, ("::1", 80, 0, 0)),
        ("localhost", 80, None),
        ("127.0.0.1", "http", None),
        ("fe80::1%lo", 80, None),
        (None, 80, None),
    ],
)
def test_an_address_of_numbers_needs_no_look_up(host: Any, port: Any, address: Any) -> None:
    info = addresses.known(host, port, 0, socket.SOCK_STREAM, 0)
    assert (info and info[4]) == address


def test_an_unclosed_transport_is_warned_of_and_its_socket_closed(run_on_aio: Any) -> None:
    async def main() -> None:
        one, other = await pair()
        one.transport.pause_reading()  # the loop holds it no more
        number = one.transport.get_extra_info("socket").fileno()
        one.connected = None
        with pytest.warns(ResourceWarning) as warned:
            del one.transport
        [message] = [str(each.message) for each in warned]
        assert message.startswith("unclosed transport <SocketTransport fd=")
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(number)
        assert await other.ended is None

    run_on_aio(main())

"""TLS: the same programs on the standard library's loop and on ours."""

from __future__ import annotations

import asyncio
import gc
import socket
import ssl
import weakref
from collections.abc import Callable
from typing import Any

import pytest
import trustme
from diary import FullDiary, until

# Who vouches for `localhost`, and its certificate, made when the tests run: nobody else trusts it.
AUTHORITY = trustme.CA()
CERTIFICATE = AUTHORITY.issue_cert("localhost", common_name="localhost")
LARGE = bytes(range(256)) * 4096  # more than any buffer on the way holds


def server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CERTIFICATE.configure_cert(context)
    return context


def client_context(*, trusts: bool = True) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if trusts:
        AUTHORITY.configure_trust(context)
    return context


class Diary(FullDiary):
    """Keeps what it is sent apart from what else it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.data = bytearray()

    def data_received(self, data: bytes) -> None:
        self.data += data


class BufferedDiary(Diary, asyncio.BufferedProtocol):
    """The same with a buffer of its own, of an odd size."""

    def __init__(self) -> None:
        super().__init__()
        self.buffer = bytearray(1000)

    def get_buffer(self, sizehint: int) -> Any:
        return memoryview(self.buffer)

    def buffer_updated(self, nbytes: int) -> None:
        self.data += self.buffer[:nbytes]


async def pair(factory: Callable[[], Any] = Diary) -> tuple[Any, Any]:
    """A server's protocol and a client's that are connected to each other over TLS."""
    loop = asyncio.get_running_loop()
    ends = socket.socketpair()
    serving = asyncio.create_task(
        loop.connect_accepted_socket(factory, ends[0], ssl=server_context())
    )
    _, client = await loop.create_connection(
        factory, sock=ends[1], ssl=client_context(), server_hostname="localhost"
    )
    _, server = await serving
    return server, client


async def closed(*protocols: Any) -> None:
    for protocol in protocols:
        protocol.transport.close()
    for protocol in protocols:
        await protocol.ended


@pytest.mark.parametrize("factory", [Diary, BufferedDiary])
def test_every_byte_arrives_in_order_in_both_directions(run: Any, factory: Any) -> None:
    async def main() -> None:
        server, client = await pair(factory)
        server.transport.write(LARGE)
        client.transport.writelines([LARGE[:7], b"", bytearray(LARGE[7:])])
        await until(lambda: len(server.data) == len(client.data) == len(LARGE))
        assert server.data == client.data == LARGE
        await closed(client, server)

    run(main())


def test_a_buffer_need_not_be_a_memoryview(run_on_aio: Any) -> None:
    """CPython's puts what it reads into slices, which of a bytearray are copies."""

    class PlainDiary(BufferedDiary):
        def get_buffer(self, sizehint: int) -> bytearray:
            return self.buffer

    async def main() -> None:
        server, client = await pair(PlainDiary)
        server.transport.write(LARGE)
        await until(lambda: len(client.data) == len(LARGE))
        assert client.data == LARGE
        await closed(client, server)

    run_on_aio(main())


def test_what_tls_knows_can_be_asked_for(run: Any) -> None:
    async def main() -> None:
        server, client = await pair()
        ask = client.transport.get_extra_info
        assert (("commonName", "localhost"),) in ask("peercert")["subject"]
        assert ask("cipher") == ask("ssl_object").cipher()
        assert isinstance(ask("sslcontext"), ssl.SSLContext)
        assert ask("socket").family == socket.AF_UNIX
        assert ask("compression") is None
        assert ask("colour", "blue") == "blue"
        await closed(client, server)

    run(main())


def test_a_farewell_ends_both_sides_and_what_was_written_before_arrives(run: Any) -> None:
    async def main() -> None:
        server, client = await pair()
        client.transport.write(LARGE)
        client.transport.close()
        assert client.transport.is_closing()
        assert await server.ended is None
        assert await client.ended is None
        assert server.data == LARGE
        assert server.said == ["made", "eof", ("lost", None)]
        assert not server.transport.can_write_eof()

    run(main())


def test_who_has_paused_can_close_and_hears_the_farewell(run: Any) -> None:
    async def main() -> None:
        server, client = await pair()
        client.transport.pause_reading()
        client.transport.close()
        async with asyncio.timeout(5):
            assert await client.ended is None
            assert await server.ended is None

    run(main())


def test_a_slow_reader_makes_the_writer_pause_and_go_on(run: Any) -> None:
    async def main() -> None:
        server, client = await pair()
        server.transport.pause_reading()
        assert not server.transport.is_reading()
        for _ in range(8):
            client.transport.write(LARGE)
        await until(lambda: "pause" in client.said)
        assert client.transport.get_write_buffer_size() > 0
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(server.data) == 0
        server.transport.resume_reading()
        await until(lambda: len(server.data) == 8 * len(LARGE))
        assert client.said == ["made", "pause", "resume"]
        await closed(client, server)

    run(main())


def test_a_connection_can_turn_to_tls(run: Any) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        ends = socket.socketpair()
        _, server = await loop.connect_accepted_socket(Diary, ends[0])
        _, client = await loop.create_connection(Diary, sock=ends[1])
        client.transport.write(b"in plain sight")
        await until(lambda: server.data)
        server.transport, client.transport = await asyncio.gather(
            loop.start_tls(server.transport, server, server_context(), server_side=True),
            loop.start_tls(client.transport, client, client_context(), server_hostname="localhost"),
        )
        client.transport.write(b", then not")
        await until(lambda: len(server.data) > 20)
        assert server.data == b"in plain sight, then not"
        assert server.said == client.said == ["made"]
        await closed(client, server)

    run(main())


def test_tls_goes_through_tls(run: Any) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        server, client = await pair()
        server.transport, client.transport = await asyncio.gather(
            loop.start_tls(server.transport, server, server_context(), server_side=True),
            loop.start_tls(client.transport, client, client_context(), server_hostname="localhost"),
        )
        client.transport.write(LARGE)
        await until(lambda: len(server.data) == len(LARGE))
        assert server.data == LARGE
        await closed(client, server)

    run(main())


def test_a_certificate_that_is_not_trusted_ends_the_handshake(run: Any) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        ends = socket.socketpair()
        serving = asyncio.create_task(
            loop.connect_accepted_socket(Diary, ends[0], ssl=server_context())
        )
        context = client_context(trusts=False)
        with pytest.raises(ssl.SSLCertVerificationError):
            await loop.create_connection(
                Diary, sock=ends[1], ssl=context, server_hostname="localhost"
            )
        with pytest.raises(OSError):  # noqa: PT011 - ours is told why, asyncio's is cut off
            await serving

    run(main())


def test_the_other_side_is_told_why_the_handshake_has_failed(run_on_aio: Any) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        ends = socket.socketpair()
        serving = asyncio.create_task(
            loop.connect_accepted_socket(Diary, ends[0], ssl=server_context())
        )
        context = client_context(trusts=False)
        with pytest.raises(ssl.SSLCertVerificationError):
            await loop.create_connection(
                Diary, sock=ends[1], ssl=context, server_hostname="localhost"
            )
        with pytest.raises(ssl.SSLError, match=r"(?i)unknown.ca"):
            await serving

    run_on_aio(main())


def test_who_is_silent_in_the_handshake_is_given_up(run: Any) -> None:
    async def main() -> None:
        silent, ours = socket.socketpair()
        with silent, pytest.raises(ConnectionAbortedError, match=r"longer than 0\.01 seconds"):
            await asyncio.get_running_loop().create_connection(
                Diary,
                sock=ours,
                ssl=client_context(),
                server_hostname="localhost",
                ssl_handshake_timeout=0.01,
            )

    run(main())


def test_who_hangs_up_in_the_handshake_is_heard(run: Any) -> None:
    async def main() -> None:
        other, ours = socket.socketpair()
        other.shutdown(socket.SHUT_WR)
        with other, pytest.raises(ConnectionResetError):
            await asyncio.get_running_loop().create_connection(
                Diary, sock=ours, ssl=client_context(), server_hostname="localhost"
            )

    run(main())


def test_who_does_not_say_farewell_is_given_up(run: Any) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        ends = socket.socketpair()
        serving = asyncio.create_task(
            loop.connect_accepted_socket(Diary, ends[0], ssl=server_context())
        )
        _, client = await loop.create_connection(
            Diary,
            sock=ends[1],
            ssl=client_context(),
            server_hostname="localhost",
            ssl_shutdown_timeout=0.01,
        )
        _, server = await serving
        server.transport.pause_reading()
        # Its pipe is full: the farewell cannot even be sent.
        client.transport.write(LARGE * 8)
        client.transport.close()
        assert isinstance(await client.ended, TimeoutError)
        server.transport.abort()
        await server.ended

    run(main())


def test_what_comes_after_closing_does_not_break_the_farewell(run_on_aio: Any) -> None:
    async def main() -> None:
        server, client = await pair()
        server.transport.write(LARGE)  # the client has said farewell before it has read this
        client.transport.close()
        assert await client.ended is None
        assert await server.ended is None
        assert client.data == b""

    run_on_aio(main())


def test_a_protocol_that_fails_ends_its_connection_and_no_more(run: Any) -> None:
    class Fails(Diary):
        def data_received(self, data: bytes) -> None:
            raise ValueError("burnt")

    async def main() -> None:
        problems: list[Any] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, about: problems.append(about))
        server, client = await pair(Fails)
        client.transport.write(b"bread")
        assert str(await server.ended) == "burnt"
        assert await client.ended is None
        assert [about["message"] for about in problems] == ["Fatal error on SSL protocol"]

    run(main())


def test_nothing_is_left_of_a_connection_that_is_closed(run_on_aio: Any) -> None:
    async def main() -> weakref.ref[Any]:
        server, client = await pair()
        await closed(client, server)
        return weakref.ref(client.transport._ssl_protocol)

    gc.disable()
    try:
        assert run_on_aio(main())() is None
    finally:
        gc.enable()


def test_a_transport_that_nobody_closes_is_warned_of(run_on_aio: Any) -> None:
    async def main() -> None:
        server, client = await pair()
        transport = client.transport
        with pytest.warns(ResourceWarning, match="unclosed transport <SSLTransport open"):
            transport.__del__()
        await closed(client, server)
        assert repr(transport) == "<SSLTransport ended>"

    run_on_aio(main())


def test_start_tls_says_what_it_cannot_use(run: Any) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        with pytest.raises(TypeError, match=r"expected to be an instance of ssl\.SSLContext"):
            await loop.start_tls(object(), Diary(), None)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="is not supported by start_tls"):
            await loop.start_tls(object(), Diary(), client_context())  # type: ignore[arg-type]

    run(main())


def test_streams_speak_tls(run: Any) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write((await reader.readline()).upper())
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async def main() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=server_context())
        async with server:
            port = server.sockets[0].getsockname()[1]
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", port, ssl=client_context(), server_hostname="localhost"
            )
            writer.write(b"rolls\n")
            assert await reader.read() == b"ROLLS\n"
            writer.close()
            await writer.wait_closed()

    run(main())

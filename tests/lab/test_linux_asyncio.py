"""asyncio programs print the same on the simulated kernel and on Linux."""

from lab.programs import on_both_kernels, on_both_kernels_but_not_in_a_browser
from lab.talk import LOOPBACK, unused


@on_both_kernels
def test_streams_talk_line_by_line() -> None:
    import asyncio

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            print("server:", line)
            writer.write(line.upper())
            await writer.drain()
        print("server: end", reader.at_eof())
        writer.close()
        await writer.wait_closed()

    async def main() -> None:
        server = await asyncio.start_server(answer, *LOOPBACK)
        async with server:
            address = server.sockets[0].getsockname()
            reader, writer = await asyncio.open_connection(*address)
            for word in (b"flour\n", b"water\n", b"salt"):
                writer.write(word)
                if word.endswith(b"\n"):
                    print("client:", await reader.readline())
            writer.write_eof()
            print("client:", await reader.read(), reader.at_eof())
            writer.close()
            await writer.wait_closed()
        print(server.is_serving())

    asyncio.run(main())


@on_both_kernels
def test_a_refused_connection_is_an_error_with_its_address() -> None:
    import asyncio

    async def main() -> None:
        address = unused()
        for attempt in (
            asyncio.open_connection(*address),
            asyncio.get_running_loop().create_connection(asyncio.Protocol, *address),
        ):
            try:
                await attempt
            except OSError as error:
                text = str(error).replace(str(address[1]), "PORT")
                print(type(error).__name__, error.errno, text)

    asyncio.run(main())


@on_both_kernels
def test_an_unknown_name_is_an_error() -> None:
    import asyncio

    async def main() -> None:
        try:
            await asyncio.open_connection("nobody.invalid", 80)
        except OSError as error:
            print(type(error).__name__, error)

    asyncio.run(main())


@on_both_kernels
def test_a_server_is_reached_by_the_name_of_this_machine() -> None:
    import asyncio

    async def main() -> None:
        async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"good morning")
            writer.close()

        async with await asyncio.start_server(greet, "localhost", 0) as server:
            reader, writer = await asyncio.open_connection(
                "localhost", server.sockets[0].getsockname()[1]
            )
            print(await reader.read())
            writer.close()

    asyncio.run(main())


@on_both_kernels
def test_a_taken_address_cannot_be_served() -> None:
    import asyncio
    import re

    async def main() -> None:
        async with await asyncio.start_server(lambda r, w: None, *LOOPBACK) as server:
            try:
                await asyncio.start_server(lambda r, w: None, *server.sockets[0].getsockname())
            except OSError as error:
                # Python 3.13 says twice that it is error 98.
                print(error.errno, re.sub(r"\d{4,}.*?(?=address)", "PORT ", str(error)))

    asyncio.run(main())


@on_both_kernels
def test_protocols_hear_of_each_stage() -> None:
    import asyncio

    class Chatty(asyncio.Protocol):
        def __init__(self, name: str) -> None:
            self.name = name
            self.over = asyncio.get_running_loop().create_future()

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport
            print(self.name, "made", transport.get_extra_info("peername")[0])

        def data_received(self, data: bytes) -> None:
            print(self.name, "received", data)
            if data == b"ping":
                self.transport.write(b"pong")

        def eof_received(self) -> None:
            print(self.name, "end of the stream")

        def connection_lost(self, error: Exception | None) -> None:
            print(self.name, "lost", error)
            self.over.set_result(None)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        servers = []

        def serve() -> Chatty:
            servers.append(Chatty("server"))
            return servers[-1]

        listener = await loop.create_server(serve, *LOOPBACK)
        transport, client = await loop.create_connection(
            lambda: Chatty("client"), *listener.sockets[0].getsockname()
        )
        transport.write(b"ping")
        await asyncio.sleep(0.01)
        print(transport.can_write_eof(), transport.is_closing())
        transport.write_eof()
        await servers[0].over
        await client.over
        listener.close()

    asyncio.run(main())


@on_both_kernels
def test_a_writer_that_is_faster_than_its_reader_is_held_back() -> None:
    import asyncio

    async def main() -> None:
        received = asyncio.get_running_loop().create_future()

        async def read_all(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            received.set_result(len(await reader.read()))
            writer.close()

        async with await asyncio.start_server(read_all, *LOOPBACK) as server:
            _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(bytes(20_000_000))
            print(writer.transport.get_write_buffer_size() > 0)
            await writer.drain()
            print(writer.transport.get_write_buffer_size() < 20_000_000)
            writer.close()
            await writer.wait_closed()
            print(await received)

    asyncio.run(main())


@on_both_kernels
def test_sockets_are_driven_by_the_loop_itself() -> None:
    import asyncio
    import socket

    async def serve(server: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        peer, _ = await loop.sock_accept(server)
        total = 0
        while data := await loop.sock_recv(peer, 65_536):
            total += len(data)
        print("received", total)
        await loop.sock_sendall(peer, b"thank you")
        peer.close()

    async def main() -> None:
        loop = asyncio.get_running_loop()
        with socket.create_server(LOOPBACK) as server, socket.socket() as client:
            server.setblocking(False)
            client.setblocking(False)
            serving = asyncio.create_task(serve(server))
            await loop.sock_connect(client, server.getsockname())
            await loop.sock_sendall(client, bytes(5_000_000))
            client.shutdown(socket.SHUT_WR)
            buffer = bytearray(20)
            size = await loop.sock_recv_into(client, buffer)
            print(bytes(buffer[:size]), await loop.sock_recv(client, 10))
            await serving
            refused = socket.socket()
            refused.setblocking(False)
            try:
                await loop.sock_connect(refused, unused())
            except ConnectionRefusedError as error:
                print(error.errno, str(error).split("(")[0])

    asyncio.run(main())


@on_both_kernels
def test_a_reset_breaks_reader_and_writer() -> None:
    import asyncio
    import socket
    import struct

    async def main() -> None:
        async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readexactly(4)
            writer.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
            writer.transport.abort()

        async with await asyncio.start_server(reset, *LOOPBACK) as server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(b"ping")
            try:
                await reader.read()
            except OSError as error:
                print("read", repr(error))
            writer.write(b"more")
            try:
                await writer.drain()
            except OSError as error:
                print("drain", repr(error))
            writer.close()
            try:
                await writer.wait_closed()
            except OSError as error:
                print("closed", repr(error))

    asyncio.run(main())


@on_both_kernels
def test_writing_to_who_has_gone_breaks_at_the_second_try() -> None:
    import asyncio

    async def main() -> None:
        async def leave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.close()

        async with await asyncio.start_server(leave, *LOOPBACK) as server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            print(await reader.read())
            for _ in range(3):
                writer.write(b"hello?")
                try:
                    await writer.drain()
                except OSError as error:
                    print(repr(error))
                    break
                print("written")
                await asyncio.sleep(0.01)
            writer.close()

    asyncio.run(main())


@on_both_kernels
def test_datagrams_reach_protocols() -> None:
    import asyncio

    class Echo(asyncio.DatagramProtocol):
        def connection_made(self, transport: asyncio.DatagramTransport) -> None:
            self.transport = transport

        def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
            print("server:", data, address[0])
            self.transport.sendto(data[::-1], address)

    class Client(asyncio.DatagramProtocol):
        def __init__(self) -> None:
            self.heard = asyncio.Queue()

        def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
            self.heard.put_nowait(data)

        def error_received(self, error: Exception) -> None:
            self.heard.put_nowait(error)

        def connection_lost(self, error: Exception | None) -> None:
            print("lost", error)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        server, _ = await loop.create_datagram_endpoint(Echo, local_addr=LOOPBACK)
        address = server.get_extra_info("sockname")
        transport, client = await loop.create_datagram_endpoint(Client, remote_addr=address)
        transport.sendto(b"stressed")
        print("client:", await client.heard.get())
        server.close()
        await asyncio.sleep(0)
        transport.sendto(b"anybody?")
        print("client:", repr(await client.heard.get()))
        transport.close()
        await asyncio.sleep(0)

    asyncio.run(main())


@on_both_kernels
def test_clients_are_served_in_the_order_in_which_they_came() -> None:
    import asyncio

    async def main() -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            order = await reader.readline()
            print("server:", order)
            writer.write(b"done " + order)
            writer.close()
            await writer.wait_closed()

        async def client(number: int, address: tuple[str, int]) -> None:
            reader, writer = await asyncio.open_connection(*address)
            writer.write(b"order %d\n" % number)
            print("client:", await reader.read())
            writer.close()
            await writer.wait_closed()

        async with await asyncio.start_server(serve, *LOOPBACK) as server:
            address = server.sockets[0].getsockname()
            async with asyncio.TaskGroup() as group:
                for number in range(5):
                    group.create_task(client(number, address))

    asyncio.run(main())


@on_both_kernels
def test_a_reader_can_be_watched_by_hand() -> None:
    import asyncio
    import socket

    async def main() -> None:
        loop = asyncio.get_running_loop()
        left, right = socket.socketpair()
        heard = loop.create_future()
        loop.add_reader(right, lambda: heard.done() or heard.set_result(right.recv(100)))
        loop.add_writer(left, lambda: (left.send(b"by hand"), loop.remove_writer(left)))
        print(await heard, loop.remove_reader(right), loop.remove_writer(left))

    asyncio.run(main())


@on_both_kernels_but_not_in_a_browser
def test_a_path_can_be_served() -> None:
    import asyncio
    import os
    import tempfile

    async def main() -> None:
        async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"come in, " + await reader.readline())
            writer.close()

        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "door")
            async with await asyncio.start_unix_server(greet, path):
                reader, writer = await asyncio.open_unix_connection(path)
                writer.write(b"neighbour\n")
                print(await reader.read())
                writer.close()
            try:
                await asyncio.open_unix_connection(path + "2")
            except FileNotFoundError as error:
                print(error.errno, error.strerror)

    asyncio.run(main())


@on_both_kernels
def test_a_loop_of_ones_own_serves_too() -> None:
    import asyncio
    import socket

    class Shout(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport

        def data_received(self, data: bytes) -> None:
            self.transport.write(data.upper())
            self.transport.close()

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(Shout, *LOOPBACK))
    client = socket.create_connection(server.sockets[0].getsockname())
    client.sendall(b"hello")
    loop.call_later(0.02, loop.stop)
    loop.run_forever()
    print(client.recv(100), client.recv(100))
    server.close()
    loop.run_until_complete(server.wait_closed())
    loop.close()
    print(loop.is_closed())

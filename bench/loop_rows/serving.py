"""Servers of asyncio's programs: echo by streams and by protocols, HTTP by uvicorn and by hand."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Callable
from typing import Any

import uvicorn

Command = Callable[[int], list[str]]

RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(262_144):
        writer.write(data)
        await writer.drain()
    writer.close()


class Echo(asyncio.Protocol):
    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(data)


class Hello(Echo):
    """Enough of HTTP for a client that sends one request at a time."""

    def data_received(self, data: bytes) -> None:
        if data.endswith(b"\r\n\r\n"):
            self.transport.write(RESPONSE)


async def serve_streams(command: Command) -> None:
    await serve(await asyncio.start_server(echo, "127.0.0.1", 0), command)


async def serve_protocols(command: Command) -> None:
    loop = asyncio.get_running_loop()
    await serve(await loop.create_server(Echo, "127.0.0.1", 0), command)


async def serve_hello(command: Command) -> None:
    loop = asyncio.get_running_loop()
    await serve(await loop.create_server(Hello, "127.0.0.1", 0), command)


async def serve(server: Any, command: Command) -> None:
    """Serve until the client, another process, has had its answers."""
    port = server.sockets[0].getsockname()[1]
    await asyncio.to_thread(subprocess.run, command(port), check=True)
    server.close()
    await asyncio.sleep(0.01)  # the connections' ends are on their way


async def hello(scope: Any, receive: Any, send: Any) -> None:
    """The same answer, as an ASGI application."""
    headers = [(b"content-length", b"5")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello"})


async def serve_uvicorn(command: Command) -> None:
    config = uvicorn.Config(
        hello, port=0, lifespan="off", log_level="error", access_log=False, http="h11"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 -- uvicorn tells it in no other way
        await asyncio.sleep(0.001)
    port = server.servers[0].sockets[0].getsockname()[1]
    await asyncio.to_thread(subprocess.run, command(port), check=True)
    server.should_exit = True
    await serving


SERVERS = {
    "echo, streams": serve_streams,
    "echo, protocols": serve_protocols,
    "HTTP, uvicorn": serve_uvicorn,
    "HTTP, protocol": serve_hello,
}

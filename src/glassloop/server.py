"""Serves the built book to browsers on this machine, on the loop that the book builds."""

import errno
import gzip
import mimetypes
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Thread

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from glassloop.aio.runners import Runner

HOST = "127.0.0.1"
PORTS_TO_TRY = 20

# Said here and not left to the system, whose own table differs from machine to machine.
TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".whl": "application/zip",
    ".woff2": "font/woff2",
    ".zip": "application/zip",
}

# Text shrinks to a quarter. The large binaries cross loopback faster than gzip could pack them.
WORTH_PACKING = {".css", ".html", ".js", ".json", ".mjs", ".svg", ".webmanifest"}


class NoFreePort(OSError):
    """Neither the port asked for nor the next ones could be had."""


class Site(StaticFiles):
    """The files of a built book, text packed with gzip."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        # The browser keeps each file and asks whether it changed: a rebuilt book shows at once,
        # and an unchanged file costs one question and no bytes.
        answer.headers["cache-control"] = "no-cache"
        if isinstance(answer, FileResponse) and Path(answer.path).suffix in WORTH_PACKING:
            answer.headers["vary"] = "accept-encoding"
            if "gzip" in Headers(scope=scope).get("accept-encoding", ""):
                return await run_in_threadpool(packed, answer)
        return answer


def packed(answer: FileResponse) -> Response:
    """The same answer with its body in gzip."""
    path = Path(answer.path)
    body = gzipped(path, path.stat().st_mtime_ns)
    kept = {name: answer.headers[name] for name in ("cache-control", "last-modified", "vary")}
    # Weak, for the packed and the plain bytes share it.
    headers = {**kept, "content-encoding": "gzip", "etag": f"W/{answer.headers['etag']}"}
    return Response(body, answer.status_code, headers, answer.media_type)


@lru_cache(maxsize=512)
def gzipped(path: Path, modified: int) -> bytes:
    """The file packed, once for each time (in nanoseconds) at which it was modified."""
    return gzip.compress(path.read_bytes(), compresslevel=6, mtime=0)


def book_app(site: Path) -> Starlette:
    """The application that serves the built book in the folder `site`."""
    for suffix, media_type in TYPES.items():
        mimetypes.add_type(media_type, suffix)
    return Starlette(routes=[Mount("/", Site(directory=site, html=True))])


def listen(port: int) -> socket.socket:
    """A listening socket at `port`, or where it is taken at one of the next ports.

    With port 0 the system chooses a free one. Raises NoFreePort.
    """
    last = min(port + PORTS_TO_TRY, 65536) if port else 1
    for candidate in range(port, last):
        try:
            return socket.create_server((HOST, candidate))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise NoFreePort(f"Port {candidate} cannot be used: {error.strerror}.") from error
    raise NoFreePort(f"Ports {port} to {last - 1} are all in use. Name another with --port.")


def address_of(listener: socket.socket) -> str:
    return f"http://{HOST}:{listener.getsockname()[1]}/"


def serve(site: Path, listener: socket.socket) -> None:
    """Serves until Ctrl+C, which leaves as KeyboardInterrupt."""
    run(server_for(site), listener)


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serves from a thread of its own as long as the block runs; gives the address."""
    listener, server = listen(0), server_for(site)
    thread = Thread(target=run, args=(server, listener), name="glassloop-server")
    thread.start()
    try:
        yield address_of(listener)
    finally:
        server.should_exit = True
        thread.join()


def server_for(site: Path) -> uvicorn.Server:
    config = uvicorn.Config(
        book_app(site), log_level="warning", lifespan="off", ws="none", timeout_graceful_shutdown=1
    )
    return uvicorn.Server(config)


def run(server: uvicorn.Server, listener: socket.socket) -> None:
    with Runner() as runner, listener:
        runner.run(server.serve(sockets=[listener]))

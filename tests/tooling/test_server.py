"""The server hands each file out with the right type, packs text, and lets nothing grow stale."""

import asyncio
import gzip
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from glassloop import aio, server

TEXT = "A page about generators.\n" * 200


@dataclass(frozen=True)
class Answer:
    status: int
    headers: HTTPMessage
    body: bytes


class Client:
    """Asks one server, at one address."""

    def __init__(self, address: str) -> None:
        self.host = urlsplit(address).netloc

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        connection = HTTPConnection(self.host, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        connection.close()
        return answer


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    (folder / "part-1").mkdir()
    (folder / "index.html").write_text(TEXT)
    (folder / "part-1" / "index.html").write_text("part 1")
    (folder / "sw.js").write_text("// " + TEXT.replace("\n", " "))
    (folder / "404.html").write_text("There is no such page.")
    for name in (
        "a.css",
        "a.js",
        "a.mjs",
        "a.json",
        "a.svg",
        "a.wasm",
        "a.whl",
        "a.woff2",
        "a.zip",
    ):
        (folder / name).write_bytes(b"\0asm" * 1000)
    return folder


@pytest.fixture(scope="module")
def client(site: Path) -> Iterator[Client]:
    with server.served(site) as address:
        yield Client(address)


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/a.css", "text/css; charset=utf-8"),
        ("/a.js", "text/javascript; charset=utf-8"),
        ("/a.mjs", "text/javascript; charset=utf-8"),
        ("/a.json", "application/json"),
        ("/a.svg", "image/svg+xml"),
        ("/a.wasm", "application/wasm"),
        ("/a.whl", "application/zip"),
        ("/a.woff2", "font/woff2"),
        ("/a.zip", "application/zip"),
    ],
)
def test_each_kind_of_file_has_its_type(client: Client, path: str, media_type: str) -> None:
    assert client.get(path).headers["content-type"] == media_type


@pytest.mark.parametrize("path", ["/", "/sw.js", "/a.wasm", "/nowhere"])
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_the_browser_asks_anew_for_every_file(client: Client, path: str, encoding: str) -> None:
    assert client.get(path, accept_encoding=encoding).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/", "/sw.js", "/a.wasm"])
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_an_unchanged_file_is_not_sent_again(client: Client, path: str, encoding: str) -> None:
    first = client.get(path, accept_encoding=encoding)
    again = client.get(path, accept_encoding=encoding, if_none_match=first.headers["etag"])
    assert (first.status, again.status, again.body) == (200, 304, b"")


def test_a_changed_file_is_sent_at_once(client: Client, site: Path) -> None:
    page = site / "changing.html"
    page.write_text("before")
    first = client.get("/changing.html", accept_encoding="gzip")
    page.write_text("after it")
    os.utime(page, (0, 0))
    tag = first.headers["etag"]
    second = client.get("/changing.html", accept_encoding="gzip", if_none_match=tag)
    assert (second.status, gzip.decompress(second.body)) == (200, b"after it")


def test_text_is_packed_for_who_can_unpack_it(client: Client) -> None:
    packed = client.get("/", accept_encoding="gzip, br")
    plain = client.get("/")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == plain.headers["vary"] == "accept-encoding"
    assert gzip.decompress(packed.body) == plain.body == TEXT.encode()
    assert len(packed.body) < len(plain.body) / 4


@pytest.mark.parametrize("path", ["/a.wasm", "/a.whl", "/a.zip", "/a.woff2"])
def test_a_binary_is_sent_as_it_is(client: Client, path: str) -> None:
    assert "content-encoding" not in client.get(path, accept_encoding="gzip").headers


def test_a_question_for_the_headers_gets_no_body(client: Client) -> None:
    answer = client.get("/", method="HEAD", accept_encoding="gzip")
    assert (answer.status, answer.body) == (200, b"")


def test_a_missing_page_shows_the_page_for_that(client: Client) -> None:
    answer = client.get("/nowhere.html")
    assert (answer.status, answer.body) == (404, b"There is no such page.")


def test_a_folder_shows_its_index_with_links_that_work(client: Client) -> None:
    assert client.get("/part-1/").body == b"part 1"
    assert client.get("/part-1").headers["location"].endswith("/part-1/")


def test_nothing_outside_the_site_is_served(client: Client, site: Path) -> None:
    (site.parent / "secret.txt").write_text("secret")
    for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/part-1/..%2f..%2fsecret.txt"):
        assert client.get(path).status == 404


def test_only_this_machine_is_served(client: Client) -> None:
    assert client.host.startswith("127.0.0.1:")


def test_a_port_in_use_gives_way_to_the_next_free_one() -> None:
    with server.listen(0) as taken:
        port = taken.getsockname()[1]
        with server.listen(port) as next_one:
            assert port < next_one.getsockname()[1] <= port + server.PORTS_TO_TRY


def test_a_port_that_was_used_a_moment_ago_is_free_again() -> None:
    with server.listen(0) as first:
        port = first.getsockname()[1]
        with socket.create_connection((server.HOST, port)) as visitor:
            first.accept()[0].close()
            assert visitor.recv(1) == b""
    with server.listen(port) as second:
        assert second.getsockname()[1] == port


def test_ports_that_are_all_in_use_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "PORTS_TO_TRY", 1)
    with server.listen(0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(server.NoFreePort, match=f"Ports {port} to {port} are all in use"):
            server.listen(port)


def test_the_type_table_knows_every_kind_of_file_that_is_packed() -> None:
    assert set(server.TYPES) >= server.WORTH_PACKING


def test_the_book_is_served_on_the_loop_that_it_builds(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loops = []
    answer = server.Site.get_response

    def observed(self: server.Site, *args: object) -> object:
        loops.append(type(asyncio.get_running_loop()))
        return answer(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(server.Site, "get_response", observed)
    with server.served(site) as address:
        assert Client(address).get("/").status == 200
    assert loops == [aio.EventLoop]


APPLICATION = """
import asyncio

async def app(scope, receive, send):
    loop = type(asyncio.get_running_loop())
    text = f"{loop.__module__}.{loop.__name__}".encode()
    headers = [(b"content-length", str(len(text)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": text})
"""


def test_uvicorn_runs_other_applications_on_our_loop_when_it_is_told_to(tmp_path: Path) -> None:
    (tmp_path / "application.py").write_text(APPLICATION)
    command = [sys.executable, "-X", "dev", "-W", "error", "-m", "uvicorn", "application:app"]
    command += ["--app-dir", str(tmp_path), "--lifespan", "off", "--port", "0"]
    command += ["--loop", "glassloop.aio:new_event_loop"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        said = []
        for line in running.stderr:
            said.append(line)
            if address := re.search(r"http://\S+", line):
                assert Client(address[0]).get("/").body == b"glassloop.aio.loop.EventLoop"
                running.send_signal(signal.SIGTERM)
        assert not [line for line in said if "Warning" in line or "ERROR" in line]
    assert running.returncode in (0, -signal.SIGTERM)

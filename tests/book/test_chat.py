"""The chat of Chapter 16 on real sockets."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

CHAT = Path(__file__).parents[2] / "book" / "chat.py"


@pytest.fixture
def server() -> Iterator[tuple[subprocess.Popen[str], int]]:
    process = subprocess.Popen(
        [sys.executable, CHAT, "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        yield process, int(process.stdout.readline().split()[-1])
        process.kill()


def enter(port: int, name: str) -> socket.socket:
    guest = socket.create_connection(("localhost", port), timeout=10)
    guest.sendall(f"{name}\n".encode())
    return guest


def test_guests_hear_each_other_and_a_good_bye_at_closing_time(
    server: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = server
    assert process.stdout is not None
    with enter(port, "ann") as ann:
        assert process.stdout.readline() == "[ann has come in]\n"
        with enter(port, "bob") as bob:
            assert process.stdout.readline() == "[bob has come in]\n"
            ann.sendall(b"is the soup ready?\n")
            heard = bob.makefile()
            assert heard.readline() == "ann: is the soup ready?\n"
            process.send_signal(signal.SIGINT)
            assert heard.read() == "we are closing, good-bye\n"
    assert process.stdout.read() == "[closed]\n"
    assert process.wait() == 0

"""What the command `glassloop` prints, and how it begins and ends."""

import re
import signal
import subprocess
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

import glassloop
from glassloop import cli, server


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text("the book")
    return tmp_path


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command prints before it ends of itself."""
    with pytest.raises(SystemExit):
        cli.main(arguments)
    return "".join(capsys.readouterr())


def test_the_version_is_the_package_s(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "--version") == f"glassloop {glassloop.__version__}\n"


def test_help_names_every_subcommand(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "--help")
    assert "read" in text
    assert "serve the built book and open it in the browser" in text


def test_help_for_read_names_every_option_and_its_default(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = " ".join(printed(capsys, "read", "--help").split())
    assert "--site FOLDER the folder of the built book (default: build/site)" in text
    assert "any free one (default: 8000)" in text
    assert "--no-browser print the address and open no browser" in text


@pytest.mark.parametrize("port", ["65536", "-1", "http"])
def test_a_port_that_is_none_is_refused(capsys: pytest.CaptureFixture[str], port: str) -> None:
    complaint = f"{port!r} is not a port, a number from 0 to 65535"
    assert complaint in printed(capsys, "read", f"--port={port}")


def test_a_book_that_is_not_built_is_asked_for(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.main(["read", "--site", str(tmp_path)]) == 1
    assert capsys.readouterr().err == (
        f"There is no built book in {tmp_path}. Build it and serve it with: make read\n"
    )


def test_a_package_that_is_missing_is_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(glassloop, "server")
    monkeypatch.delitem(sys.modules, "glassloop.server")
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert cli.main(["read"]) == 1
    assert capsys.readouterr().err == (
        "To serve the book, Glassloop needs uvicorn. "
        "Install what is needed with: pip install 'glassloop[read]'\n"
    )


def test_ports_that_cannot_be_had_are_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, site: Path
) -> None:
    monkeypatch.setattr(server, "PORTS_TO_TRY", 1)
    with server.listen(0) as taken:
        port = taken.getsockname()[1]
        assert cli.main(["read", "--site", str(site), "--port", str(port)]) == 1
    assert "Name another with --port." in capsys.readouterr().err


@contextmanager
def reading(site: Path, port: int = 0) -> Iterator[subprocess.Popen[str]]:
    """The command as a person starts it, in a process of its own."""
    words = [sys.executable, "-m", "glassloop.cli", "read", "--no-browser"]
    with subprocess.Popen(
        [*words, "--site", str(site), "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def test_the_book_is_served_until_ctrl_c_which_leaves_no_traceback(site: Path) -> None:
    with reading(site) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        address = re.fullmatch(r"Read the book at (http://127\.0\.0\.1:\d+/) .*\n", line)
        assert address is not None
        with urlopen(address[1]) as page:
            assert page.read() == b"the book"
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=10)
    assert (rest, errors, process.returncode) == ("\n", "", 0)


def test_a_port_in_use_is_told_and_the_next_one_is_taken(site: Path) -> None:
    with server.listen(0) as taken:
        port = taken.getsockname()[1]
        with reading(site, port) as process:
            assert process.stdout is not None
            said = process.stdout.readline()
            address = [process.stdout.readline() for _ in range(2)][-1]
    next_one = re.fullmatch(rf"Port {port} is in use, so the book is at port (\d+)\.\n", said)
    assert next_one is not None
    assert f"http://127.0.0.1:{next_one[1]}/" in address


@pytest.mark.parametrize(("options", "opened"), [([], 1), (["--no-browser"], 0)])
def test_a_browser_is_opened_where_there_is_a_display(
    monkeypatch: pytest.MonkeyPatch, site: Path, options: list[str], opened: int
) -> None:
    addresses: list[str] = []
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", addresses.append)
    monkeypatch.setattr(cli, "Thread", AtOnce)
    monkeypatch.setattr(server, "serve", lambda site, listener: listener.close())
    assert cli.main(["read", "--port", "0", "--site", str(site), *options]) == 0
    assert len(addresses) == opened


class AtOnce:
    """A thread whose work is done when it has started."""

    def __init__(self, target: object, args: tuple[str, ...], daemon: bool) -> None:
        self.start = lambda: target(*args)  # type: ignore[operator]


def test_no_browser_is_opened_where_there_is_no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(cli.sys, "platform", "linux")
    assert not cli.has_display()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert cli.has_display()


# Programs that `glassloop trace` must leave as they are, each with what it reads.
PROGRAMS = {
    "a status": ("import sys\nprint('out')\nsys.exit(3)\n", ""),
    "a message": ("import sys\nsys.exit('the oven is cold')\n", ""),
    "an exception": (
        "import asyncio\n\nasync def bake():\n"
        "    raise ValueError('smoke')\n\nasyncio.run(bake())\n",
        "",
    ),
    "no Python": ("async def bake(:\n    pass\n", ""),
    "Ctrl+C": (
        "import atexit, signal\n"
        "atexit.register(print, 'tidy')\n"
        "signal.raise_signal(signal.SIGINT)\n",
        "",
    ),
    "os._exit": ("import os\nprint('out', flush=True)\nos._exit(5)\n", ""),
    "input": ("import sys\nprint(input('who? '), sys.stdin.read())\n", "ann\nand bob\n"),
    "bytes": ("import sys\nsys.stdout.buffer.write(bytes(range(256)))\n", ""),
    "its place": (
        "import sys\n"
        "print(__name__, __file__, __spec__, __package__, sys.argv, sys.path[0])\n"
        "print(sys.modules['__main__'].__dict__ is globals(), sys.stdout is sys.__stdout__)\n",
        "",
    ),
    "a hook of its own": (
        "import sys\nsys.excepthook = lambda *error: print('hooked', error[0])\n1 / 0\n",
        "",
    ),
    "a fork": (
        "import os\nif not os.fork():\n"
        "    print('child')\nelse:\n    os.wait()\n    print('parent')\n",
        "",
    ),
    "another process": (
        "import multiprocessing\n\n"
        "def bake():\n    print('bread', flush=True)\n\n"
        "if __name__ == '__main__':\n"
        "    baker = multiprocessing.get_context('spawn').Process(target=bake)\n"
        "    baker.start()\n    baker.join()\n    print(baker.exitcode)\n",
        "",
    ),
    "a thread that goes on": (
        "import threading\n"
        "over = threading.Event()\n"
        "threading.Thread(target=lambda: over.wait() and print('thread')).start()\n"
        "print('main')\nover.set()\n",
        "",
    ),
}


def outcome(folder: Path, reads: str, *words: str) -> tuple[int, bytes, bytes]:
    """Exit status, output and complaints of a program, without the last words of Glassloop."""
    process = subprocess.run(
        [sys.executable, *words], input=reads.encode(), capture_output=True, cwd=folder, timeout=60
    )
    errors = re.sub(rb"The trace is in out\.jsonl: .*\n", b"", process.stderr, count=1)
    return process.returncode, process.stdout, errors


TRACED = ("-m", "glassloop.cli", "trace", "--json", "-o", "out.jsonl")


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_traced_program_ends_and_prints_as_it_does_untraced(name: str, tmp_path: Path) -> None:
    source, reads = PROGRAMS[name]
    (tmp_path / "kitchen.py").write_text(source)
    bare = outcome(tmp_path, reads, "kitchen.py", "--hot")
    assert outcome(tmp_path, reads, *TRACED, "kitchen.py", "--hot") == bare
    assert (tmp_path / "out.jsonl").exists() == (name != "os._exit")


def test_a_traced_module_fails_as_it_does_untraced(tmp_path: Path) -> None:
    (tmp_path / "kitchen.py").write_text("import sys\nprint(sys.argv)\n1 / 0\n")
    bare = outcome(tmp_path, "", "-m", "kitchen", "--hot")
    assert outcome(tmp_path, "", *TRACED, "-m", "kitchen", "--hot") == bare

"""Shows a person how far the work is: one line a step, and the noise goes into a log."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn, Protocol

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
LOGS = BUILD / "logs"
LINES_OF_A_LOG_TO_SHOW = 25


class Run(Protocol):
    """Runs a command of a step, its output going to the step's log."""

    def __call__(self, *command: str | Path, cwd: Path = ..., optional: bool = ...) -> None: ...


def stop(sentence: str) -> NoReturn:
    """Ends the work with one sentence that says what to do."""
    sys.exit(sentence)


@contextmanager
def step(
    message: str, log_name: str, environment: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Run]:
    """One line on the screen, with the seconds that the step took at its end."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{log_name}.log"
    log.write_text("")
    print(f"{message} …", end="", flush=True)
    started = time.monotonic()

    def run(*command: str | Path, cwd: Path = ROOT, optional: bool = False) -> None:
        if not succeeds(command, log, cwd, environment) and not optional:
            fail(log)

    yield run
    print(f" {time.monotonic() - started:.0f} s", flush=True)


def succeeds(
    command: Iterable[str | Path], log: Path, cwd: Path, environment: Mapping[str, str]
) -> bool:
    """Runs the command, adding what it prints to the log."""
    words = [str(word) for word in command]
    with log.open("a", encoding="utf-8") as output:
        output.write(f"$ {' '.join(words)}\n")
        output.flush()
        finished = subprocess.run(
            words,
            cwd=cwd,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    return finished.returncode == 0


def fail(log: Path) -> NoReturn:
    """Shows the end of a failed step's log, and says where the rest is."""
    print(" failed\n", flush=True)
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    for line in lines[-LINES_OF_A_LOG_TO_SHOW:]:
        print(f"    {line}")
    stop(f"\nThat step failed. All that it printed is in {log.relative_to(ROOT)}.")


def digest(*paths: Path, also: str = "") -> str:
    """A fingerprint of files and of all files in folders: their names and what they hold."""
    total = hashlib.sha256(also.encode())
    for path in sorted(file for given in paths for file in files_of(given)):
        total.update(f"\0{path.relative_to(ROOT)}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def files_of(path: Path) -> Iterator[Path]:
    """The file itself, or the files of a folder without what tools leave there."""
    if path.is_file():
        yield path
    elif path.is_dir() and path.name not in {"node_modules", "__pycache__"}:
        for inner in path.iterdir():
            yield from files_of(inner)


class Stamp:
    """Remembers what a step was made from, so that it is done again only when that changes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def vouches_for(self, fingerprint: str) -> bool:
        return self.path.is_file() and self.path.read_text() == fingerprint

    def write(self, fingerprint: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(fingerprint)

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)

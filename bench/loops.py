"""Measures our asyncio beside the others, on each Python, and writes bench/RESULTS.md.

Every contender waits in a process of its own. A round asks each of them in turn for a row, so that
what else the machine does disturbs all alike. A number is the processor's time of the thread that
runs the loop, in user and system mode, as a median of rounds; a ratio is that median by the
standard library's, and the range behind it is that of the rounds' own ratios.

One item is: a switch, a wake-up, a task, a callback, a timer, an entered block, a thing through the
queue, a request. Clients are another process, in C, with 20 connections at a time; an echo has
1 KiB. Trio starts no task that can be awaited alone, so that its tasks are joined by a nursery.

Behind the ratios: what one task, timer and waiter costs among many, and in which functions of ours
the time of each row goes.
"""

from __future__ import annotations

import argparse
import importlib.util
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
PARTS = Path(__file__).parent / "loop_rows"
OTHERS = ("3.12", "3.13")
BASE = "asyncio"
CONTENDERS = ("asyncio", "asyncio in Python", "uvloop", "trio", "curio", "aio as guest", "aio")
SCHEDULING = (
    "switch",
    "wake-up",
    "spawn and join",
    "spawn 20,000, join",
    "gather of 10,000",
    "TaskGroup of 10",
    "callback",
    "100,000 timers",
    "timeout",
    "Lock",
    "Semaphore",
    "Event",
    "Queue of 1",
)
SERVING = ("echo, streams", "echo, protocols", "HTTP, uvicorn", "HTTP, protocol")

Times = dict[tuple[str, str], list[float]]


class Worker:
    """A contender's process."""

    def __init__(self, name: str, client: str) -> None:
        command = [sys.executable, str(PARTS / "worker.py"), name, client]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def measure(self, row: str) -> float | None:
        """Seconds for one item of the row; None where it has no such row."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(row, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"a worker has failed at {row}: {self.process.args}")
        return float(answer) if answer.strip() else None

    def end(self) -> None:
        """Nothing more is asked of it."""
        self.process.communicate()


def compiled_client(folder: Path) -> str | None:
    """The client, or None where there is no compiler: rows of servers are then left out."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    program = folder / "client"
    subprocess.run([compiler, "-O2", "-o", str(program), str(PARTS / "client.c")], check=True)
    return str(program)


def present() -> list[str]:
    """The contenders that this Python has."""
    optional = ("uvloop", "trio", "curio")
    return [name for name in CONTENDERS if name not in optional or importlib.util.find_spec(name)]


def measure(rounds: int, only: str) -> Times:
    """All rows on all contenders, round by round."""
    times: Times = {}
    with tempfile.TemporaryDirectory() as folder:
        client = compiled_client(Path(folder))
        workers = {name: Worker(name, client or "") for name in present()}
        for row in (*SCHEDULING, *(SERVING if client else ())):
            if only not in row:
                continue
            for _ in range(rounds):
                for name, worker in workers.items():
                    if (seconds := worker.measure(row)) is not None:
                        times.setdefault((row, name), []).append(seconds)
        for worker in workers.values():
            worker.end()
    return times


def table(times: Times) -> str:
    """Rows of ratios to the standard library."""
    names = [name for name in CONTENDERS if any(key[1] == name for key in times)]
    lines = [
        f"## Python {platform.python_version()}",
        "",
        f"| | {BASE}, ns | " + " | ".join(names[1:]) + " |",
        "|---|" + "---:|" * len(names),
    ]
    for row in dict.fromkeys(row for row, _ in times):
        base = times[row, BASE]
        cells = [f"{median(base) * 1e9:,.0f}"]
        cells += [ratio(times.get((row, name)), base) for name in names[1:]]
        lines.append(f"| {row} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def ratio(times: list[float] | None, base: list[float]) -> str:
    """The ratio of the medians, and the lowest and the highest of the rounds."""
    if times is None:
        return "-"
    each = [one / other for one, other in zip(times, base, strict=True)]
    return f"{median(times) / median(base):.2f} ({min(each):.2f} to {max(each):.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each row is measured")
    parser.add_argument("--only", default="", help="only rows whose names hold this text")
    parser.add_argument("--here", action="store_true", help="this Python alone; write no file")
    parser.add_argument("--most", type=int, default=1_000_000, help="tasks, timers and waiters")
    options = parser.parse_args()
    found = table(measure(options.rounds, options.only))
    print(found, flush=True)
    if options.here:
        return
    found += "".join("\n" + elsewhere(version, options.rounds) for version in OTHERS)
    scaling = [sys.executable, str(PARTS / "scaling.py"), f"--most={options.most}"]
    grown = subprocess.run(scaling, check=True, stdout=subprocess.PIPE, text=True).stdout
    print(grown, flush=True)
    spent = shares()
    print(spent, flush=True)
    head = "# Loops\n\nWritten by `make bench`.\n\n" + (__doc__ or "").strip() + "\n\n"
    (ROOT / "bench" / "RESULTS.md").write_text(f"{head}{found}\n{grown}\n{spent}", "utf-8")


def shares() -> str:
    """In which functions our asyncio spends the time of each row, on this Python."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(PARTS / "shares.py")]
        if client := compiled_client(Path(folder)):
            command.append(client)
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def elsewhere(version: str, rounds: int) -> str:
    """The same on another Python, where it is there."""
    python = ROOT / "build" / "venvs" / version / "bin" / "python"
    if not python.exists():
        return ""
    command = [str(python), __file__, "--here", f"--rounds={rounds}"]
    found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    print(found, flush=True)
    return found.strip() + "\n"


if __name__ == "__main__":
    main()

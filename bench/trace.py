"""What recording costs: time beside the bare program and beside VizTracer, and memory.

Three programs run bare and recorded in turns, in one process, on this Python and on those of
build/venvs. Each number is a ratio of medians to the bare program, with the lowest and the highest
ratio of a round behind it. Turning what was recorded into a trace comes after the program, and
counts in the memory alone. A million events are then written to a file and read again, on this
Python alone, each in a process of its own, of which the peak is told.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import resource
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from viztracer import VizTracer

from glassloop.trace import Recording, Trace

ROOT = Path(__file__).parents[1]
OTHERS = ("3.12", "3.13")
NO_LIMIT = 10**9
MAC = sys.platform == "darwin"

Program = Callable[[], Coroutine[Any, Any, None]]


# A switch-heavy program: three coroutines stand between each task and what it waits for.

COOKS, DISHES = 100, 30


async def stir() -> None:
    await asyncio.sleep(0)


async def season() -> None:
    await stir()


async def cook(dishes: int) -> None:
    for _ in range(dishes):
        await season()


async def kitchen_shift(dishes: int) -> None:
    await cook(dishes)


async def serve(mine: asyncio.Event, next_one: asyncio.Event, dishes: int) -> None:
    for _ in range(dishes):
        await mine.wait()
        mine.clear()
        next_one.set()
    next_one.set()


async def switch_heavy() -> None:
    """Half of the tasks give way to each other, half wake each other in a ring."""
    bells = [asyncio.Event() for _ in range(COOKS)]
    ring = zip(bells, [*bells[1:], bells[0]], strict=True)
    for bell in bells[::10]:
        bell.set()
    await asyncio.gather(
        *(kitchen_shift(DISHES) for _ in range(COOKS)),
        *(serve(mine, following, DISHES) for mine, following in ring),
    )


# Two line-heavy programs: plain Python that computes inside a coroutine, and calls a function. The
# goals are for the first, whose lines do what most lines do: call built-ins and methods of strings,
# and look up in dictionaries. The second one is the tightest loop there is, whose lines take less
# time than telling anybody of them.

CUSTOMERS = ("ada", "grace", "edsger", "barbara", "donald", "radia", "tony", "frances")
ORDERS = [f" {CUSTOMERS[n * 7 % 8]} ; {n % 97} ; {n * 31 % 1000}.50 " for n in range(2000)]


def bill(order: str, prices: dict[str, float]) -> str:
    fields = [field.strip() for field in order.split(";")]
    name, amount = fields[0].capitalize(), int(fields[1])
    price = round(amount * float(fields[2]), 2)
    total = prices.get(name, 0.0) + price
    prices[name] = total
    text = f"{name:<10} {amount:>4} {total:>12,.2f}"
    if text.startswith("Z"):
        text = text.lower()
    return text.rstrip().replace(",", "'")


async def line_heavy() -> None:
    """A bill for each of many orders: a dozen lines that do real work."""
    prices: dict[str, float] = {}
    longest = ""
    for number, order in enumerate(ORDERS):
        text = bill(order, prices)
        longest = max(longest, text, key=len)
        if not number % 500:
            await asyncio.sleep(0)
    assert len(prices) == len(CUSTOMERS)


NUMBERS = 400


def steps_to_one(number: int) -> int:
    steps = 0
    while number != 1:
        if number % 2:
            number = 3 * number + 1
        else:
            number //= 2
        steps += 1
    return steps


async def tight_loop() -> None:
    """The longest way from a number to one: three or half a dozen lines a step."""
    longest, slowest = 0, 0
    for number in range(1, NUMBERS):
        steps = steps_to_one(number)
        if steps > longest:
            longest, slowest = steps, number
        if not number % 100:
            await asyncio.sleep(0)
    assert steps_to_one(slowest) == longest


PROGRAMS: tuple[Program, ...] = (switch_heavy, line_heavy, tight_loop)


# Ways to run them.


@contextmanager
def bare() -> Iterator[None]:
    yield


@contextmanager
def recorded(**options: Any) -> Iterator[None]:
    recording = new_recording(**options)
    recording.start()
    try:
        yield
    finally:
        recording.stop()


@contextmanager
def viztraced(**options: Any) -> Iterator[None]:
    tracer = VizTracer(verbose=0, tracer_entries=5_000_000, **options)
    tracer.start()
    try:
        yield
    finally:
        tracer.stop()
        tracer.clear()
        tracer.terminate()


def new_recording(**options: Any) -> Recording:
    return Recording(Trace(depth=options.pop("depth")), NO_LIMIT, is_ours, **options)


def is_ours(code: Any) -> bool:
    """The programs of this file, and nothing of what measures them."""
    return bool(code.co_filename == __file__)


WAYS: dict[str, Callable[[], Any]] = {
    "bare": bare,
    "switches": lambda: recorded(depth="switches"),
    "switches, no chain": lambda: recorded(depth="switches", chain=False),
    "lines": lambda: recorded(depth="lines"),
    "VizTracer": viztraced,
    "VizTracer, log_async": lambda: viztraced(log_async=True),
}


def ways_to_run(program: Program) -> dict[str, Callable[[], Any]]:
    """All of them; but a hundred tasks line by line are for nobody to read, and take minutes."""
    return {name: way for name, way in WAYS.items() if name != "lines" or program != switch_heavy}


def seconds(program: Program, way: Callable[[], Any]) -> float:
    """The processor's time that the program takes, without what comes before and after it."""
    gc.collect()
    with way():
        begun = time.process_time()
        asyncio.run(program())
        return time.process_time() - begun


def measure_times(rounds: int) -> None:
    for program in PROGRAMS:
        ways = ways_to_run(program)
        times: dict[str, list[float]] = {name: [] for name in ways}
        seconds(program, bare)
        for _ in range(rounds):
            for name, way in ways.items():
                times[name].append(seconds(program, way))
        print(f"  {program.__name__}: bare {median(times['bare']) * 1000:.0f} ms")
        for name in list(ways)[1:]:
            middle = median(times[name]) / median(times["bare"])
            each = [one / alone for one, alone in zip(times[name], times["bare"], strict=True)]
            lowest, highest = min(each), max(each)
            print(f"    {name:<22}{middle:6.2f}   ({lowest:.2f} to {highest:.2f})", flush=True)


# Memory.


def traced(program: Program, depth: str) -> tuple[int, int, int]:
    """The number of events, and the bytes that they take as they are recorded and as a trace."""
    tracemalloc.start()
    recording = new_recording(depth=depth)
    before, _ = tracemalloc.get_traced_memory()
    recording.start()
    asyncio.run(program())
    recording.stop()
    gc.collect()
    while_recording, _ = tracemalloc.get_traced_memory()
    trace = recording.finish()
    del recording
    gc.collect()
    finished, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return len(trace.events), while_recording - before, finished - before


def measure_memory() -> None:
    for program, depth in ((switch_heavy, "switches"), (line_heavy, "lines")):
        events, raw, finished = traced(program, depth)
        print(
            f"  {program.__name__}, {depth}: {events:,} events, {raw / events:.0f} bytes an "
            f"event while recording, {finished / events:.0f} as a trace"
        )


def long_trace(length: int) -> Trace:
    """A trace with this many events, none of which shares anything with another."""
    trace = Trace(title="long")
    for number in range(length):
        line, say = 3 + number % 7, f"`count` comes to line {number % 7}; `n` is now {number}."
        head = {"do": "line", "t": number / 1e6, "turn": number // 100, "who": f"T{number % 50}"}
        body = {"f": f"F{number % 900}", "line": line, "set": {"n": str(number)}, "say": say}
        trace.events.append(head | body)
    return trace


def peak() -> int:
    """The most bytes that this process has held so far. (Linux counts in kilobytes.)"""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if MAC else 1024)


def write_long(length: int, path: Path) -> None:
    """Write a long trace, and print the peak before it, with it, and with it being written."""
    before = peak()
    trace = long_trace(length)
    held = peak()
    with path.open("w", encoding="utf-8") as file:
        trace.write(file)
    print(before, held, peak())


def read_long(length: int, path: Path) -> None:
    """Read it again, and print the peak before and after."""
    before = peak()
    with path.open(encoding="utf-8") as file:
        trace = Trace.read(file)
    assert len(trace.events) == length
    print(before, peak())


def measure_file(length: int) -> None:
    """Each in a process of its own: what counts is the most memory that it ever holds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace.jsonl"
        before, held, written = in_a_child("write", length, path)
        empty, read = in_a_child("read", length, path)
        size = path.stat().st_size
    print(
        f"  {length:,} events: {megabytes(held - before)} in memory, {megabytes(size)} in a file; "
        f"writing needs {megabytes(written - held)} more; reading needs {megabytes(read - empty)}"
    )


def in_a_child(what: str, length: int, path: Path) -> list[int]:
    command = [sys.executable, __file__, f"--{what}={path}", f"--events={length}"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [int(number) for number in told.split()]


def megabytes(count: int) -> str:
    return f"{count / 1_000_000:.0f} MB"


def measure(rounds: int, events: int) -> None:
    print(f"Python {sys.version.split()[0]}, times the bare program (lowest to highest round)")
    measure_times(rounds)
    measure_memory()
    if events:
        measure_file(events)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each way is measured")
    parser.add_argument("--events", type=int, default=1_000_000, help="events of the trace file")
    parser.add_argument("--here", action="store_true", help="measure this Python alone")
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write or options.read:
        step = write_long if options.write else read_long
        step(options.events, options.write or options.read)
        return
    measure(options.rounds, options.events)
    if options.here:
        return
    sys.stdout.flush()
    # The file needs no second time.
    command = [__file__, "--here", f"--rounds={options.rounds}", "--events=0"]
    for version in OTHERS:
        python = ROOT / "build" / "venvs" / version / "bin" / "python"
        if python.exists() and not sys.version.startswith(version):
            subprocess.run([str(python), *command], check=True)


if __name__ == "__main__":
    main()

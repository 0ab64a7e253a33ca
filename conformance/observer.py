"""Holds CPython's own `test_asyncio` against itself: recorded, every test must end as it does bare.

`python conformance/observer.py [--depth DEPTH]… [FILE…]` runs the copy that comes with this Python,
each file in a process of its own: bare, and recorded at each depth. FILE is a name such as
`test_locks`; without one all files are run. The exit status is 1 where a recorded test ended
otherwise, where the recorder itself failed, and where `observer.toml` lists more than is needed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import sysconfig
import time
import tomllib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent
LISTED = HERE / "observer.toml"
PACKAGE = "test.test_asyncio."
PYTHON = "{}.{}".format(*sys.version_info)
WORK = ROOT / "build" / "observer" / PYTHON

BARE = "bare"
DEPTHS = ("switches", "lines")
PATIENCE = 600  # seconds for one file of tests
AGAIN = 2  # more runs of what differs, each way
JOBS = 2 * (os.cpu_count() or 1)  # the tests mostly wait

# What the table counts at each depth; complete are those recorded from beginning to end.
COLUMNS = ("same", "different", "listed", "unsteady", "complete")

Ends = dict[str, "End"]


@dataclass
class End:
    """How one test ended; `outcome` is None where its process ended first."""

    outcome: str | None = None
    detail: str = ""
    cut: str | None = None
    failed: str | None = None


@dataclass
class Verdict:
    """What the comparison of one file of tests at one depth has found, by the tests' names."""

    ends: Ends
    different: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    unsteady: list[str] = field(default_factory=list)

    def same(self) -> int:
        """How many tests ended as they do bare."""
        return len(self.ends) - len(self.different) - len(self.listed) - len(self.unsteady)

    def failed(self) -> list[str]:
        """Tests in which the recorder itself has failed."""
        return [test for test, end in self.ends.items() if end.failed]

    def complete(self) -> int:
        """How many tests were recorded from their beginning to their end."""
        return sum(end.cut is None and end.failed is None for end in self.ends.values())


def all_files() -> list[str]:
    """The names of the files of tests that come with this Python."""
    folder = Path(sysconfig.get_path("stdlib")) / "test" / "test_asyncio"
    return sorted(path.stem for path in folder.glob("test_*.py"))


def run(name: str, depth: str, tests: Iterable[str] = ()) -> Ends:
    """How the tests of a file end, or the chosen ones of it."""
    WORK.mkdir(parents=True, exist_ok=True)
    chosen = [PACKAGE + test for test in tests]
    base = WORK / f"{name}.{depth}{'.again' if chosen else ''}"
    results, log = base.with_name(base.name + ".jsonl"), base.with_name(base.name + ".log")
    command = [sys.executable, HERE / "one_file.py", name, depth, results, *chosen]
    results.unlink(missing_ok=True)
    with log.open("w") as output:
        try:
            subprocess.run(
                command, stdout=output, stderr=output, timeout=PATIENCE, check=False, cwd=WORK
            )
        except subprocess.TimeoutExpired:
            output.write(f"The tests were ended after {PATIENCE} seconds.\n")
    return read(results, log)


def read(results: Path, log: Path) -> Ends:
    """What `one_file.py` has written: a row when a test begins, and another one when it ends."""
    ends: Ends = {}
    for line in results.read_text().splitlines() if results.exists() else ():
        row = json.loads(line)
        test = row.pop("test").removeprefix(PACKAGE)
        ends[test] = End(**row)
    for end in ends.values():
        if end.outcome is None:
            end.detail = log.read_text()[-3000:]
    return ends


def differing(bare: Ends, recorded: Ends) -> list[str]:
    """The tests that did not end as they do bare, or did not run."""
    return [
        test
        for test in sorted(bare.keys() | recorded.keys())
        if bare.get(test, End()).outcome != recorded.get(test, End()).outcome
    ]


def unsteady(name: str, depth: str, tests: list[str]) -> list[str]:
    """Those of the tests that differ in themselves, or do not differ when they are run again.

    What depends on the moment (a busy machine, a signal's way) does not count against the recorder,
    but is named in the report.
    """
    bare = [run(name, BARE, tests) for _ in range(AGAIN)]
    recorded = [run(name, depth, tests) for _ in range(AGAIN)]
    always = {
        test
        for test in tests
        if len({ends.get(test, End()).outcome for ends in bare}) == 1
        and any(test in differing(bare[0], ends) for ends in recorded)
    }
    return [test for test in tests if test not in always]


def compare(name: str, depth: str, bare: Ends, excused: dict[str, str]) -> Verdict:
    """Run a file recorded and hold it against how it ended bare."""
    verdict = Verdict(run(name, depth))
    different = differing(bare, verdict.ends)
    verdict.listed = [test for test in different if test in excused]
    different = [test for test in different if test not in excused]
    # Tests whose process has ended cannot be run one by one: there the first answer counts.
    candidates = [test for test in different if verdict.ends.get(test, End()).outcome is not None]
    verdict.unsteady = unsteady(name, depth, candidates) if candidates else []
    verdict.different = [test for test in different if test not in verdict.unsteady]
    return verdict


def excused(depth: str) -> dict[str, str]:
    """The tests of `observer.toml` that may differ on this Python at this depth; why."""
    entries: list[dict[str, Any]] = tomllib.loads(LISTED.read_text()).get("listed", [])
    return {
        entry["test"]: entry["reason"]
        for entry in entries
        if PYTHON in entry.get("pythons", [PYTHON]) and depth in entry.get("depths", [depth])
    }


def needless(depth: str, names: list[str], verdicts: dict[str, Verdict]) -> Iterator[str]:
    """Tests of these files that are listed and do not differ."""
    for test in excused(depth):
        name = test.partition(".")[0]
        if name in names and test not in verdicts[name].listed:
            yield test


def report(names: list[str], bare: dict[str, Ends], found: dict[str, dict[str, Verdict]]) -> bool:
    """Print the table and what is wrong; returns whether all is well."""
    print(f"\nPython {PYTHON}")
    print(f"{'':32}" + "".join(f"   at depth {depth:43}" for depth in found).rstrip())
    print(f"{'file':25}{'tests':>7}" + len(found) * ("  " + "".join(map("{:>11}".format, COLUMNS))))
    for name in names:
        _print_row(name, len(bare[name]), [verdicts[name] for verdicts in found.values()])
    merged = [_sum(verdicts.values()) for verdicts in found.values()]
    _print_row("all", sum(map(len, bare.values())), merged)
    problems = [
        *_problems(found),
        *(
            f"{test} is listed for {depth}, and does not differ: take it out of {LISTED.name}"
            for depth, verdicts in found.items()
            for test in needless(depth, names, verdicts)
        ),
    ]
    for depth, verdicts in found.items():
        for test in sorted(_sum(verdicts.values()).unsteady):
            print(f"UNSTEADY at {depth}: {test} differs, but not each time, or bare as well")
    print("\n".join(problems))
    return not problems


def _problems(found: dict[str, dict[str, Verdict]]) -> Iterator[str]:
    for depth, verdicts in found.items():
        for verdict in verdicts.values():
            for test in verdict.different:
                end = verdict.ends.get(test, End("not run"))
                yield f"DIFFERENT at {depth}: {test}: {end.outcome}\n{end.detail}"
            for test in verdict.failed():
                yield f"RECORDER FAILED at {depth}: {test}: {verdict.ends[test].failed}"


def _sum(verdicts: Iterable[Verdict]) -> Verdict:
    total = Verdict({})
    for verdict in verdicts:
        total.ends |= verdict.ends
        total.different += verdict.different
        total.listed += verdict.listed
        total.unsteady += verdict.unsteady
    return total


def _print_row(name: str, tests: int, verdicts: list[Verdict]) -> None:
    print(f"{name:25}{tests:>7}", end="")
    for verdict in verdicts:
        different, listed, uneven = verdict.different, verdict.listed, verdict.unsteady
        counts = (verdict.same(), len(different), len(listed), len(uneven), verdict.complete())
        print("  " + "".join(f"{count:>11}" for count in counts), end="")
    print()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--depth", action="append", choices=DEPTHS, dest="depths")
    parser.add_argument("--jobs", type=int, default=JOBS, help="processes at once")
    parser.add_argument("files", nargs="*", metavar="FILE")
    options = parser.parse_args()
    names, depths = options.files or all_files(), options.depths or DEPTHS
    bare: dict[str, Ends] = {}
    seconds: dict[str, float] = {}

    def run_bare(name: str) -> None:
        started = time.perf_counter()
        bare[name] = run(name, BARE)
        seconds[name] = time.perf_counter() - started

    with ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(run_bare, names))
        # The longest first, so that no processor waits for the other one at the end.
        order = sorted(
            ((name, depth) for name in names for depth in depths),
            key=lambda pair: -seconds[pair[0]],
        )
        jobs = {
            (name, depth): pool.submit(compare, name, depth, bare[name], excused(depth))
            for name, depth in order
        }
    found = {depth: {name: jobs[name, depth].result() for name in names} for depth in depths}
    return 0 if report(names, bare, found) else 1


if __name__ == "__main__":
    sys.exit(main())

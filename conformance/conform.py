"""Runs CPython's own `test_asyncio` on our asyncio, and says of each test how it ended.

`python conformance/conform.py [--face FACE]… [FILE…]` runs the copy that comes with this Python,
unedited, each file in a process of its own. With the face `standin` our package is what `import
asyncio` gives; with `guest` the standard library's asyncio runs on our loop. FILE is a name such as
`test_locks`; without one all files are run. The exit status is 1 where a test failed that is not in
`ledger.toml`, where an entry there is not needed, and where a file of the standard library's
asyncio was executed although ours stood in for it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from observer import JOBS, PACKAGE, PYTHON, ROOT, End, Ends, all_files, read

NOT_RUN = "not run"  # as one_file.py says it of a test that its process did not come to

HERE = Path(__file__).parent
LEDGER = HERE / "ledger.toml"
WORK = ROOT / "build" / "conformance" / PYTHON
FACES = ("standin", "guest")
PATIENCE = 300  # seconds for one file of tests
# What takes longest is begun first, so that no processor waits for the other one at the end.
LONG = ("test_tasks", "test_events", "test_ssl", "test_subprocess", "test_taskgroups")

# The lists of the ledger, and the columns of the table that their tests are counted in.
KINDS = {
    "not_applicable": "not applicable",
    "changed_since": "changed since",
    "known_failure": "known failures",
}
COLUMNS = ("tests", "passed", "skipped", *KINDS.values(), "failed")


@dataclass
class Entry:
    """One name of the ledger: a test, or a class or a file none of whose tests passes."""

    name: str
    kind: str
    reason: str

    def names(self, test: str) -> bool:
        """Whether it is this test, or holds it."""
        return test == self.name or test.startswith(f"{self.name}.")


@dataclass
class Result:
    """How the tests of one file ended, sorted into the table's columns."""

    ends: Ends
    columns: dict[str, list[str]] = field(default_factory=dict)
    unsteady: list[str] = field(default_factory=list)

    def row(self) -> list[int]:
        """The numbers for the table."""
        return [len(self.ends), *(len(self.columns.get(name, ())) for name in COLUMNS[1:])]


def entries(face: str) -> list[Entry]:
    """The names in the ledger that count on this Python, with this face."""
    ledger = tomllib.loads(LEDGER.read_text())
    return [
        Entry(name, kind, entry["reason"])
        for kind in KINDS
        for entry in ledger.get(kind, [])
        if PYTHON in entry.get("pythons", [PYTHON]) and face in entry.get("faces", [face])
        for name in entry["tests"]
    ]


def prepare(face: str) -> Path:
    """Make the folder that gives Python this face when it is first on its path."""
    folder = WORK / face
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "path").mkdir(parents=True)
    shutil.copy(HERE / "faces" / f"{face}.py", folder / "path" / "sitecustomize.py")
    if face == "standin":
        (folder / "path" / "asyncio").symlink_to(ROOT / "src" / "glassloop" / "aio")
    return folder


def environment(folder: Path) -> dict[str, str]:
    """What makes a process, and its children, have the face of this folder."""
    path = os.pathsep.join([str(folder / "path"), str(ROOT / "src")])
    audit = str(folder / "executed")
    return {**os.environ, "PYTHONPATH": path, "GLASSLOOP_AUDIT": audit, "GLASSLOOP_PATIENCE": "40"}


def run(face: str, name: str, tests: Iterable[str] = ()) -> Ends:
    """How the tests of a file end, or the chosen ones of it.

    Where a test ends its process, the others are run in another one.
    """
    ends = run_once(face, name, tests)
    waiting = [test for test, end in ends.items() if end.outcome == NOT_RUN]
    while waiting and any(end.outcome is None for end in ends.values()):
        more = run_once(face, name, waiting)
        ends |= more
        left = [test for test in waiting if more.get(test, End()).outcome == NOT_RUN]
        if len(left) == len(waiting):
            break
        waiting = left
    # What is left belongs to a class or a module that could not be set up, which has its own line.
    return {test: end for test, end in ends.items() if end.outcome != NOT_RUN}


def run_once(face: str, name: str, tests: Iterable[str] = ()) -> Ends:
    """The same in one process."""
    folder = WORK / face
    chosen = [PACKAGE + test for test in tests]
    base = f"{name}.again" if chosen else name
    results, log = folder / f"{base}.jsonl", folder / f"{base}.log"
    command = [sys.executable, HERE / "one_file.py", name, "bare", results, *chosen]
    with log.open("w") as output:
        try:
            subprocess.run(
                command,
                stdout=output,
                stderr=output,
                timeout=PATIENCE,
                check=False,
                cwd=folder,
                env=environment(folder),
            )
        except subprocess.TimeoutExpired:
            output.write(f"The tests were ended after {PATIENCE} seconds.\n")
    return read(results, log) or {name: End(None, log.read_text()[-3000:])}


def judge(face: str, name: str, listed: list[Entry]) -> Result:
    """Run a file and sort its tests. What fails is run again: a busy machine is no reason."""
    ends = run(face, name)
    result = Result(ends, {column: [] for column in COLUMNS[1:]})
    failed = []
    for test, end in ends.items():
        column = column_of(test, end, listed)
        if column == "failed" and end.outcome is not None:
            failed.append(test)
        else:
            result.columns[column].append(test)
    again = run(face, name, failed) if failed else {}
    for test in failed:
        steady = column_of(test, again.get(test, End()), listed) == "failed"
        result.columns["failed" if steady else "passed"].append(test)
        if not steady:
            result.unsteady.append(test)
    return result


def column_of(test: str, end: End, listed: list[Entry]) -> str:
    """The column of the table that a test belongs to."""
    if end.outcome in ("passed", "expected failure"):
        return "passed"
    if end.outcome is not None and end.outcome.startswith("skipped"):
        return "skipped"
    entry = next((entry for entry in listed if entry.names(test)), None)
    return "failed" if entry is None else KINDS[entry.kind]


def needless(listed: list[Entry], results: dict[str, Result]) -> Iterator[str]:
    """Why entries for these files have to be taken out of the ledger, or made more exact."""
    for entry in listed:
        result = results.get(entry.name.partition(".")[0])
        if result is None:
            continue
        named = [test for test in result.ends if entry.names(test)]
        passed = [test for test in named if test in result.columns["passed"]]
        if passed:
            yield f"{entry.name} is in the ledger, and {passed[0]} passes"
        elif not set(named) - set(result.columns["skipped"]):
            yield f"{entry.name} is in the ledger, and no such test was run"


def report(face: str, results: dict[str, Result], listed: list[Entry], seconds: float) -> bool:
    """Print the table and what is wrong; returns whether all is well."""
    print(f"\nPython {PYTHON}, {face}, {seconds:.0f} s")
    print(f"{'':25}" + "".join(f"{column:>16}" for column in COLUMNS))
    total: Counter[str] = Counter()
    for name, result in results.items():
        row = dict(zip(COLUMNS, result.row(), strict=True))
        total.update(row)
        print(f"{name:25}" + "".join(f"{count:>16}" for count in row.values()))
    print(f"{'all':25}" + "".join(f"{total[column]:>16}" for column in COLUMNS))
    for result in results.values():
        for test in result.unsteady:
            print(f"passed only when it was run again: {test}")
    problems = [*failures(results), *needless(listed, results), *executed(face)]
    print("\n".join(problems))
    columns = [pair for result in results.values() for pair in result.columns.items()]
    tests = {test: column for column, tests in columns for test in tests}
    (WORK / f"{face}.json").write_text(json.dumps({"total": total, "tests": tests}, indent=1))
    return not problems


def failures(results: dict[str, Result]) -> Iterator[str]:
    """What failed and may not."""
    for result in results.values():
        for test in result.columns["failed"]:
            end = result.ends[test]
            yield f"FAILED: {test}: {end.outcome or 'its process ended'}\n{end.detail}"


def executed(face: str) -> Iterator[str]:
    """Files of the standard library's asyncio that were executed although ours stood in for it."""
    found = WORK / face / "executed"
    if found.exists():
        for file in sorted(set(found.read_text().splitlines())):
            yield f"EXECUTED: {file}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--face", action="append", choices=FACES, dest="faces")
    parser.add_argument("--jobs", type=int, default=JOBS, help="processes at once")
    parser.add_argument("files", nargs="*", metavar="FILE")
    options = parser.parse_args()
    names = options.files or all_files()
    order = sorted(names, key=lambda name: name not in LONG)
    well = True
    for face in options.faces or FACES:
        listed = entries(face)
        prepare(face)
        began = time.perf_counter()
        with ThreadPoolExecutor(options.jobs) as pool:
            jobs = {name: pool.submit(judge, face, name, listed) for name in order}
        results = {name: jobs[name].result() for name in names}
        well = report(face, results, listed, time.perf_counter() - began) and well
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())

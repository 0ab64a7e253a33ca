"""Runs the tests of libraries that stand on asyncio, on the standard library's loop and on ours.

`python conformance/peers.py [PEER…]` makes an environment in `build/peers`, installs there what
`requirements/peers.txt` pins, unpacks the sdists of the peers, which hold their tests, and runs the
tests that `peers.toml` chooses twice: as they are, and with our loop in every place where Python
makes one (`faces/guest.py`). A test that ends otherwise on ours is run again, both ways. The exit
status is 1 where one differs that `peers.toml` does not list with its cause, and where an entry
there is not needed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import tomllib
import venv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

HERE = Path(__file__).parent
ROOT = HERE.parent
PINNED = ROOT / "requirements" / "peers.txt"
WORK = ROOT / "build" / "peers" / "{}.{}".format(*sys.version_info)
PATIENCE = 900  # seconds for the tests of one peer
LOOPS = ("standard", "ours")
COLUMNS = ("tests", "passed", "skipped", "failed on both", "unsteady", "listed", "different")

Ends = dict[str, str]  # by the name of a test: "passed", "skipped" or "failed"


@dataclass
class Peer:
    """One library, and which of its tests are run."""

    name: str
    arguments: list[str]
    keyword: str = ""  # an expression of pytest's that chooses among the tests
    differences: dict[str, str] = field(default_factory=dict)  # tests, each with its cause


@dataclass
class Verdict:
    """How the tests of a peer ended on the standard library's loop, and what differs on ours."""

    ends: Ends
    listed: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)
    unsteady: list[str] = field(default_factory=list)

    def row(self) -> list[int]:
        """The numbers for the table."""
        counts = [list(self.ends.values()).count(end) for end in ("passed", "skipped", "failed")]
        apart = (self.unsteady, self.listed, self.different)
        return [len(self.ends), *counts, *(len(tests) for tests in apart)]


def all_peers() -> dict[str, Peer]:
    """Those of `peers.toml`."""
    described = tomllib.loads((HERE / "peers.toml").read_text())
    peers = {name: Peer(name, **each) for name, each in described["peer"].items()}
    for difference in described.get("difference", []):
        causes = dict.fromkeys(difference["tests"], difference["cause"])
        peers[difference["peer"]].differences |= causes
    return peers


# What is run, where.


def prepare(names: Iterable[str]) -> None:
    """Make the environment and unpack the tests, as far as they are not there yet."""
    stamp = WORK / "installed"
    if not stamp.exists() or stamp.read_text() != PINNED.read_text():
        shutil.rmtree(WORK, ignore_errors=True)
        venv.create(WORK, with_pip=True)
        pip("install", "--require-hashes", "--requirement", str(PINNED))
        stamp.write_text(PINNED.read_text())
    for name in names:
        if not (WORK / "tests" / name).exists():
            unpack(name)
    path = WORK / "ours"
    path.mkdir(exist_ok=True)
    shutil.copy(HERE / "faces" / "guest.py", path / "sitecustomize.py")


def pip(*arguments: str) -> None:
    """Run the environment's pip."""
    quiet = ("--quiet", "--disable-pip-version-check")
    subprocess.run([WORK / "bin" / "python", "-m", "pip", *arguments, *quiet], check=True)


def unpack(name: str) -> None:
    """Download the sdist of a peer, the very one that is pinned, and take its folder out of it."""
    only = WORK / f"{name}.txt"
    only.write_text(requirement(name, PINNED.read_text()))
    folder = WORK / "sdists" / name
    # Of the peer alone: what builds its metadata may come ready-made.
    sources = ("--no-deps", "--no-binary", name, "--require-hashes", "--requirement", str(only))
    pip("download", *sources, "--dest", str(folder))
    (archive,) = folder.iterdir()
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    (WORK / "tests").mkdir(exist_ok=True)
    (unpacked,) = (each for each in folder.iterdir() if each.is_dir())
    hide_package(unpacked, name)
    unpacked.rename(WORK / "tests" / name)


def hide_package(folder: Path, name: str) -> None:
    """The tests are to import what is installed, and not what lies beside them uncompiled."""
    if (folder / name).is_dir():
        (folder / name).rename(folder / f"{name}.source")


def requirement(name: str, pinned: str) -> str:
    """The lines of a lock file that are about one package."""
    lines = iter(pinned.splitlines())
    found = next(line for line in lines if line.startswith(f"{name}=="))
    kept = [found]
    while kept[-1].endswith("\\"):
        kept.append(next(lines))
    return "\n".join(kept) + "\n"


def run(peer: Peer, loop: str, tests: Iterable[str] = ()) -> Ends:
    """How a peer's tests end on a loop, or the chosen ones of them."""
    report, log = (WORK / f"{peer.name}.{loop}.{kind}" for kind in ("xml", "log"))
    report.unlink(missing_ok=True)
    command = [WORK / "bin" / "python", "-m", "pytest", "-p", "no:cacheprovider"]
    command += ["--numprocesses=2", "--timeout=60", f"--junitxml={report}", *peer.arguments]
    names = " or ".join({test.rpartition("::")[2].partition("[")[0] for test in tests})
    if keyword := " and ".join(f"({part})" for part in (peer.keyword, names) if part):
        command += ["-k", keyword]
    with log.open("w") as output:
        subprocess.run(
            command,
            stdout=output,
            stderr=output,
            timeout=PATIENCE,
            check=False,
            cwd=WORK / "tests" / peer.name,
            env=environment(loop),
        )
    if not report.exists():
        raise SystemExit(f"{peer.name} was not run: {log.read_text()[-2000:]}")
    return read(report.read_text())


def environment(loop: str) -> dict[str, str]:
    """What makes a process, and its children, have this loop."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if loop == "ours":
        own["PYTHONPATH"] = os.pathsep.join([str(WORK / "ours"), str(ROOT / "src")])
    return own


def read(report: str) -> Ends:
    """How each test of a JUnit report ended; one that is named twice failed if it failed once."""
    ends: Ends = {}
    for case in ElementTree.fromstring(report).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        kinds = {child.tag for child in case}
        end = "failed" if kinds & {"failure", "error"} else "passed"
        if end == "passed" and "skipped" in kinds:
            end = "skipped"
        if ends.get(name) != "failed":
            ends[name] = end
    return ends


# What comes of it.


def judge(peer: Peer) -> Verdict:
    """Run a peer's tests on both loops and compare."""
    standard, ours = (run(peer, loop) for loop in LOOPS)
    suspects = differing(standard, ours)
    verdict = Verdict(standard)
    again = [run(peer, loop, suspects) for loop in LOOPS] if suspects else [{}, {}]
    for test in suspects:
        if test in peer.differences:
            verdict.listed.append(test)
        elif again[0].get(test) == again[1].get(test):
            verdict.unsteady.append(test)
        else:
            verdict.different.append(test)
    return verdict


def differing(standard: Ends, ours: Ends) -> list[str]:
    """The tests that end otherwise on ours, or are run on one loop only."""
    return [test for test in standard | ours if standard.get(test) != ours.get(test)]


def problems(peer: Peer, verdict: Verdict) -> Iterator[str]:
    """What is wrong."""
    for test in verdict.different:
        yield f"DIFFERENT: {peer.name}: {test} ({verdict.ends.get(test, 'not there')} on asyncio's)"
    for test in peer.differences:
        if test not in verdict.listed:
            yield f"{peer.name}: {test} is in peers.toml, and ends the same on both loops"
    if "passed" not in verdict.ends.values():
        yield f"{peer.name}: no test has passed"


# A shell lets the programs that it runs in the background ignore Ctrl+C; the peers' tests send it.
signal.signal(signal.SIGINT, signal.default_int_handler)


def main() -> int:
    peers = all_peers()
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("peers", nargs="*", metavar="PEER", help=f"one of {', '.join(peers)}")
    chosen = [peers[name] for name in parser.parse_args().peers or peers]
    prepare(peer.name for peer in chosen)
    print(f"{'':12}" + "".join(f"{column:>16}" for column in (*COLUMNS, "seconds")))
    found: list[str] = []
    for peer in chosen:
        began = time.perf_counter()
        verdict = judge(peer)
        row = [*verdict.row(), round(time.perf_counter() - began)]
        print(f"{peer.name:12}" + "".join(f"{count:>16}" for count in row), flush=True)
        found += problems(peer, verdict)
        found += [f"ended otherwise only once: {peer.name}: {test}" for test in verdict.unsteady]
    print("\n".join(found))
    return 1 if any(not line.startswith("ended otherwise") for line in found) else 0


if __name__ == "__main__":
    sys.exit(main())

"""The gate of `make conformance-peers`: what is a difference, and which entries are too many."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "conformance"))

import peers  # noqa: E402  # the path above is what finds it
from peers import Peer, Verdict  # noqa: E402

REPORT = """<testsuites><testsuite>
<testcase classname="tests.test_lift" name="test_up"/>
<testcase classname="tests.test_lift" name="test_down"><skipped/></testcase>
<testcase classname="tests.test_lift" name="test_doors"/>
<testcase classname="tests.test_lift" name="test_doors"><error/></testcase>
<testcase classname="tests.test_lift" name="test_bell"><failure/></testcase>
</testsuite></testsuites>"""

LOCK = """# Locked.
lift==1.0 \\
    --hash=sha256:11 \\
    --hash=sha256:22
lift-doors==2.0 \\
    --hash=sha256:33
"""


def test_a_report_tells_how_each_test_ended() -> None:
    assert peers.read(REPORT) == {
        "tests.test_lift::test_up": "passed",
        "tests.test_lift::test_down": "skipped",
        "tests.test_lift::test_doors": "failed",
        "tests.test_lift::test_bell": "failed",
    }


def test_a_peers_tests_are_those_of_the_version_that_is_pinned() -> None:
    hashes = "    --hash=sha256:11 \\\n    --hash=sha256:22\n"
    assert peers.requirement("lift", LOCK) == f"lift==1.0 \\\n{hashes}"


def test_each_peer_is_pinned_to_the_version_whose_sdist_is_unpacked() -> None:
    pinned = peers.PINNED.read_text()
    for name in peers.all_peers():
        assert peers.requirement(name, pinned).count("--hash=") > 1


def judged(
    monkeypatch: pytest.MonkeyPatch, peer: Peer, *runs: dict[str, str]
) -> tuple[Verdict, list[str]]:
    """The verdict on a peer whose tests end like this, run after run, and what is wrong."""
    endings = iter(runs)
    monkeypatch.setattr(peers, "run", lambda *arguments: next(endings))
    verdict = peers.judge(peer)
    return verdict, list(peers.problems(peer, verdict))


BOTH = {"up": "passed", "down": "failed"}
OURS = {"up": "failed", "down": "failed"}


def test_what_fails_on_both_loops_is_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    verdict, wrong = judged(monkeypatch, Peer("lift", []), BOTH, BOTH)
    assert verdict.row() == [2, 1, 0, 1, 0, 0, 0]
    assert wrong == []


def test_what_fails_on_ours_alone_twice_is_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    verdict, wrong = judged(monkeypatch, Peer("lift", []), BOTH, OURS, BOTH, OURS)
    assert (verdict.different, verdict.unsteady) == (["up"], [])
    assert wrong == ["DIFFERENT: lift: up (passed on asyncio's)"]


def test_what_differs_once_is_told_and_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    verdict, wrong = judged(monkeypatch, Peer("lift", []), BOTH, OURS, BOTH, BOTH)
    assert (verdict.different, verdict.unsteady, wrong) == ([], ["up"], [])


def test_a_test_that_is_not_run_on_ours_is_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    less = {"down": "failed"}
    verdict, _ = judged(monkeypatch, Peer("lift", []), BOTH, less, {"up": "passed"}, {})
    assert verdict.different == ["up"]


def test_a_difference_with_its_cause_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    peer = Peer("lift", [], differences={"up": "It asks for the name of the loop's class."})
    verdict, wrong = judged(monkeypatch, peer, BOTH, OURS, BOTH, OURS)
    assert (verdict.listed, verdict.different, wrong) == (["up"], [], [])


def test_an_entry_that_is_not_needed_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    peer = Peer("lift", [], differences={"up": "It asks for the name of the loop's class."})
    _, wrong = judged(monkeypatch, peer, BOTH, BOTH)
    assert wrong == ["lift: up is in peers.toml, and ends the same on both loops"]


def test_a_peer_of_which_nothing_passes_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    _, wrong = judged(monkeypatch, Peer("lift", []), {"up": "failed"}, {"up": "failed"})
    assert wrong == ["lift: no test has passed"]

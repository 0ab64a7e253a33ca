"""The gate of `make conformance`: what counts as a failure, and which entries are too many."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "conformance"))

import conform  # noqa: E402  # the path above is what finds it
from conform import End, Entry, Result  # noqa: E402

LOCK = Entry("test_locks.LockTests", "not_applicable", "It asks for a private part.")
LATER = Entry("test_queues.QueueTests.test_get", "known_failure", "Not yet.")


def result(**outcomes: str | None) -> Result:
    """What a run of test_locks.LockTests and test_queues.QueueTests has given."""
    names = {"lock": "test_locks.LockTests.test_lock", "repr": "test_locks.LockTests.test_repr"}
    names |= {"get": LATER.name}
    found = Result({names[name]: End(outcome) for name, outcome in outcomes.items()})
    found.columns = {column: [] for column in conform.COLUMNS[1:]}
    for test, end in found.ends.items():
        found.columns[conform.column_of(test, end, [LOCK, LATER])].append(test)
    return found


@pytest.mark.parametrize(
    ("outcome", "column"),
    [
        ("passed", "passed"),
        ("expected failure", "passed"),
        ("skipped: no IPv6", "skipped"),
        ("error OSError", "failed"),
        (None, "failed"),
        ("unexpected success", "failed"),
    ],
)
def test_what_is_in_no_list_passes_is_skipped_or_fails(outcome: str | None, column: str) -> None:
    assert conform.column_of("test_locks.EventTests.test_set", End(outcome), [LOCK]) == column


def test_what_is_in_the_ledger_is_counted_there() -> None:
    found = result(lock="failure AssertionError", get=None)
    assert found.columns["not applicable"] == ["test_locks.LockTests.test_lock"]
    assert found.columns["known failures"] == [LATER.name]
    assert list(conform.needless([LOCK], {"test_locks": found})) == []


def test_an_entry_for_a_class_covers_no_other_class_of_a_longer_name() -> None:
    assert LOCK.names("test_locks.LockTests")
    assert LOCK.names("test_locks.LockTests.test_lock")
    assert not LOCK.names("test_locks.LockTestsInC.test_lock")


def test_an_entry_is_too_much_where_one_of_its_tests_passes() -> None:
    found = result(lock="failure AssertionError", repr="passed")
    (complaint,) = conform.needless([LOCK], {"test_locks": found})
    assert complaint == (
        "test_locks.LockTests is in the ledger, and test_locks.LockTests.test_repr passes"
    )


def test_an_entry_is_too_much_where_there_is_no_such_test_or_it_is_skipped() -> None:
    for found in (result(get=None), result(lock="skipped: why")):
        (complaint,) = conform.needless([LOCK], {"test_locks": found})
        assert complaint == "test_locks.LockTests is in the ledger, and no such test was run"


def test_entries_of_files_that_were_not_run_are_not_judged() -> None:
    assert list(conform.needless([LOCK], {"test_queues": result(get="passed")})) == []


def test_each_entry_of_the_ledger_says_why() -> None:
    for face in conform.FACES:
        for entry in conform.entries(face):
            assert len(entry.reason.split()) > 1, entry.name
            assert entry.reason.endswith("."), entry.name


def test_no_test_is_named_twice() -> None:
    for face in conform.FACES:
        names = [entry.name for entry in conform.entries(face)]
        assert sorted(set(names)) == sorted(names)

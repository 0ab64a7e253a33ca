"""What a check can ask of an attempt, and how that is told to the one who wrote it."""

import asyncio
import gc
import inspect
import types

import pytest

from glassloop.exercises import Supply, Verdict, judge, judging, load, record_attempt
from glassloop.exercises.shortcuts import find_shortcut
from glassloop.lab.tracebacks import is_readers

pytestmark = pytest.mark.usefixtures("no_running_loop")

HEAD = '"""T\n\nx\n"""\nimport asyncio\nfrom glassloop.exercises import *\n\n'


def judged(attempt: str, *check: str, head: str = "") -> Verdict:
    """The verdict on an attempt that defines `main`, by these lines of a check."""
    lines = "\n".join(f"    {line}" for line in check)
    text = f"{HEAD}{head}async def main(): pass\n\ndef check(main):\n{lines}\n"
    return judge(load(text, "asked"), f"import asyncio\n{attempt}\n")


SLEEPS = "async def main():\n    await asyncio.gather(asyncio.sleep(1), asyncio.sleep(2))"


@pytest.mark.parametrize(("wanted", "kind"), [(2.0, "passed"), (3.0, "failed")])
def test_times_are_those_of_the_simulated_clock(wanted: float, kind: str):
    verdict = judged(SLEEPS, "took = seconds(main)", f"assert took == {wanted}, f'took {{took}}'")
    assert (verdict.kind, verdict.message) == (kind, "" if kind == "passed" else "took 2.0")


def test_printed_lines_can_be_asked_for_and_are_shown():
    attempt = "async def main():\n    print('a')\n    await asyncio.sleep(1)\n    print('b')"
    verdict = judged(
        attempt,
        "with Printed() as printed:",
        "    asyncio.run(main())",
        "assert printed.lines == ['b', 'a'], f'printed {printed.lines}'",
    )
    assert verdict == Verdict("failed", "printed ['a', 'b']", 2, "a\nb\n")


def test_a_task_that_is_left_is_found():
    left = "async def main():\n    main.task = asyncio.create_task(asyncio.sleep(9))"
    ask = "asyncio.run(nothing_left(main(), 'a task was left'))"
    assert judged(left, ask).message == "a task was left"
    assert judged(SLEEPS, ask).kind == "passed"


LOCKED = """
lock = asyncio.Lock()
async def main():
    global lock
    lock = asyncio.Lock()
    {}
"""
EVERY = [
    "awaits = at_every_await(main, lambda n: check_lock(main, n))",
    "assert awaits == 2, f'{awaits} awaits'",
]
CHECK_LOCK = """
def check_lock(main, number):
    locked = main.__globals__["lock"].locked()
    assert not locked, f"cancelled at await {number}, the lock stays locked"

"""


def test_a_cancellation_is_tried_at_every_await():
    careful = "async with lock:\n        await asyncio.sleep(1)\n        await asyncio.sleep(1)"
    careless = "await lock.acquire()\n    await asyncio.sleep(1)\n    await asyncio.sleep(1)"
    careless += "\n    lock.release()"
    assert judged(LOCKED.format(careful), *EVERY, head=CHECK_LOCK) == Verdict("passed", "")
    verdict = judged(LOCKED.format(careless), *EVERY, head=CHECK_LOCK)
    assert verdict.message == "cancelled at await 1, the lock stays locked"


# A loop that is stopped in its middle is not closed, as nobody is left to close it.
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
# What is stopped in the middle leaves its loop and its coroutines as they were.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_program_without_end_is_not_cancelled_for_ever(monkeypatch):
    endless = (
        "async def main():\n    while True:\n        try:\n            await asyncio.sleep(1)\n"
    )
    endless += "        except BaseException: pass"
    for limit in range(1_000, 1_012):  # wherever the program is stopped
        monkeypatch.setattr(judging, "STEP_LIMIT", limit)
        assert judged(endless, "at_every_await(main, print, 5)").kind == "endless"
        assert not suspended_in_an_attempt()
    gc.collect()  # the loop goes here, and not in another test


def suspended_in_an_attempt():
    """What could go on for ever when it is collected, where nothing stops it."""
    return [
        thing
        for thing in gc.get_objects()
        if isinstance(thing, types.CoroutineType)
        and inspect.getcoroutinestate(thing) == inspect.CORO_SUSPENDED
        and is_readers(thing.cr_code)
    ]


def test_a_supply_counts_what_is_taken_and_what_is_held():
    supply, kept = Supply(str(number) for number in range(10)), []
    for word in supply:
        if word in "25":
            kept.append(word)
    del word
    # Two that are kept, the one in hand, and the next.
    assert (supply.taken, supply.held) == (10, 4)
    with pytest.raises(AssertionError, match="too many"):
        list(Supply("abc", most=2, complaint="too many"))


def test_a_deadlock_is_told_with_who_waits():
    verdict = judged("async def main():\n    await asyncio.Event().wait()", "asyncio.run(main())")
    assert (verdict.kind, verdict.line) == ("deadlock", 3)
    assert verdict.message.startswith("every task waits for something that cannot come:\n")


def test_an_error_is_told_with_line_and_traceback():
    verdict = judged("async def main():\n    print(1)\n    {}['x']", "asyncio.run(main())")
    assert (verdict.kind, verdict.message, verdict.line) == ("error", "KeyError: 'x'", 4)
    assert verdict.output.splitlines()[-1] == "1"
    assert 'File "<cell attempt>", line 4, in main' in verdict.output


def test_the_one_error_of_a_group_is_told_itself():
    attempt = "async def main():\n    async with asyncio.TaskGroup() as group:\n"
    attempt += "        group.create_task(asyncio.sleep('x'))\n        {}[1]"
    verdict = judged(attempt, "asyncio.run(main())")
    assert (verdict.kind, verdict.message, verdict.line) == ("error", "KeyError: 1", 5)


def test_a_mistake_that_shows_in_the_check_is_told_with_its_line():
    verdict = judged("main = 3", "main()")
    assert verdict.message == (
        "TypeError: 'int' object is not callable\nIt happened where the check said `main()`"
    )


def test_a_name_that_is_missing_is_told():
    verdict = judged("other = 3", "main()")
    assert verdict.message == "Your attempt defines no `main`. Keep the name: the check calls it."


@pytest.mark.parametrize(
    ("attempt", "forbidden", "line"),
    [
        ("import time\ntime.sleep(1)", "time.sleep", 2),
        ("import time as t\nt.sleep(1)", "time.sleep", 2),
        ("from time import sleep as rest\n\nrest(1)", "time.sleep", 3),
        ("sorted([1])", "sorted", 1),
        ("def sorted(x): pass\nsorted([1])", "sorted", None),
        ("# sorted\nx = 'sorted'", "sorted", None),
        ("x = 1\nfor y in []: pass", "for", 2),
        ("x = [y for y in []]", "for", 1),
        ("x = [y for y in []]", "comprehension", 1),
        ("def f():\n    yield from []", "yield from", 2),
        ("def f():\n    yield", "yield from", None),
        ("while 1: pass", "while", 1),
        ("broken(", "broken", None),
    ],
)
def test_a_shortcut_is_found_in_the_text(attempt: str, forbidden: str, line: int | None):
    found = find_shortcut(attempt, {forbidden: "no"})
    assert (found and found.line) == line


def test_a_forbidden_shortcut_is_told_before_anything_runs():
    text = f"{HEAD}forbidden = {{'print': 'Return it.'}}\ndef f(): pass\ndef check(f): pass\n"
    verdict = judge(load(text, "f"), "def f():\n    pass\nprint(f)")
    assert verdict == Verdict("forbidden", "Return it.", 3)


def test_a_recorded_attempt_has_its_own_lines_alone():
    text = f"{HEAD}def main(): pass\n\ndef check(main):\n    asked = 1\n    main()\n    main()\n"
    trace = record_attempt(load(text, "asked"), "def main():\n    print('seen')\n")
    assert list(trace.sources) == ["<cell attempt>"]
    assert [event["name"] for event in trace.events if event["do"] == "call"] == [
        "<module>",
        "main",
        "main",
    ]
    assert [event["text"] for event in trace.events if event["do"] == "print"] == ["seen\n"] * 2


def test_a_verdict_is_four_fields_of_json():
    assert Verdict("failed", "é", 3, "x").as_json() == (
        '{"kind": "failed", "message": "é", "line": 3, "output": "x"}'
    )


def test_no_running_loop_is_left():
    judged(SLEEPS, "asyncio.run(main())")
    assert asyncio._get_running_loop() is None

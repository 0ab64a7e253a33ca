"""What is recorded of our asyncio is what is recorded of the standard library's.

Each program runs three times on the simulated machine: on the standard library's asyncio, with ours
standing in for it, and with our loop as a guest that runs the standard library's coroutines.
"""

from __future__ import annotations

import difflib
import gc
import json
import subprocess
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest
from consistent import check, check_end
from normal_form import normal_form
from recorded import kinds, recorded, said
from version_programs import PROGRAMS

import glassloop.aio
from glassloop.lab import batch
from glassloop.trace import Trace, asyncios, waits, words
from glassloop.trace.events import Depth, Event

STANDARD = "import asyncio\nfrom asyncio import Runner, SelectorEventLoop as EventLoop\n"
STANDING_IN = STANDARD.replace("import asyncio", "from glassloop import aio as asyncio", 1)
STANDING_IN = STANDING_IN.replace("from asyncio import", "from glassloop.aio import")
GUEST = "import asyncio\nfrom asyncio import Runner; from glassloop.aio import EventLoop\n"
FACES = {"standing in": STANDING_IN, "guest": GUEST}

# Programs that do not do the same on ours, and why.
DIFFERENT = {
    "a task group that fails": "a group of ours does not cancel the task that waits at its end",
    "a conversation": "transports of ours begin with one callback, asyncio's with three",
    "a deadlock": "what is printed names the class of the lock with its module",
}
if sys.version_info < (3, 12):
    DIFFERENT["nobody looks at the exception"] = (
        "3.11 traces nothing that a dying task of ours does"
    )
PROGRAM_NAMES = [
    name for name, source in PROGRAMS.items() if "asyncio.run(" in source and name not in DIFFERENT
]


def run(source: str, face: str, depth: Depth = "lines") -> tuple[str, Trace]:
    """What a program prints, and its trace."""
    source = source.replace("import asyncio\n", face, 1)
    source = source.replace("asyncio.run(", "Runner(loop_factory=EventLoop).run(")
    cell: batch.Cell = {
        "name": "program",
        "source": source,
        "simulate": True,
        "recorded": True,
        "depth": depth,
    }
    (outcome,) = batch.run([cell])
    return outcome["text"], Trace.read(outcome["trace"].splitlines())


def comparable(trace: Trace) -> list[str]:
    """The events, one a line, without what the two loops have different reasons to do.

    Ours asks its selector only now and then while there is work. And where what a task waits for
    has failed, it goes on in that future, which raises, and not with the exception thrown in.
    """
    return [json.dumps(event, sort_keys=True) for event in _without_quick_questions(trace)]


def _without_quick_questions(trace: Trace) -> Iterator[Event]:
    quick = False
    for event in normal_form(trace):
        if event["do"] == "select":
            quick = event["timeout"] == 0
        if event["do"] in ("resume", "await") or (quick and event["do"] in ("select", "awake")):
            continue
        event.pop("line" if event["do"] in ("unwind", "raise") else "lines", None)
        yield _renamed(event)


def _renamed(event: Event) -> Event:
    """The names of classes and modules that are others in ours."""
    text = json.dumps(event)
    for ours, theirs in (
        ("<module glassloop.aio>", "<module asyncio>"),
        ("_UnixSelectorEventLoop", "EventLoop"),
        ("<class _UnixSelectorEventLoop>", "<class EventLoop>"),
    ):
        text = text.replace(ours, theirs)
    result: Event = json.loads(text)
    return result


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("name", PROGRAM_NAMES)
def test_each_line_and_turn_on_ours_is_that_of_the_standard_librarys(name: str, face: str) -> None:
    printed, standard = run(PROGRAMS[name], STANDARD)
    printed_by_ours, ours = run(PROGRAMS[name], FACES[face])
    assert printed_by_ours == printed
    assert difference(standard, ours) == ""
    check_end(check(ours))


def difference(one: Trace, other: Trace) -> str:
    """The first lines in which two traces differ, or nothing."""
    rows = comparable(one), comparable(other)
    return "\n".join(list(difflib.unified_diff(*rows, "standard", "ours", lineterm="", n=2))[:30])


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("name", [name for name in PROGRAM_NAMES if name != "cancellation"])
def test_each_switch_on_ours_is_that_of_the_standard_librarys(name: str, face: str) -> None:
    _, standard = run(PROGRAMS[name], STANDARD, "switches")
    _, ours = run(PROGRAMS[name], FACES[face], "switches")
    assert difference(standard, ours) == ""


@pytest.mark.parametrize("depth", ["lines", "switches"])
@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("name", DIFFERENT)
def test_a_program_that_differs_on_ours_is_recorded_to_its_end(
    name: str, face: str, depth: Depth
) -> None:
    _, trace = run(PROGRAMS[name], FACES[face], depth)
    assert trace.cut is None
    assert trace.events[-1]["do"] in ("return", "print", "done", "wait")


WAITING = """
from glassloop import aio

async def bake(oven):
    async with oven:
        await aio.sleep(0.001)

async def kitchen():
    oven = aio.Lock()
    async with aio.TaskGroup() as group:
        group.create_task(bake(oven), name="bread")
        group.create_task(bake(oven), name="cake")
        await aio.to_thread(len, [])
        await aio.wait_for(aio.Queue(1).put("plate"), 1)

aio.run(kitchen())
"""


def test_what_a_task_of_ours_waits_for_is_said_in_the_same_words() -> None:
    trace = recorded(WAITING)
    assert (
        "Task `cake` suspends in `bake` at line 4: it waits for the lock `oven`, "
        "which task `bread` holds."
    ) in said(trace, "wait")
    assert any("the call of `len` in a thread" in sentence for sentence in said(trace, "wait"))
    assert any("the group of `bread` and `cake`" in sentence for sentence in said(trace, "wait"))
    callbacks = said(trace, "queue", "timer")
    assert any("news for the task group that `bread` is done" in said for said in callbacks)
    assert any("the end of a sleep" in said for said in callbacks)


def test_ours_is_heard_of_when_the_program_imports_it_while_it_is_recorded() -> None:
    program = (
        "import json, sys\n"
        "from glassloop.trace import record\n"
        "assert 'glassloop.aio' not in sys.modules\n"
        "with record(own=lambda code: False) as trace:\n"
        "    from glassloop import aio\n"
        "    aio.run(aio.sleep(0))\n"
        "print([event['do'] for event in trace.events])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "'turn', 'select', 'awake', 'run', 'step', " in ran.stdout


def test_a_signal_and_a_call_from_a_thread_come_into_the_queue() -> None:
    trace = recorded(
        """
        import os, signal, threading
        from glassloop import aio

        async def bell():
            loop, rung, called = aio.get_running_loop(), aio.Event(), aio.Event()
            loop.add_signal_handler(signal.SIGUSR1, rung.set)
            os.kill(os.getpid(), signal.SIGUSR1)
            await rung.wait()
            threading.Thread(target=loop.call_soon_threadsafe, args=(called.set,)).start()
            await called.wait()

        aio.run(bell())
        """
    )
    queued = [event["what"] for event in trace.events if event["do"] == "queue"]
    assert queued.count("`Event.set`, of aio") == 2
    assert "a wake-up call to the loop" in queued


def test_what_an_eager_task_of_ours_does_first_needs_no_turn() -> None:
    trace = recorded(
        """
        from glassloop import aio

        async def peel():
            await aio.sleep(0.001)

        async def kitchen():
            await aio.create_task(peel(), eager_start=True)

        aio.run(kitchen())
        """
    )
    made = [event for event in trace.events if event["do"] == "task" and event.get("eager")]
    assert len(made) == 1
    assert kinds(trace, "step", "wait")[:4] == ["step", "step", "wait", "wait"]


def test_a_recording_keeps_no_task_of_ours_alive() -> None:
    trace = recorded(
        """
        import gc, weakref
        from glassloop import aio

        async def nap():
            await aio.sleep(0)

        async def kitchen():
            gone = weakref.ref(aio.create_task(nap()))
            for _ in range(4):
                await aio.sleep(0)
            assert gone() is None

        gc.disable()
        aio.run(kitchen())
        """
    )
    gc.enable()
    assert trace.cut is None
    assert not [event for event in trace.events if event["do"] == "raise"]


def codes_of(code: types.CodeType) -> Iterator[types.CodeType]:
    """A code object and all that are written inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from codes_of(constant)


@pytest.fixture(scope="module")
def names_of_ours() -> set[str]:
    """The full names of all functions of our asyncio."""
    modules = Path(glassloop.aio.__file__).parent.glob("*.py")
    return {
        code.co_qualname
        for module in modules
        for code in codes_of(compile(module.read_text(), str(module), "exec"))
    }


def test_each_callback_of_ours_that_has_words_exists(names_of_ours: set[str]) -> None:
    assert set(words.WORDS["glassloop/aio"]) <= names_of_ours


def test_each_wait_of_ours_that_has_words_exists(names_of_ours: set[str]) -> None:
    named = {*waits._CHANNELS, *waits._OTHERS, *waits._SPECIAL}
    ours = {name for name in named if name.split(".")[0] in OUR_LOOPS}
    assert len(ours) == 13
    assert ours <= names_of_ours


OUR_LOOPS = {
    "SocketLoop",
    "ConnectingLoop",
    "ThreadLoop",
    "ProcessLoop",
    "PipeLoop",
    "ProcessTransport",
}


def test_both_asyncios_play_the_same_parts() -> None:
    standard, ours = asyncios.standard(), asyncios.ours(glassloop.aio)
    # These are heard of as a function returns in the one, and as one begins in the other.
    both_ways = {"fire", "queue by a thread"}
    assert set(ours.begins) - {"step", "nap"} - both_ways == set(standard.begins)
    assert (
        set(ours.ends) - {"step", "end", "nap", "resume", "signal"}
        == set(standard.ends) - both_ways
    )

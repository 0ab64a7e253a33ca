"""The export for Perfetto and Chrome keeps the rules of the format."""

import json
from typing import Any

import pytest
from perfetto_rules import Rules
from recorded import recorded

from glassloop.trace import Trace
from glassloop.trace.perfetto import entries, pieces

KITCHEN = """\
import asyncio

async def bake(name, shelf):
    await asyncio.sleep(0.001)
    await shelf.put(name)
    print("baked", name)

async def main():
    shelf = asyncio.Queue()
    bakers = [asyncio.create_task(bake(name, shelf), name=name) for name in ("rye", "oat")]
    await shelf.get()
    await asyncio.gather(*bakers)

asyncio.run(main())
"""

PROGRAMS = {
    "kitchen": KITCHEN,
    "a generator": "def lift():\n    yield 1\n    yield 2\n\nlist(lift())\n",
    "an exception": """\
def fall():
    1 / 0

try:
    fall()
except ZeroDivisionError:
    pass
""",
    "a cancelled task": """\
import asyncio

async def wait():
    try:
        await asyncio.sleep(60)
    finally:
        print("cleaned up")

async def main():
    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])

asyncio.run(main())
""",
    "two loops and a thread": """\
import asyncio

async def main():
    await asyncio.to_thread(print, "in a thread")

asyncio.run(main())
asyncio.run(main())
""",
    "a group that fails": """\
import asyncio

async def burn():
    raise ValueError("burnt")

async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(burn())
            group.create_task(asyncio.sleep(60))
    except* ValueError:
        pass

asyncio.run(main())
""",
}


def exported(trace: Trace) -> list[dict[str, Any]]:
    """The entries of the file, after a round through JSON."""
    found: list[dict[str, Any]] = json.loads("".join(pieces(trace)))["traceEvents"]
    return found


@pytest.mark.parametrize("depth", ["lines", "switches"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_the_export_keeps_the_rules_of_the_format(program: str, depth: str):
    Rules().check(exported(recorded(PROGRAMS[program], depth=depth)))


def test_a_trace_that_was_cut_keeps_them_too():
    whole = len(recorded(KITCHEN).events)
    for limit in range(1, whole, 7):
        Rules().check(exported(recorded(KITCHEN, limit=limit)))


def test_the_file_is_the_entries_and_a_word_about_the_trace():
    trace = recorded("print(1)\n", title="a program")
    file = json.loads("".join(pieces(trace)))
    assert file["traceEvents"] == list(entries(trace))
    assert file["displayTimeUnit"] == "ms"
    assert file["otherData"] == {"title": "a program", "python": trace.python, "cut": None}


def test_every_slice_and_instant_names_its_step_and_says_its_sentence():
    trace = recorded(KITCHEN)
    for entry in exported(trace):
        if entry["ph"] in "Bib":
            event = trace.events[entry["args"]["step"] - 1]
            assert entry["args"]["sentence"] == event["say"]

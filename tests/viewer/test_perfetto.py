"""Perfetto, the viewer of others for traces too large for ours, reads our export right."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from perfetto_engine import Engine, engine
from playwright.sync_api import Browser
from recorded import in_the_lab

from glassloop.trace.perfetto import pieces

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


@pytest.fixture(scope="module")
def kitchen(browser: Browser) -> Iterator[Engine]:
    """Perfetto's trace processor, with the bakers in it."""
    # In a thread without a loop: in this one the browser's may be running. Its clock is exact.
    with ThreadPoolExecutor(1) as thread:
        trace = thread.submit(in_the_lab, KITCHEN).result()
    with engine(browser, "".join(pieces(trace))) as engine_:
        yield engine_


def test_perfetto_finds_nothing_wrong_in_the_file(kitchen: Engine):
    wrong = "SELECT name, value FROM stats WHERE value > 0 AND severity IN ('error', 'data_loss')"
    assert kitchen.query(wrong) == []
    assert kitchen.query("SELECT name FROM slice WHERE dur < 0") == []


SLICES = """
    SELECT slice.name, slice.category, slice.depth FROM slice
    JOIN thread_track ON slice.track_id = thread_track.id JOIN thread USING (utid)
    WHERE thread.name = '{}' ORDER BY ts, slice.id
"""


def test_perfetto_shows_what_a_task_did_and_what_it_waited_for(kitchen: Engine):
    rows = kitchen.query(SLICES.format("rye"))
    told = [(row["name"].partition("t = ")[0], row["depth"]) for row in rows]
    assert told == [
        ("ready", 0),
        ("runs", 0),
        ("bake", 1),
        ("waits for the timer at ", 0),
        ("ready", 0),
        ("runs", 0),
        ("bake", 1),
        ("prints baked rye", 2),
        ("done: result", 0),
    ]


def test_perfetto_draws_an_arrow_from_who_wakes_to_who_goes_on(kitchen: Engine):
    rows = kitchen.query("""
        SELECT source.name AS source, thread.name AS target FROM flow
        JOIN slice AS source ON slice_out = source.id
        JOIN slice AS step ON slice_in = step.id AND step.name = 'runs'
        JOIN thread_track ON step.track_id = thread_track.id JOIN thread USING (utid)
        WHERE target IN ('rye', 'oat') ORDER BY step.ts
    """)
    assert [row["target"] for row in rows] == ["rye", "oat", "rye", "oat"]


def test_perfetto_knows_how_long_a_timer_was_set(kitchen: Engine):
    rows = kitchen.query("SELECT dur FROM slice WHERE category = 'timer'")
    assert [row["dur"] for row in rows] == [1_000_000, 1_000_000]

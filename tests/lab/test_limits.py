"""A cell that goes too far is stopped with a message, and the next cell works."""

import gc

import pytest
from lab.cells import Cells

from glassloop.lab import Result

STEPS = 2_000
STOPPED = (
    "Stopped after 2,000 steps: the cell does not seem to end. "
    "Look for a loop whose condition never becomes false.\n"
)
NEVER_ENDING = {
    "a loop on one line": "while True: pass",
    "a loop": "n = 0\nwhile n >= 0:\n    n += 1",
    "a loop over an iterator without end": "for n in iter(int, 1):\n    n",
    "a generator": "def go():\n    while True:\n        yield 1\nfor n in go():\n    n",
    "a loop of asyncio": (
        "import asyncio\nasync def go():\n    while True:\n        await asyncio.sleep(1)\n"
        "asyncio.run(go())"
    ),
}


# A stopped program has closed nothing.
@pytest.mark.filterwarnings("ignore:unclosed event loop:ResourceWarning")
@pytest.mark.parametrize("recorded", [False, True], ids=["plain", "recorded"])
@pytest.mark.parametrize("source", NEVER_ENDING.values(), ids=NEVER_ENDING.keys())
def test_what_never_ends_is_stopped_and_the_next_cell_works(source: str, recorded: bool) -> None:
    cells = Cells(step_limit=STEPS)
    result = cells.session.run(source, "endless", recorded=recorded)
    assert (result.status, result.error) == ("stopped", "StepLimit")
    assert cells.text == STOPPED
    assert cells.run("import asyncio\nasyncio.run(asyncio.sleep(0, 'works'))") == Result("ok")
    assert cells.text == "'works'\n"
    gc.collect()


def test_what_was_printed_before_the_limit_stays() -> None:
    cells = Cells(step_limit=STEPS)
    cells.run("print('before')\nwhile True: pass")
    assert cells.pieces == [("out", "before\n"), ("error", STOPPED)]


def test_a_flood_of_output_is_stopped_at_its_limit() -> None:
    cells = Cells(output_limit=20)
    assert cells.run("while True: print('water')") == Result("stopped", "OutputLimit")
    assert cells.text.startswith("water\nwater\nwater\n")
    assert cells.text.endswith("Stopped after 20 characters of output.\n")
    assert cells.run("print('dry')") == Result("ok")

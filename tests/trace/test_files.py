"""The file of a trace, and programs run recorded."""

from pathlib import Path

import pytest
from recorded import recorded, reread, said

from glassloop.trace import Trace, TraceError, run_program

PROGRAM = """\
import asyncio
import sys

async def main():
    await asyncio.sleep(0)
    print("hello", sys.argv[1])
    return 3

sys.exit(asyncio.run(main()))
"""


def test_a_trace_is_the_same_after_a_round_through_its_file():
    trace = recorded("def lift():\n    yield 1\nlist(lift())\n")
    again = reread(trace)
    assert again.events == trace.events
    assert (again.sources, again.python, again.depth) == (trace.sources, trace.python, trace.depth)


def test_clock_and_actor_stand_only_where_they_change():
    lines = list(recorded("floor = 1\nfloor = 2\n").lines())
    assert '"who"' not in lines[2]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([], "this is no Glassloop trace: its first line does not say so"),
        (['{"format": "glassloop-trace", "version": 9}'], "version 9 of the format is not known"),
    ],
)
def test_a_file_that_is_no_trace_is_refused(lines: list[str], problem: str):
    with pytest.raises(TraceError, match=problem):
        Trace.read(lines)


def test_a_trace_that_breaks_off_is_refused():
    with pytest.raises(TraceError, match="breaks off"):
        Trace.read(list(recorded("1\n").lines())[:-1])


def test_a_program_runs_as_ever_and_leaves_a_trace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    script = tmp_path / "hello.py"
    script.write_text(PROGRAM)
    trace, ending = run_program(str(script), ["ann"])
    assert capsys.readouterr().out == "hello ann\n"
    assert isinstance(ending, SystemExit)
    assert ending.code == 3
    assert trace.sources == {"hello.py": PROGRAM}
    assert said(trace, "print") == ["Task `Task-1` prints: `hello ann`"]

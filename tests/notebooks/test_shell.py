"""IPython without a kernel: nothing runs beside the cell, so `asyncio.run` works as in a script."""

import asyncio
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

CELL = """\
%%trace
import asyncio

async def lift():
    await asyncio.sleep(0)
    return "up"

{call}
"""


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    # That of the browser's tests, which may have run before.
    outer = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    shell.run_line_magic("load_ext", "glassloop")
    yield shell
    shell.run_line_magic("unload_ext", "glassloop")
    InteractiveShell.clear_instance()
    asyncio._set_running_loop(outer)


@pytest.mark.parametrize("call", ["asyncio.run(lift())", "await lift()"])
def test_a_cell_that_runs_a_coroutine_is_recorded_however_it_does(
    shell: InteractiveShell, call: str, capsys: pytest.CaptureFixture[str]
):
    result = shell.run_cell(CELL.format(call=call), store_history=True)
    assert result.result == "up"
    printed = capsys.readouterr().out
    assert "'up'" in printed
    assert re.search(r"<Trace of In\[\d+\]: \d+ events>", printed)


def test_when_a_cell_has_ended_nothing_of_its_recording_is_left(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
):
    out, callbacks = sys.stdout, list(shell.events.callbacks["post_execute"])
    shell.run_cell(CELL.format(call="1 / 0"), store_history=True)
    assert sys.stdout is out
    assert shell.events.callbacks["post_execute"] == callbacks
    shell.run_cell("print('afterwards')")
    assert "Trace" not in capsys.readouterr().out.partition("afterwards")[2]

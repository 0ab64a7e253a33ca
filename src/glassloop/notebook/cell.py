"""The trace of one cell, told in the cell's own lines and without what runs the notebook."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any

from glassloop.notebook.host import without_host
from glassloop.notebook.names import label, name_cells
from glassloop.notebook.statements import MODULE, as_one_frame
from glassloop.trace import Recording, Trace
from glassloop.trace.events import Depth, Event
from glassloop.trace.lints import find
from glassloop.trace.program import noting_prints
from glassloop.trace.sources import is_readers, short_name

TASK = "cell"  # what the task is called that runs the cell
BEGINS = f"The notebook runs this cell in a task of its own loop, task `{TASK}`."


class CellTrace(Trace):
    """The trace of the cell that `shell` is running."""

    def __init__(self, shell: Any, depth: Depth) -> None:
        self._shell = shell
        self._file = _cell_that_runs(shell)
        self._in_task = False
        super().__init__(title=label(shell, self._file), depth=depth)

    @contextmanager
    def recorded(self, limit: int) -> Iterator[None]:
        """Record what runs in the block, `limit` events at most."""
        recording = Recording(self, limit, is_readers)
        _hear_this_thread_alone(recording)
        with recording, noting_prints(self):
            if asyncio._get_running_loop() is not None and (task := asyncio.current_task()):
                self._in_task = True
                recording._recorder.loops.enter(task)
            yield

    def chosen(self, events: list[Event]) -> list[Event]:
        """Those of the cell."""
        events = list(as_one_frame(events, short_name(self._file)))
        return _of_the_cell(events) if self._in_task else events

    def complete(self, *recorded: Any) -> None:
        """Take what the recorder has written down, and tell it as a notebook's reader knows it."""
        super().complete(*recorded)
        for event in self.events:
            if event["do"] == "task" and event["name"] == TASK:
                event["say"] = BEGINS
            elif event["do"] == "made" and event["of"] == "module":
                event["say"] = "The main program pauses."
        self.lints = find(self.events, whole=False)  # other cells may follow
        name_cells(self, self._shell)


def _hear_this_thread_alone(recording: Any) -> None:
    """A notebook's other threads run loops of their own, which are not the reader's."""
    here = get_ident()

    def only_here(hook: Callable[..., object]) -> Callable[..., object]:
        return lambda frame, value: hook(frame, value) if get_ident() == here else None

    loops, probe = recording._recorder.loops, recording._probe
    # Those of the probe are heard from the beginning, the others if a cell imports our asyncio.
    for hooks in (probe.on_entry, probe.on_exit, loops.begins, loops.ends):
        for key, hook in hooks.items():
            hooks[key] = only_here(hook)


def _of_the_cell(events: list[Event]) -> list[Event]:
    """The events of a cell that runs in a task of the notebook."""
    task = next(event["id"] for event in events if event["do"] == "task")
    frame = next((event["f"] for event in events if event.get("of") == "module"), None)
    if not any(event["do"] in ("wait", "done") and event["id"] == task for event in events):
        # It does not await, so it is one call, and whose call it is does not matter.
        rest = [_by_main(event, task) for event in events if event.get("id") != task]
        return without_host(rest, None)
    return without_host(list(_as_a_task(events, task, frame)), task)


def _by_main(event: Event, task: str) -> Event:
    keys = [key for key in ("who", "by") if event.get(key) == task]
    return event | dict.fromkeys(keys, "main")


def _as_a_task(events: list[Event], task: str, frame: str | None) -> Iterator[Event]:
    """The events, with the cell's task beginning at the cell's own frame."""
    for event in events:
        if event.get("id") != task:
            yield event
        elif event["do"] == "task":
            yield event | {"name": TASK, "f": None}
        elif event["do"] == "wait" and frame in event["chain"]:
            chain = event["chain"]
            yield event | {"chain": chain[chain.index(frame) :]}
        elif event["do"] == "done" and event["how"] == "result":
            yield event | {"value": "None"}  # what IPython's coroutine returns is not the cell's
        else:
            yield event


def _cell_that_runs(shell: Any) -> str:
    """The name of the file that IPython says the running cell stands in."""
    frame = sys._getframe()
    while frame.f_back is not None:
        code = frame.f_code
        if code.co_name == MODULE and label(shell, code.co_filename):
            return code.co_filename
        frame = frame.f_back
    return ""

"""Leaves out what the notebook's own program does on the loop that it shares with the cell.

The kernel of a notebook reads messages, writes output and runs the cell, all in tasks and
callbacks of one loop. What belongs to the cell is found from its beginnings: its own task, tasks
that it makes or that run its code, what these put into the loop's queues.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from glassloop.trace.events import Event

OF_TASKS = {"task", "step", "wait", "wake", "cancel", "done"}
OF_HANDLES = {"queue", "timer", "untimer", "fire", "run"}
OF_TURNS = {"turn", "select", "awake"}

# What is in no other words than frames' own: see FORMAT.md.
OF_FRAMES = {
    *("call", "made", "line", "yield", "delegate", "await", "resume"),
    *("return", "raise", "catch", "unwind", "drop"),
}


def without_host(events: list[Event], cell: str | None) -> list[Event]:
    """The events of the cell. `cell` is the task that runs it, or None where no task does."""
    events = _until_the_end(events, cell)
    own = _Own(events, cell)
    kept = list(_whole_turns(list(own.filter(events)), own.handles, _sockets_before(events)))
    return _without_unmentioned(kept)


def _until_the_end(events: list[Event], cell: str | None) -> list[Event]:
    """The events until the cell's frame is gone, and the end of its task."""
    frame = next((event["f"] for event in events if event.get("of") == "module"), None)
    ends = ("return", "unwind")
    for number, event in enumerate(events, 1):
        if event["do"] in ends and event["f"] == frame:
            rest = [e for e in events[number:] if e["do"] == "done" and e["id"] == cell]
            return events[:number] + rest[:1]
    return events


class _Own:
    """Knows the tasks, frames and handles of the cell."""

    def __init__(self, events: list[Event], cell: str | None) -> None:
        self.tasks = {cell} if cell else set()
        self.frames: set[str] = set()
        self.handles: set[str] = set()
        self._running = ""  # the handle that the loop runs
        known = -1
        # Where a callback turns out to be the cell's, so is the task that has queued it.
        while known != (known := len(self.tasks) + len(self.handles)):
            for event in events:
                self._learn(event)

    def _learn(self, event: Event) -> None:
        do, acts = event["do"], self._acts(event["who"])
        if do in ("call", "made") and not event.get("library"):
            self.frames.add(event["f"])
        elif do == "run":
            self._running = event["h"]
        elif do == "task" and (acts or event["f"] in self.frames):
            self.tasks.add(event["id"])
        elif do in ("queue", "timer") and (acts or event.get("id") in self.tasks):
            self.handles.add(event["h"])
        elif do == "queue" and event["h"] in self.handles and event["who"][1:].isdigit():
            self.tasks.add(event["who"])
        if event["who"] == "C" and self._is_of_own(event):
            self.handles.add(self._running)

    def _acts(self, who: str) -> bool:
        """Whether `who` is the cell, now that this handle runs."""
        return who in self.tasks or who == "main" or (who == "C" and self._running in self.handles)

    def _is_of_own(self, event: Event) -> bool:
        """Whether an event names a frame or a task of the cell, whoever acts."""
        return event.get("f") in self.frames or event.get("id") in self.tasks

    def filter(self, events: list[Event]) -> Iterator[Event]:
        """The events of the cell, and all turns."""
        for event in events:
            do = event["do"]
            if do == "run":
                self._running = event["h"]
            if do in OF_TURNS:
                keep = event["who"] == "loop"
            elif do in OF_TASKS:
                keep = event["id"] in self.tasks
            elif do in OF_HANDLES:
                keep = event["h"] in self.handles
            elif do in OF_FRAMES and not event.get("library"):
                keep = event["f"] in self.frames or self._acts(event["who"])
            else:
                keep = do == "print" or self._acts(event["who"])
            if keep:
                yield event


def _sockets_before(events: list[Event]) -> set[str]:
    """The sockets that the loop watched before the cell could ask for any."""
    first = next((event for event in events if event["do"] == "turn"), None)
    return set(first["sockets"]) if first else set()


def _whole_turns(events: list[Event], handles: set[str], hosts: set[str]) -> Iterator[Event]:
    """The events without the turns in which nothing is done; the others are counted from 1."""
    opening: list[Event] = []
    numbers: dict[int, int] = {0: 0}
    for event in events:
        if event["do"] == "turn":
            opening = [event]
        elif event["do"] in OF_TURNS and opening:
            opening.append(event)
        else:
            for told in (*opening, event):
                number = numbers.setdefault(told["turn"], len(numbers))
                yield _in_turn(told, number, handles, hosts)
            opening = []


def _in_turn(event: Event, number: int, handles: set[str], hosts: set[str]) -> Event:
    changed: dict[str, Any] = {"turn": number}
    if event["do"] == "turn":
        changed["n"] = number
        changed |= {
            queue: [handle for handle in event[queue] if handle in handles]
            for queue in ("ready", "timers")
        }
    if "sockets" in event:
        changed["sockets"] = [socket for socket in event["sockets"] if socket not in hosts]
    return event | changed


def _without_unmentioned(events: list[Event]) -> list[Event]:
    """The events without the library's frames that no event of the cell speaks of."""
    mentioned: set[str | None] = set()
    for event in events:
        mentioned |= {event.get("to"), *event.get("chain", ())}
        if event["do"] == "task":
            mentioned.add(event["f"])
    gone = {event["f"] for event in events if event.get("library")} - mentioned
    kept = [event for event in events if event.get("f") not in gone]
    return [event | {"by": None} if event.get("by") in gone else event for event in kept]

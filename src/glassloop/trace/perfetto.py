"""A trace in Chrome's trace event format, which Perfetto opens too: for programs too large to draw.

The main program, the loop, every task and every other thread has a track. On a task's track a
slice is a time in which it ran, was ready to run, or waited, and says for what; the frames that
ran stand inside. The loop's track has its turns, with what each of them ran. An arrow leads from
who woke or made a task to the step that follows. A timer is a slice of its own, from when it was
set to when it was due. Whatever has a sentence carries it, with the number of its step.

The format is described in "Trace Event Format" by the Chromium project. Times are microseconds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from glassloop.trace.events import Event, Trace
from glassloop.trace.sentences import seconds

Entry = dict[str, Any]

PROCESS = 1
MAIN, LOOP, FIRST_TASK, FIRST_THREAD = 1, 2, 3, 1_000_000


def pieces(trace: Trace) -> Iterator[str]:
    """The file, piece by piece: one JSON object."""
    yield '{"traceEvents":[\n'
    before = ""
    for entry in entries(trace):
        yield before + json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
        before = ",\n"
    about = {"title": trace.title, "python": trace.python, "cut": trace.cut}
    rest = {"displayTimeUnit": "ms", "otherData": about}
    yield f"\n],{json.dumps(rest, ensure_ascii=False)[1:]}\n"


def entries(trace: Trace) -> Iterator[Entry]:
    """The entries of the file: the names of the tracks, then all that happened, in its order."""
    tracks = _Tracks(trace.events)
    yield from tracks.names(trace.title or "program")
    writer = _Writer(tracks, _arrows(trace.events))
    for step, event in enumerate(trace.events, 1):
        yield from writer.write(event, step)
    yield from writer.end()


class _Tracks:
    """A number and a name for each actor: the main program first, then the loop, then the tasks."""

    def __init__(self, events: list[Event]) -> None:
        self._numbers = {"main": MAIN, "loop": LOOP, "C": LOOP}
        self._names = {MAIN: "main program"}
        threads = 0
        for event in events:
            who = event["who"]
            if event["do"] == "task":
                number = self._numbers[event["id"]] = FIRST_TASK - 1 + int(event["id"][1:])
                self._names[number] = event["name"]
            if who.startswith("thread ") and who not in self._numbers:
                number = self._numbers[who] = FIRST_THREAD + threads
                self._names[number] = who
                threads += 1
            elif self._numbers.get(who) == LOOP:
                self._names[LOOP] = "event loop"

    def of(self, who: str) -> int:
        """The number of an actor's track."""
        return self._numbers.get(who, MAIN)

    def names(self, title: str) -> Iterator[Entry]:
        """The entries that name the process and its tracks, and put these in order."""
        yield _name("process_name", MAIN, name=title)
        for number, name in sorted(self._names.items()):
            yield _name("thread_name", number, name=name)
            yield _name("thread_sort_index", number, sort_index=number)


def _name(what: str, track: int, **arguments: Any) -> Entry:
    return {"ph": "M", "pid": PROCESS, "tid": track, "ts": 0, "name": what, "args": arguments}


def _arrows(events: list[Event]) -> tuple[dict[int, int], dict[int, int]]:
    """Where arrows begin and end: the number of an arrow by the number of an event's step.

    One leads from a wake-up, or from the making of a task, to the next step of this task.
    """
    begins: dict[int, int] = {}
    ends: dict[int, int] = {}
    causes: dict[str, int] = {}
    for step, event in enumerate(events, 1):
        if event["do"] in ("task", "wake"):
            causes[event["id"]] = step
        elif event["do"] == "step" and event["id"] in causes:
            begins[causes.pop(event["id"])] = ends[step] = len(ends) + 1
    return begins, ends


class _Writer:
    """Turns events into entries. On each track slices are opened and closed as on a stack."""

    def __init__(self, tracks: _Tracks, arrows: tuple[dict[int, int], dict[int, int]]) -> None:
        self._tracks = tracks
        self._begins, self._ends = arrows
        self._open: dict[int, list[str]] = {}  # the slices of each track, innermost last
        self._labels: dict[str, str] = {}  # of tasks, objects, frames and handles
        self._timers: dict[str, Entry] = {}
        self._loops: dict[str, int] = {}  # the track of the loop that runs a task
        self._loop = LOOP
        self._now = 0.0
        self._event: Event = {}
        self._number = 0

    def write(self, event: Event, step: int) -> Iterator[Entry]:
        """The entries for one event."""
        self._event, self._number = event, step
        self._now = round(event["t"] * 1_000_000, 3)
        if event["who"] == "main":
            yield from self._close_all(LOOP)  # the loop has ended, or has not begun
        handler: Callable[[Event], Iterator[Entry]] | None
        handler = getattr(self, f"_{event['do']}", None)
        if handler is not None:
            yield from handler(event)
        if arrow := self._begins.get(step):
            yield from self._arrow(arrow)

    def end(self) -> Iterator[Entry]:
        """The ends of all that was still under way."""
        for track in self._open:
            yield from self._close_all(track)
        for timer in self._timers.values():
            yield {**timer, "ph": "e", "ts": self._now}

    # The parts of an entry.

    def _here(self) -> int:
        return self._tracks.of(self._event["who"])

    def _entry(self, phase: str, name: str, kind: str, track: int, **more: Any) -> Entry:
        place = {"ts": self._now, "pid": PROCESS, "tid": track}
        return {"ph": phase, "name": name, "cat": kind, **place, **more}

    def _said(self, **more: Any) -> dict[str, Any]:
        return {"sentence": self._event["say"], "step": self._number, **more}

    def _slice(self, track: int, key: str, name: str, kind: str, **more: Any) -> Entry:
        """The beginning of a slice; `key` is what it will be closed by."""
        self._open.setdefault(track, []).append(key)
        return self._entry("B", name, kind, track, args=self._said(**more))

    def _close(self, track: int, key: str) -> Iterator[Entry]:
        """Close the slice and what is still open inside it."""
        stack = self._open.get(track, [])
        while key in stack:
            stack.pop()
            yield {"ph": "E", "ts": self._now, "pid": PROCESS, "tid": track}

    def _close_all(self, track: int) -> Iterator[Entry]:
        stack = self._open.get(track)
        if stack:
            yield from self._close(track, stack[0])

    def _instant(self, name: str, track: int | None = None) -> Entry:
        track = self._here() if track is None else track
        return self._entry("i", name, self._event["do"], track, s="t", args=self._said())

    def _arrow(self, number: int) -> Iterator[Entry]:
        """The beginning of an arrow, which must stand in a slice."""
        track = self._here()
        alone = not self._open.get(track)
        if alone:
            yield self._slice(track, "cause", self._event["do"], "wake")
        yield self._entry("s", "wakes", "wake", track, id=number)
        if alone:
            yield from self._close(track, "cause")

    # Frames.

    def _made(self, event: Event) -> Iterator[Entry]:
        name = "the program" if event["of"] == "module" else event["name"]
        self._labels[event["f"]] = name
        yield from ()

    def _call(self, event: Event) -> Iterator[Entry]:
        yield from self._made(event)
        yield from self._resume(event)

    def _resume(self, event: Event) -> Iterator[Entry]:
        track, frame = self._here(), event["f"]
        if frame not in self._open.get(track, ()):
            name = self._labels.get(frame, "a frame")
            yield self._slice(track, frame, name, "frame", line=event["line"])

    def _leave(self, event: Event) -> Iterator[Entry]:
        yield from self._close(self._here(), event["f"])

    _return = _yield = _await = _delegate = _leave

    def _unwind(self, event: Event) -> Iterator[Entry]:
        yield self._instant(f"{event['error']} leaves the frame")
        yield from self._leave(event)

    def _raise(self, event: Event) -> Iterator[Entry]:
        yield self._instant(f"raises {event['error']}")

    # Tasks.

    def _task(self, event: Event) -> Iterator[Entry]:
        self._labels[event["id"]] = f"task {event['name']}"
        yield self._slice(self._tracks.of(event["id"]), "ready", "ready", "ready")

    def _step(self, event: Event) -> Iterator[Entry]:
        track = self._tracks.of(event["id"])
        self._loops[event["id"]] = self._loop
        yield from self._close_all(track)
        yield self._slice(track, "runs", "runs", "step")
        if arrow := self._ends.get(self._number):
            yield self._entry("f", "wakes", "wake", track, id=arrow, bp="e")

    def _wait(self, event: Event) -> Iterator[Entry]:
        track = self._tracks.of(event["id"])
        yield from self._end_run(event["id"])
        frames = [self._labels.get(frame, "a frame") for frame in event["chain"]]
        if event["on"] is None:
            yield self._slice(track, "ready", "ready", "ready", frames=frames)
        else:
            what = self._labels.get(event["on"], "something unnamed")
            yield self._slice(track, "waits", f"waits for {what}", "wait", frames=frames)

    def _wake(self, event: Event) -> Iterator[Entry]:
        track = self._tracks.of(event["id"])
        if "waits" in self._open.get(track, ()):
            yield from self._close_all(track)
            yield self._slice(track, "ready", "ready", "ready")

    def _done(self, event: Event) -> Iterator[Entry]:
        yield from self._end_run(event["id"])
        yield self._instant(f"done: {event['how']}", self._tracks.of(event["id"]))

    def _end_run(self, task: str) -> Iterator[Entry]:
        yield from self._close_all(self._tracks.of(task))
        yield from self._close(self._loops.get(task, LOOP), "run")

    def _cancel(self, event: Event) -> Iterator[Entry]:
        yield self._instant("is asked to cancel", self._tracks.of(event["id"]))

    # The loop.

    def _turn(self, event: Event) -> Iterator[Entry]:
        track = self._here()
        lengths = {"ready": len(event["ready"]), "timers": len(event["timers"])}
        yield from self._close_all(track)
        yield self._slice(track, "turn", f"turn {event['n']}", "turn", **lengths)
        yield self._entry("C", "queues of the loop", "turn", track, args=lengths)

    def _select(self, event: Event) -> Iterator[Entry]:
        yield self._slice(self._here(), "select", "select", "select", timeout=event["timeout"])

    def _awake(self, event: Event) -> Iterator[Entry]:
        yield from self._close(self._here(), "select")

    def _queue(self, event: Event) -> Iterator[Entry]:
        task = self._labels.get(event.get("id", ""))
        self._labels[event["h"]] = f"step of {task}" if task else event["what"]
        yield from ()

    def _run(self, event: Event) -> Iterator[Entry]:
        self._loop = self._here()
        yield from self._close(self._loop, "run")
        yield self._slice(self._loop, "run", self._labels.get(event["h"], "a callback"), "run")

    def _timer(self, event: Event) -> Iterator[Entry]:
        name = f"timer due at t = {seconds(event['when'])}"
        self._labels[event["h"]] = event["what"]
        begin = self._entry("b", name, "timer", self._here(), id=event["h"])
        self._timers[event["h"]] = begin
        yield {**begin, "args": self._said()}

    def _fire(self, event: Event) -> Iterator[Entry]:
        timer = self._timers.pop(event["h"], None)
        if timer is not None:
            yield {**timer, "ph": "e", "ts": self._now, "args": self._said()}

    _untimer = _fire

    # Things and output.

    def _object(self, event: Event) -> Iterator[Entry]:
        state, label = event["state"], event["label"]
        due = state.get("due")
        self._labels[event["o"]] = label if due is None else f"the timer at t = {seconds(due)}"
        if "size" in state:
            items = {"items": state["size"]}
            yield self._entry("C", label, "queue", self._here(), args=items)

    def _print(self, event: Event) -> Iterator[Entry]:
        yield self._instant(f"prints {event['text'].rstrip()}")

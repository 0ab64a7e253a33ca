"""A trace in Chrome's trace event format, which Perfetto opens too: for programs too large to draw.

One track for each actor. A slice is a time in which it ran; an arrow leads from who woke a task to
the task's next step. Times are microseconds, as the format wants them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from glassloop.trace.events import Event, Trace

PROCESS = 1


def export(trace: Trace) -> dict[str, Any]:
    """The whole file, ready for `json.dump`."""
    events = [*_tracks(trace), *_slices(trace), *_arrows(trace)]
    return {"traceEvents": events, "displayTimeUnit": "ms", "otherData": {"title": trace.title}}


def _track(who: str) -> int:
    """A number for an actor's track: the main program first, then the loop, then the tasks."""
    fixed = {"main": 0, "loop": 1, "C": 2}
    return fixed[who] if who in fixed else 2 + int(who[1:]) if who[1:].isdigit() else 3


def _microseconds(event: Event) -> float:
    time: float = event["t"]
    return round(time * 1_000_000, 3)


def _tracks(trace: Trace) -> Iterator[dict[str, Any]]:
    names = {"main": "main program", "loop": "event loop", "C": "callbacks"}
    names |= {event["id"]: event["name"] for event in trace.events if event["do"] == "task"}
    yield _meta("process_name", 0, {"name": trace.title or "program"})
    for who, name in names.items():
        yield _meta("thread_name", _track(who), {"name": name})
        yield _meta("thread_sort_index", _track(who), {"sort_index": _track(who)})


def _meta(name: str, track: int, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"ph": "M", "pid": PROCESS, "tid": track, "name": name, "args": arguments}


def _slices(trace: Trace) -> Iterator[dict[str, Any]]:
    """What each task did between `step` and `wait` or `done`, and what happened meanwhile."""
    begun: dict[str, Event] = {}
    for event in trace.events:
        if event["do"] == "step":
            begun[event["id"]] = event
        elif event["do"] in ("wait", "done") and event["id"] in begun:
            start = begun.pop(event["id"])
            yield {
                "ph": "X",
                "name": event["say"],
                "cat": "step",
                "ts": _microseconds(start),
                "dur": round(_microseconds(event) - _microseconds(start), 3),
                "pid": PROCESS,
                "tid": _track(event["id"]),
            }
        elif event["do"] in ("cancel", "print", "unwind"):
            yield {
                "ph": "i",
                "s": "t",
                "name": event["say"],
                "cat": event["do"],
                "ts": _microseconds(event),
                "pid": PROCESS,
                "tid": _track(event["who"]),
            }


def _arrows(trace: Trace) -> Iterator[dict[str, Any]]:
    """From each wake-up to the step that it leads to."""
    woken: dict[str, int] = {}
    number = 0
    for event in trace.events:
        if event["do"] == "wake":
            number += 1
            woken[event["id"]] = number
            yield _arrow("s", number, event, event["who"])
        elif event["do"] == "step" and event["id"] in woken:
            yield {**_arrow("f", woken.pop(event["id"]), event, event["id"]), "bp": "e"}


def _arrow(phase: str, number: int, event: Event, who: str) -> dict[str, Any]:
    return {
        "ph": phase,
        "id": number,
        "name": "wakes",
        "cat": "wake",
        "ts": _microseconds(event),
        "pid": PROCESS,
        "tid": _track(who),
    }

"""A trace without what depends on the version of Python, so that those of two versions compare.

FORMAT.md tells the same to readers of traces, under “What depends on the version of Python”.
"""

from __future__ import annotations

import re
from typing import Any

from glassloop.trace import Trace
from glassloop.trace.events import Event

# A comprehension has a frame of its own up to Python 3.11 (PEP 709).
COMPREHENSIONS = {"<listcomp>", "<setcomp>", "<dictcomp>"}

# Python 3.14 queues these for itself, to know who awaits whom and to log what a shield has lost.
BOOKKEEPING = re.compile("_clear_awaited_by_callback|_log_on_exception")


def normal_form(trace: Trace) -> list[Event]:
    """The events of `trace` with what every version tells, and with names counted anew."""
    events = [
        {key: value for key, value in event.items() if key != "say"} for event in trace.events
    ]
    for leave_out in (_library, _comprehensions, _bookkeeping, _requests, _closings, _rounds):
        events = leave_out(events)
    return _counted_anew(events)


def _library(events: list[Event]) -> list[Event]:
    """Which coroutines of asyncio's own wait below the reader's, and at which line."""
    frames = {event["f"] for event in events if event.get("library") and event["do"] == "made"}
    return _without_frames(events, frames)


def _comprehensions(events: list[Event]) -> list[Event]:
    """The frames of comprehensions: what they call is called by the frame around them.

    What they wait for that one waits for, and it has their variables from then to its next line.
    """
    around = {event["f"]: event["by"] for event in events if event.get("name") in COMPREHENSIONS}
    waits: dict[str, Event] = {}
    lent: dict[str, dict[str, str]] = {}
    for event in events:
        while event.get("by") in around:
            event["by"] = around[event["by"]]
        if event["do"] == "await" and event["f"] in around:
            waits[event["f"]] = event
        elif event["do"] == "await" and (inner := waits.pop(event.get("to", ""), None)):
            event |= {key: inner[key] for key in ("to", "set") if key in inner}
            lent.setdefault(event["f"], {}).update(inner.get("set", {}))
        elif event["do"] in ("line", "return") and (variables := lent.pop(event["f"], None)):
            event["del"] = [*variables, *event.get("del", ())]
    return _without_frames(events, set(around))


def _without_frames(events: list[Event], frames: set[str]) -> list[Event]:
    kept = []
    for event in events:
        if event.get("f") in frames and event["do"] != "task":
            continue
        event = {key: value for key, value in event.items() if _is_about(key, value, frames)}
        if "chain" in event:
            event["chain"] = [name for name in event["chain"] if name not in frames]
        kept.append(event)
    return kept


def _is_about(key: str, value: Any, frames: set[str]) -> bool:
    """Whether a field says more than the name of a frame that is left out."""
    return key not in ("f", "by", "to") or value not in frames


def _bookkeeping(events: list[Event]) -> list[Event]:
    """Callbacks that one version queues for itself."""
    entries = {
        event["h"]
        for event in events
        if event["do"] == "queue" and BOOKKEEPING.search(event["what"])
    }
    kept = [event for event in events if event.get("h") not in entries]
    for event in kept:
        if event["do"] == "turn":
            event["ready"] = [name for name in event["ready"] if name not in entries]
    return kept


def _requests(events: list[Event]) -> list[Event]:
    """How many requests to cancel are open: from 3.13 on a task group takes its own back."""
    return [{key: value for key, value in event.items() if key != "asked"} for event in events]


def _closings(events: list[Event]) -> list[Event]:
    """How a generator ends that is given up: from 3.13 on without a sound, if it can."""
    kept: list[Event] = []
    for event in events:
        if event["do"] == "drop":
            continue
        kept.append(event)
        if [(e["do"], e.get("f")) for e in kept[-3:]] == [
            (do, event.get("f")) for do in ("resume", "raise", "unwind")
        ] and event["error"] == "GeneratorExit()":
            del kept[-3:]
            if kept and kept[-1]["do"] == "made" and kept[-1]["f"] == event["f"]:
                del kept[-1]  # the trace has met it only now
    return kept


def _rounds(events: list[Event]) -> list[Event]:
    """A line that is told again, unchanged, where a loop that stands in one line goes round."""
    at: dict[str, int] = {}
    kept = []
    for event in events:
        again = event["do"] == "line" and at.get(event["f"]) == event["line"]
        if "line" in event:
            at[event["f"]] = event["line"]
        if not again or "set" in event or "del" in event:
            kept.append(event)
    return kept


def _counted_anew(events: list[Event]) -> list[Event]:
    counts: dict[str, int] = {}
    names: dict[str, str] = {}

    def anew(value: Any) -> Any:
        if isinstance(value, list):
            return [anew(item) for item in value]
        if isinstance(value, dict):
            return {key: anew(item) for key, item in value.items()}
        if not isinstance(value, str):
            return value
        if not re.fullmatch(r"[FTOH]\d+", value):
            # Where an object lies in memory; how long that is says where the rest is cut off.
            return re.sub("0x[0-9a-f]+.*", "0x…", value)
        if value not in names:
            counts[value[0]] = counts.get(value[0], 0) + 1
            names[value] = f"{value[0]}{counts[value[0]]}"
        return names[value]

    return [anew(event) for event in events]

"""Makes one frame of a cell: IPython runs each of its statements in a frame of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from glassloop.trace.events import Event

MODULE = "<module>"
BEGINNINGS = ("call", "made")


def as_one_frame(events: list[Event], file: str) -> Iterator[Event]:
    """The events, with all statements of the cell `file` in the frame of the first.

    What a statement has changed by its end is told at the next event of the frame.
    """
    statements = [event for event in events if _begins(event, file)]
    if not statements:
        yield from events
        return
    first, last = statements[0], statements[-1]
    names = {event["f"]: first["f"] for event in statements}
    seen_last = False
    carried: dict[str, dict[str, Any]] = {"set": {}, "del": {}}
    for event in events:
        seen_last = seen_last or event is last
        inner = event.get("f") in names
        if inner and (
            (event["do"] in BEGINNINGS and event is not first)
            or (event["do"] == "return" and not seen_last)
        ):
            _carry(carried, event)
            continue
        event = _renamed(event, names)
        if event["do"] in BEGINNINGS and inner:
            event["of"] = "module"  # also where it awaits
        yield _with_changes(event, carried) if inner and any(carried.values()) else event


def _begins(event: Event, file: str) -> bool:
    # At depth "switches" a statement is met where it first waits.
    return event["do"] in BEGINNINGS and (event["name"], event["file"]) == (MODULE, file)


def _carry(carried: dict[str, dict[str, Any]], event: Event) -> None:
    for name, value in event.get("set", {}).items():
        carried["set"][name] = value
        carried["del"].pop(name, None)
    for name in event.get("del", ()):
        carried["del"][name] = None
        carried["set"].pop(name, None)


def _with_changes(event: Event, carried: dict[str, dict[str, Any]]) -> Event:
    """The event with what was carried to it, and nothing is carried any more."""
    _carry(carried, event)
    changes = {"set": dict(carried["set"]), "del": list(carried["del"])}
    for kind in carried.values():
        kind.clear()
    return event | {key: value for key, value in changes.items() if value}


def _renamed(event: Event, names: dict[str, str]) -> Event:
    event = dict(event)
    for key in ("f", "by", "to"):
        if event.get(key) in names:
            event[key] = names[event[key]]
    if "chain" in event:
        event["chain"] = [names.get(frame, frame) for frame in event["chain"]]
    return event

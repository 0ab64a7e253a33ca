"""Who waits for whom among frames: the way from a task's coroutine down to what it awaits."""

from __future__ import annotations

import gc
import sys
import types
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from glassloop.trace.events import Event
from glassloop.trace.sources import PAUSING

_BELOW = {
    types.CoroutineType: "cr_await",
    types.GeneratorType: "gi_yieldfrom",
    types.AsyncGeneratorType: "ag_await",
}

# What stands between an `await` and the generator or coroutine that it drives. These objects have
# no attribute that leads on, so the garbage collector is asked what they hold.
_OPAQUE = {"async_generator_asend", "async_generator_athrow", "anext_awaitable"}
_OPAQUE |= {"coroutine_wrapper"}


def chain(coroutine: Any) -> Iterator[Any]:
    """A coroutine and the coroutines and generators that it waits for, outermost first."""
    while coroutine is not None:
        attribute = _BELOW.get(type(coroutine))
        if attribute is not None:
            yield coroutine
            coroutine = getattr(coroutine, attribute)
        elif type(coroutine).__name__ in _OPAQUE and type(type(coroutine)) is type:
            coroutine = _held(coroutine)
        else:
            return


def chain_through(coroutine: Any, frame: types.FrameType) -> list[Any]:
    """The same at the moment when `frame` pauses and those outside of it still run.

    A coroutine that runs does not tell what it awaits, so what it holds is asked for the coroutines
    whose frames called `frame`. Where that leads nowhere, the chain ends there.
    """
    callers: set[types.FrameType] = set()
    caller: types.FrameType | None = frame
    while caller is not None:
        callers.add(caller)
        caller = caller.f_back
    links = [coroutine]
    while frame_of(links[-1]) is not frame:
        held = (thing for thing in _holdings(links[-1]) if frame_of(thing) in callers)
        link = next(held, None)
        if link is None or link in links:
            return links
        links.append(link)
    return [*links[:-1], *chain(links[-1])]


def _holdings(coroutine: Any) -> list[Any]:
    held = gc.get_referents(coroutine)
    frame = frame_of(coroutine)
    if sys.version_info < (3, 12) and frame is not None:
        # Python 3.11 does not tell what a running frame holds.
        held += frame.f_locals.values()
    return [thing for thing in held if type(thing) in _BELOW and thing is not coroutine]


def places(coroutine: Any) -> tuple[list[int], list[types.FrameType]]:
    """The frames of `chain`, and of each the identity of its code and the instruction.

    That is told often, so without a call for each.
    """
    where: list[int] = []
    found: list[types.FrameType] = []
    link = coroutine
    while link is not None:
        kind = type(link)
        if kind is types.CoroutineType:
            frame, link = link.cr_frame, link.cr_await
        elif kind is types.GeneratorType:
            frame, link = link.gi_frame, link.gi_yieldfrom
        elif kind is types.AsyncGeneratorType:
            frame, link = link.ag_frame, link.ag_await
        elif kind.__name__ in _OPAQUE and type(kind) is type:
            link = _held(link)
            continue
        else:
            break
        if frame is not None:
            found.append(frame)
            where += (id(frame.f_code), frame.f_lasti)
    return where, found


def frame_of(value: Any) -> types.FrameType | None:
    """The frame of a coroutine or generator, while it has one."""
    if type(value) is types.CoroutineType:
        return value.cr_frame
    if type(value) is types.GeneratorType:
        return value.gi_frame
    if type(value) is types.AsyncGeneratorType:
        return value.ag_frame  # type: ignore[no-any-return,unused-ignore]
    return None


def is_called_by_a_coroutine(frame: types.FrameType, own: Callable[[Any], bool]) -> bool:
    """Whether a frame runs for another coroutine or generator of the reader's own."""
    caller = frame.f_back
    while caller is not None and caller.f_code.co_flags & PAUSING:
        if own(caller.f_code):
            return True
        caller = caller.f_back
    return False


def is_suspended(value: Any) -> bool:
    """Whether a coroutine or generator has run and pauses; false where Python does not tell."""
    if type(value) is types.CoroutineType:
        return value.cr_suspended
    states = ("cr_suspended", "gi_suspended", "ag_suspended")
    return any(bool(getattr(value, state, False)) for state in states)


def has_begun(value: Any) -> bool:
    """Whether a coroutine or generator has run at all."""
    if type(value) is types.CoroutineType:  # which most are, and this is asked of every task
        return value.cr_suspended or value.cr_running or value.cr_frame is None
    for kind in ("cr", "gi", "ag"):
        if hasattr(type(value), f"{kind}_suspended"):
            runs = getattr(value, f"{kind}_suspended") or getattr(value, f"{kind}_running")
            return bool(runs) or frame_of(value) is None
    return type(value) is types.AsyncGeneratorType  # on Python 3.11, which tells no more


def handed_out(value: Any) -> Any:
    """What an asynchronous generator yields, out of the wrapping that Python gives it."""
    if type(value).__name__ == "async_generator_wrapped_value" and type(type(value)) is type:
        return next(iter(gc.get_referents(value)), value)
    return value


def _held(opaque: Any) -> Any:
    for held in gc.get_referents(opaque):
        if type(held) in _BELOW or type(held).__name__ in _OPAQUE:
            return held
    return None


def link(events: list[Event]) -> None:
    """Add to each event of a pausing frame what it pauses `to`.

    Frames pause from the innermost outwards, so a frame is asked before anybody can know what
    stands below it. A caller of the reader's own is known from the frame that paused right before;
    where a library's coroutine stands between, the chain of the task's next `wait` tells.
    """
    caller: dict[str, str | None] = {}
    paused: dict[str, Event] = {}
    last: dict[str, str | None] = {}  # the frame that paused latest, by who ran it
    for at, event in enumerate(events):
        do, frame, who = event["do"], event.get("f"), event["who"]
        if do == "wait":
            _introduce_first(events, at)
            for outer, inner in pairwise(event["chain"]):
                if outer in paused:
                    paused[outer]["to"] = inner
        elif frame is None or do in ("made", "drop", "task"):
            continue
        elif do in ("call", "resume"):
            caller[frame] = event.get("by")
            paused.pop(frame, None)
        elif do in ("await", "delegate"):
            inner = last.get(who)
            if inner is not None and caller.get(inner) == frame:
                event["to"] = inner
            paused[frame] = event
        last[who] = frame if do in ("yield", "await", "delegate") else None


def _introduce_first(events: list[Event], end: int) -> None:
    """Put a library's frames, met as a task came to wait at `end`, before those that wait for them.

    That is the order in which they paused.
    """
    who, pauses, found = events[end]["who"], [], []
    for at in range(end - 1, -1, -1):
        event = events[at]
        if event["who"] != who:
            continue
        if event["do"] in ("await", "delegate"):
            pauses.append(at)
        elif event["do"] == "made" and event.get("library") and event.get("begun", True):
            found.append(at)
        elif ("f" in event and event["do"] not in ("drop", "task")) or event["do"] in (
            "step",
            "wait",
            "done",
        ):
            break
    if found:
        # One that was met before any of them paused stands where it should.
        first = min(pauses[-1] if pauses else found[-1], found[-1])
        moved = [{**events[at], "t": events[first]["t"]} for at in found]
        others = [events[at] for at in range(first, end) if at not in found]
        events[first:end] = moved + others

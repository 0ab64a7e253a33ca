"""What the events up to a step have told: where each actor is, and which task waits for what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from glassloop.trace.events import Event


class Place(NamedTuple):
    """A line of the reader's own, and what kind of frame came to it."""

    file: str
    line: int
    of: str = ""


@dataclass
class Frame:
    """A frame, with the line that it came to last and the frame that runs it."""

    file: str
    line: int
    of: str
    own: bool
    by: str | None = None

    @property
    def place(self) -> Place | None:
        return Place(self.file, self.line, self.of) if self.own else None


class Wait(NamedTuple):
    """A task is suspended: since which step and time, on what, at which line."""

    step: int
    since: float
    on: str | None
    place: Place | None
    frame: str | None = None  # the innermost of the reader's


class Facts:
    """A fold over the events: `add` them in order, and ask in between."""

    def __init__(self) -> None:
        self.step = 0
        self.frames: dict[str, Frame] = {}
        self.tasks: dict[str, str] = {}
        self.made: dict[str, Place | None] = {}  # where each task was made
        self.objects: dict[str, Event] = {}
        self.waits: dict[str, Wait] = {}
        self._here: dict[str, str | None] = {}

    def add(self, event: Event) -> None:
        """The event has happened."""
        self.step += 1
        for name, line in zip(event.get("chain", ()), event.get("lines", ()), strict=False):
            if name in self.frames:
                self.frames[name].line = line
        change = _CHANGES.get(event["do"])
        if change is not None:
            change(self, event)

    def place(self, actor: str) -> Place | None:
        """The line at which an actor is, where it is in a frame of the reader's."""
        frame = self.frames.get(self._here.get(actor) or "")
        return None if frame is None else frame.place

    def task(self, name: str) -> str:
        """A task as a sentence names it."""
        return f"task `{self.tasks.get(name, name)}`"

    def thing(self, name: str | None) -> str:
        """What a task waits for, as a sentence names it."""
        if name in self.tasks:
            return self.task(name or "")
        return str(self.objects.get(name or "", {}).get("label", "something"))

    def holder(self, lock: str) -> str | None:
        """The task that holds a lock, where it is one and held."""
        state = self.objects.get(lock, {}).get("state", {})
        holder = state.get("holder")
        return holder if holder in self.tasks else None

    def type_of(self, thing: str | None) -> str:
        """The type of an object, "Task" for a task, and nothing for None."""
        if thing in self.tasks:
            return "Task"
        return str(self.objects.get(thing or "", {}).get("type", ""))

    def wait(self, event: Event) -> Wait:
        """What a `wait` tells; its place is the line of the innermost frame of the reader's."""
        chain = event.get("chain", ())
        at = dict(zip(chain, event.get("lines", ()), strict=False))
        for name in reversed(chain):
            frame = self.frames.get(name)
            if frame is not None and frame.own:
                place = Place(frame.file, at.get(name, frame.line), frame.of)
                return Wait(self.step, event["t"], event["on"], place, name)
        return Wait(self.step, event["t"], event["on"], None)

    # What each kind of event changes.

    def _made(self, event: Event) -> None:
        own = not event.get("library")
        frame = Frame(event["file"], event["line"], event["of"], own, event.get("by"))
        self.frames[event["f"]] = frame

    def _called(self, event: Event) -> None:
        self._made(event)
        self._here[event["who"]] = event["f"]

    def _at(self, event: Event) -> None:
        self._here[event["who"]] = event["f"]
        self._moved(event)

    def _left(self, event: Event) -> None:
        self._moved(event)
        frame = self.frames.get(event["f"])
        self._here[event["who"]] = frame.by if frame else None

    def _moved(self, event: Event) -> None:
        frame = self.frames.get(event["f"])
        if frame is not None:
            frame.line = event.get("line", frame.line)
            frame.by = event.get("by", frame.by)

    def _task(self, event: Event) -> None:
        self.tasks[event["id"]] = event["name"]
        self.made[event["id"]] = self.place(event["who"])

    def _object(self, event: Event) -> None:
        self.objects[event["o"]] = event

    def _wait(self, event: Event) -> None:
        self.waits[event["id"]] = self.wait(event)

    def _goes_on(self, event: Event) -> None:
        self.waits.pop(event["id"], None)


_CHANGES = {
    "made": Facts._made,
    "call": Facts._called,
    **dict.fromkeys(("line", "resume", "raise", "catch"), Facts._at),
    **dict.fromkeys(("yield", "delegate", "await", "return", "unwind"), Facts._left),
    "task": Facts._task,
    "object": Facts._object,
    "wait": Facts._wait,
    **dict.fromkeys(("step", "done", "vanish"), Facts._goes_on),
}

"""What frames, tasks, objects and queue entries are called in the sentences of a trace.

Names that the program gave, and its values, stand in `backticks`, as code does in running text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from glassloop.trace.events import Event

_ACCENT = "\N{MODIFIER LETTER GRAVE ACCENT}"  # looks like a backtick and is none

# Who acts in a callback of the library, by what the callback is about.
_SPEAKERS = {
    ": a timeout": "a timeout",
    ": news for the gather": "the gather",
    ": news for the task group": "the task group",
}

# What may be there several times at once, and how long an argument may be that tells them apart.
_PAUSING = ("generator", "coroutine", "async generator")
_SHORT = 16


class Names:
    """Remembers everything that was mentioned so far."""

    def __init__(self, events: list[Event]) -> None:
        # A frame that pauses names the one below it, which may be introduced only later.
        self.frames: dict[str, Event] = {}
        for event in events:
            if event["do"] in ("call", "made"):
                self.frames.setdefault(event["f"], event)
        self._told_apart = _told_apart(events)
        self.lines: dict[str, int] = {}
        self.tasks: dict[str, Event] = {}
        self.objects: dict[str, Event] = {}
        self.handles: dict[str, Event] = {}
        self.running = ""  # the entry that the loop took last

    def frame(self, name: str | None) -> str:
        """The name of a frame's function."""
        known = self.frames.get(name or "")
        if known is None:
            return "a function"
        if known["of"] == "module":
            return "the main program"
        return code(known["name"] + self._told_apart.get(known["f"], ""))

    def frame_in_full(self, name: str | None) -> str:
        """The same, and for a library's function its file."""
        known = self.frames.get(name or "", {})
        place = f", of {known['file']}" if known.get("library") else ""
        return self.frame(name) + place

    def where(self, event: Event) -> str:
        """The frame of an event, and its line."""
        return f"{self.frame(event['f'])} at line {event['line']}"

    def actor(self, name: str) -> str:
        """Who did something."""
        if name in self.tasks:
            return f"task {code(self.tasks[name]['name'])}"
        if name.startswith("thread "):
            return f"thread {code(name.removeprefix('thread '))}"
        if name == "C":
            entry, about = self.entry(self.running)
            return next((who for what, who in _SPEAKERS.items() if about.startswith(what)), entry)
        return {"main": "the main program", "loop": "the loop", "run": "`run`"}.get(name, name)

    def actors(self, names: Iterable[str]) -> str:
        """Several of them."""
        return listed([self.actor(name) for name in names])

    def thing(self, name: str | None) -> str:
        """A task, or another object that tasks wait at."""
        if name in self.tasks:
            return self.actor(name or "")
        known = self.objects.get(name or "")
        if known is None:
            return "something unnamed"
        if "due" in known["state"]:
            return f"the timer due at t = {seconds(known['state']['due'])}"
        return str(known["label"])

    def entry(self, name: str) -> tuple[str, str]:
        """An entry of a loop's queues, and in words what it is about where a name does not say."""
        known = self.handles.get(name, {"what": ""})
        if "id" in known:
            return f"the next step of {self.actor(known['id'])}", ""
        what = known["what"]
        if _UNNAMED.sub("", what).replace(".", "").isidentifier():
            return f"the callback {code(what)}", ""
        return "a callback", f": {what}" if what else ""

    def due(self, name: str) -> str:
        """When a timer is due, or nothing for an entry that is no timer."""
        known = self.handles.get(name, {})
        return f" for t = {seconds(known['when'])}" if "when" in known else ""


_UNNAMED = re.compile("[<>]")  # as in `<lambda>`


def _told_apart(events: list[Event]) -> dict[str, str]:
    """What generators and coroutines have besides the names of their functions.

    Of several that live at the same time it is the first argument in which they differ, as
    "('tea')"; where no short one tells them apart, nothing.
    """
    living: dict[str, list[str]] = {}
    alike: dict[str, dict[str, Event]] = {}
    made: dict[str, Event] = {}
    for event in events:
        if event["do"] in ("call", "made") and event["of"] in _PAUSING:
            made.setdefault(event["f"], event)
            same = living.setdefault(event["name"], [])
            if event["f"] not in same:
                same.append(event["f"])
            if len(same) > 1:
                alike.setdefault(event["name"], {}).update({name: made[name] for name in same})
        elif event["do"] in ("return", "unwind", "drop") and event["f"] in made:
            same = living[made[event["f"]]["name"]]
            if event["f"] in same:
                same.remove(event["f"])
    told: dict[str, str] = {}
    for frames in alike.values():
        argument = _differing([event.get("set", {}) for event in frames.values()])
        if argument is not None:
            told |= {name: f"({event['set'][argument]})" for name, event in frames.items()}
    return told


def _differing(arguments: list[dict[str, str]]) -> str | None:
    """The first argument whose values are short, and not the same in all of these calls."""
    for name in arguments[0]:
        values = [each.get(name, "<none>") for each in arguments]
        if len(set(values)) > 1 and all(v[0] != "<" and len(v) <= _SHORT for v in values):
            return name
    return None


def code(text: Any) -> str:
    """A name or a value as code; a backtick of its own would end it too early."""
    return f"`{str(text).replace('`', _ACCENT)}`"


def seconds(time: float) -> str:
    """A time in seconds: milliseconds are enough but for what is shorter; 1 is 1.0."""
    places = 3 if time == 0 or abs(time) >= 0.001 else 6
    text = f"{time:.{places}f}".rstrip("0")
    return text + "0" if text.endswith(".") else text


def listed(parts: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(parts) < 3:
        return " and ".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def count(number: int, what: str) -> str:
    """ "no timers", "1 timer", "2 timers"."""
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"

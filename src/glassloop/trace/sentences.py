"""Says in plain English what each event means.

The sentences are what a figure says to those who cannot see it, so they stand on their own: they
name who acts, where, and why.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from glassloop.trace.events import Event


def narrate(events: Iterable[Event]) -> None:
    """Give each event its sentence, under the key "say"."""
    narrator = _Narrator()
    for event in events:
        event["say"] = narrator.say(event)


def seconds(time: float) -> str:
    """A point in time: milliseconds are enough, and whole seconds keep one place."""
    text = f"{time:.3f}".rstrip("0")
    return text + "0" if text.endswith(".") else text


class _Narrator:
    """Knows the names of all that was mentioned so far."""

    def __init__(self) -> None:
        self._frames: dict[str, Event] = {}
        self._lines: dict[str, int] = {}
        self._tasks: dict[str, str] = {}
        self._stepped: set[str] = set()
        self._objects: dict[str, Event] = {}
        self._handles: dict[str, Event] = {}
        self._waits: dict[str, str] = {}

    def say(self, event: Event) -> str:
        """The sentence for `event`."""
        if "line" in event:
            self._lines[event["f"]] = event["line"]
        sentence: str = getattr(self, f"_{event['do']}")(event)
        return sentence[:1].upper() + sentence[1:]

    # Names.

    def _frame(self, name: str | None) -> str:
        known = self._frames.get(name or "")
        if known is None:
            return "a function"
        return "the main program" if known["of"] == "module" else str(known["name"])

    def _actor(self, name: str) -> str:
        if name in self._tasks:
            return f"task '{self._tasks[name]}'"
        return {"main": "the main program", "loop": "the loop", "C": "a callback"}.get(name, name)

    def _thing(self, name: str | None) -> str:
        if name in self._tasks:
            return self._actor(name or "")
        known = self._objects.get(name or "")
        if known is None:
            return "something unnamed"
        state = known["state"]
        if "due" in state:
            return f"the timer due at t = {seconds(state['due'])}"
        return f"the {known['type'].lower()} {known['o']}"

    def _where(self, event: Event) -> str:
        return f"{self._frame(event['f'])} at line {event['line']}"

    def _changes(self, event: Event) -> str:
        parts = [f"{name} is now {value}" for name, value in event.get("set", {}).items()]
        parts += [f"{name} is gone" for name in event.get("del", ())]
        return f"; {_listed(parts)}" if parts else ""

    # Frames.

    def _call(self, event: Event) -> str:
        fresh = event["f"] not in self._frames
        self._frames[event["f"]] = event
        arguments = [f"{name} = {value}" for name, value in event.get("set", {}).items()]
        with_them = f", with {_listed(arguments)}" if arguments and fresh else ""
        if event["of"] == "module":
            return "the program begins."
        if event["of"] == "function":
            return f"{event['name']} is called{with_them}."
        return f"the {event['of']} {event['name']} begins to run{with_them}."

    def _made(self, event: Event) -> str:
        self._frames[event["f"]] = event
        if event.get("library"):
            return f"below it waits {event['name']}, of {event['file']}."
        arguments = [f"{name} = {value}" for name, value in event.get("set", {}).items()]
        with_them = f" with {_listed(arguments)}" if arguments else ""
        return f"a {event['of']} {event['name']} is made{with_them}. Nothing of it has run yet."

    def _line(self, event: Event) -> str:
        return f"{self._frame(event['f'])} comes to line {event['line']}{self._changes(event)}."

    def _yield(self, event: Event) -> str:
        return f"{self._where(event)} hands out {event['value']} and pauses there."

    def _resume(self, event: Event) -> str:
        if event["how"] == "throw":
            return f"{event['value']} is thrown into {self._where(event)}."
        return f"{self._where(event)} goes on."

    def _delegate(self, event: Event) -> str:
        inner = f" for {self._frame(event['to'])}" if "to" in event else ""
        return f"{self._where(event)} pauses with what it waits for{inner}."

    def _await(self, event: Event) -> str:
        inner = f"; below it waits {self._frame(event['to'])}" if "to" in event else ""
        return f"{self._where(event)} pauses in an await{inner}."

    def _return(self, event: Event) -> str:
        return f"{self._frame(event['f'])} returns {event['value']}; its frame is gone."

    def _raise(self, event: Event) -> str:
        return f"{event['error']} is raised in {self._where(event)}."

    def _catch(self, event: Event) -> str:
        return f"{self._frame(event['f'])} deals with {event['error']}."

    def _unwind(self, event: Event) -> str:
        return f"{event['error']} leaves {self._frame(event['f'])}; its frame is gone."

    def _drop(self, event: Event) -> str:
        if event.get("closed"):
            return f"{self._frame(event['f'])} is closed; its frame is gone."
        return f"nobody holds {self._frame(event['f'])} any more; its frame is gone."

    # Tasks.

    def _task(self, event: Event) -> str:
        self._tasks[event["id"]] = event["name"]
        by = self._actor(event["by"])
        return (
            f"{by} makes task '{event['name']}' for {self._frame(event['f'])}. It has not run yet."
        )

    def _step(self, event: Event) -> str:
        first = event["id"] not in self._stepped
        self._stepped.add(event["id"])
        return f"the loop {'starts' if first else 'resumes'} {self._actor(event['id'])}."

    def _wait(self, event: Event) -> str:
        task, place = self._actor(event["id"]), self._place(event)
        if event["on"] is None:
            return f"{task} gives way{place}; it goes to the end of the ready queue."
        return f"{task} suspends{place}: it waits for {self._thing(event['on'])}."

    def _place(self, event: Event) -> str:
        """The innermost frame of the reader's own, and its line."""
        for name in reversed(event["chain"]):
            frame = self._frames.get(name)
            if frame is not None and not frame.get("library"):
                return f" in {frame['name']} at line {self._lines[name]}"
        return ""

    def _wake(self, event: Event) -> str:
        why = f": {self._thing(event['by'])} is done" if event.get("by") else ""
        return f"{self._actor(event['id'])} can run again{why}."

    def _cancel(self, event: Event) -> str:
        return f"{self._actor(event['by'])} asks {self._actor(event['id'])} to cancel."

    def _done(self, event: Event) -> str:
        task = self._actor(event["id"])
        if event["how"] == "cancelled":
            return f"{task} is done: it was cancelled."
        if event["how"] == "error":
            return f"{task} is done: it failed with {event['value']}."
        return f"{task} is done; its result is {event['value']}."

    def _object(self, event: Event) -> str:
        self._objects[event["o"]] = event
        state, name = event["state"], self._thing(event["o"])
        facts = list(self._facts(state))
        return f"{name} is {_listed(facts)}." if facts else f"{name} has changed."

    def _facts(self, state: dict[str, Any]) -> Iterable[str]:
        if "locked" in state:
            holder = state.get("holder")
            held = f"held by {self._actor(holder)}" if holder else "locked"
            yield held if state["locked"] else "free"
        if "set" in state:
            yield "set" if state["set"] else "not set"
        if "items" in state:
            yield f"a row of {_listed(state['items'])}" if state["items"] else "empty"
        if "state" in state:
            yield state["state"]
        if "value" in state and "state" not in state:
            yield f"at {state['value']}"
        for key in ("waiters", "getters", "putters"):
            if names := state.get(key):
                yield f"waited for by {_listed([self._actor(name) for name in names])}"

    # The loop.

    def _handle(self, event: Event) -> str:
        known = self._handles.get(event["h"])
        if known is None:
            return "a callback"
        if "id" in known:
            return f"the next step of {self._actor(known['id'])}"
        return f"the callback {known['what']}"

    def _queue(self, event: Event) -> str:
        self._handles[event["h"]] = event
        return f"{self._handle(event)} goes to the end of the ready queue."

    def _timer(self, event: Event) -> str:
        self._handles[event["h"]] = event
        return f"a timer is set for t = {seconds(event['when'])}."

    def _untimer(self, event: Event) -> str:
        known = self._handles.get(event["h"], {})
        if "when" in known:
            return f"the timer for t = {seconds(known['when'])} is cancelled."
        return f"{self._handle(event)} is cancelled."

    def _turn(self, event: Event) -> str:
        ready, timers = len(event["ready"]), len(event["timers"])
        return (
            f"turn {event['n']} of the loop begins with {_count(ready, 'callback')} ready and "
            f"{_count(timers, 'timer')} set."
        )

    def _select(self, event: Event) -> str:
        timeout = event["timeout"]
        if timeout is None:
            return "nothing is ready and no timer is set: the loop waits for a socket."
        if timeout <= 0:
            return "the loop looks whether a socket is ready, without waiting."
        return f"nothing is ready: the loop waits for {seconds(timeout)} s, until a timer is due."

    def _awake(self, event: Event) -> str:
        ready = f" Ready: {_listed(event['sockets'])}." if event["sockets"] else ""
        return f"it is t = {seconds(event['t'])}.{ready}"

    def _fire(self, event: Event) -> str:
        known = self._handles.get(event["h"], {})
        when = f" for t = {seconds(known['when'])}" if "when" in known else ""
        return f"the timer{when} is due; its callback goes to the end of the ready queue."

    def _run(self, event: Event) -> str:
        return f"the loop takes {self._handle(event)} from the ready queue."

    def _print(self, event: Event) -> str:
        return f"{self._actor(event['who'])} prints: {event['text'].rstrip()}"


def _listed(parts: list[str]) -> str:
    if len(parts) < 3:
        return " and ".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"

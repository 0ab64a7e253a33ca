"""Says in plain English what each event means.

The sentences are what a figure says to those who cannot see it, so they stand on their own: they
name who acts, where, and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from glassloop.trace import chains
from glassloop.trace.events import Event
from glassloop.trace.naming import Names, code, count, listed, seconds

__all__ = ["narrate", "seconds"]


def narrate(events: list[Event], sources: Mapping[str, str]) -> None:
    """Give each event its sentence, under the key "say". `sources` are the texts of files."""
    chains.link(events)
    names = Names(events)
    narrator, now = _Narrator(names, _passed_on(events), _sent(events, names, sources)), 0.0
    for event in events:
        # What a line has changed is told before the line, at which the clock was read first.
        now = event["t"] = max(now, event["t"])
        event["say"] = narrator.say(event)


def _passed_on(events: list[Event]) -> set[int]:
    """The catching events whose exceptions leave the frame after all, as from a `finally`."""
    caught: dict[str, Event] = {}
    found = set()
    for event in events:
        frame = event.get("f", "")
        if event["do"] == "catch":
            caught[frame] = event
        elif event["do"] == "raise" and caught.get(frame, event)["error"] != event["error"]:
            del caught[frame]
        elif event["do"] == "unwind" and frame in caught:
            if caught[frame]["error"] == event["error"]:
                found.add(id(caught[frame]))
            del caught[frame]
    return found


_TAKES = re.compile(r"\s*(\w+) = yield\b(?! from)")


def _sent(events: list[Event], names: Names, sources: Mapping[str, str]) -> dict[int, str]:
    """What was sent, by the events of resuming.

    It cannot be seen as a frame goes on, but in the variable that takes it, one step later.
    """
    lines = {file: text.split("\n") for file, text in sources.items()}
    going_on: dict[str, Event] = {}
    found = {}
    for event in events:
        frame = event.get("f", "")
        if event["do"] == "resume":
            going_on[frame] = event
        elif before := going_on.pop(frame, None):
            text = lines.get(names.frames.get(frame, {}).get("file", ""), [])
            at = before["line"]
            taking = _TAKES.match(text[at - 1]) if at <= len(text) else None
            if taking and taking[1] in event.get("set", {}):
                found[id(before)] = event["set"][taking[1]]
    return found


class _Frames:
    """The sentences of frames."""

    names: Names
    before: Event  # the event before this one
    seen: set[str]  # frames and tasks that have been spoken of
    passed_on: set[int]  # the events of exceptions that are caught and raised again
    sent: dict[int, str]  # values, by the events of resuming

    def _changes(self, event: Event) -> str:
        parts = [f"{code(name)} is now {code(value)}" for name, value in _set(event)]
        parts += [f"{code(name)} is gone" for name in event.get("del", ())]
        return f"; {listed(parts)}" if parts else ""

    def _call(self, event: Event) -> str:
        fresh = event["f"] not in self.seen
        self.seen.add(event["f"])
        with_them = _with(event) if fresh else ""
        if event["of"] == "module":
            return "the program begins."
        if event["of"] == "class":
            return f"the body of the class {code(event['name'])} begins to run."
        if event["of"] == "function" and event["by"] is None and _is_thread(event["who"]):
            return f"{self.names.actor(event['who'])} calls {code(event['name'])}{with_them}."
        if event["of"] == "function":
            return f"{code(event['name'])} is called{with_them}."
        return f"the {event['of']} {self.names.frame(event['f'])} begins to run{with_them}."

    def _made(self, event: Event) -> str:
        self.seen.add(event["f"])
        full = self.names.frame_in_full(event["f"])
        if event.get("library") and event.get("begun", True):
            return f"{full}, pauses."
        if event.get("begun"):
            return f"{full} is met at line {event['line']}; it had begun before."
        comma = "," if event.get("library") else ""
        kind = f"an {event['of']}" if event["of"][0] == "a" else f"a {event['of']}"
        return f"{kind} {full}{comma} is made{_with(event)}. Nothing of it has run yet."

    def _line(self, event: Event) -> str:
        frame, changes = self.names.frame(event["f"]), self._changes(event)
        return f"{frame} comes to line {event['line']}{changes}."

    def _yield(self, event: Event) -> str:
        return f"{self.names.where(event)} hands out {code(event['value'])} and pauses there."

    def _resume(self, event: Event) -> str:
        if event["how"] == "throw":
            return f"{code(event['value'])} is thrown into {self.names.where(event)}."
        sent = f" with {code(self.sent[id(event)])}" if id(event) in self.sent else ""
        return f"{self.names.where(event)} goes on{sent}."

    def _delegate(self, event: Event) -> str:
        return f"{self.names.where(event)} pauses in a `yield from`{self._below(event)}."

    def _await(self, event: Event) -> str:
        return f"{self.names.where(event)} pauses in an await{self._below(event)}."

    def _below(self, event: Event) -> str:
        return f": it waits for {self.names.frame_in_full(event['to'])}" if "to" in event else ""

    def _return(self, event: Event) -> str:
        frame, value = self.names.frame(event["f"]), code(event["value"])
        if self.names.frames.get(event["f"], {}).get("of") == "module":
            return "the main program ends."
        if self.names.frames.get(event["f"], {}).get("of") == "class":
            return f"the class {frame} is complete."
        return f"{frame} returns {value}; its frame is gone."

    def _raise(self, event: Event) -> str:
        error, where = code(event["error"]), self.names.where(event)
        if self.before.get("error") == event["error"] and self.before["do"] == "unwind":
            return f"{error} comes out in {where}."
        return f"{error} is raised in {where}."

    def _catch(self, event: Event) -> str:
        frame, error = self.names.frame(event["f"]), code(event["error"])
        if id(event) in self.passed_on:
            return f"{frame} cleans up before {error} goes on."
        return f"{frame} deals with {error}."

    def _unwind(self, event: Event) -> str:
        return f"{code(event['error'])} leaves {self.names.frame(event['f'])}; its frame is gone."

    def _drop(self, event: Event) -> str:
        frame = self.names.frame(event["f"])
        if self.names.frames.get(event["f"], {}).get("library"):
            return f"{frame} has ended; its frame is gone."
        if event.get("closed"):
            return f"{frame} is closed; its frame is gone."
        return f"nobody holds {frame} any more; its frame is gone."


class _Losses:
    """The sentences of what is lost."""

    names: Names

    def _unawaited(self, event: Event) -> str:
        coroutine = f"the coroutine {code(event['name'])}"
        return f"{coroutine} is gone. It was never awaited: nothing of it ran."

    def _unheld(self, event: Event) -> str:
        line = event["at"]["line"]
        return f"nobody keeps {self.names.actor(event['id'])}: line {line} throws it away."

    def _vanish(self, event: Event) -> str:
        return f"{self.names.actor(event['id'])} is destroyed before it is done: nobody holds it."

    def _unretrieved(self, event: Event) -> str:
        whose = self.names.actor(event["id"]) if event["id"] else "a future"
        return f"{whose} is gone. It had failed with {code(event['error'])}, and nobody has looked."


_TIDYING = {
    "shutdown_asyncgens": (
        "no asynchronous generator is left open",
        "nothing was to be closed",
    ),
    "shutdown_default_executor": (
        "the threads of its pool end, if there are any",
        "no thread of the pool is left",
    ),
}

# What has become of what a task waited for, by the first words of its label.
_ARRIVALS = {
    "the end": "{} has come",
    "the next": "{} has come",
    "the beginning": "{} has come",
    "the connection": "{} is there",
    "the transport": "{} is there",
    "all of": "{} are done",
    "the start": "{} has come",
    "data": "{} or its end has come",
    "room": "there is {}",
    "a connection": "there is {}",
}


class _Tasks:
    """The sentences of tasks."""

    names: Names
    seen: set[str]
    threads: bool  # whether there may be others: they can wake the loop as well

    def _task(self, event: Event) -> str:
        self.names.tasks[event["id"]] = event
        if "what" in event:
            return f"the loop is tidied up: {_TIDYING[event['what']][0]}."
        by, task = self.names.actor(event["by"] or "main"), self.names.actor(event["id"])
        if event.get("running"):
            frame = self.names.frame_in_full(event["f"])
            return f"the recording begins inside {task}, which runs {frame}."
        if event.get("begun") and event["f"] is None:
            return f"{task} is met; it was made before."
        if event.get("begun"):
            return f"{task} runs {self.names.frame_in_full(event['f'])}, and has begun already."
        coroutine = f" for {self.names.frame_in_full(event['f'])}" if event["f"] else ""
        begun = "It starts at once" if event.get("eager") else "It has not run yet"
        return f"{by} makes {task}{coroutine}. {begun}."

    def _step(self, event: Event) -> str:
        first = event["id"] not in self.seen
        self.seen.add(event["id"])
        made, task = self.names.tasks.get(event["id"], {}), self.names.actor(event["id"])
        if first and made.get("running"):
            return f"{task} is running."
        if first and made.get("eager"):
            by = made["by"]
            outer = "a callback" if by == "loop" else self.names.actor(by)
            inside = f"a step of {outer}" if by.startswith("T") else outer
            return f"{task} starts, in the middle of {inside}."
        return f"the loop {'starts' if first else 'resumes'} {task}."

    def _wait(self, event: Event) -> str:
        task, place = self.names.actor(event["id"]), self._place(event)
        if event["on"] is None:
            return f"{task} gives way{place}; it goes to the end of the ready queue."
        return f"{task} suspends{place}: it waits for {self._awaited(event['on'])}."

    def _awaited(self, name: str) -> str:
        holder = self.names.objects.get(name, {}).get("state", {}).get("holder")
        held = f", which {self.names.actor(holder)} holds" if holder else ""
        return self.names.thing(name) + held

    def _place(self, event: Event) -> str:
        """The innermost frame of the reader's own, and its line."""
        self.names.lines.update(zip(event["chain"], event.get("lines", ()), strict=False))
        for name in reversed(event["chain"]):
            frame = self.names.frames.get(name)
            if frame is not None and not frame.get("library") and name in self.names.lines:
                return f" in {self.names.frame(name)} at line {self.names.lines[name]}"
        return ""

    def _wake(self, event: Event) -> str:
        return f"{self.names.actor(event['id'])} can run again: {self._arrival(event)}."

    def _arrival(self, event: Event) -> str:
        by, how = event["by"], event.get("how", "result")
        known, thing = self.names.objects.get(by, {}), self.names.thing(by)
        if how == "cancelled":
            return f"{'' if by in self.names.tasks else 'its wait for '}{thing} was cancelled"
        if how == "error":
            return f"{thing} has failed"
        if known.get("type") == "Lock":
            return f"{thing} is free for it"
        if known.get("type") == "Event":
            return f"{thing} is set"
        if known.get("type", "Future") != "Future":
            return f"it is its turn at {thing}"
        return _arrived(thing, known.get("state", {}))

    def _cancel(self, event: Event) -> str:
        task = self.names.actor(event["id"])
        if event["by"] is None:
            return f"{task} has been asked to cancel before it could go on."
        left_over = ", as it is left over" if event["by"] == "run" else ""
        return f"{self.names.actor(event['by'])} asks {task} to cancel{left_over}."

    def _done(self, event: Event) -> str:
        task, made = self.names.actor(event["id"]), self.names.tasks.get(event["id"], {})
        if "what" in made:
            return f"{task}, which tidied up, is done: {_TIDYING[made['what']][1]}."
        if event["how"] == "cancelled":
            return f"{task} is done: it was cancelled."
        if event["how"] == "error":
            return f"{task} is done: it failed with {code(event['value'])}."
        return f"{task} is done; its result is {code(event['value'])}."

    def _thread(self, event: Event) -> str:
        self.threads = True
        return f"{self.names.actor(event['by'])} starts thread {code(event['name'])}."

    def _print(self, event: Event) -> str:
        who, lines = self.names.actor(event["who"]), event["text"].rstrip("\n").split("\n")
        if lines == [""]:
            return f"{who} prints an empty line."
        return f"{who} prints: {' ⏎ '.join(code(line) for line in lines if line)}"


class _Things:
    """The sentences of the objects that tasks wait at."""

    names: Names

    def _object(self, event: Event) -> str:
        before = self.names.objects.get(event["o"])
        self.names.objects[event["o"]] = event
        state, thing = event["state"], self.names.thing(event["o"])
        if event["type"] == "Future":
            return self._future(thing, state)
        if event["type"] == "iterator":
            return _iterator(state, before["state"] if before else {})
        return f"{thing} {listed(list(_facts(self.names, state)))}."

    def _future(self, thing: str, state: dict[str, Any]) -> str:
        if state["state"] == "pending":
            who = self.names.actors(state["waiters"])
            return f"{who} will wait for {thing}." if who else f"{thing} is still to come."
        if state["state"] == "cancelled":
            return f"{'the future of ' if 'due' in state else ''}{thing} is cancelled."
        value = state.get("value", "None")
        told = value != "None" and thing.startswith(_TELLING)
        return f"{_arrived(thing, state)}{f', with {code(value)}' if told else ''}."


def _iterator(state: dict[str, Any], before: dict[str, Any]) -> str:
    """How far an iterator is on its way past its items, or which names it has lost."""
    names, items, at = state["names"], state["items"], state["at"]
    if lost := [code(name) for name in before.get("names", ()) if name not in names]:
        left = listed([code(name) for name in names]) or "none"
        return f"the name {listed(lost)} of an iterator is gone; left is {left}."
    which = f"the iterator {code(names[0])}"
    if len(names) > 1:
        which += f", also called {listed([code(name) for name in names[1:]])},"
    if at >= state["size"]:
        return f"{which} is exhausted."
    coming = f": {code(items[at])} comes next" if at < len(items) else ""
    if not at:
        return f"{which} stands before the first of {count(state['size'], 'item')}{coming}."
    return f"{which} has handed out {at} of {count(state['size'], 'item')}{coming}."


# Futures whose results are the program's; those of others are the library's own affair.
_TELLING = (
    "the future",
    "the gather",
    "the shield",
    "the call",
    "the answer",
    "the end of process",
)


def _arrived(thing: str, state: dict[str, Any]) -> str:
    """What has become of what somebody waited for."""
    if "due" in state:
        return f"{thing} has gone off"
    forms = (form for first, form in _ARRIVALS.items() if thing.startswith(first))
    return next(forms, "{} is done").format(thing)


def _facts(names: Names, state: dict[str, Any]) -> Iterable[str]:
    """What a lock, an event or a queue is like, in verbs."""
    if "locked" in state:
        holder = state.get("holder")
        held = f"is held by {names.actor(holder)}" if holder else "is locked"
        yield held if state["locked"] else "is free"
    if "set" in state:
        yield "is set" if state["set"] else "is not set"
    if "items" in state:
        yield _contents(state)
    if "parties" in state:
        yield f"has {state['value']} of {state['parties']}"
    elif "value" in state:
        yield f"has {count(state['value'], 'place')} free"
    for key in ("waiters", "getters", "putters"):
        if waiting := state.get(key):
            yield f"is waited for by {names.actors(waiting)}"


_LATE = 0.05  # seconds from which on it is told that a timer is late


class _Loop:
    """The sentences of the loop, its queues and its turns."""

    names: Names
    timeout: float | None  # of the latest select
    sockets: bool  # whether the loop watches any in this turn
    threads: bool

    def _of_loop(self, event: Event) -> str:
        return f" of {self.names.actor(event['loop'])}" if "loop" in event else ""

    def _queue(self, event: Event) -> str:
        self.names.handles[event["h"]] = event
        (entry, about), loop = self.names.entry(event["h"]), self._of_loop(event)
        if _is_thread(event["who"]) and event.get("loop") != event["who"]:
            who = self.names.actor(event["who"])
            return f"{who} puts {entry} into the loop's ready queue{about}."
        return f"{entry} goes to the end of the ready queue{loop}{about}."

    def _timer(self, event: Event) -> str:
        self.names.handles[event["h"]] = event
        entry, about = self.names.entry(event["h"])
        return f"a timer is set for t = {seconds(event['when'])}{about or f': {entry}'}."

    def _untimer(self, event: Event) -> str:
        entry, about = self.names.entry(event["h"])
        if due := self.names.due(event["h"]):
            return f"the timer{due} is cancelled{about}."
        return f"{entry} is cancelled{about}."

    def _turn(self, event: Event) -> str:
        ready, timers = len(event["ready"]), len(event["timers"])
        self.sockets = bool(event["sockets"])
        return (
            f"turn {event['n']} of the loop{self._of_loop(event)} begins with "
            f"{count(ready, 'callback')} ready and {count(timers, 'timer')} set."
        )

    def _select(self, event: Event) -> str:
        self.timeout = timeout = event["timeout"]
        if timeout is None:
            return "nothing is ready and no timer is set: the loop waits for a socket or a thread."
        if timeout <= 0:
            return "the loop checks whether a socket is ready, without waiting."
        at_most = "at most " if self.sockets or self.threads else ""
        return (
            f"nothing is ready: the loop waits for {at_most}{seconds(timeout)} s, "
            "until a timer is due."
        )

    def _awake(self, event: Event) -> str:
        ready = listed([_socket(name) for name in event["sockets"]])
        if self.timeout is not None and self.timeout <= 0:
            return f"ready: {ready}." if ready else "no socket is ready."
        found = f"; ready: {ready}" if ready else ""
        return f"the loop wakes up at t = {seconds(event['t'])}{found}."

    def _fire(self, event: Event) -> str:
        due, (_, about) = self.names.due(event["h"]), self.names.entry(event["h"])
        late = event["t"] - self.names.handles.get(event["h"], {}).get("when", event["t"])
        is_due = f"has been due for {seconds(late)} s" if late >= _LATE else "is due"
        return f"the timer{due} {is_due}; its callback goes to the end of the ready queue{about}."

    def _run(self, event: Event) -> str:
        self.names.running = event["h"]
        entry, about = self.names.entry(event["h"])
        return f"the loop takes {entry} from the ready queue{about}."


class _Narrator(_Frames, _Losses, _Tasks, _Things, _Loop):
    """Finds the sentence for each event in turn."""

    def __init__(self, names: Names, passed_on: set[int], sent: dict[int, str]) -> None:
        self.names = names
        self.passed_on = passed_on
        self.sent = sent
        self.seen = set()
        self.before: Event = {"do": ""}
        self.timeout: float | None = None
        self.sockets = self.threads = False

    def say(self, event: Event) -> str:
        """The sentence for `event`."""
        if "line" in event and "f" in event:
            self.names.lines[event["f"]] = event["line"]
        sentence: str = getattr(self, f"_{event['do']}")(event)
        if event["do"] not in ("object", "timer", "queue"):
            self.before = event
        return sentence[:1].upper() + sentence[1:]


def _is_thread(who: str) -> bool:
    return who.startswith("thread ")


def _set(event: Event) -> Iterable[tuple[str, str]]:
    changed: dict[str, str] = event.get("set", {})
    return changed.items()


def _with(event: Event) -> str:
    free = event.get("free", ())
    arguments = [code(f"{name} = {value}") for name, value in _set(event) if name not in free]
    around = [code(f"{name} = {value}") for name, value in _set(event) if name in free]
    own = f" with {listed(arguments)}" if arguments else ""
    return f"{own}; it also sees {listed(around)}" if around else own


def _contents(state: dict[str, Any]) -> str:
    items = [code(item) for item in state["items"]]
    if state["size"] > len(items):
        items.append(f"{state['size'] - len(items)} more")
    return f"holds {listed(items)}" if items else "is empty"


def _socket(name: str) -> str:
    """ "reading 7" as a trace has it, "reading socket 7" in a sentence."""
    doing, space, number = name.rpartition(" ")
    return f"{doing}{space}socket {number}" if number.isdecimal() else name

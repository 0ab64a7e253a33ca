"""Whether a trace can be true: each event must be possible after those before it.

`check` folds the events of a trace. Where one is impossible it raises `AssertionError`, with the
number of the event as the viewer counts (the first is 1), its sentence, and what is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from glassloop.trace import Trace
from glassloop.trace.events import Event

# Clocks are rounded in a trace, and a timer may run that is due within the clock's resolution.
ROUNDING = 1e-6

ACTORS = {"main", "loop", "C", "run"}
SHOWN = 100  # entries of a queue that a turn lists


class InconsistentError(AssertionError):
    """An event that cannot have happened after those before it."""


@dataclass
class Frame:
    """A frame, and whether it runs: created, running, suspended or gone."""

    of: str
    library: bool
    stage: str
    how: str = ""  # the event that ended it


@dataclass
class Task:
    """A task: new, ready (it stands in the queue), running, waiting, tidying or done.

    Of the tasks by which `asyncio.run` tidies up at its end only beginning and end are told.
    """

    stage: str = "new"
    frame: str | None = None
    queued: bool = False
    on: str | None = None
    eager: bool = False  # it has begun as it was made, in a step of another one


@dataclass
class Handle:
    """An entry of the loop's queues: armed, queued, ran or cancelled."""

    stage: str
    task: str | None = None
    when: float | None = None


@dataclass
class Checker:
    """What is true after the events so far.

    At depth "switches" the ready queue and the frames of coroutines are not told.
    """

    lines: bool = True
    frames: dict[str, Frame] = field(default_factory=dict)
    stacks: dict[str, list[str]] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    handles: dict[str, Handle] = field(default_factory=dict)
    ready: list[str] = field(default_factory=list)
    armed: list[str] = field(default_factory=list)
    now: float = 0.0
    turn: int = 0
    told: int = 0  # the turn that was told last
    running: str | None = None
    outer: list[str | None] = field(default_factory=list)  # whose steps eager tasks have come into
    found: str | None = None  # the task that the recording has found running
    taken: str | None = None  # the entry that the loop has taken last
    awaited: set[str] = field(default_factory=set)  # frames that are to be met by the next `wait`
    owed: str | None = None  # the task whose entry in the queue must be told next

    def take(self, event: Event) -> None:
        """Check one event, and change what is true. Raises `AssertionError`."""
        assert event["t"] >= self.now, f"the clock goes back from {self.now}"
        self.now = event["t"]
        last = self.turn + 1 if self.lines else event["turn"]
        assert self.turn <= event["turn"] <= last, f"it was turn {self.turn}"
        self.turn = event["turn"]
        assert event["say"].endswith(('."', ".", ")")) or event["do"] == "print"
        if self.owed is not None:
            assert (event["do"], event.get("id")) == ("queue", self.owed), f"where is {self.owed}?"
            self.owed = None
        self._check_actor(event)
        getattr(self, f"_{event['do']}")(event)

    def _check_actor(self, event: Event) -> None:
        who = event["who"]
        if who.startswith("thread "):
            return
        assert who in ACTORS or who in self.tasks, f"nobody knows {who}"
        if who in self.tasks:
            assert self.tasks[who].stage != "done" or event["do"] == "drop", f"{who} is done"
        running = self.tasks.get(self.running or "")
        if running is not None and running.frame is None and who != self.running and not self.lines:
            # The end of a step is heard of a coroutine, which `aclose()` of a generator is none.
            running.stage, self.running = "done", None
        if self.running is not None and not self._begins_inside(event):
            assert who == self.running, f"it is {self.running} that runs, and not {who}"
        elif who in self.tasks and self.tasks[who].stage != "tidying":
            assert event["do"] == "step", f"{who} does something and does not run"

    def _begins_inside(self, event: Event) -> bool:
        """Whether an eager task takes its first step, which is part of a step of another one."""
        task = self.tasks.get(event["id"]) if event["do"] == "step" else None
        return task is not None and task.eager and task.stage == "new"

    def _pauses(self) -> None:
        """The task that runs does so no more; another one may go on where it was left."""
        self.running = self.outer.pop() if self.outer else None

    # Frames.

    def _stack(self, event: Event) -> list[str]:
        who = event["who"]
        return self.stacks.setdefault(who if who.startswith("thread ") else "", [])

    def _frame(self, name: str) -> Frame:
        assert name in self.frames, f"nobody knows the frame {name}"
        return self.frames[name]

    def _enter(self, event: Event, before: str) -> None:
        frame, stack = self._frame(event["f"]), self._stack(event)
        assert frame.stage == before, f"{event['f']} is {frame.stage} and not {before}"
        caller = event.get("by")
        if caller is not None and self.lines:
            assert stack, f"{caller} does not run"
            assert stack[-1] == caller, f"{caller} is not who runs: {stack}"
        frame.stage = "running"
        stack.append(event["f"])

    def _runs(self, event: Event) -> None:
        stack = self._stack(event)
        if not self.lines and event["f"] not in stack:
            stack.append(event["f"])  # it began before anything was told of it
        assert stack, f"no frame runs, so {event['f']} does not"
        assert stack[-1] == event["f"], f"{event['f']} is not who runs: {stack}"
        assert self._frame(event["f"]).stage == "running"

    def _leave(self, event: Event, stage: str) -> None:
        self._runs(event)
        self._stack(event).pop()
        self._frame(event["f"]).stage = stage

    def _made(self, event: Event) -> None:
        assert event["f"] not in self.frames, f"{event['f']} was made before"
        library = event.get("library", False)
        begun = event.get("begun")
        stage = "suspended" if (library if begun is None else begun) else "created"
        self.frames[event["f"]] = Frame(event["of"], library, stage)

    def _call(self, event: Event) -> None:
        if event["f"] not in self.frames:
            self.frames[event["f"]] = Frame(event["of"], library=False, stage="created")
        self._enter(event, "created")

    def _line(self, event: Event) -> None:
        self._runs(event)

    _raise = _catch = _line

    def _yield(self, event: Event) -> None:
        assert "generator" in self._frame(event["f"]).of
        self._leave(event, "suspended")

    def _delegate(self, event: Event) -> None:
        self._leave(event, "suspended")
        self._check_delegate(event)

    def _await(self, event: Event) -> None:
        self._leave(event, "suspended")
        self._check_delegate(event)

    def _check_delegate(self, event: Event) -> None:
        inner = self.frames.get(event.get("to") or "")
        if inner is not None:
            if inner.library:
                inner.stage = "suspended"  # of its steps nothing is told
            assert inner.stage == "suspended", f"{event['to']} is {inner.stage} and not suspended"
        elif event.get("to") is not None:
            # A library's coroutine is met only where its task waits, which is right behind this.
            self.awaited.add(event["to"])

    def _resume(self, event: Event) -> None:
        thrown = event["how"] == "throw"
        created = self._frame(event["f"]).stage == "created"
        self._enter(event, "created" if thrown and created else "suspended")

    def _return(self, event: Event) -> None:
        self._leave(event, "gone")
        self.frames[event["f"]].how = event["do"]

    _unwind = _return

    def _drop(self, event: Event) -> None:
        frame = self._frame(event["f"])
        assert frame.stage in ("created", "suspended"), f"{event['f']} is {frame.stage}"
        frame.stage = "gone"

    # Tasks.

    def _task(self, event: Event) -> None:
        assert event["id"] not in self.tasks, f"{event['id']} was made before"
        stage = "tidying" if "what" in event else "waiting" if event.get("begun") else "new"
        self.tasks[event["id"]] = Task(stage, frame=event["f"], eager=event.get("eager", False))
        self.found = event["id"] if event.get("running") else None
        # The frame of one that begins at once is told of as it is called, which is right behind.
        self._check_known(None if event.get("eager") else event["f"], event["by"])

    def _of(self, event: Event) -> Task:
        assert event["id"] in self.tasks, f"nobody knows the task {event['id']}"
        return self.tasks[event["id"]]

    def _step(self, event: Event) -> None:
        task = self._of(event)
        if self._begins_inside(event):
            self.outer.append(self.running)
            task.stage, self.running = "running", event["id"]
            return
        assert self.running is None, f"{self.running} has not paused"
        assert task.stage in ("new", "ready"), f"{event['id']} is {task.stage}"
        if self.found == event["id"]:  # the recording found it running
            task.stage, self.found, self.running = "running", None, event["id"]
            return
        if self.lines:
            assert task.queued, f"nobody has put {event['id']} into the queue"
            assert self.taken is not None, "the loop has taken no entry"
            assert self.handles[self.taken].task == event["id"], f"{self.taken} is not its entry"
        self.taken = None
        task.stage, task.queued, task.on = "running", False, None
        self.running = event["id"]

    def _wait(self, event: Event) -> None:
        task = self._of(event)
        assert self.running == event["id"], f"{event['id']} does not run"
        if event["on"] is None:
            if self.lines and not task.queued:
                assert self.outer, "it waits for nothing and is not in the queue"
                self.owed = event["id"]  # its frame tells of the pause before the loop of the entry
        else:
            self._check_known(event["on"])
        for name in [*event["chain"], *self.awaited]:
            frame = self._frame(name)
            if frame.library:
                frame.stage = "suspended"  # of its steps nothing is told
            stage = frame.stage
            assert stage == "suspended" or not self.lines, f"{name} is {stage} and not suspended"
        task.stage = "ready" if task.queued or event["on"] is None else "waiting"
        task.on = event["on"]
        self._pauses()
        self.awaited.clear()

    def _wake(self, event: Event) -> None:
        task = self._of(event)
        assert task.stage in ("waiting", "running", "ready"), f"{event['id']} is {task.stage}"
        assert not task.queued, f"{event['id']} is in the queue already"
        self._check_known(event["by"])
        if self.lines:
            assert self._is_done(event["by"]), f"{event['by']}, which wakes it, is not done"
        else:
            task.stage = "ready"

    def _is_done(self, name: str) -> bool:
        if name in self.tasks:
            # A task wakes those that wait for it within its last step.
            return self.tasks[name].stage == "done" or self.running == name
        return self.things[name].get("state", "finished") != "pending"

    def _cancel(self, event: Event) -> None:
        assert self._of(event).stage != "done", f"{event['id']} is done"
        self._check_known(event["by"])

    def _done(self, event: Event) -> None:
        task = self._of(event)
        assert task.stage != "done", f"{event['id']} was done before"
        assert event["id"] == self.running or task.stage == "tidying", f"{event['id']} rests"
        assert not task.queued, f"{event['id']} is done and yet in the queue"
        assert not self.awaited, f"nobody knows {self.awaited}"
        task.stage = "done"
        if event["id"] == self.running:
            self._pauses()
        frame = self.frames.get(task.frame or "")
        if frame is not None and not frame.library and self.lines:
            assert frame.stage == "gone", f"{task.frame} is {frame.stage}"
            # One that was asked to cancel in its last step is cancelled, although it returns.
            ways = {"result": ["return"], "error": ["unwind"], "cancelled": ["unwind", "return"]}
            assert frame.how in ways[event["how"]], f"{task.frame} has ended with {frame.how}"

    def _unawaited(self, event: Event) -> None:
        pass

    _unheld = _vanish = _unretrieved = _unawaited

    def _object(self, event: Event) -> None:
        state = self.things[event["o"]] = event["state"]
        for key in ("waiters", "getters", "putters"):
            names = state.get(key, ())
            assert len(set(names)) == len(names), f"{key} are named twice"
            self._check_known(*names)
        self._check_known(state.get("holder"))
        if event["type"] == "Lock":
            assert state["locked"] or state["holder"] is None, "a free lock is held"
        if event["type"] == "Semaphore":
            assert state["value"] >= 0, "a semaphore is below zero"
        if event["type"] == "Queue":
            assert state["maxsize"] <= 0 or state["size"] <= state["maxsize"], "it is overfull"
            assert len(state["items"]) == min(state["size"], 10), "its size is another"

    def _check_known(self, *names: str | None) -> None:
        for name in names:
            known: Any = {"T": self.tasks, "F": self.frames, "O": self.things}
            if name is None or name in ACTORS or name.startswith("thread "):
                continue
            assert name in known.get(name[0], ()), f"nobody knows {name}"

    # The loop.

    def _handle(self, event: Event, *stages: str) -> Handle:
        assert event["h"] in self.handles, f"nobody knows the entry {event['h']}"
        handle = self.handles[event["h"]]
        assert handle.stage in stages, f"{event['h']} is {handle.stage}"
        return handle

    def _queue(self, event: Event) -> None:
        assert event["h"] not in self.handles, f"{event['h']} is there already"
        self.handles[event["h"]] = Handle("queued", event.get("id"))
        self.ready.append(event["h"])
        if "id" in event:
            task = self._of(event)
            assert not task.queued, f"{event['id']} is in the queue already"
            assert task.stage != "done", f"{event['id']} is done"
            task.queued = True
            if task.stage == "waiting":
                task.stage = "ready"

    def _timer(self, event: Event) -> None:
        assert event["h"] not in self.handles, f"{event['h']} is there already"
        self.handles[event["h"]] = Handle("armed", event.get("id"), event["when"])
        self.armed.append(event["h"])

    def _untimer(self, event: Event) -> None:
        handle = self._handle(event, "armed", "queued")
        (self.armed if handle.stage == "armed" else self.ready).remove(event["h"])
        handle.stage = "cancelled"

    def _fire(self, event: Event) -> None:
        handle = self._handle(event, "armed")
        assert handle.when is not None
        assert handle.when <= self.now + ROUNDING, f"it is due at {handle.when}"
        due = [self.handles[name].when for name in self.armed]
        assert handle.when == min(due), "another timer is due before"
        handle.stage = "queued"
        self.armed.remove(event["h"])
        self.ready.append(event["h"])

    def _run(self, event: Event) -> None:
        handle = self._handle(event, "queued")
        assert self.running is None, f"{self.running} has not paused"
        assert self.ready[0] == event["h"], f"{self.ready[0]} stands before it"
        self.ready.pop(0)
        handle.stage, self.taken = "ran", event["h"]

    def _turn(self, event: Event) -> None:
        assert event["n"] == event["turn"] == self.told + 1, f"turn {self.told} was before it"
        self.told = event["n"]
        assert self.running is None, f"{self.running} has not paused"
        assert event["ready"] == self.ready[:SHOWN], f"ready are {self.ready}"
        assert sorted(event["timers"]) == sorted(self.armed), f"armed are {self.armed}"
        dues = [self.handles[name].when for name in event["timers"]]
        assert dues == sorted(due for due in dues if due is not None), "timers are out of order"

    def _select(self, event: Event) -> None:
        timeout, dues = event["timeout"], [self.handles[name].when for name in self.armed]
        if not self.lines:
            return
        assert self.told == self.turn, "its turn has not begun"
        if self.ready:
            assert timeout == 0, "it does not run what is ready"
        elif dues:
            next_due = min(due for due in dues if due is not None)
            assert timeout is not None, "it waits for ever, although timers are set"
            # A loop that is to stop does not wait.
            length = max(0.0, next_due - self.now)
            assert timeout == 0 or abs(length - timeout) < 2 * ROUNDING, f"it is due in {length} s"

    def _awake(self, event: Event) -> None:
        pass

    _thread = _awake

    def _print(self, event: Event) -> None:
        assert event["text"], "nothing is printed"


def check(trace: Trace) -> Checker:
    """Raise `InconsistentError` where an event of `trace` is impossible; returns the last state."""
    checker = Checker(lines=trace.depth == "lines")
    for step, event in enumerate(trace.events, 1):
        try:
            checker.take(event)
        except AssertionError as problem:
            shown = {key: value for key, value in event.items() if key != "say"}
            message = f"step {step}, “{event['say']}”: {problem}\n{shown}"
            raise InconsistentError(message) from None
    return checker


def check_end(checker: Checker) -> None:
    """Raise `AssertionError` where a trace that is whole leaves something running."""
    assert checker.running is None, f"{checker.running} still runs"
    for thread, stack in checker.stacks.items():
        assert not stack, f"still running in thread {thread!r}: {stack}"

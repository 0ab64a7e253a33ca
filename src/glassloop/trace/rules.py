"""The rules of the lints but one: what each of them listens for, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar, NamedTuple

from glassloop.trace.events import Event
from glassloop.trace.facts import Facts, Place
from glassloop.trace.sentences import seconds

LONG = 0.1  # seconds; what asyncio's own debug mode calls a slow callback
LEAST = 0.01  # seconds between two events that the recorder alone does not take

# Times of the clock are rounded.
_EXACT = 1e-9


@dataclass(frozen=True)
class Chapter:
    """A chapter of the book: its number, its page without the ending, its title."""

    number: int
    page: str
    title: str


@dataclass(frozen=True)
class Lint:
    """What is probably a mistake: the step that shows it (the first is 1), the sentence, the place.

    `task` is the task's name in the trace, such as "T2". File, line and task are None where
    there are none.
    """

    rule: str
    step: int
    say: str
    chapter: Chapter
    file: str | None = None
    line: int | None = None
    task: str | None = None

    def times(self, count: int) -> Lint:
        """This lint, found `count` times at its line."""
        if count == 1:
            return self
        return replace(self, say=f"{self.say} This happened {count} times.")

    def fields(self) -> dict[str, Any]:
        """The form in the trace's file."""
        return {key: value for key, value in asdict(self).items() if value is not None}

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Lint:
        """The lint with these fields."""
        return cls(**{**fields, "chapter": Chapter(**fields["chapter"])})

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " if self.line else ""
        return f"{where}{self.say} (chapter {self.chapter.number}, {self.chapter.title})"


class Rule:
    """Hears the events in order; a method `on_…` hears those of one kind, before `facts` does."""

    name: ClassVar[str]
    chapter: ClassVar[Chapter]

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.found: list[Lint] = []

    def hears(self) -> dict[str, Callable[[Event], object]]:
        """The methods for single kinds of events, by kind."""
        return {name[3:]: getattr(self, name) for name in dir(self) if name.startswith("on_")}

    def see(self, event: Event) -> None:
        """Any event."""

    def end(self, whole: bool) -> None:
        """The events are over, and with `whole` the program too."""

    @property
    def step(self) -> int:
        """The number of the event that is heard."""
        return self.facts.step + 1

    def lint(self, step: int, say: str, place: Place | None, task: str | None) -> None:
        """Something was found."""
        say = say[0].upper() + say[1:]
        file, line = (place.file, place.line) if place else (None, None)
        if task not in self.facts.tasks:
            task = None
        self.found.append(Lint(self.name, step, say, self.chapter, file, line, task))


def _at(place: Place | None) -> str:
    return f" at line {place.line}" if place else ""


class _Making(NamedTuple):
    step: int
    place: Place | None
    who: str


class NeverAwaited(Rule):
    """A coroutine that went without ever having run."""

    name = "never-awaited"
    chapter = Chapter(17, "3-async-await/17-async-def-and-await", "async def and await")

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self._waiting: dict[str, tuple[str, _Making]] = {}  # made and not begun, by frame
        self._gone: list[tuple[str, _Making]] = []

    def on_made(self, event: Event) -> None:
        if event["of"] == "coroutine":
            making = _Making(self.step, self.facts.place(event["who"]), event["who"])
            self._waiting[event["f"]] = event["name"], making

    def on_call(self, event: Event) -> None:
        self._waiting.pop(event["f"], None)

    def on_drop(self, event: Event) -> None:
        waiting = self._waiting.pop(event["f"], None)
        if waiting is not None and not event.get("closed"):
            self._gone.append(waiting)

    def on_unawaited(self, event: Event) -> None:
        call, who = f"{event['name']}()", event["who"]
        making = self._making(event["name"])
        step, place = self.step, self._thrown_away(event)
        if making is not None and making.place is not None:
            step, place, who = making
        write = f"write `await {call}`"
        if place is None:
            defined = Place(**event["defined"])
            say = f"`{call}`, defined{_at(defined)}, was called and never awaited"
            return self.lint(step, f"{say}, so nothing of it ran; {write}.", defined, who)
        if place.of in ("module", "function"):
            write = f"write `asyncio.run({call})`, or `await` it in an `async` function"
        say = f"`{call}`{_at(place)} was never awaited, so nothing of it ran; {write}."
        return self.lint(step, say, place, who)

    def _making(self, name: str) -> _Making | None:
        for index, (gone, making) in enumerate(self._gone):
            if gone == name:
                del self._gone[index]
                return making
        return None

    def _thrown_away(self, event: Event) -> Place | None:
        if "at" not in event:
            return None
        here = self.facts.place(event["who"])
        return Place(**event["at"], of=here.of if here else "")


class UnheldTask(Rule):
    """A task that its maker throws away, or one that was lost before it was done."""

    name = "unheld-task"
    chapter = Chapter(24, "4-inside-asyncio/24-future-and-task", "Future and Task, line by line")

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self._made: dict[str, _Making] = {}
        self._unheld: dict[str, _Making] = {}
        self._lost: dict[str, _Making] = {}

    def see(self, event: Event) -> None:
        """A task that turns up in a variable is held after all."""
        for value in event.get("set", {}).values() if self._unheld else ():
            if "<Task " in value:
                held = [i for i in self._unheld if f"<Task {self.facts.tasks.get(i)}>" in value]
                for task in held:
                    del self._unheld[task]

    def on_task(self, event: Event) -> None:
        self._made[event["id"]] = _Making(self.step, self.facts.place(event["who"]), event["who"])

    def on_unheld(self, event: Event) -> None:
        self._unheld[event["id"]] = _Making(self.step, Place(**event["at"]), event["who"])

    def on_vanish(self, event: Event) -> None:
        if not event.get("late") and (making := self._made.get(event["id"])):
            self._lost[event["id"]] = making

    def end(self, whole: bool) -> None:
        keep = "write `task = asyncio.create_task(…)` and await it, or make it in a `TaskGroup`"
        for task, (step, place, _) in {**self._lost, **self._unheld}.items():
            made = f"{self.facts.task(task)}, made{_at(place)},"
            if task in self._lost:
                say = f"{made} was destroyed before it was done, since nobody kept it; {keep}."
            else:
                say = (
                    f"nobody keeps {made} and the loop does not either: "
                    f"it can vanish before it is done; {keep}."
                )
            self.lint(step, say, place, task)


class NeverRetrieved(Rule):
    """A task failed, and it went without anybody having looked."""

    name = "never-retrieved"
    chapter = Chapter(15, "2-event-loop/15-tasks-that-wait", "Tasks that wait on futures")

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self._leaving: dict[str, tuple[str, Place | None]] = {}  # error and first line, by actor
        self._failed: dict[str, tuple[int, Place | None]] = {}

    def on_step(self, event: Event) -> None:
        self._leaving.pop(event["id"], None)

    def on_unwind(self, event: Event) -> None:
        error, _ = self._leaving.get(event["who"], ("", None))
        frame = self.facts.frames.get(event["f"])
        if error != event["error"] and frame is not None:
            place = Place(frame.file, event["line"], frame.of) if frame.own else None
            self._leaving[event["who"]] = event["error"], place

    def on_done(self, event: Event) -> None:
        if event["how"] == "error":
            _, place = self._leaving.get(event["id"], ("", None))
            self._failed[event["id"]] = self.step, place

    def on_unretrieved(self, event: Event) -> None:
        task = event["id"]
        step, place = self._failed.get(task, (self.step, None))
        who = self.facts.task(task) if task else "a future"
        self.lint(
            step,
            f"{who} failed{_at(place)} with `{event['error']}`, and nobody has looked; "
            f"await {'the task, or make it in a `TaskGroup`' if task else 'it'}.",
            place,
            task,
        )


class BlockedLoop(Rule):
    """A step of a task, or a callback, that took long while nothing else could run.

    On the machine's own clock the recorder takes time too, a little at each event. What counts
    is the time between two events where it is longer than that, without what was lost to the
    garbage collector and to other programs.
    """

    name = "blocked-loop"
    chapter = Chapter(33, "5-practice/33-blocking-and-cpu", "Blocking and CPU work")

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self._busy = False
        self._time = self._blocked = self._longest = 0.0
        self._who, self._last = "", 0
        self._where: tuple[int, Place | None, str] = (0, None, "")

    def see(self, event: Event) -> None:
        who, do = event["who"], event["do"]
        if who.startswith("thread "):
            return
        gap = event["t"] - self._time - event.get("lost", 0.0)
        if self._busy and gap >= LEAST:
            self._count(gap)
        if do in ("wait", "done", "select", "turn", "run") or (do == "step" and not self._busy):
            self._finish()
            self._busy = do in ("run", "step")
        self._time, self._who, self._last = event["t"], who, self.step

    def _count(self, gap: float) -> None:
        self._blocked += gap
        if gap > self._longest:
            self._longest = gap
            self._where = self._last, self.facts.place(self._who), self._who

    def _finish(self) -> None:
        if self._blocked > LONG + _EXACT:
            step, place, who = self._where
            task = self.facts.task(who) if who in self.facts.tasks else "a callback"
            self.lint(
                step,
                f"{task} held up the loop for {seconds(self._blocked)} s{_at(place)}, and no other "
                "task could run; write `await asyncio.sleep(…)` for a wait and "
                "`await asyncio.to_thread(…)` for work.",
                place,
                who,
            )
        self._blocked = self._longest = 0.0


@dataclass
class _Delivery:
    """A CancelledError has come into a frame: the frame, the line of its await, the line after.

    At depth "switches" that is not seen, but follows from what has woken the task.
    """

    step: int
    frame: str
    at: int
    seen: bool = True
    caught: int | None = None
    went_on: bool = False


class SwallowedCancellation(Rule):
    """A task was asked to cancel, and caught the CancelledError for good.

    Whoever takes the request back with `uncancel`, as `timeout` and `TaskGroup` do, swallows
    nothing. While a task cleans up nobody can tell; it is known when it is done, or when it has
    come to the same await again.
    """

    name = "swallowed-cancellation"
    chapter = Chapter(
        30, "5-practice/30-cancellation-for-real", "Cancellation and timeouts for real"
    )

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self._asked: dict[str, str | None] = {}  # by whom it was asked, by the task
        self._delivered: dict[str, _Delivery] = {}

    def on_cancel(self, event: Event) -> None:
        self._asked[event["id"]] = event["by"]

    def on_resume(self, event: Event) -> None:
        task = event["who"]
        thrown = event["how"] == "throw" and event.get("value", "").startswith("CancelledError")
        before = self._delivered.get(task)
        if before and before.frame == event["f"] and not before.seen:
            del self._delivered[task]
        if thrown and task in self._asked and not (before and before.went_on):
            self._delivered[task] = _Delivery(self.step, event["f"], event["line"])

    def on_wake(self, event: Event) -> None:
        task, wait = event["id"], self.facts.waits.get(event["id"])
        if event.get("how") != "cancelled" or task in self._delivered:
            return
        if self._asked.get(task) not in self.facts.tasks:
            return  # a group or a timeout asks through the loop, and catches what it has asked for
        if wait and wait.frame and wait.place:
            self._delivered[task] = _Delivery(self.step, wait.frame, wait.place.line, seen=False)

    def on_line(self, event: Event) -> None:
        delivery = self._delivered.get(event["who"])
        if delivery and delivery.frame == event["f"] and event["line"] != delivery.at:
            delivery.caught = delivery.caught or event["line"]

    def on_unwind(self, event: Event) -> None:
        delivery = self._delivered.get(event["who"])
        if delivery and delivery.frame == event["f"]:
            del self._delivered[event["who"]]

    def on_wait(self, event: Event) -> None:
        task = event["id"]
        if not event.get("asked"):
            # At depth "switches" only the end of a task tells whether it took the request back.
            if "lines" not in event:
                self._forget(task)
        elif (delivery := self._delivered.get(task)) and delivery.frame in event.get("chain", ()):
            wait = self.facts.wait(event)
            again = wait.frame == delivery.frame and wait.place and wait.place.line == delivery.at
            if again and event["on"] is not None:
                delivery.went_on = True

    def on_done(self, event: Event) -> None:
        task = event["id"]
        if event["how"] == "result" and event.get("asked") and task in self._delivered:
            went_on = self._delivered[task].went_on
            self._tell(task, "went on" if went_on else "ended with a result")
        self._forget(task)

    def end(self, whole: bool) -> None:
        for task, delivery in list(self._delivered.items()):
            if delivery.went_on and whole:
                self._tell(task, "went on")

    def _forget(self, task: str) -> None:
        self._asked.pop(task, None)
        self._delivered.pop(task, None)

    def _tell(self, task: str, how: str) -> None:
        delivery = self._delivered[task]
        frame = self.facts.frames[delivery.frame]
        place = Place(frame.file, delivery.caught or delivery.at, frame.of)
        self.lint(
            delivery.step,
            f"{self.facts.task(task)} was asked to cancel, caught the `CancelledError`{_at(place)} "
            f"and {how}; clean up in `finally`, or end the `except` block with `raise`.",
            place,
            task,
        )


class HeldLock(Rule):
    """A task waited long with a lock in its hands, and another one waited for the lock."""

    name = "held-lock"
    chapter = Chapter(31, "5-practice/31-races-and-locks", "Races and locks")

    def on_step(self, event: Event) -> None:
        task, waits = event["id"], self.facts.waits
        wait = waits.get(task)
        if wait is None or event["t"] - wait.since < LONG - _EXACT:
            return
        if self.facts.type_of(wait.on) in ("Lock", "Condition"):
            return  # the task that holds that one is to blame, or this one has let its lock go
        for other, theirs in waits.items():
            if theirs.on is None or self.facts.type_of(theirs.on) != "Lock":
                continue
            together = event["t"] - max(wait.since, theirs.since)
            if self.facts.holder(theirs.on) == task and together >= LONG - _EXACT:
                lock = self.facts.thing(theirs.on)
                self.lint(
                    wait.step,
                    f"{self.facts.task(task)} held {lock} while it waited for "
                    f"{seconds(event['t'] - wait.since)} s{_at(wait.place)}, and "
                    f"{self.facts.task(other)} waited for the lock; wait before the `async with` "
                    "block or behind it.",
                    wait.place,
                    task,
                )
                return

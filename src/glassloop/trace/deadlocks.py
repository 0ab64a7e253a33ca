"""The rule of the deadlock: tasks that wait for each other, or for what nobody can bring."""

from __future__ import annotations

from typing import NamedTuple

from glassloop.trace.events import Event
from glassloop.trace.facts import Facts, Place, Wait
from glassloop.trace.rules import Chapter, Rule

# What a task can wait for, in words, and who could bring it.
_WISHES = {
    "Lock": ("{}", "release it"),
    "Event": ("{}", "set it"),
    "Condition": ("{}", "notify it"),
    "Semaphore": ("{}", "release it"),
    "getters": ("an item of {}", "put one into it"),
    "putters": ("room in {}", "take an item from it"),
}
_UNKNOWN = ("{}", "bring it about")


class _Stillness(NamedTuple):
    """The loop had nothing to do but to wait without end: since when, and for which tasks."""

    since: float
    waits: dict[str, Wait]
    sockets: bool  # whether it may have waited for one


class Deadlock(Rule):
    """Nobody can bring what these tasks wait for.

    That tasks stand still shows at once; that nobody came to bring it shows when they are
    cancelled in the end, or when the recording is over. A time limit that cancels them is a way
    out, and no deadlock.
    """

    name = "deadlock"
    chapter = Chapter(39, "5-practice/39-seeing-inside", "Seeing inside")

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self._circles: list[dict[str, Wait]] = []
        self._still: _Stillness | None = None
        self._turn: Event = {}
        self._threads = False

    # Tasks that wait for each other.

    def on_wait(self, event: Event) -> None:
        wait = self.facts.wait(event)._replace(step=self.step)
        circle, task = {event["id"]: wait}, self._needed(wait)
        while task is not None and task not in circle and task in self.facts.waits:
            circle[task] = self.facts.waits[task]
            task = self._needed(circle[task])
        if task == event["id"]:
            self._circles.append(circle)

    def _needed(self, wait: Wait) -> str | None:
        """The task that has to go on before this wait can end."""
        if wait.on in self.facts.tasks:
            return wait.on
        return self.facts.holder(wait.on) if wait.on is not None else None

    # A loop that waits for nothing.

    def see(self, event: Event) -> None:
        self._threads = self._threads or event["who"].startswith("thread ")

    def on_turn(self, event: Event) -> None:
        self._turn = event

    def on_select(self, event: Event) -> None:
        self._still = None
        if event["timeout"] is None and self.facts.waits:
            known = self._turn.get("n") == event["turn"]
            sockets = bool(self._turn.get("sockets")) or not known
            self._still = _Stillness(event["t"], dict(self.facts.waits), sockets)

    # How it ends.

    def on_wake(self, event: Event) -> None:
        self._circles = [circle for circle in self._circles if event["id"] not in circle]
        self._still = None

    def on_run(self, event: Event) -> None:
        self._still = None

    def on_cancel(self, event: Event) -> None:
        stuck = [circle for circle in self._circles if event["id"] in circle]
        if event["by"] != "C":
            self._tell(stuck, event["t"])
        self._circles = [circle for circle in self._circles if event["id"] not in circle]
        self._still = None

    def end(self, whole: bool) -> None:
        if whole:
            self._tell(self._circles, None)

    def _tell(self, circles: list[dict[str, Wait]], ended: float | None) -> None:
        for circle in circles:
            self._tell_circle(circle)
        if self._still is not None and not (circles or self._circles):
            self._tell_still(self._still, ended)

    def _tell_circle(self, circle: dict[str, Wait]) -> None:
        task, wait = next(iter(circle.items()))
        if len(circle) == 1:
            say = (
                f"{self._waits(task, wait)}, which it holds itself, so it can never go on; "
                "release the lock first."
            )
        else:
            parts = [self._waits(task, wait) + self._held(wait) for task, wait in circle.items()]
            way_out = self._way_out(circle)
            say = f"{'; '.join(parts)}: none of them can ever go on; {way_out}."
        self.lint(wait.step, say, self._place(task, wait), task)

    def _place(self, task: str, wait: Wait) -> Place | None:
        return wait.place or self.facts.made.get(task)

    def _held(self, wait: Wait) -> str:
        holder = self.facts.holder(wait.on) if wait.on else None
        return f", which {self.facts.task(holder)} holds" if holder else ""

    def _way_out(self, circle: dict[str, Wait]) -> str:
        kinds = {self.facts.type_of(wait.on) for wait in circle.values()}
        if kinds == {"Lock"}:
            return "take the locks in the same order everywhere"
        if kinds == {"Task"}:
            return "let only one of them await the other"
        return "release a lock before you await a task that needs it"

    def _tell_still(self, still: _Stillness, ended: float | None) -> None:
        # Time that stands still is a simulated clock, and its loop knows that nothing can come.
        # On a machine there may be more to wait for than a trace can see.
        certain = ended == still.since
        roots = self._roots(still, certain)
        if not roots or not (certain or not (still.sockets or self._threads)):
            return
        task, wait = next(iter(roots.items()))
        parts = "; ".join(self._lacks(task, wait) for task, wait in roots.items())
        self.lint(
            wait.step,
            f"{parts}; `async with asyncio.timeout(…)` sets a limit to a wait.",
            self._place(task, wait),
            task,
        )

    def _roots(self, still: _Stillness, certain: bool) -> dict[str, Wait]:
        """Those that do not only wait for other tasks; a future may stand for tasks, too."""
        waits = [item for item in still.waits.items() if item[1].on not in self.facts.tasks]
        known = {task: wait for task, wait in waits if self._wish(task, wait) != _UNKNOWN}
        return known or (dict(waits) if certain else {})

    def _lacks(self, task: str, wait: Wait) -> str:
        _, bring = self._wish(task, wait)
        return f"{self._waits(task, wait)}{self._held(wait)}, and nobody is left to {bring}"

    def _waits(self, task: str, wait: Wait) -> str:
        wish, _ = self._wish(task, wait)
        thing = wish.format(self.facts.thing(wait.on))
        made = self.facts.made.get(task)
        if wait.place is not None:
            return f"{self.facts.task(task)} waits at line {wait.place.line} for {thing}"
        # A task of a library's coroutine is in no frame of the reader's.
        where = f", made at line {made.line}," if made is not None else ""
        return f"{self.facts.task(task)}{where} waits for {thing}"

    def _wish(self, task: str, wait: Wait) -> tuple[str, str]:
        kind = self.facts.type_of(wait.on)
        if kind == "Queue":
            getters = self.facts.objects[wait.on or ""]["state"]["getters"]
            kind = "getters" if task in getters else "putters"
        return _WISHES.get(kind, _UNKNOWN)

"""What the recorder hears of tasks: made, resumed, suspended on what, woken by whom, done."""

from __future__ import annotations

import types
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from glassloop.trace import asyncios, chains
from glassloop.trace.callbacks import is_task, running_task
from glassloop.trace.descriptors import is_future, state_of
from glassloop.trace.events import Event
from glassloop.trace.locals import read_one
from glassloop.trace.things import ThingWatch
from glassloop.trace.values import describe

if TYPE_CHECKING:
    from glassloop.trace.places import Place
    from glassloop.trace.recorder import Recorder

SHOWN = 100  # tasks of the ready queue that are looked after at every line


@dataclass(eq=False)
class Followed:
    """What is known of one task."""

    name: str
    reference: weakref.ref[Any] | None = None
    made: Event | None = None
    cancellations: int = 0  # how often it was asked to cancel, as far as was told
    waiter: weakref.ref[Any] | None = None  # the task that waits for this one
    future: weakref.ref[Any] | None = None  # what it waits for
    done: bool = False
    tidying: bool = False
    left_over: bool = False  # and is cancelled by `asyncio.run` for that


@dataclass(eq=False)
class Step:
    """A step of a task that was seen by its frames alone, and who ran before it."""

    task: weakref.ref[Any]
    before: str


class TaskWatch:
    """Names tasks, and writes down what they do.

    Where the loop is written in Python, the entries of its ready queue tell when a step begins and
    ends (`begin`, `end`). Any other loop runs a task unheard, and so does a task that starts
    eagerly: there the frames of the task's coroutines tell (`entering`, `leaving`).
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._followed: dict[int, Followed] = {}
        self._ready: dict[str, Followed] = {}  # those in the ready queue, the last one behind
        self._going: dict[int, str] = {}  # tasks that were collected, and may yet be spoken of
        self._count = 0
        self.things = ThingWatch(recorder, self.name_of)

    # Naming.

    def task_id(self, task: Any) -> str:
        """The name of a task; one that is new is written down."""
        return self.follow(task).name

    def name_of(self, task: Any) -> str:
        """What a task or future is called in a sentence."""
        if not is_task(task):
            return self.things.label(task)
        return f"`{_base(task).get_name(task)}`"

    def known_name(self, task: Any) -> str | None:
        """The name of a task that may be on its way out, which is given no new one."""
        followed = self._followed.get(id(task))
        return followed.name if followed is not None else self._going.get(id(task))

    def object_id(self, thing: Any) -> str:
        """The name of a task, or of another object that tasks wait at."""
        return self.task_id(thing) if is_task(thing) else self.things.object_id(thing)

    def follow(self, task: Any, *, eager: bool = False) -> Followed:
        """What is known of a task; one that is new is written down.

        `eager` tells of a new one that has begun already that it did so as it was made.
        """
        followed = self._followed.get(id(task))
        if followed is None:
            self._count += 1
            followed = self._followed[id(task)] = Followed(f"T{self._count}")
            self._going.pop(id(task), None)
            followed.reference = _weak(task, self._end(id(task), followed))
            self._introduce(task, followed, eager)
        return followed

    def _end(self, key: int, followed: Followed) -> Any:
        def gone(_: object) -> None:
            if self._followed.get(key) is followed:
                del self._followed[key]
                self._going[key] = followed.name

        return gone

    def _introduce(self, task: Any, followed: Followed, eager: bool) -> None:
        recorder, coroutine = self._recorder, task._coro
        code = getattr(chains.frame_of(coroutine), "f_code", None)
        fields: dict[str, Any] = {"f": None}
        if code is not None and id(code) in asyncios.known.tidies and _is_idle(task._loop):
            followed.tidying = recorder.place.tidying = True
            fields["what"] = code.co_name
        else:
            fields["f"] = recorder.meet(coroutine)
            begun = chains.has_begun(coroutine) or _base(task).done(task)
            if begun or (eager and running_task() is task):
                # It starts eagerly, or it is older than the recording.
                fields["eager" if eager else "begun"] = True
        if code is None or not recorder.own(code):
            fields["library"] = True
        fields["name"] = _base(task).get_name(task)
        followed.made = recorder.emit("task", id=followed.name, by=recorder.who, **fields)
        if not followed.tidying:
            recorder.task_made(task, followed.name)

    # Steps.

    def begin(self, task: Any) -> None:
        """A task begins a step, in this thread."""
        recorder, followed = self._recorder, self.follow(task)
        self.notice_cancellation(task, None)
        recorder.place.who = followed.name
        self._ready.pop(followed.name, None)
        # Some Pythons name a task only after it was made: what counts is its name when it runs.
        self.rename(task)
        if not followed.tidying:
            recorder.emit("step", id=followed.name)

    def rename(self, task: Any) -> None:
        """Say of the task that was made what it is called now."""
        made = self.follow(task).made
        if made is not None:
            made["name"] = _base(task).get_name(task)

    def end(self, task: Any) -> None:
        """A task has made a step: it is done, or it waits."""
        followed = self.follow(task)
        if followed.done:
            return
        self.notice_cancellations()
        self.notice_cancellation(task, followed.name)
        if state_of(task) != "pending":
            self._done(followed, _ending(task), asked(task))
        elif not followed.tidying:
            coroutines = list(chains.chain(task._coro))
            self._wait(task, followed, getattr(task, "_fut_waiter", None), coroutines)

    def end_early(self) -> None:
        """Where the running task is done already, say so before what follows from it."""
        place = self._recorder.place
        task = place.running[-1]() if place.running else None
        if task is not None and state_of(task) != "pending" and place.who == self.known_name(task):
            self.end(task)
            place.enter_loop()

    def _wait(self, task: Any, followed: Followed, future: Any, coroutines: list[Any]) -> None:
        names = [self._recorder.meet(link) for link in coroutines]
        on = None
        if future is not None:
            followed.future = _weak(future)
            if is_task(future):
                inner = self.follow(future)
                inner.waiter, on = _weak(task), inner.name
            else:
                frames = [chains.frame_of(link) for link in coroutines]
                found = [frame for frame in frames if frame is not None]
                on = self.things.waited_for(future, followed.name, found)
            self._recorder.task_waits(task, future, on)
        chain = [name for name in names if name is not None]
        self._recorder.emit("wait", id=followed.name, on=on, chain=chain, **asked(task))

    def _done(self, followed: Followed, ending: dict[str, Any], requests: dict[str, int]) -> None:
        followed.done = True
        self._recorder.emit("done", id=followed.name, **ending, **requests)

    def wake(self, task: Any, future: Any, asks: str | None) -> None:
        """What a task waited for is done; `asks` is who asked it to cancel, if anybody did."""
        followed = self.follow(task)
        followed.future = None
        if followed.tidying:
            return
        self.notice_cancellation(task, asks)
        self._forget_waiter(future)
        by = self.task_id(future) if is_task(future) else self.things.woken_by(future)
        self._recorder.emit("wake", id=followed.name, by=by, how=way_it_ended(future))

    def _forget_waiter(self, future: Any) -> None:
        if (inner := self._followed.get(id(future))) is not None:
            inner.waiter = None

    def ready(self, task: Any) -> None:
        """A task's next step stands in the ready queue."""
        self._ready[self.task_id(task)] = self.follow(task)

    def named(self, name: str | None) -> Any:
        """The task of this name, while there is one."""
        found = (known for known in self._followed.values() if known.name == name)
        reference = getattr(next(found, None), "reference", None)
        return reference() if reference is not None else None

    # Cancellation.

    def notice_cancellations(self) -> None:
        """Write down whom the actor has asked to cancel: itself, or who is ready already.

        Such a task is not woken, so no call of the loop's own tells of it.
        """
        if self._recorder.depth == "lines":
            running = self._recorder.place.running
            if running and (task := running[-1]()) is not None:
                followed = self.follow(task)
                if not _asked_no_more(task, followed.cancellations):
                    self.notice_cancellation(task, self._recorder.who)
            for followed in list(self._ready.values())[-SHOWN:]:
                task = followed.reference() if followed.reference is not None else None
                # This runs at every line, so most tasks must be passed over quickly.
                if followed.waiter is None and _asked_no_more(task, followed.cancellations):
                    continue
                self.notice_cancellation(task, self._recorder.who)

    def notice_cancellation(self, task: Any, by: str | None) -> None:
        """Write down that `by` asks a task to cancel, if it was asked since the last look.

        A task hands the request on to what it waits for, so those that wait come first.
        """
        asked: list[Any] = []
        while task is not None and not any(task is one for one in asked):
            asked.append(task)
            waiter = self.follow(task).waiter
            task = waiter() if waiter is not None else None
        for task in reversed(asked):
            followed, count = self.follow(task), _base(task).cancelling(task)
            if count > followed.cancellations:
                from_outside = by is None or by == "main"
                told = "run" if followed.left_over and from_outside else by
                self._recorder.emit("cancel", id=followed.name, by=told)
            followed.cancellations = count

    def left_over(self, frame: types.FrameType, _: Any) -> None:
        """`asyncio.run` is about to cancel the tasks that its main task has left."""
        for followed in self._followed.values():
            task = followed.reference() if followed.reference is not None else None
            followed.left_over = task is not None and task._loop is read_one(frame, "loop")

    def gathering_cancelled(self, frame: types.FrameType, _: Any) -> None:
        """What a gather was asked it asks of its tasks: the task that waits for it comes first."""
        task = self.named(self.things.waiter(read_one(frame, "self")))
        if task is not None:
            self.notice_cancellation(task, self._recorder.who)

    # Steps of which the loop tells nothing.

    def notice_beginning(self) -> None:
        """A task that nobody has heard of runs: it has begun eagerly, in the library's code."""
        task = running_task()
        if task is not None and id(task) not in self._followed:
            self.entering()

    def entering(self) -> None:
        """A coroutine begins or goes on, and who called it is no coroutine of the reader's."""
        task, place = running_task(), self._recorder.place
        if task is None or not is_task(task) or self.known_name(task) == place.who:
            return
        while place.stepping and not _is_under_way(place.stepping[-1]):
            self._finish(place.stepping[-1])
        followed = self.follow(task, eager=place.who.startswith("T") or _in_a_callback(place))
        if followed.name == place.who or followed.done:
            return
        place.stepping.append(Step(weakref.ref(task), place.who))
        future = followed.future() if followed.future is not None else None
        if future is not None and state_of(future) != "pending":
            self.wake(task, future, None)
        self.begin(task)

    def leaving(self, frame: types.FrameType, how: str, value: Any) -> None:
        """A coroutine of the reader's pauses, returns or fails, and goes back to who called it."""
        place = self._recorder.place
        if not place.stepping or chains.is_called_by_a_coroutine(frame, self._recorder.own):
            return
        step = place.stepping[-1]
        task = step.task()
        if task is None or place.who != self.known_name(task):
            return
        followed = self.follow(task)
        if how == "pause":
            future = value if is_future(value) else None
            self._wait(task, followed, future, chains.chain_through(task._coro, frame))
            self._ready[followed.name] = followed  # nobody will tell when it is asked to cancel
        elif chains.frame_of(task._coro) is frame:
            self._done(followed, _outcome(how, value), asked(task))
        else:
            return  # the library's coroutine that called it may go on
        self._close(step)

    def made(self, task: Any) -> None:
        """A task was made; one that has started eagerly has made its first step by now."""
        new = id(task) not in self._followed
        followed, place = self.follow(task, eager=True), self._recorder.place
        if not new and followed.made is not None:
            followed.made["name"] = _base(task).get_name(task)
        if new and followed.made is not None and followed.made.get("eager"):
            before = place.who  # no frame of the reader's was in that step
            self.begin(task)
            self.end(task)
            place.who = before
        elif place.stepping and place.stepping[-1].task() is task and place.who == followed.name:
            self._finish(place.stepping[-1])

    def finish(self) -> None:
        """The recording ends: so do the steps of which no end was seen."""
        place = self._recorder.place
        while place.stepping and not _is_under_way(place.stepping[-1]):
            self._finish(place.stepping[-1])

    def _finish(self, step: Step) -> None:
        """A step whose end was not seen is over by now."""
        task = step.task()
        if task is not None:
            self.end(task)
        self._close(step)

    def _close(self, step: Step) -> None:
        place = self._recorder.place
        place.stepping.remove(step)
        place.who = step.before


def _is_idle(loop: Any) -> bool:
    """Whether nothing of the program's is left in a loop; the task that tidies up may be in it."""
    return not len(getattr(loop, "_asyncgens", ())) and len(getattr(loop, "_ready", ())) <= 1


def _in_a_callback(place: Place) -> bool:
    """Whether an entry runs that is no task's step: a task that begins here does so eagerly."""
    return bool(place.running) and place.running[-1]() is None


def _is_under_way(step: Step) -> bool:
    """Whether a task still makes this step: another one that starts eagerly runs inside it."""
    task = step.task()
    return task is not None and bool(getattr(task._coro, "cr_running", False))


def _base(task: Any) -> Any:
    """The class of asyncio's whose methods a task has, whatever a subclass overrides."""
    kind, first = type(task), asyncios.known.tasks[0]
    if kind is first:  # as most are
        return first
    return next(known for known in asyncios.known.tasks if issubclass(kind, known))


def _weak(thing: Any, gone: Callable[[Any], object] | None = None) -> weakref.ref[Any] | None:
    try:
        return weakref.ref(thing, gone)
    except TypeError:
        return None


def _asked_no_more(task: Any, known: int) -> bool:
    """Whether no request to cancel has come to those that are known."""
    return task is None or bool(_base(task).cancelling(task) == known)


def asked(task: Any) -> dict[str, int]:
    """How many requests to cancel are open."""
    return {"asked": count} if (count := _base(task).cancelling(task)) else {}


def way_it_ended(future: Any) -> str:
    """ "result", "error" or "cancelled": how a future that is done has ended."""
    if state_of(future) == "cancelled":
        return "cancelled"
    # Not future.exception(), which would mark the exception as retrieved.
    return "error" if getattr(future, "_exception", None) is not None else "result"


def _ending(task: Any) -> dict[str, Any]:
    how = way_it_ended(task)
    if how == "cancelled":
        return {"how": how}
    return {"how": how, "value": describe(task._exception if how == "error" else task._result)}


def _outcome(how: str, value: Any) -> dict[str, Any]:
    """How a task ends whose coroutine returns `value`, or fails with it."""
    text = value if how == "error" and isinstance(value, str) else describe(value)
    if how == "error" and text.startswith("CancelledError("):
        return {"how": "cancelled"}
    return {"how": how, "value": text}

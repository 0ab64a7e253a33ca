"""Records at depth "switches": which task runs when, where it is suspended, and who wakes it.

Cheap enough for programs that do real work. A task's outermost coroutine alone is listened to: it
goes on where a step begins and pauses where the step ends. What stands below it is read there, and
nothing is heard of frames that cannot pause. Generators, and coroutines that no loop runs, are told
as they are at depth "lines".
"""

from __future__ import annotations

import asyncio
import types
import weakref
from dataclasses import dataclass, field
from typing import Any

from glassloop.trace import chains, sources
from glassloop.trace.callbacks import is_step, is_task, running_task
from glassloop.trace.descriptors import is_future
from glassloop.trace.locals import read_one
from glassloop.trace.paths import Path, Paths
from glassloop.trace.pauses import LEAST
from glassloop.trace.places import Place
from glassloop.trace.recorder import Own, Recorder
from glassloop.trace.short_forms import DONE, MADE, STEP, WAKE
from glassloop.trace.tasks import asked, way_it_ended
from glassloop.trace.values import describe

# The parts (see `asyncios`) of which nothing is heard, and those that a chain is recorded with.
UNHEARD = ("run", "step", "end", "cancel handle", "ready", "fire", "signal", "use")
OF_THE_LOOP = ("turn", "select", "queue", "queue by a thread", "resume", "arm")

_COROUTINE = 0x80  # of a code's flags


def _how(error: BaseException | None) -> str:
    """How the wait has ended of a task that goes on with this exception, or with none."""
    if error is None:
        return "result"
    return "cancelled" if issubclass(type(error), asyncio.CancelledError) else "error"


@dataclass(eq=False)
class _Followed:
    """A task, and what was seen when it paused last."""

    name: str
    task: weakref.ref[Any]
    key: int  # the identity of the task
    coroutine: weakref.ref[Any]
    place: Place  # where it runs
    begun: bool = False
    codes: tuple[types.CodeType, ...] = ()  # of the frames through which it was suspended
    names: tuple[str, ...] = ()  # what these are called
    given: dict[int, str] = field(default_factory=dict)  # those of them that only a chain tells of
    future: int = 0  # the identity of what it waits for, which the task holds meanwhile
    on: str = ""  # and what that is called


class SwitchRecorder(Recorder):
    """A recorder that hears of the steps of tasks and of little else."""

    def __init__(self, limit: int, own: Own, chain: bool) -> None:
        super().__init__("switches", limit, own)
        self._chain = chain
        self._outermost: dict[int, _Followed] = {}  # by the frame of the task's coroutine
        self._tasks: dict[int, _Followed] = {}  # the same by the task
        self._paths = Paths(own)
        self._new_name = self.loops.tasks.things.new_name
        self._links: dict[int, tuple[types.CodeType, tuple[Any, ...]]] = {}
        self._hook()

    def _hook(self) -> None:
        begins, ends = self.loops.begins, self.loops.ends
        begins |= {"turn": self._turn, "select": self._selecting}
        ends |= {"queue": self._queued, "resume": self._resumed, "arm": self._armed}
        ends["select"] = self._selected
        if not self._chain:
            begins["loop ends"] = self._begins_or_ends
        for part in UNHEARD if self._chain else (*UNHEARD, *OF_THE_LOOP):
            begins.pop(part, None)
            ends.pop(part, None)

    def wanted(self, code: types.CodeType) -> bool:
        """Whether all that frames of this code do is told: they can pause, and are no task's."""
        flags = code.co_flags
        if not flags & sources.PAUSING or not self.own(code):
            return False
        return not flags & _COROUTINE or asyncio._get_running_loop() is None

    # What the loop tells.

    def task_made(self, task: Any, name: str) -> None:
        """A task was met for the first time."""
        coroutine = task._coro
        frame = chains.frame_of(coroutine)
        if frame is not None:
            ways = weakref.ref(task), id(task), weakref.ref(coroutine)
            followed = _Followed(name, *ways, self._places.here)
            self._outermost[id(frame)] = self._tasks[id(task)] = followed
            self.watch(frame.f_code)

    def task_waits(self, task: Any, future: Any, on: str) -> None:
        """A task has paused in a step of which its outermost coroutine has not told."""
        if (followed := self._tasks.get(id(task))) is not None:
            followed.future, followed.on = id(future), on

    def _queued(self, frame: types.FrameType, handle: Any) -> None:
        """An entry was put into the ready queue: perhaps what a task waited for is done."""
        arguments = handle._args if handle is not None else None
        if arguments and is_step(callback := handle._callback):
            self._may_wake(callback.__self__, arguments[0])

    def _resumed(self, frame: types.FrameType, _: Any) -> None:
        """A task of ours comes into the ready queue itself."""
        task = read_one(frame, "task")
        if task._fut_waiter is not None:
            self._may_wake(task, task._fut_waiter)

    def _may_wake(self, task: Any, future: Any) -> None:
        followed = self._tasks.get(id(task))
        if followed is None or followed.future != id(future) or followed.task() is not task:
            return
        followed.future, how = 0, way_it_ended(future)
        if how == "cancelled":
            self.loops.tasks.notice_cancellation(task, self.who)
        self.note(WAKE, followed.name, followed.on, how)

    def _armed(self, frame: types.FrameType, handle: Any) -> None:
        """A timer was set: perhaps it ends a future."""
        for argument in (handle._args or ()) if handle is not None else ():
            if is_future(argument) and not is_task(argument):
                when = round(handle._when - (self.start or 0.0), 9)
                self.loops.tasks.things.ends_at(argument, when)

    def _turn(self, frame: types.FrameType, _: Any) -> None:
        """A turn begins; the loop will not wait in it if something is ready."""
        self.loops.turn(frame, None)
        self._places.here.waits = not getattr(asyncio._get_running_loop(), "_ready", None)

    def _begins_or_ends(self, frame: types.FrameType, _: Any) -> None:
        """Without its turns, a loop is heard of as it begins to run, and when it runs no longer."""
        loop, place = read_one(frame, "self"), self._places.here
        if place.outside and place.outside[-1][0] == id(loop):
            if asyncio._get_running_loop() is not loop:
                self.loops.ended(frame, None)
        else:
            place.outside.append((id(loop), place.who, len(place.running)))
            place.enter_loop()

    def _selecting(self, frame: types.FrameType, _: Any) -> None:
        """The loop asks its selector, which is told where it really waits."""
        place = self._places.here
        if place.waits:
            timeout = read_one(frame, "timeout")
            place.waits = timeout is None or timeout > 0
            if place.waits:
                self.loops.selecting(frame, None)

    def _selected(self, frame: types.FrameType, ready: Any) -> None:
        if self._places.here.waits:
            self.loops.selected(frame, ready)

    # What frames tell.

    def meet(self, value: Any) -> str | None:
        """The frame of a generator or coroutine; a new task's is told without its variables."""
        if type(value) is not types.CoroutineType or chains.has_begun(value):
            return super().meet(value)
        frame: types.FrameType = value.cr_frame  # type: ignore[assignment,unused-ignore]
        name = self.frame_id(frame)
        if name is None or not self._is_of(name, value):
            name = self.new_frame(frame)
            *said, library, _ = self._description(frame.f_code)
            self.note(MADE, name, *said, library, False if library else None)
            self._await_end(value, frame, name)
        return name

    def _is_below(self, frame: types.FrameType) -> bool:
        """Whether a coroutine runs for a task, of which its outermost coroutine will tell."""
        return bool(frame.f_code.co_flags & _COROUTINE) and asyncio._get_running_loop() is not None

    def called(self, frame: types.FrameType) -> None:
        if id(frame) in self._outermost:
            self.resumed(frame, None)
        elif not self._is_below(frame):
            super().called(frame)

    def resumed(self, frame: types.FrameType, error: BaseException | None) -> None:
        """A task's step begins. This runs often, so it calls as little as it can."""
        followed = self._outermost.get(id(frame))
        if followed is None:
            if not self._is_below(frame):
                super().resumed(frame, error)
            return
        if error is not None:
            self._thrown()
        name, place = followed.name, self._places.here
        if place.who == name:
            return  # what is thrown in goes to the innermost frame first, which has told of it
        if not followed.begun:
            self._begin(followed)
        if (self._leaving or len(self.events) >= self._room) and not self._make_room():
            return
        before, place.who, followed.place = place.who, name, place
        self.pauses.latest = now = self.clock()
        if followed.future:  # no call of the loop's has told that it can go on
            followed.future = 0
            self.events.append(("woken", now, self.turns, before, name, followed.on, _how(error)))
        else:
            self.events.append((STEP, now, self.turns, name, name))

    def suspended(self, frame: types.FrameType, offset: int, value: Any) -> None:
        """A task's step ends."""
        followed = self._outermost.get(id(frame))
        if followed is None:
            if not self._is_below(frame):
                super().suspended(frame, offset, value)
            return
        place, kind, on = followed.place, "waiting", None
        lines: tuple[int, ...] = ()
        waits = value is not None and is_future(value)
        if place.stepping:
            self._end_step(running_task())
        if self._chain:
            on, lines = self._look_below(followed, value if waits else None)
        elif waits and is_task(value):
            on = self.loops.tasks.task_id(value)
        elif waits:
            kind, on = "waiting for any", self._new_name()
        if on is not None:
            followed.future, followed.on = id(value), on
        now, name = self.clock(), followed.name
        record = kind, now, self.turns, name, on, followed.names, lines
        if now - self.pauses.latest >= LEAST or len(self.events) >= self._room:
            self._jot_with_care(record)
        else:
            self.pauses.latest = now
            self.events.append(record)
        place.who = place.loop

    def returned(self, frame: types.FrameType, value: Any) -> None:
        followed = self._outermost.get(id(frame))
        if followed is not None:
            self._done(frame, followed, {"how": "result", "value": describe(value)})
        elif not self._is_below(frame):
            super().returned(frame, value)

    def unwound(self, frame: types.FrameType, error: BaseException | str) -> None:
        followed = self._outermost.get(id(frame))
        if followed is None:
            if not self._is_below(frame):
                super().unwound(frame, error)
        elif issubclass(type(error), asyncio.CancelledError) or error == "CancelledError()":
            self._done(frame, followed, {"how": "cancelled"})
        else:
            text = error if isinstance(error, str) else describe(error)
            self._done(frame, followed, {"how": "error", "value": text})

    # Steps.

    def _thrown(self) -> None:
        """A task that was ready already goes on with an exception: was it asked to cancel?"""
        task = running_task()
        if task is not None and is_task(task):
            self.loops.tasks.notice_cancellation(task, None)

    def _begin(self, followed: _Followed) -> None:
        """Some Pythons name a task only after it was made: what counts is its name when it runs."""
        followed.begun, task = True, followed.task()
        if task is not None:
            self.loops.tasks.rename(task)

    def _end_step(self, task: Any) -> None:
        """A step that a frame further in has told of ends here."""
        stepping = self.place.stepping
        if stepping and stepping[-1].task() is task:
            stepping.pop()

    def _look_below(self, followed: _Followed, future: Any) -> tuple[str | None, tuple[int, ...]]:
        """Through which frames a task is suspended: gives what it waits for, and their lines."""
        path, frames = self._paths.below(followed.coroutine())
        if path.codes is not followed.codes or len(self._frames) != len(self._outermost):
            self._name_frames(followed, path.codes, frames)
        on = None if future is None else self._awaited(future, followed, path, frames)
        return on, path.lines

    def _name_frames(
        self,
        followed: _Followed,
        codes: tuple[types.CodeType, ...],
        frames: list[types.FrameType],
    ) -> None:
        """Give names to the frames through which a task is suspended; new ones are `made`.

        Where the code is the one that stood there at the last pause, so is the frame, or it is
        taken for it.
        """
        if self._leaving:
            self._let_go()
        same, names, given = True, [], {}
        said: list[tuple[str, tuple[Any, ...]]] = []
        for at, (code, frame) in enumerate(zip(codes, frames, strict=True)):
            same = same and at < len(followed.codes) and followed.codes[at] is code
            name = self.frame_id(frame)
            if name is None:
                name = given[at] = (same and followed.given.get(at)) or self._next_name()
                if name != followed.given.get(at):
                    said.append((name, self._description(code)))
            names.append(name)
        followed.codes, followed.names, followed.given = codes, tuple(names), given
        if said:
            self._write_made(followed, said)

    def _write_made(self, followed: _Followed, said: list[tuple[str, tuple[Any, ...]]]) -> None:
        self.jot(("all made", self.clock(), self.turns, followed.name, *zip(*said, strict=True)))

    def _description(self, code: types.CodeType) -> tuple[Any, ...]:
        """What `made` says of frames of this code."""
        known = self._links.get(id(code))
        if known is not None:
            return known[1]
        own, file = self.own(code), code.co_filename
        if own:
            self.files.add(file)
        name, kind = sources.short_function_name(code.co_qualname), sources.kind_of(code)
        line, library = code.co_firstlineno, None if own else True
        said = (name, sources.short_name(file), line, kind, library, own or None)
        self._links[id(code)] = code, said
        return said

    def _awaited(
        self, future: Any, followed: _Followed, path: Path, frames: list[types.FrameType]
    ) -> str:
        """The name of what a task waits for, written down where it is new."""
        if is_task(future):
            return self.loops.tasks.task_id(future)
        things = self.loops.tasks.things
        if path.door is not None:
            name = things.known_name(read_one(frames[path.door], "self"))
            if name is not None:
                return name
        return things.waited_for(future, followed.name, frames)

    def _done(self, frame: types.FrameType, followed: _Followed, ending: dict[str, Any]) -> None:
        task = running_task()
        if ending["how"] == "result" and getattr(task, "_must_cancel", False):
            ending = {"how": "cancelled"}
        if is_task(task):
            self.loops.tasks.follow(task).done = True
        self._end_step(task)
        requests = asked(task).get("asked") if task is not None else None
        self.note(DONE, followed.name, ending["how"], ending.get("value"), requests)
        self._forget(frame)
        self._unfollow(id(frame))
        self.place.enter_loop()

    def _gone(self, key: int, name: str) -> None:
        self._unfollow(key)
        super()._gone(key, name)

    def _unfollow(self, key: int) -> None:
        followed = self._outermost.pop(key, None)
        if followed is not None and self._tasks.get(followed.key) is followed:
            del self._tasks[followed.key]

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
from glassloop.trace.callbacks import is_task, running_task, task_of
from glassloop.trace.descriptors import is_future, state_of
from glassloop.trace.locals import read_one
from glassloop.trace.recorder import Own, Recorder
from glassloop.trace.tasks import asked
from glassloop.trace.values import describe

STEP = ("step", "id")
WAIT = ("wait", "id", "on", "chain", "lines")
WAKE = ("wake", "id", "by", "how")
MADE = ("made", "f", "name", "file", "line", "of", "library", "begun")
OBJECT = ("object", "o", "type", "label", "state")

_COROUTINE = 0x80  # of a code's flags
_NOTHING: dict[str, Any] = {}
_PENDING: dict[str, Any] = {"state": "pending", "waiters": []}

# Names and lines of the frames through which a task waits, outermost first, and the frames.
_Chain = tuple[list[str], list[int], list[types.FrameType]]
_NO_CHAIN: _Chain = ([], [], [])


@dataclass(eq=False)
class _Followed:
    """A task, and what was seen when it paused last."""

    name: str
    links: list[tuple[weakref.ref[Any], str]] = field(default_factory=list)
    begun: bool = False
    waits_for: int | None = None  # the identity of the future, which the task holds meanwhile


class SwitchRecorder(Recorder):
    """A recorder that hears of the steps of tasks and of little else."""

    def __init__(self, limit: int, own: Own, chain: bool) -> None:
        super().__init__("switches", limit, own)
        self._chain = chain
        self._outermost: dict[int, _Followed] = {}  # by the frame of the task's coroutine
        # By the future: the tasks that wait for it, and its name.
        self._waits: dict[int, list[tuple[_Followed, str]]] = {}
        self._codes: dict[int, tuple[types.CodeType, tuple[Any, ...]]] = {}
        self._loop_waits = False
        self._hook()

    def _hook(self) -> None:
        base: Any = asyncio.base_events.BaseEventLoop
        loop: Any = asyncio.selector_events.BaseSelectorEventLoop
        handle, timer = asyncio.events.Handle, asyncio.events.TimerHandle
        hooks, things = self.loops, self.loops.tasks.things
        unheard = [handle._run, handle.cancel, timer.cancel, base._add_callback]
        unheard += [loop._process_events]
        for function in unheard:
            hooks.on_entry.pop(function.__code__, None)
            hooks.on_exit.pop(function.__code__, None)
        for code, hook in list(hooks.on_exit.items()):
            if hook == things._used:
                del hooks.on_exit[code]
        for code, hook in hooks.on_entry.items():
            if hook == self.loops._selecting:
                hooks.on_entry[code], hooks.on_exit[code] = self._selecting, self._selected
        hooks.on_exit[base._call_soon.__code__] = self._queued
        hooks.on_exit[base.call_at.__code__] = self._armed

    def wanted(self, code: types.CodeType) -> bool:
        """Whether all that frames of this code do is told: they can pause, and are no task's."""
        flags = code.co_flags
        if not flags & sources.PAUSING or not self.own(code):
            return False
        return not flags & _COROUTINE or asyncio._get_running_loop() is None

    # What the loop tells.

    def task_made(self, task: Any, name: str) -> None:
        """A task was met for the first time."""
        frame = chains.frame_of(task._coro)
        if frame is not None:
            self._outermost[id(frame)] = _Followed(name)
            self.watch(frame.f_code)

    def _queued(self, frame: types.FrameType, handle: Any) -> None:
        """An entry was put into the ready queue: perhaps what a task waited for is done."""
        arguments = handle._args if handle is not None else None
        if arguments and id(arguments[0]) in self._waits and task_of(handle) is not None:
            self._wake(task_of(handle), arguments[0])

    def _wake(self, task: Any, future: Any) -> None:
        known = self.loops.tasks.known_name(task)
        waiting = next((each for each, _ in self._waits[id(future)] if each.name == known), None)
        if waiting is None:
            return
        followed, name = waiting, self._wait_ends(waiting)
        how = "result"
        if state_of(future) == "cancelled":
            how = "cancelled"
            self.loops.tasks.notice_cancellation(task, self.who)
        elif getattr(future, "_exception", None) is not None:
            how = "error"
        self.note(WAKE, followed.name, name, how)

    def _armed(self, frame: types.FrameType, handle: Any) -> None:
        """A timer was set: perhaps it ends a future."""
        for argument in (handle._args or ()) if handle is not None else ():
            if is_future(argument) and not is_task(argument):
                when = round(handle._when - (self.start or 0.0), 9)
                self.loops.tasks.things.ends_at(argument, when)

    def _selecting(self, frame: types.FrameType, _: Any) -> None:
        """The loop asks its selector, which is told where it really waits."""
        timeout = read_one(frame, "timeout")
        self._loop_waits = timeout is None or timeout > 0
        if self._loop_waits:
            self.loops._selecting(frame, None)

    def _selected(self, frame: types.FrameType, ready: Any) -> None:
        if self._loop_waits:
            self.loops._selected(frame, ready)

    # What frames tell.

    def _is_below(self, frame: types.FrameType) -> bool:
        """Whether a coroutine runs for a task, of which its outermost coroutine will tell."""
        return bool(frame.f_code.co_flags & _COROUTINE) and asyncio._get_running_loop() is not None

    def called(self, frame: types.FrameType) -> None:
        followed = self._outermost.get(id(frame))
        if followed is not None:
            self._step(followed)
        elif not self._is_below(frame):
            super().called(frame)

    def resumed(self, frame: types.FrameType, error: BaseException | None) -> None:
        followed = self._outermost.get(id(frame))
        if followed is not None:
            if error is not None:
                self._thrown()
            self._step(followed)
        elif not self._is_below(frame):
            super().resumed(frame, error)

    def suspended(self, frame: types.FrameType, how: str, value: Any) -> None:
        followed = self._outermost.get(id(frame))
        if followed is not None:
            self._pause(followed, value)
        elif not self._is_below(frame):
            super().suspended(frame, how, value)

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

    def _step(self, followed: _Followed) -> None:
        if followed.waits_for is not None:  # of loops in C nothing is heard that tells of this
            self.note(WAKE, followed.name, self._wait_ends(followed), "result")
        elif not followed.begun:
            self._begin(followed)
        if self.place.who == followed.name:
            return  # what is thrown in goes to the innermost frame first, which has told of it
        self.place.who = followed.name
        self.note(STEP, followed.name)

    def _wait_ends(self, followed: _Followed) -> str:
        """A task waits no longer; returns the name of what it waited for."""
        key, followed.waits_for = followed.waits_for or 0, None
        entries = self._waits.pop(key)
        if others := [entry for entry in entries if entry[0] is not followed]:
            self._waits[key] = others
        return next(name for each, name in entries if each is followed)

    def _begin(self, followed: _Followed) -> None:
        """Some Pythons name a task only after it was made: what counts is its name when it runs."""
        followed.begun = True
        task = running_task()
        if task is not None and is_task(task):
            self.loops.tasks.rename(task)

    def _pause(self, followed: _Followed, future: Any) -> None:
        names, lines, frames = self._look_below(followed) if self._chain else _NO_CHAIN
        on = None
        if future is not None and is_future(future):
            on = self._awaited(future, followed, frames)
            self._waits.setdefault(id(future), []).append((followed, on))
            followed.waits_for = id(future)
        self._end_step(running_task())
        self.note(WAIT, followed.name, on, names, lines)
        place = self.place
        place.who = place.loop

    def _end_step(self, task: Any) -> None:
        """A step that a frame further in has told of ends here."""
        stepping = self.place.stepping
        if stepping and stepping[-1].task() is task:
            stepping.pop()

    def _look_below(self, followed: _Followed) -> _Chain:
        """The chain of awaits of the task that is running.

        A coroutine is the one seen at the last pause if it stands at the same place.
        """
        names: list[str] = []
        lines: list[int] = []
        frames: list[types.FrameType] = []
        task = running_task()
        before, links = followed.links, []
        for at, link in enumerate(chains.chain(task._coro) if is_task(task) else ()):
            frame = chains.frame_of(link)
            if frame is None:
                continue
            if at < len(before) and before[at][0]() is link:
                known = before[at]
            else:
                known = weakref.ref(link), self._name_of(frame)
            links.append(known)
            names.append(known[1])
            lines.append(frame.f_lineno)
            frames.append(frame)
        followed.links = links
        return names, lines, frames

    def _name_of(self, frame: types.FrameType) -> str:
        """The name of a frame in a chain; one that is new is written down as `made`."""
        if (known := self.frame_id(frame)) is not None:
            return known
        self._frame_count += 1
        name = f"F{self._frame_count}"
        self.note(MADE, name, *self._description(frame.f_code))
        return name

    def _description(self, code: types.CodeType) -> tuple[Any, ...]:
        """What `made` says of frames of this code."""
        known = self._codes.get(id(code))
        if known is None:
            own = self.own(code)
            if own:
                self.files.add(code.co_filename)
            name, file = sources.short_function_name(code.co_qualname), code.co_filename
            said = (name, sources.short_name(file), code.co_firstlineno, sources.kind_of(code))
            known = self._codes[id(code)] = code, (*said, *((None, True) if own else (True, None)))
        return known[1]

    def _awaited(self, future: Any, followed: _Followed, frames: list[types.FrameType]) -> str:
        """The name of what a task waits for, written down where it is new."""
        if is_task(future):
            return self.loops.tasks.task_id(future)
        things = self.loops.tasks.things
        if frames:
            return things.known_name(frames) or things.waited_for(future, followed.name, frames)
        name = things.new_name()
        self.note(OBJECT, name, "Future", "a future", _PENDING)
        return name

    def _done(self, frame: types.FrameType, followed: _Followed, ending: dict[str, Any]) -> None:
        task = running_task()
        if ending["how"] == "result" and getattr(task, "_must_cancel", False):
            ending = {"how": "cancelled"}
        if is_task(task):
            self.loops.tasks.follow(task).done = True
        self._end_step(task)
        self.emit("done", id=followed.name, **ending, **(asked(task) if task else _NOTHING))
        self._forget(frame)
        self._outermost.pop(id(frame), None)
        self.place.enter_loop()

    def _gone(self, key: int, name: str) -> None:
        self._outermost.pop(key, None)
        super()._gone(key, name)

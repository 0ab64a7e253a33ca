"""What the recorder hears of an event loop: turns, timers, the ready queue, sockets.

The loop is not told. Its own functions are watched as they begin and return, so nothing is
replaced, and it makes no difference who made the loop. What a loop says of its tasks and of the
objects that they wait at is passed on to `tasks` and `things`.
"""

from __future__ import annotations

import asyncio
import asyncio.base_events
import asyncio.events
import asyncio.selector_events
import heapq
import selectors
import sys
import threading
import types
from collections.abc import Iterator
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any

from glassloop.trace.callbacks import is_task, running_task, task_of, words_for
from glassloop.trace.descriptors import attribute, is_future, number_of
from glassloop.trace.locals import read_one
from glassloop.trace.losses import LossWatch
from glassloop.trace.primitives import is_primitive
from glassloop.trace.probes import Entries
from glassloop.trace.tasks import TaskWatch

if TYPE_CHECKING:
    from glassloop.trace.recorder import Recorder

# What `gather` gives back; its `cancel` goes on to its tasks.
_GATHERING: Any = asyncio.tasks._GatheringFuture  # type: ignore[attr-defined]  # it is private

COROUTINE = 0x80  # a flag of code, see `inspect`
SHOWN = 100  # entries of a queue that a turn lists


class LoopWatch:
    """Names the entries of a loop's queues, and writes down what the loop does with them."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self.tasks = TaskWatch(recorder)
        self._handles: dict[int, str] = {}
        self._armed_handles: set[str] = set()  # timers that are not due yet
        self._count = 0
        self._first: list[Any] = []  # the task that ran when the recording began
        self._losses = LossWatch(recorder, self.tasks.known_name)
        self.on_entry, self.on_exit = self._hooks()
        self.on_entry |= self._losses.on_entry()

    def _hooks(self) -> tuple[Entries, Entries]:
        # All of these are private; what they are called is the same from 3.11 to 3.14.
        base: Any = asyncio.base_events.BaseEventLoop
        loop: Any = asyncio.selector_events.BaseSelectorEventLoop
        handle, timer = asyncio.events.Handle, asyncio.events.TimerHandle
        entry: Entries = {
            _code(base._run_once): self._turn,
            _code(handle._run): self._run,
            _code(handle.cancel): self._cancel_handle,
            _code(timer.cancel): self._cancel_handle,
            _code(base._add_callback): self._ready_callback,
            _code(base._set_coroutine_origin_tracking): self._ended,
            _code(threading.Thread.start): self._thread_starts,
            _code(_GATHERING.cancel): self.tasks.gathering_cancelled,
        }
        leave: Entries = {
            _code(base._call_soon): self._queued,
            _code(base.call_at): self._armed,
            _code(base.create_task): self._created,
            _code(asyncio.create_task): self._made,
            _code(handle._run): self._ran,
            _code(asyncio.Runner.run): self._ran_to_its_end,
            _code(loop._process_events): self._processed,
        }
        # From Python 3.14 an entry that another thread may bring is made in a way of its own.
        threadsafe = getattr(asyncio.events, "_ThreadSafeHandle", None)
        if threadsafe is not None:
            leave[_code(threadsafe.__init__)] = self._queued_by_a_thread
        for select in _select_functions():
            entry[select] = self._selecting
            leave[select] = self._selected
        return entry, leave | self.tasks.things.on_exit()

    def begin(self) -> None:
        """A recording that begins inside a coroutine of the reader's finds its task running."""
        if (task := running_task()) is None:
            return
        frame: types.FrameType | None = sys._getframe()
        while frame is not None:
            if frame.f_code.co_flags & COROUTINE and self._recorder.own(frame.f_code):
                self.enter(task)
                return
            frame = frame.f_back

    def enter(self, task: Any) -> None:
        """The task runs already as the recording begins."""
        made = self.tasks.follow(task).made
        if made is not None:
            made["running"] = True
            made.pop("begun", None)
        self.tasks.begin(task)
        self._recorder.place.running.append(task)
        self._first = [task]

    def _end_first_step(self) -> None:
        """On Python 3.11 nothing tells the end of a step that began before the recording."""
        place = self._recorder.place
        if self._first and place.running[:1] == self._first:
            self.tasks.end(place.running.pop())
            place.enter_loop()
        self._first = []

    def meet(self, value: Any, variable: str = "") -> None:
        """A value has turned up in a variable: perhaps one that is worth a name."""
        if is_task(value):
            self.tasks.task_id(value)
        elif is_primitive(value):
            self.tasks.things.meet(value, variable)

    def notice_cancellations(self) -> None:
        """Write down whom the actor has asked to cancel."""
        self.tasks.notice_cancellations()

    def entering(self, frame: types.FrameType) -> None:
        """A coroutine of the reader's begins or goes on."""
        self.tasks.entering(frame)

    def leaving(self, frame: types.FrameType, how: str, value: Any) -> None:
        """A coroutine of the reader's pauses ("pause"), returns ("result") or fails ("error")."""
        self.tasks.leaving(frame, how, value)

    def finish(self) -> None:
        """The recording ends."""
        self.tasks.finish()

    # Turns.

    def _turn(self, frame: types.FrameType, _: Any) -> None:
        self._end_first_step()
        recorder, loop = self._recorder, read_one(frame, "self")
        place = recorder.place
        if not place.outside or place.outside[-1][0] != id(loop):
            place.outside.append((id(loop), place.who, len(place.running)))
        place.enter_loop()
        if self._recorder.place.tidying:
            return
        recorder.turns += 1
        if recorder.depth != "lines":
            return
        timers = islice((h for h in _in_order(loop) if not h._cancelled), SHOWN)
        recorder.emit(
            "turn",
            n=recorder.turns,
            ready=[self._handle_id(h) for h in list(loop._ready)[:SHOWN] if not h._cancelled],
            timers=[self._handle_id(h) for h in timers],
            sockets=list(_watched(loop))[:SHOWN],
            **self._which(),
        )

    def _which(self) -> dict[str, str]:
        """The thread whose loop it is, where it is not the one that began the recording."""
        place = self._recorder.place
        return {} if place.is_main() else {"loop": place.home}

    def _ended(self, frame: types.FrameType, _: Any) -> None:
        """A loop that runs no longer calls this last, whatever has ended it."""
        place = self._recorder.place
        if not place.outside or place.outside[-1][0] != id(read_one(frame, "self")):
            return  # it begins to run
        _, who, depth = place.outside.pop()
        while len(place.running) > depth:  # a step that an exception such as SystemExit has left
            task = place.running.pop()
            if task is not None:
                self.tasks.end(task)
        place.who = who
        self._recorder.place.tidying = False

    def _selecting(self, frame: types.FrameType, _: Any) -> None:
        if _is_a_loops(frame) and not self._recorder.place.tidying:
            self._recorder.emit("select", timeout=read_one(frame, "timeout"), **self._which())

    def _selected(self, frame: types.FrameType, ready: Any) -> None:
        if ready is None or not _is_a_loops(frame) or self._recorder.place.tidying:
            return  # Python 3.11 speaks of a return here also where an exception leaves the frame
        self._recorder.pauses.mark()
        alarm = _alarm(asyncio._get_running_loop())
        sockets = [
            _socket_name(key, mask) if key.fd != alarm else "a wake-up call" for key, mask in ready
        ]
        self._recorder.emit("awake", sockets=sockets, **self._which())

    def _processed(self, frame: types.FrameType, _: Any) -> None:
        if self._recorder.place.tidying:
            return
        loop = read_one(frame, "self")
        if (now := self._time(loop)) is None:
            return
        end = now + loop._clock_resolution
        for handle in takewhile(lambda h: h._when < end, _in_order(loop)):
            if not handle._cancelled:
                self._fire(handle)

    def _time(self, loop: Any) -> float | None:
        """What the loop's clock says, or None where the program has written that clock itself."""
        own = getattr(type(loop), "time", None) is _TIME and attribute(loop, "time") is None
        return self._recorder.clock() if own else None

    def _fire(self, handle: Any) -> None:
        name = self._handle_id(handle)
        self._armed_handles.discard(name)
        self._recorder.emit("fire", h=name)

    # Entries of the queues.

    def _handle_id(self, handle: Any) -> str:
        name = self._handles.get(id(handle))
        return self._new_handle(handle) if name is None else name

    def _new_handle(self, handle: Any) -> str:
        self._count += 1
        name = self._handles[id(handle)] = f"H{self._count}"
        return name

    def _queued(self, frame: types.FrameType, handle: Any) -> None:
        if handle is None:
            return
        self.tasks.end_early()
        task = task_of(handle)
        if task is not None:
            if handle._args and is_future(handle._args[0]):
                self.tasks.wake(task, handle._args[0], self._recorder.who)
            else:
                self.tasks.notice_cancellation(task, self._recorder.who)
            self.tasks.ready(task)
        self._new_handle(handle)
        self._emit_handle("queue", handle, task, **self._whose(handle))

    def _queued_by_a_thread(self, frame: types.FrameType, _: Any) -> None:
        self._queued(frame, read_one(frame, "self"))

    def _ready_callback(self, frame: types.FrameType, _: Any) -> None:
        handle = read_one(frame, "handle")
        if not handle._cancelled:
            self._emit_handle("queue", handle, None, **self._which())

    def _armed(self, frame: types.FrameType, handle: Any) -> None:
        if handle is None or self._recorder.place.tidying:
            return
        when = round(handle._when - (self._recorder.start or 0.0), 9)
        ends = {}
        for argument in handle._args or ():
            if is_future(argument) and not is_task(argument):
                ends["o"] = self.tasks.things.ends_at(argument, when)
        self._armed_handles.add(self._new_handle(handle))
        self._emit_handle("timer", handle, None, when=when, **ends, **self._which())

    def _emit_handle(self, do: str, handle: Any, task: Any, **more: Any) -> None:
        if self._recorder.place.tidying:
            return
        fields = {"h": self._handle_id(handle), **more}
        if task is not None:
            fields |= {"id": self.tasks.task_id(task), "what": "step"}
        else:
            fields["what"] = words_for(handle, self.tasks.name_of)
        self._recorder.emit(do, **fields)

    def _whose(self, handle: Any) -> dict[str, str]:
        """Whose queue an entry goes to: a thread may hand it to another thread's loop."""
        number = getattr(handle._loop, "_thread_id", None)
        if number is None or number == self._recorder.thread:
            return {}
        return {"loop": self._recorder.homes.get(number) or self._recorder.place.home}

    def _cancel_handle(self, frame: types.FrameType, _: Any) -> None:
        handle = read_one(frame, "self")
        name = self._handles.pop(id(handle), None)
        self._armed_handles.discard(name or "")
        if not handle._cancelled and name is not None and not self._recorder.place.tidying:
            self._recorder.emit("untimer", h=name)

    def _run(self, frame: types.FrameType, _: Any) -> None:
        self._end_first_step()
        place, handle = self._recorder.place, read_one(frame, "self")
        task = task_of(handle)
        place.running.append(task)
        if not self._recorder.place.tidying:
            if self._handle_id(handle) in self._armed_handles:  # by a clock of the program's own
                self._fire(handle)
            self._recorder.emit("run", h=self._handle_id(handle))
        self._handles.pop(id(handle), None)
        if task is None:
            place.enter_callback()
        else:
            self.tasks.begin(task)

    def _ran(self, frame: types.FrameType, _: Any) -> None:
        place = self._recorder.place
        task = place.running.pop() if place.running else None
        if task is not None:
            self.tasks.end(task)
        else:
            self.tasks.notice_cancellations()
        place.stepping.clear()
        place.enter_loop()

    def _ran_to_its_end(self, frame: types.FrameType, _: Any) -> None:
        """`asyncio.run` returns: on a loop that tells nothing its task may seem to run still."""
        self.tasks.finish()

    # What is made.

    def _created(self, frame: types.FrameType, task: Any) -> None:
        if is_task(task):
            self.tasks.made(task)
            self._losses.created(frame, task, self.tasks.task_id(task))

    def _made(self, frame: types.FrameType, task: Any) -> None:
        if is_task(task):
            self.tasks.made(task)

    def _thread_starts(self, frame: types.FrameType, _: Any) -> None:
        thread = read_one(frame, "self")
        if self._recorder.place.tidying or _ends_the_pool(thread):
            return
        name = getattr(thread, "_name", "")
        self._recorder.emit("thread", name=name, by=self._recorder.who)


def _code(function: Any) -> types.CodeType:
    code: types.CodeType = function.__code__
    return code


def _ends_the_pool(thread: Any) -> bool:
    """Whether asyncio starts this thread at its own end, to wait for those of its pool."""
    target = attribute(thread, "_target")
    return type(target) is types.MethodType and target.__func__.__name__ == "_do_shutdown"


_TIME = asyncio.base_events.BaseEventLoop.time
_RUN_ONCE: Any = asyncio.base_events.BaseEventLoop._run_once  # type: ignore[attr-defined]  # private


def _is_a_loops(frame: types.FrameType) -> bool:
    """Whether it is a loop that calls its selector, and no other user of one."""
    return frame.f_back is not None and frame.f_back.f_code is _RUN_ONCE.__code__


def _select_functions() -> Iterator[types.CodeType]:
    kinds: list[Any] = [selectors.BaseSelector]
    seen = set()
    while kinds:
        kind = kinds.pop()
        kinds.extend(kind.__subclasses__())
        select = vars(kind).get("select")
        if isinstance(select, types.FunctionType) and select.__code__ not in seen:
            seen.add(select.__code__)
            yield select.__code__


def _alarm(loop: Any) -> int | None:
    """The number of the socket by which other threads and signals wake a loop."""
    return number_of(getattr(loop, "_ssock", None))


def _in_order(loop: Any) -> Iterator[Any]:
    """The timers in the order in which the loop will take them: its heap decides between equals."""
    timers = list(loop._scheduled)
    while timers:
        yield heapq.heappop(timers)


def _watched(loop: Any) -> Iterator[str]:
    # Not `get_map`, which a selector of the program's own (or a mock) may have written itself.
    keys, alarm = attribute(getattr(loop, "_selector", None), "_fd_to_key"), _alarm(loop)
    for fd, key in list(keys.items()) if type(keys) is dict else ():
        if fd != alarm:
            yield _socket_name(key, key.events)


def _socket_name(key: Any, mask: int) -> str:
    doing = [word for bit, word in ((1, "reading"), (2, "writing")) if mask & bit]
    return f"{' and '.join(doing)} {key.fd}"

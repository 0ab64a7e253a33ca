"""What the recorder hears of an event loop: turns, timers, the ready queue, sockets.

The loop is not told. Its own functions are watched as they begin and return, so nothing is
replaced, and it makes no difference who made the loop. What a loop says of its tasks and of the
objects that they wait at is passed on to `tasks` and `things`.
"""

from __future__ import annotations

import asyncio
import heapq
import importlib
import selectors
import sys
import threading
import time
import types
import weakref
from collections.abc import Callable, Iterator
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any

from glassloop.trace.asyncios import OURS, Asyncio, Hooks, known, parts
from glassloop.trace.callbacks import is_task, running_task, task_of, words_for
from glassloop.trace.descriptors import attribute, is_future, number_of, state_of
from glassloop.trace.locals import read_one
from glassloop.trace.losses import LossWatch
from glassloop.trace.primitives import is_primitive
from glassloop.trace.probes import Entries
from glassloop.trace.tasks import TaskWatch

if TYPE_CHECKING:
    from glassloop.trace.recorder import Recorder

_ENDING_POOLS = ("_do_shutdown", "_shut_down")
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
        things = self.tasks.things
        # What is done when a function begins that plays a part, and when it returns.
        self.begins: Hooks = {
            "turn": self.turn,
            "run": self._run,
            "step": self._step,
            "fire": self._due,
            "queue by a thread": self._queued_before_waking,
            "cancel handle": self._cancel_handle,
            "ready": self._ready_callback,
            "loop ends": self.ended,
            "gather": self._gathers,
            "cancel gathering": self.tasks.gathering_cancelled,
            "cancel the rest": self.tasks.left_over,
            "complain": self._losses.complained,
            "select": self.selecting,
            "nap": self._napping,
        }
        self.ends: Hooks = {
            "queue": self._queued,
            "queue by a thread": self._queued_by_a_thread,
            "resume": self._resumed,
            "signal": self._signalled,
            "arm": self._armed,
            "fire": self._due,
            "create": self._created,
            "make": self._made,
            "run": self._ran,
            "step": self._stepped,
            "end": self._ends,
            "run to its end": self._ran_to_its_end,
            "select": self.selected,
            "nap": self._napped,
            **things.ends(),
        }

    def hooks(self) -> tuple[Entries, Entries]:
        """What to watch as it begins and as it returns, in all asyncios that there are by now."""
        known.learn()
        entry: Entries = {_code(threading.Thread.start): self._thread_starts}
        leave: Entries = {_FIND_AND_LOAD: self._imported}
        entry |= self._losses.on_entry()
        for select in _select_functions() if "select" in self.begins else ():
            entry[select], leave[select] = self.begins["select"], self.ends["select"]
        for library in known.all:
            begins, ends = self._hooks_of(library)
            entry |= begins
            leave |= ends
        return entry, leave

    def _hooks_of(self, library: Asyncio) -> tuple[Entries, Entries]:
        entry = {
            code: self.begins[part] for part, code in parts(library.begins) if part in self.begins
        }
        leave = {code: self.ends[part] for part, code in parts(library.ends) if part in self.ends}
        if (used := self.ends.get("use")) is not None:
            leave |= dict.fromkeys(library.methods(), used)
        return entry, leave

    def _gathers(self, frame: types.FrameType, _: Any) -> None:
        """What is gathered was made before the first task is."""
        for awaitable in read_one(frame, "coros_or_futures"):
            self._recorder.meet(awaitable)

    def _imported(self, frame: types.FrameType, _: Any) -> None:
        """A module was imported; if it is our asyncio, it is watched from now on."""
        if read_one(frame, "name") == OURS and (library := known.learn()) is not None:
            self._recorder.listen(*self._hooks_of(library))

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
        self._first = [_way_to(task)]
        self._recorder.place.running += self._first

    def _end_first_step(self) -> None:
        """On Python 3.11 nothing tells the end of a step that began before the recording."""
        place = self._recorder.place
        if self._first and place.running[:1] == self._first:
            self.tasks.end(place.running.pop()())
            place.enter_loop()
        self._first = []

    def meet(self, value: Any, variable: str = "") -> None:
        """A value has turned up in a variable: perhaps one that is worth a name."""
        if is_task(value):
            if state_of(value) == "pending":  # one that is over is met where it plays a part
                self.tasks.task_id(value)
        elif is_primitive(value):
            self.tasks.things.meet(value, variable)

    def notice_cancellations(self) -> None:
        """Write down whom the actor has asked to cancel."""
        self.tasks.notice_cancellations()

    def entering(self, frame: types.FrameType) -> None:
        """A coroutine of the reader's begins or goes on."""
        self.tasks.entering()

    def leaving(self, frame: types.FrameType, how: str, value: Any) -> None:
        """A coroutine of the reader's pauses ("pause"), returns ("result") or fails ("error")."""
        self.tasks.leaving(frame, how, value)

    def finish(self) -> None:
        """The recording ends."""
        self.tasks.finish()

    # Turns.

    def turn(self, frame: types.FrameType, _: Any) -> None:
        self._end_first_step()
        recorder = self._recorder
        loop: Any = asyncio._get_running_loop()
        if loop is None:  # somebody calls for a single turn
            loop = read_one(frame, "self")
        place = recorder.place
        if not place.outside or place.outside[-1][0] != id(loop):
            place.outside.append((id(loop), place.who, len(place.running)))
        place.enter_loop()
        if place.tidying:
            return
        recorder.turns += 1
        if recorder.depth != "lines":
            return
        timers = islice((timer for timer in _in_order(loop) if not timer._cancelled), SHOWN)
        ready = (entry for entry in list(loop._ready)[:SHOWN] if not _is_cancelled(entry))
        recorder.emit(
            "turn",
            n=recorder.turns,
            ready=[self._handle_id(entry) for entry in ready],
            timers=[self._handle_id(timer) for timer in timers],
            sockets=list(_watched(loop))[:SHOWN],
            **self._which(),
        )

    def _which(self) -> dict[str, str]:
        """The thread whose loop it is, where it is not the one that began the recording."""
        place = self._recorder.place
        return {} if place.is_main() else {"loop": place.home}

    def ended(self, frame: types.FrameType, _: Any) -> None:
        """A loop that runs no longer calls this last, whatever has ended it."""
        place = self._recorder.place
        if not place.outside or place.outside[-1][0] != id(read_one(frame, "self")):
            return  # it begins to run
        _, who, depth = place.outside.pop()
        while len(place.running) > depth:  # a step that an exception such as SystemExit has left
            task = place.running.pop()()
            if task is not None:
                self.tasks.end(task)
        place.who = who
        self._recorder.place.tidying = False

    def selecting(self, frame: types.FrameType, _: Any) -> None:
        if _is_a_loops(frame) and not self._recorder.place.tidying:
            self._recorder.emit("select", timeout=read_one(frame, "timeout"), **self._which())

    def selected(self, frame: types.FrameType, ready: Any) -> None:
        if ready is None or not _is_a_loops(frame) or self._recorder.place.tidying:
            return  # Python 3.11 speaks of a return here also where an exception leaves the frame
        self._recorder.pauses.mark()
        alarm = _alarm(asyncio._get_running_loop())
        sockets = [
            _socket_name(key, mask) if key.fd != alarm else "a wake-up call" for key, mask in ready
        ]
        self._recorder.emit("awake", sockets=sockets, **self._which())

    def _napping(self, frame: types.FrameType, _: Any) -> None:
        """A loop that knows of timers alone lets the time pass until the first is due."""
        if (timeout := read_one(frame, "timeout")) and not self._recorder.place.tidying:
            self._recorder.emit("select", timeout=timeout, **self._which())

    def _napped(self, frame: types.FrameType, _: Any) -> None:
        if read_one(frame, "timeout") and not self._recorder.place.tidying:
            self._recorder.pauses.mark()
            self._recorder.emit("awake", sockets=[], **self._which())

    def _due(self, frame: types.FrameType, _: Any) -> None:
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
        own = getattr(type(loop), "time", None) in known.clocks
        own = own and attribute(loop, "time") is None
        own = own and attribute(loop, "_clock") in (None, time.monotonic)
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
        self.tasks.notice_beginning()
        task = task_of(handle)
        future = handle._args[0] if task is not None and handle._args else None
        self._put(handle, task, future)

    def _resumed(self, frame: types.FrameType, _: Any) -> None:
        """A task of ours has come into the queue, unless its loop is closed."""
        task = read_one(frame, "task")
        if _is_last(task, read_one(frame, "self")):
            self._put(task, task, task._fut_waiter)

    def _put(self, entry: Any, task: Any, future: Any) -> None:
        """An entry stands in the ready queue, perhaps for a task, which has waited for `future`."""
        self.tasks.end_early()
        if task is not None:
            if is_future(future):
                self.tasks.wake(task, future, self._recorder.who)
            else:
                self.tasks.notice_cancellation(task, self._recorder.who)
            self.tasks.ready(task)
        self._new_handle(entry)
        self._emit_handle("queue", entry, task, **self._whose(entry))

    def _queued_by_a_thread(self, frame: types.FrameType, _: Any) -> None:
        self.ends["queue"](frame, read_one(frame, "self"))

    def _queued_before_waking(self, frame: types.FrameType, _: Any) -> None:
        """In ours, what another thread brings is in the queue when the loop is to be woken."""
        caller = frame.f_back
        if caller is not None and caller.f_code.co_name == "call_soon_threadsafe":
            self.ends["queue"](frame, read_one(caller, "handle"))

    def _ready_callback(self, frame: types.FrameType, _: Any) -> None:
        handle = read_one(frame, "handle")
        if not handle._cancelled:
            self._emit_handle("queue", handle, None, **self._which())

    def _signalled(self, frame: types.FrameType, _: Any) -> None:
        handle = read_one(frame, "handle")
        if _is_last(handle, read_one(frame, "self")):
            self._emit_handle("queue", handle, None, **self._which())

    def _armed(self, frame: types.FrameType, handle: Any) -> None:
        if handle is None or self._recorder.place.tidying:
            return
        self.tasks.notice_beginning()
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
        # The lab's machine numbers its threads anew, and then the thread that runs is the one.
        home = self._recorder.homes.get(number) or self._recorder.place.home
        return {} if home == "main" else {"loop": home}

    def _cancel_handle(self, frame: types.FrameType, _: Any) -> None:
        handle = read_one(frame, "self")
        name = self._handles.pop(id(handle), None)
        self._armed_handles.discard(name or "")
        if not handle._cancelled and name is not None and not self._recorder.place.tidying:
            self._recorder.emit("untimer", h=name)

    def _run(self, frame: types.FrameType, _: Any) -> None:
        self._takes(read_one(frame, "self"))

    def _step(self, frame: types.FrameType, _: Any) -> None:
        """A task of ours makes a step: what calls it is the loop, or a handle that has told."""
        if _is_called_by(frame, known.turns):
            self._takes(read_one(frame, "self"))

    def _ends(self, frame: types.FrameType, _: Any) -> None:
        """A task of ours is done. Once its step has returned, it may be gone."""
        running, task = self._recorder.place.running, read_one(frame, "self")
        if running and running[-1]() is task:
            self.tasks.end(task)
            self._recorder.place.enter_loop()

    def _stepped(self, frame: types.FrameType, _: Any) -> None:
        if _is_called_by(frame, known.turns):
            self._ran(frame, None)

    def _takes(self, handle: Any) -> None:
        """The loop takes an entry from its ready queue."""
        self._end_first_step()
        place, task = self._recorder.place, task_of(handle)
        place.running.append(_way_to(task))
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
        task = place.running.pop()() if place.running else None
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


def _way_to(task: Any) -> Callable[[], Any]:
    """A way to a task that does not keep it alive, where it has any; or to nothing."""
    try:
        return weakref.ref(task)
    except TypeError:
        return lambda: task


def _ends_the_pool(thread: Any) -> bool:
    """Whether asyncio starts this thread at its own end, to wait for those of its pool."""
    target = attribute(thread, "_target")
    return type(target) is types.MethodType and target.__func__.__name__ in _ENDING_POOLS


# What runs whenever a module is imported for the first time.
_FIND_AND_LOAD: types.CodeType = importlib._bootstrap._find_and_load.__code__  # type: ignore[attr-defined]


def _is_called_by(frame: types.FrameType, codes: set[int]) -> bool:
    return frame.f_back is not None and id(frame.f_back.f_code) in codes


def _is_a_loops(frame: types.FrameType) -> bool:
    """Whether it is a loop that calls its selector, and no other user of one."""
    return _is_called_by(frame, known.selects)


def _is_cancelled(entry: Any) -> bool:
    """Whether an entry of a ready queue will not run; a task that stands there itself will."""
    return not is_task(entry) and bool(entry._cancelled)


def _is_last(entry: Any, loop: Any) -> bool:
    """Whether it was put into the ready queue just now."""
    return entry is not None and bool(loop._ready) and loop._ready[-1] is entry


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
    """The timers in the order in which the loop will take them: its heap decides between equals.

    A loop that is still being built, as that of Chapter 11, may know none.
    """
    timers = list(getattr(loop, "_scheduled", ()))
    while timers:
        timer = heapq.heappop(timers)
        yield timer[-1] if type(timer) is tuple else timer  # ours stand there with their times


def _watched(loop: Any) -> Iterator[str]:
    # Not `get_map`, which a selector of the program's own (or a mock) may have written itself.
    keys, alarm = attribute(getattr(loop, "_selector", None), "_fd_to_key"), _alarm(loop)
    for fd, key in list(keys.items()) if type(keys) is dict else ():
        if fd != alarm:
            yield _socket_name(key, key.events)


def _socket_name(key: Any, mask: int) -> str:
    doing = [word for bit, word in ((1, "reading"), (2, "writing")) if mask & bit]
    return f"{' and '.join(doing)} {key.fd}"

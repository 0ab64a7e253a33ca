"""Records what a program does as a list of events, without changing what it does."""

from __future__ import annotations

import gc
import sys
import time
import types
import weakref
from _thread import get_ident  # the real one, whatever stands in `threading`
from collections.abc import Callable
from itertools import islice
from typing import Any

from glassloop.trace import chains, probes, sources
from glassloop.trace.events import (
    Depth,
    Event,
    Record,
    Shape,
    ShortForm,
    Trace,
    cut_after,
    in_words,
    long_forms,
)
from glassloop.trace.locals import COLLECTIONS, Changes, Locals
from glassloop.trace.loops import LoopWatch
from glassloop.trace.pauses import LEAST, Pauses
from glassloop.trace.places import Place, Places
from glassloop.trace.tapes import Tapes
from glassloop.trace.values import ITEMS, describe

EVENT_LIMIT = 100_000

# Paused frames that are looked after at every line; more would cost more than they tell.
WATCHED = 50

# Whether code is the reader's, whose frames are recorded.
Own = Callable[[types.CodeType], bool]


# The commonest events, in their short form (see `events.ShortForm`).
LINE = ("line", "f", "line", "set", "del")
YIELD = ("yield", "f", "line", "value", "set", "del")
PAUSES = {"await": ("await", "f", "line", "set", "del")}
PAUSES["delegate"] = ("delegate", *PAUSES["await"][1:])
RESUME = ("resume", "f", "line", "by", "how", "value")
RETURN = ("return", "f", "line", "value", "set", "del")


class Recorder:
    """Hears of frames and loops, and writes events down."""

    def __init__(self, depth: Depth, limit: int, own: Own) -> None:
        self.depth = depth
        self.own = own
        self.limit = limit
        self.events: list[Record] = []
        self.cut: str | None = None
        self.when_cut: Callable[[], object] = lambda: None
        self.watch: Callable[[types.CodeType], object] = lambda code: None  # of the probe
        self.listen: Callable[[probes.Entries, probes.Entries], object] = lambda *hooks: None
        self.thread = get_ident()
        self.homes: dict[int, str] = {}  # what each thread is called, by its number
        self._places = Places(self.thread, self.homes)
        self.turns = 0  # of all loops together
        self.files: set[str] = set()
        self.locals = Locals()
        self.tapes = Tapes(self.emit)
        self.loops = LoopWatch(self)
        self.clock = time.monotonic  # the program may put another one there
        self.start: float | None = None
        self.pauses = Pauses()
        self._frames: dict[int, tuple[str, types.CodeType]] = {}
        self._begun: set[str] = set()  # frames that have run
        self._paused: set[str] = set()
        self._leaving: dict[str, int] = {}  # paused frames that nobody holds, which may clean up
        self._frame_count = 0
        self._raised: set[int] = set()  # frames in which an exception is under way
        self._codes: dict[int, tuple[types.CodeType, tuple[str, str, str]]] = {}
        self._room = limit  # how long the list of events may become
        self._finalizers: dict[str, weakref.ref[Any]] = {}

    # Writing down.

    def emit(self, do: str, **fields: Any) -> Event:
        """Add an event and return it; clock, turn and actor are added here."""
        now, who = self.clock(), self._places.here.who
        if self.start is None:
            self.start = self.pauses.latest = now
        t = round(now - self.start, 9)
        event: Event = {"do": do, "t": t, "turn": self.turns, "who": who, **fields}
        if lost := self.pauses.lost(now):
            event["lost"] = lost
        self._add(event)
        return event

    def note(self, shape: Shape, *values: Any) -> None:
        """Add an event in its short form: its kind with the names of its fields, and the values."""
        self.jot((shape, self.clock(), self.turns, self._places.here.who, *values))

    def jot(self, record: ShortForm) -> None:
        """Add an event that is in its short form already."""
        now, pauses, events = record[1], self.pauses, self.events
        if now - pauses.latest >= LEAST or self._leaving or len(events) >= self._room:
            self._jot_with_care(record)
            return
        pauses.latest = now
        events.append(record)

    def _jot_with_care(self, record: ShortForm) -> None:
        """Time may have been lost, a frame may be gone, or the trace is full."""
        now = record[1]
        if self.start is None:
            self.start = self.pauses.latest = now
        if lost := self.pauses.lost(now):
            first, *others = long_forms(record, self.start)
            self._add({**first, "lost": lost})
            for event in others:
                self._add(event)
        else:
            self._add(record)

    def _add(self, record: Record) -> None:
        if self._make_room():
            self.events.append(record)

    def _make_room(self) -> bool:
        """Tell what is to be told before the next event; returns whether there is room for it."""
        if self._leaving:
            self._let_go()
        if len(self.events) >= self._room and self.cut is None:
            self._cut(cut_after(self.limit))
        return self.cut is None

    def _cut(self, why: str) -> None:
        self.cut, self._room = why, 0
        self.when_cut()

    @property
    def place(self) -> Place:
        """Of the thread that runs."""
        return self._places.here

    @property
    def who(self) -> str:
        """Who runs in this thread."""
        return self.place.who

    # Frames.

    def frame_id(self, frame: types.FrameType) -> str | None:
        """The name of a frame that was seen before."""
        known = self._frames.get(id(frame))
        # Another frame may have lain at this address, of which nobody heard that it is gone.
        return known[0] if known is not None and known[1] is frame.f_code else None

    def new_frame(self, frame: types.FrameType) -> str:
        """A name for a frame that is seen for the first time."""
        before = self._frames.get(id(frame))
        if before is not None:
            self._gone(id(frame), before[0])
        name = self._next_name()
        self._frames[id(frame)] = name, frame.f_code
        return name

    def _next_name(self) -> str:
        self._frame_count += 1
        return f"F{self._frame_count}"

    def meet(self, value: Any) -> str | None:
        """The frame of a generator or coroutine; one that is new is written down as `made`."""
        frame = chains.frame_of(value)
        if frame is None:
            return None
        known = self.frame_id(frame)
        if known is not None and self._is_of(known, value):
            return known
        name = self.new_frame(frame)
        fields = self._describe(frame)
        if not self.own(frame.f_code):
            fields["library"] = True
            if not chains.has_begun(value):
                fields["begun"] = False
        else:
            fields |= _at_the_start(frame, self.locals.changes(frame, name)[0] or {})
            if chains.is_suspended(value):
                fields["begun"] = True
                self._begun.add(name)
                self._paused.add(name)
        self.emit("made", f=name, **fields)
        self._await_end(value, frame, name)
        return name

    def _await_end(self, value: Any, frame: types.FrameType, name: str) -> None:
        key, outlives = id(frame), type(value) is types.AsyncGeneratorType

        def gone(_: object) -> None:
            self._finalizers.pop(name, None)
            # A loop brings an asynchronous generator that has begun to its end later on.
            if not (outlives and name in self._paused):
                self._leaving[name] = key

        self._finalizers[name] = weakref.ref(value, gone)

    def _let_go(self) -> None:
        """Those that nobody holds have not run once more to clean up, so they are gone."""
        leaving, self._leaving = self._leaving, {}
        for name, key in leaving.items():
            self._gone(key, name)

    def _never_ran(self, frame: types.FrameType) -> bool:
        """Whether a generator goes that has not begun: Python 3.11 throws into it all the same."""
        if not self._leaving:
            return False
        name = self.frame_id(frame)
        return name in self._leaving and name not in self._paused

    def _is_of(self, name: str, value: Any) -> bool:
        """Whether a frame that is known belongs to this generator, and not to one before it."""
        reference = self._finalizers.get(name)
        if reference is not None:
            return reference() is value
        return name not in self._begun or chains.has_begun(value)

    def _gone(self, key: int, name: str) -> None:
        """A frame is gone, of which nothing was heard when it went."""
        reference = self._finalizers.pop(name, None)
        known, code = self._frames.get(key, ("", None))
        if code is None or known != name:
            return
        del self._frames[key]
        self.locals.forget(name)
        self.tapes.forget(name)
        self._begun.discard(name)
        self._paused.discard(name)
        closed = self.own(code) and reference is not None and reference() is not None
        self.emit("drop", f=name, **({"closed": True} if closed else {}))

    def _notice_closed(self) -> None:
        """From Python 3.13 on, `close` ends a generator that need not clean up without a sound."""
        for name, reference in list(self._finalizers.items())[:WATCHED]:
            value = reference()
            if value is not None and chains.frame_of(value) is None:
                key = next((k for k, known in self._frames.items() if known[0] == name), 0)
                self._gone(key, name)

    def _describe(self, frame: types.FrameType) -> dict[str, Any]:
        code = frame.f_code
        known = self._codes.get(id(code))
        if known is None:
            if self.own(code):
                self.files.add(code.co_filename)
            name = sources.short_function_name(code.co_qualname)
            names = name, sources.short_name(code.co_filename), sources.kind_of(code)
            known = self._codes[id(code)] = code, names  # held, since it is known by its identity
        name, file, kind = known[1]
        return {"name": name, "file": file, "line": _line_of(frame), "of": kind}

    def _forget(self, frame: types.FrameType) -> str | None:
        name = self.frame_id(frame)
        self._raised.discard(id(frame))
        if name is not None:
            del self._frames[id(frame)]
            self._begun.discard(name)
            self._paused.discard(name)
            self.locals.forget(name)
            if frame.f_code.co_name != "<module>":  # a module's variables outlive its frame
                self.tapes.forget(name)
            self._finalizers.pop(name, None)
        return name

    def _look_around(self) -> None:
        """Write down what a call can have done unheard."""
        if self._finalizers:
            self._notice_closed()
        self.loops.notice_cancellations()

    def _changes(
        self, frame: types.FrameType, name: str
    ) -> tuple[dict[str, str | int] | None, list[str] | None]:
        """The variables that have changed, and those that are gone."""
        if self.depth != "lines":
            return None, None
        self._look_around()
        changes = self.locals.changes(frame, name)
        self._meet_all(name, changes)
        return changes[:2]

    def _meet_all(self, name: str, changes: Changes) -> None:
        """Look at the values that are new in the frame called `name`, and at its iterators."""
        changed, gone, new = changes
        for variable, value in new.items():
            self.meet(value)
            self.loops.meet(value, variable)
            for item in _items_of(value):
                self.meet(item)
        if new or ((changed or gone) and self.tapes.held(name)):
            self.tapes.look(name, new, {*new, *(changed or ()), *(gone or ())})

    def printed(self, stream: str, text: str) -> None:
        """The program prints. An iterator that it moved to do so has moved before."""
        frame = self._innermost() if self.depth == "lines" else None
        if frame is not None and (name := self.frame_id(frame)):
            held = self.locals.of(frame, name).read(frame, self.tapes.held(name))
            self.tapes.look(name, held, held)
        self.emit("print", stream=stream, text=text)

    def _innermost(self) -> types.FrameType | None:
        """The reader's frame that runs in this thread."""
        frame: types.FrameType | None = sys._getframe()
        while frame is not None and not self.own(frame.f_code):
            frame = frame.f_back
        return frame

    def wanted(self, code: types.CodeType) -> bool:
        """Whether all that frames of this code do is to be told."""
        return self.own(code)

    def task_made(self, task: Any, name: str) -> None:
        """A task was met for the first time, and is called `name`."""

    def task_waits(self, task: Any, future: Any, on: str) -> None:
        """A task was seen to pause; what it waits for is called `on`."""

    # What the probe tells (see `probes.Listener`).

    def called(self, frame: types.FrameType) -> None:
        name = self.frame_id(frame)
        if name is None or name in self._begun:
            name = self.new_frame(frame)
        self._begun.add(name)
        owner = getattr(frame, "f_generator", None)  # from Python 3.14
        if owner is not None and name not in self._finalizers:
            self._await_end(owner, frame, name)
        self._enter(frame)
        by = self._caller(frame)
        changed, gone = self._changes(frame, name)
        fields: dict[str, Any] = _at_the_start(frame, changed) if changed else {}
        if gone:
            fields["del"] = gone
        self.emit("call", f=name, by=by, **self._describe(frame), **fields)

    def line(self, frame: types.FrameType, line: int) -> None:
        known = self._frames.get(id(frame))
        name = known[0] if known and known[1] is frame.f_code else self._named(frame)
        shown = self.locals.known(name) or self.locals.of(frame, name)
        suspects = shown.suspects()
        if shown.come_to(line):
            self._look_around()
        changed = gone = None
        if suspects:
            changes = shown.look(frame, suspects)
            changed, gone, new = changes
            if new or changed or gone:
                self._meet_all(name, changes)
        who = self._places.here.who
        self.jot((LINE, self.clock(), self.turns, who, name, line, changed, gone))

    def suspended(self, frame: types.FrameType, offset: int, value: Any) -> None:
        name, how = self._named(frame), probes.how(frame.f_code, offset)
        changes = self._changes(frame, name)
        if how == "yield":
            value = chains.handed_out(value)
            self.meet(value)
            self.note(YIELD, name, _line_of(frame), describe(value), *changes)
        else:  # `chains.link` will add "to"
            self.note(PAUSES[how], name, _line_of(frame), *changes)
        self._paused.add(name)
        if how != "yield":
            self.loops.leaving(frame, "pause", value)

    def resumed(self, frame: types.FrameType, error: BaseException | None) -> None:
        if self._leaving:
            if self._never_ran(frame):
                return
            self._leaving.pop(self.frame_id(frame) or "", None)
        self._enter(frame)
        name = self._named(frame)
        by = self._caller(frame)
        self._paused.discard(name)
        how = ("throw", describe(error)) if error is not None else ("send", None)
        self.note(RESUME, name, _line_of(frame), by, *how)

    def returned(self, frame: types.FrameType, value: Any) -> None:
        name = self._named(frame)
        changes = self._changes(frame, name)
        self.meet(value)
        self.note(RETURN, name, _line_of(frame), describe(value), *changes)
        self._forget(frame)
        self.loops.leaving(frame, "result", value)

    def raised(self, frame: types.FrameType, error: BaseException) -> None:
        if self._never_ran(frame):
            return
        self._raised.add(id(frame))
        name = self._named(frame)
        self.emit("raise", f=name, line=_line_of(frame), error=describe(error))

    def caught(self, frame: types.FrameType, error: BaseException) -> None:
        if id(frame) not in self._raised:
            return  # the frame cleans up and lets the exception go on
        self._raised.discard(id(frame))
        self.emit("catch", f=self._named(frame), error=describe(error))

    def unwound(self, frame: types.FrameType, error: BaseException | str) -> None:
        if self._never_ran(frame):
            return
        name = self._named(frame)
        text = error if isinstance(error, str) else describe(error)
        self.emit("unwind", f=name, line=_line_of(frame), error=text)
        self._forget(frame)
        self.loops.leaving(frame, "error", error)

    def failed(self, error: Exception) -> None:
        """The recorder itself has failed: it stops, and the program goes on."""
        if self.cut is None:
            self._cut(f"Recording stopped after {len(self.events):,} events: {error!r}.")

    def _enter(self, frame: types.FrameType) -> None:
        if frame.f_code.co_flags & sources.PAUSING and not chains.is_called_by_a_coroutine(
            frame, self.own
        ):
            self.loops.entering(frame)

    def _caller(self, frame: types.FrameType) -> str | None:
        """The frame of the reader's own that lets `frame` run.

        What is thrown into a chain of awaits goes past the frames that wait: they stay paused.
        """
        caller = frame.f_back
        if caller is None or not self.own(caller.f_code):
            return None
        name = self.frame_id(caller)
        return None if name in self._paused else name

    def _named(self, frame: types.FrameType) -> str:
        """The frame's name; a frame that began before the recording gets one now."""
        name = self.frame_id(frame)
        if name is None:
            name = self.new_frame(frame)
            self._begun.add(name)
            changed = in_words(self.locals.changes(frame, name)[0] or {})
            fields = {"set": changed} if changed else {}
            self.emit("made", f=name, begun=True, **self._describe(frame), **fields)
        return name


def _items_of(value: Any) -> list[Any]:
    """The first items of a collection."""
    if type(value) not in COLLECTIONS:
        return []
    return list(islice(value.values() if type(value) is dict else value, ITEMS))


def _at_the_start(frame: types.FrameType, variables: dict[str, str | int]) -> dict[str, Any]:
    """A frame's variables before it runs: its arguments, and those of functions around it."""
    free = [name for name in frame.f_code.co_freevars if name in variables]
    return {"set": in_words(variables)} | ({"free": free} if free else {})


def _line_of(frame: types.FrameType) -> int:
    """The line at which a frame is; the one before it in code that the compiler has added."""
    line: int | None = frame.f_lineno
    if line is None:
        lines = frame.f_code.co_lines()
        before = [line for start, _, line in lines if start <= frame.f_lasti and line is not None]
        line = before[-1] if before else frame.f_code.co_firstlineno
    return line


class Recording:
    """A recording of what runs between `start` and `stop`, or in a `with` block."""

    def __init__(self, trace: Trace, limit: int, own: Own, chain: bool = True) -> None:
        from glassloop.trace.switches import SwitchRecorder

        self._trace = trace
        self._stopped = False
        lines = trace.depth == "lines"
        self._recorder = recorder = (
            Recorder("lines", limit, own) if lines else SwitchRecorder(limit, own, chain)
        )
        self._probe = probes.probe(recorder, recorder.wanted, *recorder.loops.hooks(), lines)
        recorder.watch, recorder.listen = self._probe.watch, self._probe.listen
        # A program that never ends runs on at its own speed once its trace is full.
        recorder.when_cut = self._probe.mute

    def start(self) -> None:
        """Begin to listen."""
        # What earlier code has left behind ends now, and not in the middle of this recording.
        gc.collect()
        self._trace.recording(self._recorder.printed)
        self._recorder.clock = time.monotonic  # the lab's, where that has taken its place
        self._recorder.loops.begin()
        self._recorder.pauses.start()
        self._probe.start()

    def stop(self) -> None:
        """Listen no more. What was heard is in the trace once `finish` has been called.

        Where a limit has ended this half-way, a second call does the rest.
        """
        self._probe.stop()
        if not self._stopped:
            self._stopped = True
            self._recorder.loops.finish()
            self._recorder.pauses.stop()

    def finish(self) -> Trace:
        """Put into words what was heard; returns the trace."""
        recorder = self._recorder
        start = recorder.start or 0.0
        self._trace.complete(recorder.events, start, recorder.files, recorder.cut, recorder.limit)
        return self._trace

    def __enter__(self) -> Trace:
        self.start()
        return self._trace

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.finish()


def record(
    depth: Depth = "lines",
    *,
    limit: int = EVENT_LIMIT,
    title: str = "",
    own: Own = sources.is_readers,
    chain: bool = True,
) -> Recording:
    """Record a block: `with record() as trace:`. The trace is complete when the block is left.

    `depth` is "lines" (every line of the reader's code is a step) or "switches" (suspensions and
    resumptions only). After `limit` events the recording stops, and the trace says so. `own` tells
    whose code is recorded; by default all that is in no library. At depth "switches", `chain=False`
    leaves out through which frames a task is suspended, at which kind of object, and what the loop
    does: that halves the time that recording takes.
    """
    return Recording(Trace(title=title, depth=depth), limit, own, chain)

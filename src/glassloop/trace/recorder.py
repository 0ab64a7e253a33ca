"""Records what a program does as a list of events, without changing what it does."""

from __future__ import annotations

import contextlib
import threading
import time
import types
import weakref
from _thread import get_ident  # the real one, whatever stands in `threading`
from collections.abc import Callable
from typing import Any

from glassloop.trace import probes, sources
from glassloop.trace.events import Depth, Event, Trace
from glassloop.trace.locals import Locals
from glassloop.trace.loops import LoopWatch
from glassloop.trace.values import describe

EVENT_LIMIT = 100_000

# Paused frames that are looked after at every line; more would cost more than they tell.
WATCHED = 50

# Whether code is the reader's, whose frames are recorded.
Own = Callable[[types.CodeType], bool]


class Recorder:
    """Hears of frames and loops, and writes events down."""

    def __init__(self, depth: Depth, limit: int, own: Own) -> None:
        self.depth = depth
        self.own = own
        self.limit = limit
        self.events: list[Event] = []
        self.cut: str | None = None
        self.who = "main"
        self.turn = 0
        self.files: set[str] = set()
        self.locals = Locals()
        self.loops = LoopWatch(self)
        self.start: float | None = None
        self._frames: dict[int, str] = {}
        self._frame_count = 0
        self._raised: set[int] = set()  # frames in which an exception is under way
        self._finalizers: dict[str, weakref.ref[Any]] = {}
        self._thread = get_ident()

    # Writing down.

    def emit(self, do: str, **fields: Any) -> Event:
        """Add an event and return it; clock, turn and actor are added here."""
        event: Event = {"do": do, "t": self._clock(), "turn": self.turn, "who": self._actor()}
        event.update(fields)
        if self.cut is None and len(self.events) >= self.limit:
            self.cut = f"Recording stopped after {self.limit:,} events."
        if self.cut is None:
            self.events.append(event)
        return event

    def _clock(self) -> float:
        now = time.monotonic()
        if self.start is None:
            self.start = now
        return round(now - self.start, 9)

    def _actor(self) -> str:
        if get_ident() == self._thread:
            return self.who
        return f"thread {threading.current_thread().name}"

    # Frames.

    def frame_id(self, frame: types.FrameType) -> str | None:
        """The name of a frame that was seen before."""
        return self._frames.get(id(frame))

    def new_frame(self, frame: types.FrameType) -> str:
        """A name for a frame that is seen for the first time."""
        self._frame_count += 1
        name = self._frames[id(frame)] = f"F{self._frame_count}"
        return name

    def meet(self, value: Any) -> str | None:
        """The frame of a generator or coroutine; one that is new is written down as `made`."""
        frame = _frame_of(value)
        if frame is None:
            return None
        known = self.frame_id(frame)
        if known is not None:
            return known
        name = self.new_frame(frame)
        fields = self._describe(frame)
        if not self.own(frame.f_code):
            fields["library"] = True
        else:
            fields["set"] = self.locals.changed(frame, name)[0]
        self.emit("made", f=name, **fields)
        self._await_end(value, frame, name)
        return name

    def _await_end(self, value: Any, frame: types.FrameType, name: str) -> None:
        key = id(frame)

        def gone(_: object) -> None:
            if self._frames.get(key) == name:
                del self._frames[key]
                self.locals.forget(name)
                self.emit("drop", f=name)
            self._finalizers.pop(name, None)

        with contextlib.suppress(TypeError):
            self._finalizers[name] = weakref.ref(value, gone)

    def _notice_closed(self) -> None:
        """From Python 3.13 on, `close` ends a generator that need not clean up without a sound."""
        for name, reference in list(self._finalizers.items())[:WATCHED]:
            value = reference()
            if value is not None and _frame_of(value) is None:
                del self._finalizers[name]
                self._frames = {key: known for key, known in self._frames.items() if known != name}
                self.locals.forget(name)
                self.emit("drop", f=name, closed=True)

    def _describe(self, frame: types.FrameType) -> dict[str, Any]:
        code = frame.f_code
        if self.own(code):
            self.files.add(code.co_filename)
        return {
            "name": code.co_name,
            "file": sources.short_name(code.co_filename),
            "line": frame.f_lineno,
            "of": sources.kind_of(code),
        }

    def _forget(self, frame: types.FrameType) -> str | None:
        name = self._frames.pop(id(frame), None)
        self._raised.discard(id(frame))
        if name is not None:
            self.locals.forget(name)
            self._finalizers.pop(name, None)
        return name

    def _changes(self, frame: types.FrameType, name: str) -> dict[str, Any]:
        if self.depth != "lines":
            return {}
        self._notice_closed()
        changed, gone, values = self.locals.changes(frame, name)
        for value in values:
            self.meet(value)
            self.loops.meet(value)
        fields: dict[str, Any] = {}
        if changed:
            fields["set"] = changed
        if gone:
            fields["del"] = gone
        return fields

    # What the probe tells (see `probes.Listener`).

    def called(self, frame: types.FrameType) -> None:
        name = self.frame_id(frame)
        began = name is not None and frame.f_code.co_flags & 0x2A0
        if not began:
            name = self.new_frame(frame)
        assert name is not None
        by = self.frame_id(frame.f_back) if frame.f_back else None
        fields = self._changes(frame, name)
        self.emit("call", f=name, by=by, **self._describe(frame), **fields)

    def line(self, frame: types.FrameType, line: int) -> None:
        name = self._named(frame)
        self.emit("line", f=name, line=line, **self._changes(frame, name))

    def suspended(self, frame: types.FrameType, how: str, value: Any) -> None:
        name = self._named(frame)
        changes = self._changes(frame, name)
        if how == "yield":
            self.meet(value)
            fields: dict[str, Any] = {"value": describe(value)}
        else:
            inner = self._awaited_by(frame)
            fields = {"to": inner} if inner else {}
        self.emit(how, f=name, line=frame.f_lineno, **fields, **changes)

    def resumed(self, frame: types.FrameType, error: BaseException | None) -> None:
        name = self._named(frame)
        by = self.frame_id(frame.f_back) if frame.f_back else None
        fields = {"how": "throw", "value": describe(error)} if error else {"how": "send"}
        self.emit("resume", f=name, line=frame.f_lineno, by=by, **fields)

    def returned(self, frame: types.FrameType, value: Any) -> None:
        name = self._named(frame)
        changes = self._changes(frame, name)
        self.meet(value)
        self.emit("return", f=name, line=frame.f_lineno, value=describe(value), **changes)
        self._forget(frame)

    def raised(self, frame: types.FrameType, error: BaseException) -> None:
        self._raised.add(id(frame))
        name = self._named(frame)
        self.emit("raise", f=name, line=frame.f_lineno, error=describe(error))

    def caught(self, frame: types.FrameType, error: BaseException) -> None:
        if id(frame) not in self._raised:
            return  # the frame cleans up and lets the exception go on
        self._raised.discard(id(frame))
        self.emit("catch", f=self._named(frame), error=describe(error))

    def unwound(self, frame: types.FrameType, error: BaseException) -> None:
        name = self._named(frame)
        self.emit("unwind", f=name, line=frame.f_lineno, error=describe(error))
        self._forget(frame)

    def failed(self, error: Exception) -> None:
        """The recorder itself has failed: it stops, and the program goes on."""
        if self.cut is None:
            self.cut = f"Recording stopped after {len(self.events):,} events: {error!r}."

    def _named(self, frame: types.FrameType) -> str:
        """The frame's name; a frame that began before the recording gets one now."""
        name = self.frame_id(frame)
        if name is None:
            name = self.new_frame(frame)
            self.emit("made", f=name, **self._describe(frame))
        return name

    def _awaited_by(self, frame: types.FrameType) -> str | None:
        owner = getattr(frame, "f_generator", None)  # from Python 3.14
        inner = _inner_of(owner) if owner is not None else None
        return self.frame_id(inner) if inner is not None else None


def _frame_of(value: Any) -> types.FrameType | None:
    kind = type(value)
    if kind is types.GeneratorType:
        found: types.FrameType | None = value.gi_frame
    elif kind is types.CoroutineType:
        found = value.cr_frame
    elif kind is types.AsyncGeneratorType:
        found = value.ag_frame
    else:
        found = None
    return found


def _inner_of(owner: Any) -> types.FrameType | None:
    for attribute in ("gi_yieldfrom", "cr_await", "ag_await"):
        inner = getattr(owner, attribute, None)
        if inner is not None:
            return _frame_of(inner)
    return None


class Recording:
    """A recording of what runs between `start` and `stop`, or in a `with` block."""

    def __init__(self, trace: Trace, limit: int, own: Own) -> None:
        self._trace = trace
        self._recorder = recorder = Recorder(trace.depth, limit, own)
        hooks = recorder.loops
        self._probe = probes.probe(
            recorder, own, hooks.on_entry, hooks.on_exit, trace.depth == "lines"
        )

    def start(self) -> None:
        """Begin to listen."""
        emit = self._recorder.emit
        self._trace.recording(lambda stream, text: emit("print", stream=stream, text=text))
        self._probe.start()

    def stop(self) -> None:
        """Listen no more. What was heard is in the trace once `finish` has been called."""
        self._probe.stop()

    def finish(self) -> Trace:
        """Put into words what was heard; returns the trace."""
        recorder = self._recorder
        self._trace.complete(recorder.events, recorder.files, recorder.cut)
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
) -> Recording:
    """Record a block: `with record() as trace:`. The trace is complete when the block is left.

    `depth` is "lines" (every line of the reader's code is a step) or "switches" (suspensions and
    resumptions only). After `limit` events the recording stops, and the trace says so. `own` tells
    whose code is recorded; by default all that is in no library.
    """
    return Recording(Trace(title=title, depth=depth), limit, own)

"""What the recorder hears of an event loop: tasks, callbacks, timers, turns, who waits for what.

The loop is not told. Its own functions are watched as they begin and return, so nothing is
replaced, and it makes no difference who made the loop.
"""

from __future__ import annotations

import asyncio
import asyncio.base_events
import asyncio.events
import asyncio.selector_events
import contextlib
import selectors
import types
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from glassloop.trace.events import Event
from glassloop.trace.locals import read_one
from glassloop.trace.primitives import describe_state, is_primitive, methods
from glassloop.trace.probes import Entries
from glassloop.trace.values import describe

if TYPE_CHECKING:
    from glassloop.trace.recorder import Recorder

# The task in C, and its twin in Python.
TASKS: tuple[Any, ...] = (asyncio.Task, getattr(asyncio.tasks, "_PyTask", asyncio.Task))

SHOWN = 100  # entries of a queue that a turn lists


class LoopWatch:
    """Names tasks, handles and objects, and writes down what happens to them."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._tasks: dict[int, str] = {}
        self._objects: dict[int, str] = {}
        self._handles: dict[int, str] = {}
        self._counts = {"T": 0, "O": 0, "H": 0}
        self._references: dict[str, weakref.ref[Any]] = {}
        self._cancelled: dict[str, int] = {}
        self._made: dict[str, Event] = {}
        self._states: dict[str, dict[str, Any]] = {}
        self._waiting: dict[int, str] = {}  # the task that waits for a future, by the future
        self._holders: dict[int, str] = {}  # the task that holds a lock, by the lock
        self._due: dict[int, float] = {}  # when a timer ends a future
        self._running: list[Any] = []  # the tasks of the handles that are running
        self.on_entry, self.on_exit = self._hooks()

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
        }
        leave: Entries = {
            _code(base._call_soon): self._queued,
            _code(base.call_at): self._armed,
            _code(base.create_task): self._created,
            _code(handle._run): self._ran,
            _code(loop._process_events): self._processed,
        }
        for select in _select_functions():
            entry[select] = self._selecting
            leave[select] = self._selected
        for method in methods():
            leave[_code(method)] = self._primitive_used
        return entry, leave

    # Naming.

    def task_id(self, task: Any) -> str:
        """The name of a task; one that is new is written down."""
        name = self._tasks.get(id(task))
        if name is None:
            name = self._name("T", task, self._tasks)
            frame = self._recorder.meet(task.get_coro())
            self._cancelled[name] = 0
            by = self._recorder.who
            event = self._recorder.emit("task", id=name, name=task.get_name(), f=frame, by=by)
            self._made[name] = event
        return name

    def object_id(self, thing: Any) -> str:
        """The name of a future, a lock or the like; its state is written down where it is new."""
        if _is_task(thing):
            return self.task_id(thing)
        name = self._objects.get(id(thing))
        if name is None:
            name = self._name("O", thing, self._objects)
        self._update(thing, name)
        return name

    def meet(self, value: Any) -> None:
        """A value has turned up in a variable: perhaps one that is worth a name."""
        if _is_task(value):
            self.task_id(value)
        elif is_primitive(value):
            self.object_id(value)

    def _name(self, letter: str, thing: Any, names: dict[int, str]) -> str:
        self._counts[letter] += 1
        name = names[id(thing)] = f"{letter}{self._counts[letter]}"
        key = id(thing)

        def gone(_: object) -> None:
            if names.get(key) == name:
                del names[key]
            self._references.pop(name, None)
            self._states.pop(name, None)

        with contextlib.suppress(TypeError):
            self._references[name] = weakref.ref(thing, gone)
        return name

    def _update(self, thing: Any, name: str) -> None:
        kind, state = describe_state(thing, self._task_waiting_for)
        if id(thing) in self._due and kind == "Future":
            state["due"] = self._due[id(thing)]
        if kind == "Lock":
            state["holder"] = self._holders.get(id(thing)) if state["locked"] else None
        if self._states.get(name) != state:
            self._states[name] = state
            self._recorder.emit("object", o=name, type=kind, label=f"{kind} {name}", state=state)

    def _task_waiting_for(self, future: Any) -> str | None:
        return self._waiting.get(id(future))

    def _handle_id(self, handle: Any) -> str:
        name = self._handles.get(id(handle))
        if name is None:
            self._counts["H"] += 1
            name = self._handles[id(handle)] = f"H{self._counts['H']}"
        return name

    # The loop's turns.

    def _turn(self, frame: types.FrameType, _: Any) -> None:
        recorder, loop = self._recorder, read_one(frame, "self")
        recorder.who = "loop"
        recorder.turn += 1
        if recorder.depth != "lines":
            return
        timers = sorted((h for h in loop._scheduled if not h._cancelled), key=lambda h: h._when)
        recorder.emit(
            "turn",
            n=recorder.turn,
            ready=[self._handle_id(h) for h in list(loop._ready)[:SHOWN] if not h._cancelled],
            timers=[self._handle_id(h) for h in timers[:SHOWN]],
            sockets=list(_watched(loop))[:SHOWN],
        )

    def _selecting(self, frame: types.FrameType, _: Any) -> None:
        self._recorder.emit("select", timeout=read_one(frame, "timeout"))

    def _selected(self, frame: types.FrameType, ready: Any) -> None:
        sockets = [_socket_name(key, mask) for key, mask in ready or ()]
        self._recorder.emit("awake", sockets=sockets)

    def _processed(self, frame: types.FrameType, _: Any) -> None:
        loop = read_one(frame, "self")
        end = loop.time() + loop._clock_resolution
        due = [h for h in loop._scheduled if h._when < end and not h._cancelled]
        for handle in sorted(due, key=lambda h: h._when):
            self._recorder.emit("fire", h=self._handle_id(handle))

    # Handles.

    def _queued(self, frame: types.FrameType, handle: Any) -> None:
        if handle is None:
            return
        task, future = _task_of(handle), None
        if task is not None:
            if handle._args and asyncio.isfuture(handle._args[0]):
                future = handle._args[0]
            name = self.task_id(task)
            self._notice_cancellation(task, name)
            if future is not None:
                self._waiting.pop(id(future), None)
                self._recorder.emit("wake", id=name, by=self.object_id(future))
        self._emit_handle("queue", handle, task)

    def _ready_callback(self, frame: types.FrameType, _: Any) -> None:
        handle = read_one(frame, "handle")
        if not handle._cancelled:
            self._emit_handle("queue", handle, None)

    def _armed(self, frame: types.FrameType, handle: Any) -> None:
        when = round(handle._when - (self._recorder.start or 0.0), 9)
        for argument in handle._args or ():
            if asyncio.isfuture(argument):
                self._due[id(argument)] = when
        self._emit_handle("timer", handle, None, when=when)

    def _emit_handle(self, do: str, handle: Any, task: Any, **more: Any) -> None:
        fields = {"h": self._handle_id(handle), "what": _what(handle), **more}
        if task is not None:
            fields |= {"id": self.task_id(task), "what": "step"}
        self._recorder.emit(do, **fields)

    def _cancel_handle(self, frame: types.FrameType, _: Any) -> None:
        handle = read_one(frame, "self")
        name = self._handles.pop(id(handle), None)
        if not handle._cancelled and name is not None:
            self._recorder.emit("untimer", h=name)

    def _run(self, frame: types.FrameType, _: Any) -> None:
        recorder, handle = self._recorder, read_one(frame, "self")
        task = _task_of(handle)
        self._running.append(task)
        recorder.emit("run", h=self._handle_id(handle))
        self._handles.pop(id(handle), None)
        if task is None:
            recorder.who = "C"
            return
        recorder.who = self.task_id(task)
        # Some Pythons name a task only after it was made: what counts is its name when it runs.
        self._made[recorder.who]["name"] = task.get_name()
        self._notice_cancellation(task, recorder.who)
        recorder.emit("step", id=recorder.who)

    def _ran(self, frame: types.FrameType, _: Any) -> None:
        task = self._running.pop() if self._running else None
        if task is not None:
            self._stepped(task)
        self._recorder.who = "loop"

    # Tasks.

    def _created(self, frame: types.FrameType, task: Any) -> None:
        if _is_task(task):
            self.task_id(task)

    def _stepped(self, task: Any) -> None:
        """A task has made a step: it is done, or it waits."""
        recorder, name = self._recorder, self.task_id(task)
        if task.done():
            recorder.emit("done", id=name, **_ending(task))
            return
        future = getattr(task, "_fut_waiter", None)
        chain = [recorder.meet(link) for link in _chain(task.get_coro())]
        on = None
        if future is not None:
            self._waiting[id(future)] = name
            on = self.object_id(self._waited_for(task, future))
        frames = [link for link in chain if link is not None]
        recorder.emit("wait", id=name, on=on, chain=frames)

    def _waited_for(self, task: Any, future: Any) -> Any:
        """The lock or queue that the innermost frame belongs to, or else the future."""
        frames = [getattr(link, "cr_frame", None) for link in _chain(task.get_coro())]
        innermost = next((frame for frame in reversed(frames) if frame is not None), None)
        if innermost is not None and innermost.f_code in self.on_exit:
            owner = read_one(innermost, "self")
            if is_primitive(owner):
                return owner
        return future

    def _notice_cancellation(self, task: Any, name: str) -> None:
        asked = task.cancelling() + (1 if getattr(task, "_must_cancel", False) else 0)
        if task.cancelling() > self._cancelled.get(name, 0):
            self._recorder.emit("cancel", id=name, by=self._recorder.who)
        self._cancelled[name] = task.cancelling() if asked else 0

    def _is_inner(self, owner: Any, caller: types.FrameType | None) -> bool:
        """Whether only the library knows this object: a queue keeps an event of its own."""
        if id(owner) in self._objects or caller is None or self._recorder.own(caller.f_code):
            return False
        return caller.f_code.co_name not in ("__aenter__", "__aexit__")

    def _primitive_used(self, frame: types.FrameType, value: Any) -> None:
        owner = read_one(frame, "self")
        if not is_primitive(owner) or self._is_inner(owner, frame.f_back):
            return
        if frame.f_code.co_name == "acquire" and value is True:
            self._holders[id(owner)] = self._recorder.who
        elif frame.f_code.co_name == "release":
            self._holders.pop(id(owner), None)
        self.object_id(owner)


def _code(function: Any) -> types.CodeType:
    code: types.CodeType = function.__code__
    return code


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


def _is_task(value: Any) -> bool:
    """Whether `value` is a task, and one that is complete: `__init__` may not have run yet."""
    if not issubclass(type(value), TASKS):
        return False
    return getattr(value, "_loop", None) is not None and getattr(value, "_coro", None) is not None


def _task_of(handle: Any) -> Any:
    """The task that a handle steps or wakes, if it does."""
    owner = getattr(handle._callback, "__self__", None)
    if owner is None or not _is_task(owner):
        return None
    name = getattr(handle._callback, "__name__", "")
    return owner if name in _STEPS or type(handle._callback).__name__ in _STEPS else None


_STEPS = {
    "task_wakeup",
    "TaskStepMethWrapper",
    "_Task__step",
    "_Task__wakeup",
    "__step",
    "__wakeup",
}


def _what(handle: Any) -> str:
    callback = handle._callback
    while hasattr(callback, "func"):
        callback = callback.func
    return getattr(callback, "__name__", type(callback).__name__).lstrip("_")


def _chain(coroutine: Any) -> Iterator[Any]:
    """A task's coroutine and those that it waits for, outermost first."""
    while coroutine is not None:
        yield coroutine
        for attribute in ("cr_await", "gi_yieldfrom", "ag_await"):
            if hasattr(coroutine, attribute):
                coroutine = getattr(coroutine, attribute)
                break
        else:
            return


def _ending(task: Any) -> dict[str, Any]:
    if task.cancelled():
        return {"how": "cancelled"}
    # Not task.exception(), which would mark the exception as retrieved.
    error = task._exception
    if error is not None:
        return {"how": "error", "value": describe(error)}
    return {"how": "result", "value": describe(task._result)}


def _watched(loop: Any) -> Iterator[str]:
    selector = getattr(loop, "_selector", None)
    inner = getattr(loop, "_ssock", None)
    own = inner.fileno() if inner is not None else None
    for fd, key in list((selector.get_map() or {}).items()) if selector is not None else ():
        if fd != own:
            yield _socket_name(key, key.events)


def _socket_name(key: Any, mask: int) -> str:
    doing = [word for bit, word in ((1, "reading"), (2, "writing")) if mask & bit]
    return f"{' and '.join(doing)} {key.fd}"

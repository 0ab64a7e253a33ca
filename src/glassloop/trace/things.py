"""The objects that tasks wait at: what futures, locks and queues are called, and how they are."""

from __future__ import annotations

import types
import weakref
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from glassloop.trace import asyncios, waits
from glassloop.trace.callbacks import is_task
from glassloop.trace.descriptors import attribute
from glassloop.trace.locals import read_one, variable_of
from glassloop.trace.primitives import describe_state, is_primitive, kind_of
from glassloop.trace.registry import Known, Registry

if TYPE_CHECKING:
    from glassloop.trace.recorder import Recorder

_DOORS = {"__aenter__", "__aexit__"}  # of `async with`


class ThingWatch:
    """Names objects, and writes down how they are whenever that may have changed."""

    def __init__(self, recorder: Recorder, name_of: Callable[[Any], str]) -> None:
        self._recorder = recorder
        self._name_of = name_of  # the name of a task or future in a sentence
        self._registry = Registry()
        self._count = 0

    def ends(self) -> asyncios.Hooks:
        """What is done when a function returns that plays a part."""
        return {
            "gather": self._gathered,
            "wrap": self._wrapped,
            "shield": self._shielded,
            "hand to a thread": self._handed_to_thread,
            "use": self._used,
        }

    # Naming.

    def object_id(self, thing: Any) -> str:
        """The name of an object; its state is written down where it is new."""
        known = self._registry.of(thing)
        self._name(known)
        self._update(thing, known)
        return known.name

    def label(self, thing: Any) -> str:
        """What an object is called in a sentence."""
        known = self._registry.find(thing)
        return known.label if known is not None and known.label else "a future"

    def meet(self, thing: Any, variable: str) -> None:
        """A variable of the reader's holds a lock or the like: that is what it is called."""
        known = self._registry.of(thing)
        self._call_by_variable(known, thing, variable)
        self.object_id(thing)

    @staticmethod
    def _call_by_variable(known: Known, thing: Any, variable: str) -> None:
        if not known.label and variable.isidentifier() and variable != "self":
            known.label = f"the {kind_of(thing).lower()} `{variable}`"

    def ends_at(self, future: Any, when: float) -> str:
        """A timer will end `future`; returns its name."""
        known = self._registry.of(future)
        known.due = when
        return self._name(known)

    def new_name(self) -> str:
        """A name that no object has yet."""
        self._count += 1
        return f"O{self._count}"

    def _name(self, known: Known) -> str:
        if not known.name:
            known.name = self.new_name()
        return known.name

    def _update(self, thing: Any, known: Known) -> None:
        kind, state = describe_state(thing, self.waiter)
        if kind == "Future" and known.due is not None:
            state["due"] = known.due
        if kind in ("Lock", "Condition"):
            lock = thing if kind == "Lock" else attribute(thing, "_lock")
            state["holder"] = self._registry.of(lock).holder if state["locked"] else None
        if known.state != state or not known.label:
            known.state = state
            known.label = known.label or f"the {kind.lower()} {known.name}"
            self._recorder.emit("object", o=known.name, type=kind, label=known.label, state=state)

    def waiter(self, future: Any) -> str | None:
        """The task that waits for a future."""
        known = self._registry.find(future)
        return known.waiter if known is not None else None

    # Waiting.

    def waited_for(self, future: Any, task: str, frames: list[types.FrameType]) -> str:
        """`task` has suspended on `future`, below `frames` (outermost first).

        Returns the name of what it waits for: the lock or queue whose row the future is a place
        in, or the future itself.
        """
        below = self._below_reader(frames)
        known = self._registry.of(future)
        known.waiter = task
        primitive = _outermost_primitive(below)
        if primitive is not None:
            known.place_of = weakref.ref(primitive)
            return self.object_id(primitive)
        if not known.label:
            known.label = waits.reason(below, self._name_of)
        if not known.label and len(below) < len(frames):
            waiting = frames[-len(below) - 1]
            self._call_by_variable(known, future, variable_of(waiting, future))
        return self.object_id(future)

    def woken_by(self, future: Any) -> str:
        """A task no longer waits for `future`; returns the name of what it waited for."""
        known = self._registry.of(future)
        known.waiter = None
        primitive = known.place_of() if known.place_of is not None else None
        return self.object_id(future if primitive is None else primitive)

    def _below_reader(self, frames: list[types.FrameType]) -> list[types.FrameType]:
        """The library's frames at the inner end of a chain."""
        own = [at for at, frame in enumerate(frames) if self._recorder.own(frame.f_code)]
        return frames[own[-1] + 1 :] if own else frames

    def known_name(self, primitive: Any) -> str | None:
        """The name of a lock or queue, if it is one and the trace has spoken of it."""
        known = self._registry.find(primitive) if is_primitive(primitive) else None
        return known.name or None if known is not None else None

    # What the library's functions tell as they return.

    def _used(self, frame: types.FrameType, value: Any) -> None:
        owner, name = read_one(frame, "self"), frame.f_code.co_name
        if not is_primitive(owner):
            return
        if name == "acquire" and value is True:
            self._registry.of(owner).holder = self._recorder.who
        elif name == "release":
            self._registry.of(owner).holder = None
        if (outermost := self._owner(owner, frame.f_back)) is not None:
            self.object_id(outermost)

    def _owner(self, thing: Any, caller: types.FrameType | None) -> Any:
        """What the reader knows of: a condition has a lock of its own, a queue an event.

        None where only the library knows `thing`.
        """
        known = self._registry.find(thing)
        named = known is not None and bool(known.name)
        if named or caller is None or self._recorder.own(caller.f_code):
            return thing
        code = caller.f_code
        if id(code) in asyncios.known.methods or code.co_name in _DOORS:
            outer = read_one(caller, "self")
            return outer if is_primitive(outer) else None
        return None

    def _gathered(self, frame: types.FrameType, future: Any) -> None:
        if type(future) in asyncios.known.gatherings:
            names = waits.listed(_different(future._children), self._name_of)
            self._registry.of(future).label = f"the gather of {names}"

    def _shielded(self, frame: types.FrameType, future: Any) -> None:
        if future is not None and not is_task(future):
            inner = read_one(frame, "inner")
            self._registry.of(future).label = f"the shield of {self._name_of(inner)}"

    def _wrapped(self, frame: types.FrameType, future: Any) -> None:
        if future is not None and not self._registry.of(future).label:
            self._registry.of(future).label = "the answer of a thread"

    def _handed_to_thread(self, frame: types.FrameType, future: Any) -> None:
        if future is not None:
            function = read_one(frame, "func")
            self._registry.of(future).label = waits.call_in_a_thread(function)


def _different(things: Iterable[Any]) -> list[Any]:
    """Each of the objects once, without asking them whether they are equal."""
    return list({id(thing): thing for thing in things}.values())


def _outermost_primitive(frames: list[types.FrameType]) -> Any:
    for frame in frames:
        if id(frame.f_code) in asyncios.known.methods:
            owner = read_one(frame, "self")
            if is_primitive(owner):
                return owner
    return None

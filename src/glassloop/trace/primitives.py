"""What can be seen of asyncio's locks, events, queues and futures from outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from glassloop.trace.asyncios import known
from glassloop.trace.descriptors import attribute, state_of
from glassloop.trace.values import describe

Waiting = Callable[[Any], str | None]

SHOWN = 10  # entries of a queue


def kind_of(thing: Any) -> str:
    """The kind of an object that tasks wait at; what is none of asyncio's own is a "Future"."""
    # Not isinstance, which would ask the object for its __class__.
    kinds = known.kinds.items()
    return next((kind for kind, types in kinds if issubclass(type(thing), types)), "Future")


def is_primitive(value: Any) -> bool:
    """Whether `value` is one of asyncio's objects that tasks wait at, and complete."""
    if not issubclass(type(value), known.primitives):
        return False
    return bool(object.__getattribute__(value, "__dict__"))


def describe_state(thing: Any, waiting: Waiting) -> tuple[str, dict[str, Any]]:
    """The kind of an object and its state; `waiting` tells which task waits for a future."""
    kind = kind_of(thing)
    if kind == "Future":
        return kind, _future(thing, waiting)
    if kind == "Queue":
        return kind, _queue(thing, waiting)
    state: dict[str, Any] = {}
    if kind == "Lock":
        state["locked"] = attribute(thing, "_locked")
    elif kind == "Event":
        state["set"] = attribute(thing, "_value")
    elif kind == "Semaphore":
        state["value"] = attribute(thing, "_value")
    elif kind == "Condition":
        state["locked"] = attribute(attribute(thing, "_lock"), "_locked")
    elif kind == "Barrier":
        state["value"], state["parties"] = attribute(thing, "_count"), attribute(thing, "_parties")
        inner = attribute(thing, "_cond") or attribute(thing, "_condition")
        return kind, {**state, "waiters": _waiters(inner, waiting)}
    return kind, {**state, "waiters": _waiters(thing, waiting)}


def _waiters(thing: Any, waiting: Waiting, name: str = "_waiters") -> list[str]:
    futures = list(attribute(thing, name) or ())
    pending = [future for future in futures if state_of(future) == "pending"]
    return [task for future in pending if (task := waiting(future))]


def _queue(queue: Any, waiting: Waiting) -> dict[str, Any]:
    items = list(attribute(queue, "_queue") or ())
    return {
        "items": [describe(item) for item in items[:SHOWN]],
        "size": len(items),
        "maxsize": attribute(queue, "_maxsize"),
        "getters": _waiters(queue, waiting, "_getters"),
        "putters": _waiters(queue, waiting, "_putters"),
    }


def _future(future: Any, waiting: Waiting) -> dict[str, Any]:
    waiter = waiting(future)
    state: dict[str, Any] = {"waiters": [waiter] if waiter else []}
    if (name := state_of(future)) != "finished":
        return {"state": name, **state}
    # Not future.exception(), which would mark the exception as retrieved.
    failure = getattr(future, "_exception", None)
    value = failure if failure is not None else getattr(future, "_result", None)
    return {"state": "finished", "value": describe(value), **state}

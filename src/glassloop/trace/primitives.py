"""What can be seen of asyncio's locks, events, queues and futures from outside."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

from glassloop.trace.values import describe

Waiting = Callable[[Any], str | None]

KINDS = (asyncio.Lock, asyncio.Event, asyncio.Condition, asyncio.Semaphore, asyncio.Queue)
SHOWN = 10  # entries of a queue

CHANGING = {
    asyncio.Lock: ("acquire", "release"),
    asyncio.Event: ("set", "clear", "wait"),
    asyncio.Condition: ("wait", "notify"),
    asyncio.Semaphore: ("acquire", "release"),
    asyncio.Queue: ("put", "get", "put_nowait", "get_nowait", "task_done"),
}


def is_primitive(value: Any) -> bool:
    """Whether `value` is one of asyncio's objects that tasks wait at."""
    return isinstance(value, KINDS)


def methods() -> Iterator[Any]:
    """The functions after which one of them may have changed."""
    for kind, names in CHANGING.items():
        for name in names:
            yield getattr(kind, name)


def describe_state(thing: Any, waiting: Waiting) -> tuple[str, dict[str, Any]]:
    """The kind of an object and its state; `waiting` tells which task waits for a future."""
    if isinstance(thing, asyncio.Lock):
        return "Lock", {"locked": thing.locked(), "waiters": _waiters(thing, waiting)}
    if isinstance(thing, asyncio.Event):
        return "Event", {"set": thing.is_set(), "waiters": _waiters(thing, waiting)}
    if isinstance(thing, asyncio.Semaphore):
        return "Semaphore", {"value": thing._value, "waiters": _waiters(thing, waiting)}
    if isinstance(thing, asyncio.Condition):
        return "Condition", {"locked": thing.locked(), "waiters": _waiters(thing, waiting)}
    if isinstance(thing, asyncio.Queue):
        return "Queue", _queue(thing, waiting)
    return "Future", _future(thing, waiting)


def _waiters(thing: Any, waiting: Waiting, name: str = "_waiters") -> list[str]:
    futures = list(getattr(thing, name, None) or ())
    return [task for future in futures if not future.done() and (task := waiting(future))]


def _queue(queue: Any, waiting: Waiting) -> dict[str, Any]:
    items = list(getattr(queue, "_queue", ()))
    return {
        "items": [describe(item) for item in items[:SHOWN]],
        "size": len(items),
        "maxsize": queue.maxsize,
        "getters": _waiters(queue, waiting, "_getters"),
        "putters": _waiters(queue, waiting, "_putters"),
    }


def _future(future: Any, waiting: Waiting) -> dict[str, Any]:
    waiter = waiting(future)
    state: dict[str, Any] = {"waiters": [waiter] if waiter else []}
    if not future.done():
        return {"state": "pending", **state}
    if future.cancelled():
        return {"state": "cancelled", **state}
    # Not future.exception(), which would mark the exception as retrieved.
    failure = getattr(future, "_exception", None)
    value = failure if failure is not None else getattr(future, "_result", None)
    return {"state": "finished", "value": describe(value), **state}

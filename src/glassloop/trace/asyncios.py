"""The asyncios that the recorder knows: the standard library's, and ours where it is used.

Each tells what it does by functions of its own, and what they are called stands here. Each
function plays a part, by whose name `loops` and `switches` find what is to be done when it begins
or returns.
"""

from __future__ import annotations

import asyncio
import asyncio.base_events
import asyncio.events
import asyncio.selector_events
import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

OURS = "glassloop.aio"

# The kinds of objects that tasks wait at, and the methods after which one may have changed.
CHANGING = {
    "Lock": ("acquire", "release"),
    "Event": ("set", "clear", "wait"),
    "Condition": ("wait", "notify"),
    "Semaphore": ("acquire", "release"),
    "Queue": ("put", "get", "put_nowait", "get_nowait", "task_done", "join"),
    "Barrier": ("wait", "reset", "abort"),
}

Functions = dict[str, list[Any]]


@dataclass(frozen=True)
class Asyncio:
    """One asyncio: its classes, and its functions by the parts that they play."""

    package: Any
    tasks: tuple[Any, ...]
    gathering: Any  # what `gather` gives back; its `cancel` goes on to its tasks
    begins: Functions  # what is to be heard of when it begins
    ends: Functions  # and when it returns
    turns: list[Any]  # what takes entries from the ready queue
    selects: list[Any]  # what asks the selector
    tidies: list[Any]  # the coroutines that `asyncio.run` itself runs at its end
    hands_on: list[Any]  # who hands on the task that the loop's `create_task` makes
    time: Any

    def kind(self, name: str) -> Any:
        """Its class of this name."""
        return getattr(self.package, name)

    def methods(self) -> Iterator[types.CodeType]:
        """The methods after which a lock or the like may have changed."""
        for kind, names in CHANGING.items():
            for name in names:
                yield getattr(self.kind(kind), name).__code__


def standard() -> Asyncio:
    """The standard library's. Most of it is private; the names are the same from 3.11 to 3.14."""
    base: Any = asyncio.base_events.BaseEventLoop
    loop: Any = asyncio.selector_events.BaseSelectorEventLoop
    handle, timer = asyncio.events.Handle, asyncio.events.TimerHandle
    tasks: Any = asyncio.tasks
    runners: Any = asyncio.runners
    # From Python 3.14 an entry that another thread may bring is made in a way of its own.
    threadsafe = getattr(asyncio.events, "_ThreadSafeHandle", None)
    hands_on = [getattr(tasks, n, None) for n in ("create_task", "ensure_future", "_ensure_future")]
    eager: Any = getattr(asyncio, "eager_task_factory", None)  # from Python 3.12
    return Asyncio(
        package=asyncio,
        tasks=(asyncio.Task, getattr(tasks, "_PyTask", asyncio.Task)),
        gathering=tasks._GatheringFuture,
        begins={
            "turn": [base._run_once],
            "run": [handle._run],
            "cancel handle": [handle.cancel, timer.cancel],
            "ready": [base._add_callback],
            "loop ends": [base._set_coroutine_origin_tracking],
            "gather": [asyncio.gather],
            "cancel gathering": [tasks._GatheringFuture.cancel],
            "cancel the rest": [runners._cancel_all_tasks],
            "complain": [base.call_exception_handler],
        },
        ends={
            "queue": [base._call_soon],
            "queue by a thread": [] if threadsafe is None else [threadsafe.__init__],
            "arm": [base.call_at],
            "fire": [loop._process_events],
            "create": [base.create_task],
            "make": [asyncio.create_task] if eager is None else [asyncio.create_task, eager],
            "run": [handle._run],
            "run to its end": [asyncio.Runner.run],
            "gather": [asyncio.gather],
            "wrap": [asyncio.wrap_future],
            "shield": [asyncio.shield],
            "hand to a thread": [base.run_in_executor],
        },
        turns=[base._run_once],
        selects=[base._run_once],
        tidies=[base.shutdown_asyncgens, base.shutdown_default_executor],
        hands_on=[each for each in hands_on if type(each) is types.FunctionType],
        time=base.time,
    )


def ours(package: Any) -> Asyncio:
    """Ours, in whose ready queue tasks stand themselves and need no handles."""
    loop, handle, task = package.EventLoop, package.Handle, package.Task
    waiting, timers = sys.modules[f"{OURS}.waiting"], sys.modules[f"{OURS}.timers"].TimerLoop
    return Asyncio(
        package=package,
        tasks=(task,),
        gathering=waiting._GatheringFuture,
        begins={
            "turn": [loop._run_once],
            "run": [handle._run],
            "step": [task._step],
            "cancel handle": [handle.cancel, package.TimerHandle.cancel],
            "ready": [loop._ready_or_gone],
            "fire": [loop._fire],
            "queue by a thread": [loop._write_to_self],
            "loop ends": [loop._track_origins],
            "nap": [timers._wait],
            "gather": [package.gather],
            "cancel gathering": [waiting._GatheringFuture.cancel],
            "cancel the rest": [sys.modules[f"{OURS}.runners"]._cancel_all_tasks],
            "complain": [loop.call_exception_handler],
        },
        ends={
            "queue": [loop.call_soon],
            "resume": [loop._resume_soon],
            "signal": [loop._handle_signal],
            "arm": [loop.call_at],
            "create": [loop.create_task],
            "make": [package.create_task, package.eager_task_factory],
            "run": [handle._run],
            "step": [task._step],
            "end": [task._end],
            "nap": [timers._wait],
            "run to its end": [package.Runner.run],
            "gather": [package.gather],
            "wrap": [package.wrap_future],
            "shield": [package.shield],
            "hand to a thread": [loop.run_in_executor],
        },
        turns=[loop._run_once, loop._run_timed],
        selects=[loop._wait],
        tidies=[loop.shutdown_asyncgens, loop.shutdown_default_executor],
        hands_on=[package.create_task, package.ensure_future],
        time=loop.time,
    )


class Known:
    """What all that are known have, together. Code is known by its identity: its hash is slow."""

    def __init__(self) -> None:
        self.all: list[Asyncio] = []
        self.tasks: tuple[Any, ...] = ()
        self.kinds: dict[str, tuple[Any, ...]] = dict.fromkeys(CHANGING, ())
        self.primitives: tuple[Any, ...] = ()
        self.gatherings: tuple[Any, ...] = ()
        self.clocks: tuple[Any, ...] = ()
        self.methods: dict[int, types.CodeType] = {}
        self.turns: set[int] = set()
        self.selects: set[int] = set()
        self.tidies: set[int] = set()
        self.hands_on: set[int] = set()

    def add(self, library: Asyncio) -> None:
        """Know one more."""
        self.all.append(library)
        self.tasks += library.tasks
        self.gatherings += (library.gathering,)
        self.clocks += (library.time,)
        for kind in CHANGING:
            self.kinds[kind] += (library.kind(kind),)
            self.primitives += (library.kind(kind),)
        self.methods |= {id(code): code for code in library.methods()}
        self.turns |= _codes(library.turns)
        self.selects |= _codes(library.selects)
        self.tidies |= _codes(library.tidies)
        self.hands_on |= _codes(library.hands_on)

    def learn(self) -> Asyncio | None:
        """Get to know ours, once the program has imported it; returns it where it is new."""
        package = sys.modules.get(OURS)
        spec = getattr(package, "__spec__", None)
        if package is None or len(self.all) > 1 or getattr(spec, "_initializing", False):
            return None
        self.add(ours(package))
        return self.all[-1]


def _codes(functions: list[Any]) -> set[int]:
    return {id(function.__code__) for function in functions}


def parts(functions: Functions) -> Iterator[tuple[str, types.CodeType]]:
    """Each part with the code that plays it."""
    for part, played_by in functions.items():
        for function in played_by:
            yield part, function.__code__


known = Known()
known.add(standard())

Hooks = dict[str, Callable[[types.FrameType, Any], object]]

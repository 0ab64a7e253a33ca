"""Things that pass from task to task, in order, with room for so many at a time."""

from __future__ import annotations

import heapq
from collections import deque
from types import GenericAlias
from typing import Any, Generic, TypeVar

from .futures import Future
from .locks import Event, _BoundToLoop

T = TypeVar("T")


class QueueEmpty(Exception):
    """There is nothing in the queue."""


class QueueFull(Exception):
    """There is no room in the queue."""


class QueueShutDown(Exception):
    """The queue was shut down: nothing more comes in, and soon nothing more comes out."""


class Queue(_BoundToLoop, Generic[T]):
    """First in, first out. With `maxsize` 0 or less there is always room."""

    __class_getitem__: Any = classmethod(GenericAlias)

    def __init__(self, maxsize: int = 0) -> None:
        self._maxsize = maxsize
        self._getters: deque[Future[None]] = deque()
        self._putters: deque[Future[None]] = deque()
        self._unfinished_tasks = 0
        self._finished = Event()
        self._finished.set()
        self._is_shutdown = False
        self._init(maxsize)

    # What a queue of another order overrides.

    def _init(self, maxsize: int) -> None:
        self._queue: Any = deque()

    def _get(self) -> T:
        item: T = self._queue.popleft()
        return item

    def _put(self, item: T) -> None:
        self._queue.append(item)

    # How full it is.

    def qsize(self) -> int:
        """How many things are in it."""
        return len(self._queue)

    @property
    def maxsize(self) -> int:
        """How many there is room for; 0 or less means any number."""
        return self._maxsize

    def empty(self) -> bool:
        """Whether nothing is in it."""
        return not self._queue

    def full(self) -> bool:
        """Whether there is no room."""
        return 0 < self._maxsize <= self.qsize()

    # In and out.

    async def put(self, item: T) -> None:
        """Put it in, and wait for room first. Raises `QueueShutDown` after a shutdown."""
        while self.full() and not self._is_shutdown:
            await self._wait_in(self._putters, self.full)
        self.put_nowait(item)

    def put_nowait(self, item: T) -> None:
        """Put it in. Raises `QueueFull` where there is no room."""
        if self._is_shutdown:
            raise QueueShutDown
        if self.full():
            raise QueueFull
        self._put(item)
        if not self._unfinished_tasks:
            self._finished.clear()
        self._unfinished_tasks += 1
        if self._getters:
            self._wake_next(self._getters)

    async def get(self) -> T:
        """Take the next thing out, and wait for one first.

        After a shutdown, what is left can be taken; then it raises `QueueShutDown`.
        """
        while self.empty() and not self._is_shutdown:
            await self._wait_in(self._getters, self.empty)
        return self.get_nowait()

    def get_nowait(self) -> T:
        """Take the next thing out. Raises `QueueEmpty` where there is none."""
        if self.empty():
            raise QueueShutDown if self._is_shutdown else QueueEmpty
        item = self._get()
        if self._putters:
            self._wake_next(self._putters)
        return item

    async def _wait_in(self, row: deque[Future[None]], has_to_wait: Any) -> None:
        """Line up, and sleep until it is our turn to look again."""
        waiter: Future[None] = self._get_loop().create_future()
        row.append(waiter)
        try:
            await waiter
        except BaseException:
            waiter.cancel()
            if waiter in row:
                row.remove(waiter)
            # It was woken and cannot act on it: the next one's turn.
            if not has_to_wait() and not waiter.cancelled():
                self._wake_next(row)
            raise

    def _wake_next(self, row: deque[Future[None]]) -> None:
        while row:
            waiter = row.popleft()
            if not waiter.done():
                waiter.set_result(None)
                break

    # Work that the things stand for.

    def task_done(self) -> None:
        """What was taken out last is dealt with. Raises `ValueError` when called too often."""
        if self._unfinished_tasks <= 0:
            raise ValueError("task_done() called too many times")
        self._unfinished_tasks -= 1
        if self._unfinished_tasks == 0:
            self._finished.set()

    async def join(self) -> None:
        """Wait until all that was put in is dealt with."""
        if self._unfinished_tasks > 0:
            await self._finished.wait()

    def shutdown(self, immediate: bool = False) -> None:
        """Take nothing more in. With `immediate`, drop what is in it, as if it were dealt with."""
        self._is_shutdown = True
        while immediate and not self.empty():
            self._get()
            if self._unfinished_tasks > 0:
                self._unfinished_tasks -= 1
        if immediate and self._unfinished_tasks == 0:
            self._finished.set()
        for row in (self._getters, self._putters):
            while row:
                self._wake_next(row)

    # Words.

    def _format(self) -> str:
        facts = [f"maxsize={self._maxsize!r}"]
        if getattr(self, "_queue", None):
            facts.append(f"_queue={list(self._queue)!r}")
        if self._getters:
            facts.append(f"_getters[{len(self._getters)}]")
        if self._putters:
            facts.append(f"_putters[{len(self._putters)}]")
        if self._unfinished_tasks:
            facts.append(f"tasks={self._unfinished_tasks}")
        if self._is_shutdown:
            facts.append("shutdown")
        return " ".join(facts)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} at {id(self):#x} {self._format()}>"

    def __str__(self) -> str:
        return f"<{type(self).__name__} {self._format()}>"


class PriorityQueue(Queue[T]):
    """The smallest comes out first."""

    def _init(self, maxsize: int) -> None:
        self._queue = []

    def _put(self, item: T) -> None:
        heapq.heappush(self._queue, item)

    def _get(self) -> T:
        item: T = heapq.heappop(self._queue)
        return item


class LifoQueue(Queue[T]):
    """The last one in comes out first."""

    def _init(self, maxsize: int) -> None:
        self._queue = []

    def _get(self) -> T:
        item: T = self._queue.pop()
        return item


__all__ = (
    "LifoQueue",
    "PriorityQueue",
    "Queue",
    "QueueEmpty",
    "QueueFull",
    "QueueShutDown",
)

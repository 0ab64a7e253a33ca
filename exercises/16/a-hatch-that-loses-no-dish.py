"""A hatch that loses no dish

Dishes come out of a hatch. A waiter who finds none leaves a future and waits for it, and `put`
gives a dish to the waiter who came first. But it may be that a waiter is cancelled in the same turn
in which a dish was put into his future. He has gone, and the dish with him.

Repair `get`. A dish that nobody took goes to the next one who waits, and if there is none, it goes
back into the hatch, to the front.
"""

from collections import deque
from collections.abc import Coroutine

from glassloop.aio.exceptions import CancelledError
from glassloop.aio.taskloop import TaskLoop

form = "repair"

given = ["Program"]

hints = [
    "The cancellation rises at `yield from waiter`. Which two things may be true of the future "
    "then? Ask `waiter.done()` and `waiter.cancelled()`.",
    "If the future has a result, give that back with a `put` that adds to the front, and `raise`.",
]


class Program(Coroutine):
    """Makes a generator acceptable to a task."""

    def __init__(self, generator):
        self.generator = generator
        self.__name__ = self.__qualname__ = generator.__name__

    def send(self, value):
        return self.generator.send(value)

    def throw(self, *error):
        return self.generator.throw(*error)

    def close(self):
        self.generator.close()

    def __await__(self):
        return self.generator


def sleep(loop, seconds):
    """Wait for so many seconds."""
    future = loop.create_future()
    timer = loop.call_later(seconds, future.set_result, None)
    try:
        yield from future
    finally:
        timer.cancel()


class Hatch:
    """Where dishes come out, in order."""

    def __init__(self, loop):
        self.loop, self.dishes, self.waiters = loop, deque(), deque()

    def put(self, dish):
        if not self._give(dish):
            self.dishes.append(dish)

    def get(self):
        if self.dishes:
            return self.dishes.popleft()
        waiter = self.loop.create_future()
        self.waiters.append(waiter)
        try:
            return (yield from waiter)
        except CancelledError:
            if not waiter.cancelled() and not self._give(waiter.result()):
                self.dishes.appendleft(waiter.result())
            raise

    def _give(self, dish):
        """Give the dish to the first who still waits; whether there was one."""
        while self.waiters:
            waiter = self.waiters.popleft()
            if not waiter.done():
                waiter.set_result(dish)
                return True
        return False


class broken:
    """Where dishes come out, in order."""

    def __init__(self, loop):
        self.loop, self.dishes, self.waiters = loop, deque(), deque()

    def put(self, dish):
        if not self._give(dish):
            self.dishes.append(dish)

    def get(self):
        if self.dishes:
            return self.dishes.popleft()
        waiter = self.loop.create_future()
        self.waiters.append(waiter)
        return (yield from waiter)

    def _give(self, dish):
        """Give the dish to the first who still waits; whether there was one."""
        while self.waiters:
            waiter = self.waiters.popleft()
            if not waiter.done():
                waiter.set_result(dish)
                return True
        return False


def check(Hatch):
    loop = TaskLoop()

    def evening(names, gone=None, at_once=True):
        """Who has which dish, when ann is cancelled around the moment at which soup comes."""
        hatch, served = Hatch(loop), {}

        def waiter(name):
            served[name] = yield from hatch.get()

        def serve():
            hatch.put("soup")
            if at_once and gone:
                tasks[gone].cancel()

        tasks = {name: loop.create_task(Program(waiter(name))) for name in names}
        if gone and not at_once:
            loop.call_later(1, tasks[gone].cancel)
        loop.call_later(2, serve)
        loop.call_later(3, lambda: served.update(left=list(hatch.dishes)))
        loop.call_later(4, loop.stop)
        loop.run_forever()
        return served, gone is None or tasks[gone].cancelled()

    for names, gone, at_once, wanted, what in (
        (["ann", "bob"], None, True, {"ann": "soup", "left": []}, "Ann and Bob wait"),
        (["ann"], "ann", False, {"left": ["soup"]}, "Ann waits and goes before the soup comes"),
        (["ann"], "ann", True, {"left": ["soup"]}, "Ann goes as the soup comes"),
        (
            ["ann", "bob"],
            "ann",
            True,
            {"bob": "soup", "left": []},
            "Ann goes as the soup comes, and Bob waits",
        ),
    ):
        found, cancelled = evening(names, gone, at_once)
        assert found == wanted, f"{what}: it should end with {wanted}, but ends with {found}."
        assert cancelled, f"{what}: Ann's task should be cancelled, but it is not."
    loop.close()


class wrong_swallows:
    """Ann waits and goes before the soup comes: it should end with {'left': ['soup']}, but ends
    with {'ann': None, 'left': ['soup']}."""

    def __init__(self, loop):
        self.loop, self.dishes, self.waiters = loop, deque(), deque()

    def put(self, dish):
        if not self._give(dish):
            self.dishes.append(dish)

    def get(self):
        if self.dishes:
            return self.dishes.popleft()
        waiter = self.loop.create_future()
        self.waiters.append(waiter)
        try:
            return (yield from waiter)
        except CancelledError:
            if not waiter.cancelled():
                self.put(waiter.result())
            return None

    def _give(self, dish):
        while self.waiters:
            waiter = self.waiters.popleft()
            if not waiter.done():
                waiter.set_result(dish)
                return True
        return False


class wrong_not_to_the_next:
    """Ann goes as the soup comes, and Bob waits: it should end with {'bob': 'soup', 'left': []},
    but ends with {'left': ['soup']}."""

    def __init__(self, loop):
        self.loop, self.dishes, self.waiters = loop, deque(), deque()

    def put(self, dish):
        if not self._give(dish):
            self.dishes.append(dish)

    def get(self):
        if self.dishes:
            return self.dishes.popleft()
        waiter = self.loop.create_future()
        self.waiters.append(waiter)
        try:
            return (yield from waiter)
        except CancelledError:
            if not waiter.cancelled():
                self.dishes.appendleft(waiter.result())
            raise

    def _give(self, dish):
        while self.waiters:
            waiter = self.waiters.popleft()
            if not waiter.done():
                waiter.set_result(dish)
                return True
        return False

"""An hour for the bread, and no more

Write `with_timeout(loop, seconds, program)`, a generator to be used with `yield from` by a task. It
gives the program's result. If that takes longer than so many seconds, it cancels what runs and
raises `TimeoutError`. If somebody else cancels the task, that must stay a cancellation. When it has
ended, its timer must not ring any more.

`current_task(loop)` is the task that runs now.
"""

import inspect
from collections.abc import Coroutine

from glassloop.aio.exceptions import CancelledError
from glassloop.aio.running import current_task
from glassloop.aio.taskloop import TaskLoop

given = ["Program"]

hints = [
    "A timer that calls a function of yours: it notes that time is up, and cancels the task.",
    "In `except CancelledError`, ask the note. If it was your timer, take the request back with "
    "`task.uncancel()` and raise `TimeoutError`; if not, `raise`.",
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


def with_timeout(loop, seconds, program):
    """The program's result, or TimeoutError after so many seconds."""
    task, expired = current_task(loop), []

    def expire():
        expired.append(True)
        task.cancel()

    timer = loop.call_later(seconds, expire)
    try:
        return (yield from program)
    except CancelledError:
        if expired and task.uncancel() == 0:
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()


def starter(loop, seconds, program):
    return (yield from program)


def check(with_timeout):
    loop = TaskLoop()

    def bake(minutes):
        yield from sleep(loop, minutes)
        return "bread"

    def guest(minutes):
        waiting = with_timeout(loop, 5, bake(minutes))
        assert inspect.isgenerator(waiting), (
            f"`with_timeout` should be a generator, but its call returned {waiting!r}."
        )
        try:
            eaten = yield from waiting
        except TimeoutError:
            eaten = "no bread"
        yield from sleep(loop, 10)
        return eaten

    def run(minutes, cancelled_at=None):
        task = loop.create_task(Program(guest(minutes)))
        if cancelled_at is not None:
            loop.call_later(cancelled_at, task.cancel)
        try:
            return loop.run_until_complete(task)
        except CancelledError:
            return "cancelled"

    for minutes, cancelled_at, wanted in (
        (60, None, "no bread"),
        (3, None, "bread"),
        (60, 2, "cancelled"),
    ):
        found = run(minutes, cancelled_at)
        by = "" if cancelled_at is None else f", by a guest who is cancelled at t = {cancelled_at}"
        assert found == wanted, (
            f"Bread that takes {minutes} s is given 5 s{by}: "
            f"the outcome should be {wanted!r}, but is {found!r}."
        )
    loop.close()


def wrong_timer_goes_on(loop, seconds, program):
    """Bread that takes 3 s is given 5 s: the outcome should be 'bread', but is 'cancelled'."""
    task, expired = current_task(loop), []

    def expire():
        expired.append(True)
        task.cancel()

    loop.call_later(seconds, expire)
    try:
        return (yield from program)
    except CancelledError:
        if expired:
            task.uncancel()
            raise TimeoutError from None
        raise


def wrong_every_cancellation(loop, seconds, program):
    """Bread that takes 60 s is given 5 s, by a guest who is cancelled at t = 2: the outcome should
    be 'cancelled', but is 'no bread'."""
    timer = loop.call_later(seconds, current_task(loop).cancel)
    try:
        return (yield from program)
    except CancelledError:
        raise TimeoutError from None
    finally:
        timer.cancel()


def wrong_no_exception(loop, seconds, program):
    """Bread that takes 60 s is given 5 s: the outcome should be 'no bread', but is 'cancelled'."""
    timer = loop.call_later(seconds, current_task(loop).cancel)
    try:
        return (yield from program)
    finally:
        timer.cancel()

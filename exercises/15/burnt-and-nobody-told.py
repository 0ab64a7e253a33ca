"""Burnt, and nobody was told

`dinner(loop, cook)` starts a cook as a task, sets the table for ten seconds, and returns what was
cooked. If the cook fails, it is to return `"told the guests: "` and the message of the exception.
It returns the words for a good dinner, though the soup is burnt.

Repair it. The cook and the table go on at the same time.
"""

from collections.abc import Coroutine

from glassloop.aio.taskloop import TaskLoop

form = "repair"

given = ["Program", "sleep"]

hints = [
    "An exception of a task is kept in the task. In whom is it raised, and when?",
    "The `try` must stand around the line that waits for the task.",
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


def dinner(loop, cook):
    """Set the table while the cook cooks; return what there is to eat."""
    soup = loop.create_task(Program(cook))
    yield from sleep(loop, 10)
    try:
        return (yield from soup)
    except ValueError as error:
        return f"told the guests: {error}"


def broken(loop, cook):
    """Set the table while the cook cooks; return what there is to eat."""
    try:
        loop.create_task(Program(cook))
    except ValueError as error:
        return f"told the guests: {error}"
    yield from sleep(loop, 10)
    return "hot soup"


def check(dinner):
    loop = TaskLoop()

    def cook(seconds, dish=None):
        yield from sleep(loop, seconds)
        if dish is None:
            raise ValueError("the soup is burnt")
        return dish

    def run(*order):
        start = loop.time()
        found = loop.run_until_complete(Program(dinner(loop, cook(*order))))
        return found, round(loop.time() - start)

    found, took = run(4)
    wanted = "told the guests: the soup is burnt"
    assert found == wanted, f"The soup is burnt; `dinner` should return {wanted!r}, not {found!r}."
    found, took = run(12, "onion soup")
    assert found == "onion soup", (
        f"The cook returns 'onion soup' after 12 s, but `dinner` returned {found!r}."
    )
    assert took == 12, (
        f"10 s for the table and 12 s for the soup at the same time should take 12 s, "
        f"but took {took} s."
    )
    loop.close()


def wrong_no_task(loop, cook):
    """10 s for the table and 12 s for the soup at the same time should take 12 s, but took 22 s."""
    yield from sleep(loop, 10)
    try:
        return (yield from cook)
    except ValueError as error:
        return f"told the guests: {error}"


def wrong_looks_too_early(loop, cook):
    """The cook returns 'onion soup' after 12 s, but `dinner` returned 'nothing to eat'."""
    soup = loop.create_task(Program(cook))
    yield from sleep(loop, 10)
    if not soup.done():
        return "nothing to eat"
    if soup.exception():
        return f"told the guests: {soup.exception()}"
    return soup.result()

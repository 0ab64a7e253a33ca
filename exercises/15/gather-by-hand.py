"""All at once, results in order

Write `gather(loop, *programs)`, a generator to be used with `yield from`. It runs all programs at
the same time and returns the list of their results, in the order of the programs. If one of them
fails, its exception is raised as soon as it fails, and not when its turn in the list comes; the
others go on.

`loop.create_task(Program(program))` makes a task of a generator, as in this chapter.
"""

import inspect
from collections.abc import Coroutine

from glassloop.aio.taskloop import TaskLoop

given = ["Program"]

hints = [
    "All tasks must be made before the first of them is waited for.",
    "Wait for one future of your own. A callback in each task fills it: with the exception of one "
    "that has failed, or with `None` when all are done.",
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


def gather(loop, *programs):
    """Run all at once; return their results in order, or raise what failed first."""
    tasks = [loop.create_task(Program(program)) for program in programs]
    over = loop.create_future()

    def one_done(task):
        if over.done():
            return
        if task.exception():
            over.set_exception(task.exception())
        elif all(task.done() for task in tasks):
            over.set_result(None)

    for task in tasks:
        task.add_done_callback(one_done)
    if tasks:
        yield from over
    return [task.result() for task in tasks]


def check(gather):
    loop = TaskLoop()

    def station(city, seconds, fails=False):
        yield from sleep(loop, seconds)
        if fails:
            raise OSError(f"{city} does not answer")
        return city

    def ask(*stations):
        start = loop.time()
        try:
            answers = gather(loop, *stations)
            assert inspect.isgenerator(answers), (
                f"`gather` should be a generator, but its call returned {answers!r}."
            )
            found = yield from answers
        except OSError as error:
            found = str(error)
        return found, round(loop.time() - start)

    def run(*stations):
        return loop.run_until_complete(Program(ask(*stations)))

    found, took = run(station("Oslo", 3), station("Rome", 1), station("Lima", 2))
    assert found == ["Oslo", "Rome", "Lima"], (
        f"Asked were Oslo, Rome and Lima, in that order; the results are {found}."
    )
    assert took == 3, f"Three stations that take 3, 1 and 2 s should take 3 s, but took {took} s."
    found, took = run(station("Oslo", 3), station("Rome", 1, True))
    assert (found, took) == ("Rome does not answer", 1), (
        f"Rome fails after 1 s, and that should be raised at t = 1; "
        f"after {took} s there was {found!r}."
    )
    found, took = run()
    assert found == [], f"Of no programs there should be no results, but there are {found}."
    loop.close()


def wrong_one_after_the_other(loop, *programs):
    """Three stations that take 3, 1 and 2 s should take 3 s, but took 6 s."""
    results = []
    for program in programs:
        results.append((yield from program))
    return results


def wrong_waits_in_order(loop, *programs):
    """Rome fails after 1 s, and that should be raised at t = 1; after 3 s there was 'Rome does not
    answer'."""
    tasks = [loop.create_task(Program(program)) for program in programs]
    results = []
    for task in tasks:
        results.append((yield from task))
    return results


def wrong_as_they_end(loop, *programs):
    """Asked were Oslo, Rome and Lima, in that order; the results are ['Rome', 'Lima', 'Oslo']."""
    over, results = loop.create_future(), []

    def one_done(task):
        results.append(task.result())
        if len(results) == len(programs):
            over.set_result(None)

    for program in programs:
        loop.create_task(Program(program)).add_done_callback(one_done)
    yield from over
    return results

"""Whoever is ready first

Write `as_completed(loop, *programs)`. It starts all programs and returns at once a list of as many
futures. The first future gets the task that ends first, the second the one that ends second, and so
on, whether they end well or not.

`loop.create_task(Program(program))` makes a task of a generator, as in this chapter.
"""

from collections.abc import Coroutine

from glassloop.aio.taskloop import TaskLoop

given = ["Program"]

hints = [
    "The futures belong to places in the list, and not to programs.",
    "Each task that ends takes the first place that is still free. A callback in each task can do "
    "that, and an iterator over the futures knows which is next.",
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


def as_completed(loop, *programs):
    """A future for each place: the first to end is in the first, and so on."""
    places = [loop.create_future() for _ in programs]
    free = iter(places)
    for program in programs:
        task = loop.create_task(Program(program))
        task.add_done_callback(lambda task: next(free).set_result(task))
    return places


def check(as_completed):
    def station(city, seconds):
        yield from sleep(loop, seconds)
        if city == "Rome":
            raise ValueError("no answer")
        return city

    def reports():
        places = as_completed(loop, station("Oslo", 3), station("Rome", 1), station("Lima", 2))
        assert isinstance(places, list), (
            f"It should return a list of three futures at once, but returned {places!r}."
        )
        begun = loop.time()
        for place in places:
            task = yield from place
            heard.append((loop.time() - begun, "failed" if task.exception() else task.result()))

    loop, heard = TaskLoop(), []
    try:
        loop.run_until_complete(Program(reports()))
    finally:
        loop.close()
    wanted = [(1.0, "failed"), (2.0, "Lima"), (3.0, "Oslo")]
    assert heard == wanted, (
        f"Rome fails at t = 1, Lima answers at 2 and Oslo at 3: {wanted}. You have {heard}."
    )


def wrong_in_the_order_of_programs(loop, *programs):
    """Rome fails at t = 1, Lima answers at 2 and Oslo at 3: [(1.0, 'failed'), (2.0, 'Lima'),
    (3.0, 'Oslo')]. You have [(3.0, 'Oslo'), (3.0, 'failed'), (3.0, 'Lima')]."""
    places = []
    for program in programs:
        place = loop.create_future()
        task = loop.create_task(Program(program))
        task.add_done_callback(place.set_result)
        places.append(place)
    return places


def wrong_no_list(loop, *programs):
    """It should return a list of three futures at once, but returned None."""
    for program in programs:
        loop.create_task(Program(program))


def wrong_one_after_the_other(loop, *programs):
    """Rome fails at t = 1, Lima answers at 2 and Oslo at 3: [(1.0, 'failed'), (2.0, 'Lima'),
    (3.0, 'Oslo')]. You have [(3.0, 'Oslo'), (4.0, 'failed'), (6.0, 'Lima')]."""
    places = [loop.create_future() for _ in programs]

    def all_of_them():
        for place, program in zip(places, programs):
            task = loop.create_task(Program(program))
            task.add_done_callback(lambda task, place=place: place.set_result(task))
            try:
                yield from task
            except ValueError:
                pass

    loop.create_task(Program(all_of_them()))
    return places

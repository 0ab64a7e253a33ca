"""A child and its parent

One child is made a task, another is called by `yield from`. Put the lines in the order in which
the program prints them.
"""

from collections.abc import Coroutine

from glassloop.aio.taskloop import TaskLoop

form = "order"

hints = [
    "`create_task` puts the first step into the ready queue and returns.",
    "`yield from` a generator runs it as a part of the one who waits, at once.",
]


def program():
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

    def child(name):
        print(name, "is here")
        return name
        yield

    def parent(loop):
        task = loop.create_task(Program(child("the task")))
        print("the task is made")
        yield from child("the generator")
        print("the generator has returned")
        name = yield from task
        print("waited for", name)

    loop = TaskLoop()
    loop.run_until_complete(Program(parent(loop)))
    loop.close()


def wrong_task_runs_at_once():
    """`create_task` runs no line of the task. Its first step comes in the next turn, when the
    parent has paused."""
    print("the task is here")
    print("the task is made")
    print("the generator is here")
    print("the generator has returned")
    print("waited for the task")


def wrong_yield_from_pauses():
    """Nothing in the second child yields, so `yield from` it does not pause, and the task gets no
    turn before the parent waits for it."""
    print("the task is made")
    print("the task is here")
    print("the generator is here")
    print("the generator has returned")
    print("waited for the task")

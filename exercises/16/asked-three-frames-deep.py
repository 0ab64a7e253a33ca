"""Asked to stop, three frames deep

A cook waits for dough and is cancelled. Put the lines in the order in which the program prints
them.
"""

from collections.abc import Coroutine

from glassloop.aio.taskloop import TaskLoop

form = "order"

hints = [
    "`cancel` makes a request and returns. When does the exception rise?",
    "It rises in the innermost frame, and goes out through the others.",
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

    def rise(dough):
        try:
            yield from dough
        finally:
            print("the bowl is put away")

    def bake(dough):
        try:
            yield from rise(dough)
            print("the bread is in the oven")
        finally:
            print("the table is wiped")

    def chef(loop):
        print("asked:", cook.cancel())
        print("is the cook done?", cook.done())
        loop.call_later(1, lambda: print("and later?", cook.done()))
        loop.call_later(2, loop.stop)

    loop = TaskLoop()
    cook = loop.create_task(Program(bake(loop.create_future())))
    loop.call_later(1, chef, loop)
    loop.run_forever()
    loop.close()


def wrong_stops_at_once():
    """`cancel` is a request: it cancels the future, and the cook is resumed in a later turn. The
    chef's lines run first."""
    print("the bowl is put away")
    print("the table is wiped")
    print("asked: True")
    print("is the cook done? False")
    print("and later? True")


def wrong_from_the_outside():
    """The exception comes from the future, in the innermost frame. So the bowl is put away before
    the table is wiped."""
    print("asked: True")
    print("is the cook done? False")
    print("the table is wiped")
    print("the bowl is put away")
    print("and later? True")

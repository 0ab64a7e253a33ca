"""Knock, knock

Two objects that can be awaited, and a driver that is no event loop. Put the lines in the order in
which the program prints them.
"""

form = "order"

hints = [
    "`await` calls `__await__`; a generator runs nothing until it is resumed.",
    "What `Knock` yields comes out at `send`. An iterator that is exhausted pauses nobody.",
]


def program():
    class Knock:
        def __await__(self):
            print("knock")
            name = yield "who is there?"
            return name.upper()

    class Push:
        def __await__(self):
            print("the door gives way")
            return iter(())

    async def visitor():
        name = await Knock()
        print("it is", name)
        await Push()
        print("inside")

    visit = visitor()
    print("at the door")
    print(visit.send(None))
    try:
        visit.send("ann")
    except StopIteration:
        print("the visit is over")


def wrong_each_await_pauses():
    """`await Push()` does not pause: its iterator is at its end from the start. There is one
    `yield`, and so one pause."""
    print("at the door")
    print("knock")
    print("who is there?")
    print("it is ANN")
    print("the door gives way")
    print("the visit is over")
    print("inside")


def wrong_yield_is_the_value():
    """What `Knock` yields goes up to the driver. The value of `await Knock()` is what its
    `__await__` returns, and that is after the driver has sent a name."""
    print("at the door")
    print("knock")
    print("it is ANN")
    print("who is there?")
    print("the door gives way")
    print("inside")
    print("the visit is over")

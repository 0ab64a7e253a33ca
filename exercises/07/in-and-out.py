"""In and out again

Two blocks inside each other, and an exception in the inner one. Put the lines in the order in which
the program prints them.
"""

from contextlib import contextmanager

form = "order"

hints = [
    "The last room that was entered is the first to be left.",
    "The exception is raised at the `yield` of the inner room first. Does that let it go on?",
]


def program():
    @contextmanager
    def room(name):
        print("enter the", name)
        try:
            yield name
        finally:
            print("leave the", name)

    try:
        with room("house") as house:
            print("hello,", house)
            with room("kitchen"):
                raise OSError("smoke")
            print("dinner is served")
    except OSError as error:
        print("somebody saw", error)


def wrong_outer_first():
    """The kitchen is inside the house: who leaves the house has left the kitchen. The exception
    passes the inner `with` first."""
    print("enter the house")
    print("hello, house")
    print("enter the kitchen")
    print("leave the house")
    print("leave the kitchen")
    print("somebody saw smoke")


def wrong_seen_at_once():
    """The `except` stands outside of both blocks. The exception gets there when both rooms have
    been left."""
    print("enter the house")
    print("hello, house")
    print("enter the kitchen")
    print("somebody saw smoke")
    print("leave the kitchen")
    print("leave the house")

"""Through which door

One generator function, two generators, two ways to end. Put the lines in the order in which the
program prints them.
"""

form = "order"

hints = [
    "The value of a `return` goes into `StopIteration`. A `for` loop throws it away.",
    "After its end, every further `next` raises `StopIteration` at once, without a value.",
]


def program():
    def ride(floors):
        try:
            for floor in floors:
                yield floor
            return "the roof"
        finally:
            print("doors close after", floors)

    for floor in ride([1]):
        print("the loop is at", floor)
    print("the loop has ended")
    lift = ride([7])
    print("by hand:", next(lift))
    try:
        next(lift)
    except StopIteration as end:
        print("it came to", end.value)
    print("and then:", next(lift, "nothing"))


def wrong_return_is_a_last_value():
    """The value of `return` is not yielded, and `finally` runs before `StopIteration` reaches
    anybody."""
    print("the loop is at 1")
    print("the loop has ended")
    print("doors close after [1]")
    print("by hand: 7")
    print("it came to the roof")
    print("doors close after [7]")
    print("and then: nothing")


def wrong_closes_at_the_last_value():
    """At a `yield` nothing has ended. The generator closes its doors when it is asked once more."""
    print("doors close after [1]")
    print("the loop is at 1")
    print("the loop has ended")
    print("doors close after [7]")
    print("by hand: 7")
    print("it came to the roof")
    print("and then: nothing")

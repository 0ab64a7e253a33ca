"""Through the tube

A generator hands over to another with `yield from`. Put the lines in the order in which the program
prints them.
"""

form = "order"

hints = [
    "While the waiter talks, the restaurant's frame stands at its `yield from` and runs nothing.",
    "The value of the whole `yield from` is what the inner generator returns.",
]


def program():
    def waiter():
        dish = yield "what would you like?"
        print("the waiter writes down", dish)
        yield "anything else?"
        return dish.upper()

    def restaurant():
        print("the door opens")
        order = yield from waiter()
        print("the kitchen reads", order)
        yield "thank you"

    guest = restaurant()
    print("hungry")
    print(next(guest))
    print(guest.send("soup"))
    print(next(guest))


def wrong_outer_sees_what_passes():
    """What passes through `yield from` is not seen by the restaurant. Its `order` is what the
    waiter returns, and that is after "anything else?"."""
    print("hungry")
    print("the door opens")
    print("what would you like?")
    print("the waiter writes down soup")
    print("the kitchen reads SOUP")
    print("anything else?")
    print("thank you")


def wrong_runs_at_the_call():
    """`restaurant()` runs nothing. The door opens with the first `next`."""
    print("the door opens")
    print("hungry")
    print("what would you like?")
    print("the waiter writes down soup")
    print("anything else?")
    print("the kitchen reads SOUP")
    print("thank you")

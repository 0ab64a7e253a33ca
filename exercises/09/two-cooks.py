"""Two cooks

Two programs take turns. One of them calls another generator on the way. Put the lines in the order
in which the program prints them.
"""

form = "order"

hints = [
    "A switch happens at a `yield`, however deep it stands, and nowhere else.",
    "A call of a plain function between two yields is never interrupted.",
]


def program():
    def boil(dish):
        print(dish, "is on the stove")
        yield
        print(dish, "is hot")

    def soup():
        yield from boil("soup")
        print("soup is salted")
        yield
        print("soup is served")

    def bread():
        print("bread is cut")
        print("bread is buttered")
        yield
        print("bread is served")

    row = [soup(), bread()]
    while row:
        cook = row.pop(0)
        try:
            next(cook)
            row.append(cook)
        except StopIteration:
            pass


def wrong_switch_after_yield_from():
    """`yield from` itself switches to nobody. The soup goes on to its next `yield`, behind the
    salt."""
    print("soup is on the stove")
    print("bread is cut")
    print("bread is buttered")
    print("soup is hot")
    print("bread is served")
    print("soup is salted")
    print("soup is served")


def wrong_switch_at_every_line():
    """Between two lines nobody else runs. The bread is cut and buttered in one step: there is no
    `yield` in between."""
    print("soup is on the stove")
    print("bread is cut")
    print("soup is hot")
    print("bread is buttered")
    print("soup is salted")
    print("bread is served")
    print("soup is served")


def wrong_one_after_the_other():
    """The soup's `yield`, deep in `boil`, hands over to the row, and the bread gets its step."""
    print("soup is on the stove")
    print("soup is hot")
    print("soup is salted")
    print("soup is served")
    print("bread is cut")
    print("bread is buttered")
    print("bread is served")

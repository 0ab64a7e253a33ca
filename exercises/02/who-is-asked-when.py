"""Two lifts and a `zip`

A lift says which floor it visits when it is asked. Two of them are put together with `zip`, and the
right one has one floor only. Put the lines in the order in which the program prints them.
"""

form = "order"

hints = [
    "`zip` returns an iterator. Does it use anything up before it is asked?",
    "`zip` asks its first argument, then its second. What has the first already said when the "
    "second turns out to have nothing left?",
]


def program():
    class Lift:
        def __init__(self, name, floors):
            self.name = name
            self.floors = iter(floors)

        def __iter__(self):
            return self

        def __next__(self):
            floor = next(self.floors)
            print(self.name, "visits", floor)
            return floor

    left, right = Lift("left", [1, 2]), Lift("right", [7])
    both = zip(left, right)
    print("the zip is made")
    print("together at", *next(both))
    print("and then:", next(both, "no more"))
    print("still to visit on the left:", list(left))


def wrong_zip_at_once():
    """That is how it would be if `zip` made a list. It returns an iterator, which asks nobody until
    somebody asks it."""
    print("left visits 1")
    print("right visits 7")
    print("left visits 2")
    print("the zip is made")
    print("together at 1 7")
    print("and then: no more")
    print("still to visit on the left: []")


def wrong_one_lift_first():
    """`zip` does not finish with one lift before it begins with the other. It asks each of them
    once, and then has a pair."""
    print("the zip is made")
    print("left visits 1")
    print("left visits 2")
    print("right visits 7")
    print("together at 1 7")
    print("and then: no more")
    print("still to visit on the left: []")


def wrong_second_is_looked_at_first():
    """`zip` cannot know that the right lift has no more floors before it asks it, and the left one
    comes first. So the left lift visits floor 2, and nobody gets it."""
    print("the zip is made")
    print("left visits 1")
    print("right visits 7")
    print("together at 1 7")
    print("and then: no more")
    print("left visits 2")
    print("still to visit on the left: []")

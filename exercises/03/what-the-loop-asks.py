"""What the loop asks

A lift that tells what it is asked, and a loop with an `else`. Put the lines in the order in which
the program prints them.
"""

form = "order"

hints = [
    "A `for` loop calls `iter` once, before its first `next`.",
    "The `else` of a loop belongs to the ending by `StopIteration`, and comes right behind it.",
]


def program():
    class Lift:
        def __iter__(self):
            print("the ride begins")
            self.floor = 0
            return self

        def __next__(self):
            self.floor += 1
            if self.floor > 2:
                print("no more floors")
                raise StopIteration
            return self.floor

    for floor in Lift():
        print("hello, floor", floor)
    else:
        print("at the top")
    print("out of the lift")


def wrong_else_is_for_an_empty_loop():
    """`else` does not mean that the loop had nothing to do. It runs when the loop was ended by
    `StopIteration`, and comes before what follows the loop."""
    print("the ride begins")
    print("hello, floor 1")
    print("hello, floor 2")
    print("no more floors")
    print("out of the lift")
    print("at the top")


def wrong_the_end_is_known_before():
    """The loop does not know which value is the last. It asks once more, and only then is told that
    there are no more."""
    print("the ride begins")
    print("hello, floor 1")
    print("no more floors")
    print("hello, floor 2")
    print("at the top")
    print("out of the lift")

"""A guest in the row

While the row is running, Ann brings a guest. Put the lines in the order in which the program prints
them.
"""

from collections import deque

form = "order"

hints = [
    "The guest goes to the end of the row. Who stands before her at that moment?",
    "Ann's step goes on to her next `yield`, and only then is she put back into the row.",
]


def program():
    def bob():
        print("bob, first step")
        yield
        print("bob, second step")

    def guest():
        print("the guest is here")
        yield

    def ann():
        row.append(guest())
        print("ann has brought a guest")
        yield
        print("ann, second step")

    row = deque([ann(), bob()])
    while row:
        program = row.popleft()
        try:
            next(program)
        except StopIteration:
            continue
        row.append(program)


def wrong_guest_at_once():
    """To put a program into the row runs none of its lines. Ann's step goes on, and Bob stands
    before the guest."""
    print("the guest is here")
    print("ann has brought a guest")
    print("bob, first step")
    print("ann, second step")
    print("bob, second step")


def wrong_ann_before_the_guest():
    """Ann was out of the row while she made her step. When she is put back, the guest stands there
    already."""
    print("ann has brought a guest")
    print("bob, first step")
    print("ann, second step")
    print("the guest is here")
    print("bob, second step")

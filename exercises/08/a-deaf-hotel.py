"""A hotel that does not listen

`hotel(porter)` greets, lets the porter talk to the guest, and says at the end how much luggage the
porter took. But what the guest says never reaches the porter, and the end is unknown.

Repair it. The porter is a generator: it is sent numbers of bags, and returns their sum.
"""

form = "repair"

hints = [
    "A `for` loop asks with `next`. What does `next` send?",
    "`yield from` lets values through in both directions, and has the porter's `return` as its own "
    "value.",
]


def hotel(porter):
    """Greet, let the porter talk, and tell the sum."""
    yield "welcome"
    bags = yield from porter
    yield f"{bags} bags are upstairs"


def broken(porter):
    """Greet, let the porter talk, and tell the sum."""
    yield "welcome"
    bags = None
    for words in porter:
        bags = yield words
    yield f"{bags} bags are upstairs"


def check(hotel):
    heard = []

    def porter():
        total = 0
        for words in "first?", "more?":
            bags = yield words
            heard.append(bags)
            total += bags or 0
        return total

    guest = hotel(porter())
    said = [next(guest), next(guest), guest.send(2), guest.send(3)]
    assert heard == [2, 3], f"The guest sent 2 and 3; the porter heard {heard}."
    wanted = ["welcome", "first?", "more?", "5 bags are upstairs"]
    assert said == wanted, f"The hotel should say {wanted}, but says {said}."


def wrong_the_last_word(porter):
    """The hotel should say ['welcome', 'first?', 'more?', '5 bags are upstairs'], but says
    ['welcome', 'first?', 'more?', '3 bags are upstairs']."""
    yield "welcome"
    bags, words = None, next(porter)
    while True:
        bags = yield words
        try:
            words = porter.send(bags)
        except StopIteration:
            break
    yield f"{bags} bags are upstairs"


def wrong_no_value(porter):
    """The hotel should say ['welcome', 'first?', 'more?', '5 bags are upstairs'], but says
    ['welcome', 'first?', 'more?', 'None bags are upstairs']."""
    yield "welcome"
    bags = None
    yield from porter
    yield f"{bags} bags are upstairs"


def wrong_yield_alone(porter):
    """The guest sent 2 and 3; the porter heard []."""
    yield "welcome"
    bags = yield porter
    yield f"{bags} bags are upstairs"
    yield

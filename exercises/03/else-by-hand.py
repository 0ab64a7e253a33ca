"""for and else, by hand

`search(wanted, floors)` says whether a floor is among those of a ride. With a `for` loop that is a
`break` and an `else`. Write it with `next` in place of `for`. What tells the two endings apart?
"""

from glassloop.exercises import Supply

hints = [
    "The `else` of a loop runs when the loop was ended by `StopIteration`.",
    "A `break` becomes a `return` here: the function has its answer.",
]

forbidden = {
    "for": "No `for` in this one: ask with `next`.",
    "any": "`any` loops for you. Ask with `next`.",
}


def search(wanted, floors):
    """Return "found" or "not found"; do not look further than needed."""
    ride = iter(floors)
    while True:
        try:
            floor = next(ride)
        except StopIteration:
            return "not found"
        if floor == wanted:
            return "found"


def check(search):
    for wanted, floors in ("b", ["a", "b", "c"]), ("x", ["a", "b"]), ("x", []), (0, [1, None, 0]):
        right, found = "found" if wanted in floors else "not found", search(wanted, floors)
        assert found == right, (
            f"`search({wanted!r}, {floors})` should be {right!r}, but is {found!r}."
        )
    floors = Supply("abc")
    search("b", floors)
    assert floors.taken == 2, (
        f"Of a, b, c the search for b should ask for 2 floors, but it asked for {floors.taken}."
    )


def wrong_in(wanted, floors):
    """Of a, b, c the search for b should ask for 2 floors, but it asked for 3."""
    return "found" if wanted in list(floors) else "not found"


def wrong_none_is_the_end(wanted, floors):
    """`search(0, [1, None, 0])` should be 'found', but is 'not found'."""
    ride = iter(floors)
    while (floor := next(ride, None)) is not None:
        if floor == wanted:
            return "found"
    return "not found"


def wrong_first_decides(wanted, floors):
    """`search('b', ['a', 'b', 'c'])` should be 'found', but is 'not found'."""
    ride = iter(floors)
    while True:
        try:
            floor = next(ride)
        except StopIteration:
            return "not found"
        return "found" if floor == wanted else "not found"

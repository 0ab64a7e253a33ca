"""A list of lists of lists

Write `flatten(nested)`: a generator of all that is in a list, in lists in that list, and so on, in
order. Whatever is no list is a value, a string too. Hand the values on with `yield from`.
"""

import inspect

hints = [
    "`isinstance(item, list)` tells whether there is something to go into.",
    "A call of `flatten` for the inner list is a generator. `yield from` hands on all it yields.",
]


def flatten(nested):
    """Yield what is in a list and in the lists in it."""
    for item in nested:
        if isinstance(item, list):
            yield from flatten(item)
        else:
            yield item


def check(flatten):
    found = flatten([1, [2, [3]]])
    assert inspect.isgenerator(found), f"`flatten(...)` should be a generator, but is {found!r}."
    for nested, wanted in (
        ([1, [2, [3, 4]], 5], [1, 2, 3, 4, 5]),
        ([[], [[]]], []),
        (["roof", ["cellar"]], ["roof", "cellar"]),
        ([[["deep"]]], ["deep"]),
    ):
        found = list(flatten(nested))
        assert found == wanted, f"`flatten({nested})` should yield {wanted}, but yields {found}."
    outer = flatten([["a"]])
    next(outer)
    assert outer.gi_yieldfrom is not None, (
        "While an inner list is at work, the outer generator should stand at a `yield from`."
    )


def wrong_one_level(nested):
    """`flatten([1, [2, [3, 4]], 5])` should yield [1, 2, 3, 4, 5], but yields [1, 2, [3, 4], 5]."""
    for item in nested:
        if isinstance(item, list):
            yield from item
        else:
            yield item


def wrong_yields_generators(nested):
    """`flatten([1, [2, [3, 4]], 5])` should yield [1, 2, 3, 4, 5], but yields
    [1, <generator object flatten at 0x…>, 5]."""
    for item in nested:
        yield flatten(item) if isinstance(item, list) else item


def wrong_strings_taken_apart(nested):
    """RecursionError: maximum recursion depth exceeded"""
    for item in nested:
        if hasattr(item, "__iter__"):
            yield from flatten(item)
        else:
            yield item


def wrong_with_a_loop(nested):
    """While an inner list is at work, the outer generator should stand at a `yield from`."""
    for item in nested:
        if isinstance(item, list):
            for inner in flatten(item):
                yield inner
        else:
            yield item

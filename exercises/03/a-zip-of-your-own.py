"""A zip of your own

Write `pairs(first, second)`, which returns a list of what `zip` would give, without `zip`
and without a `for` loop. It ends as soon as one of the two has nothing left, and then asks neither
of them again.
"""

from glassloop.exercises import Supply

hints = [
    "A `for` loop asks one iterable. Here two are asked in turn: a `while True` with two `next`.",
    "Both calls of `next` may raise `StopIteration`. One `try` around both is enough.",
]

forbidden = {
    "for": "No `for` in this one: ask with `next`.",
    "zip": "`zip` is what you are about to write.",
    "map": "`map` with two iterables is a `zip` in disguise. Ask with `next`.",
}


def pairs(first, second):
    """Return the pairs of what stands at the same place in both."""
    first, second, found = iter(first), iter(second), []
    while True:
        try:
            pair = next(first), next(second)
        except StopIteration:
            return found
        found.append(pair)


def check(pairs):
    found = pairs([1, 2, 3], "abc")
    wanted = [(1, "a"), (2, "b"), (3, "c")]
    assert found == wanted, f"`pairs([1, 2, 3], 'abc')` should be {wanted}, but is {found!r}."
    for first, second in ([1], "abc"), ([1, 2, 3], "a"), ([], ""):
        wanted, found = list(zip(first, second)), pairs(first, second)
        assert found == wanted, (
            f"`pairs({first}, {second!r})` should be {wanted}, but is {found!r}."
        )
    left, right = Supply("abc"), Supply("x")
    pairs(left, right)
    assert left.taken == 2, (
        f"When the second has one value, the first is asked 2 times; here it gave {left.taken}."
    )


def wrong_not_caught(first, second):
    """`StopIteration` was raised, and nobody caught it."""
    first, second, found = iter(first), iter(second), []
    while True:
        found.append((next(first), next(second)))


def wrong_by_index(first, second):
    """TypeError: object of type 'Supply' has no len()"""
    found, index = [], 0
    while index < len(first) and index < len(second):
        found.append((first[index], second[index]))
        index += 1
    return found


def wrong_as_long_as_the_first(first, second):
    """`pairs([1, 2, 3], 'a')` should be [(1, 'a')], but is [(1, 'a'), (2, None), (3, None)]."""
    first, second, found = iter(first), iter(second), []
    while True:
        try:
            value = next(first)
        except StopIteration:
            return found
        found.append((value, next(second, None)))


def wrong_all_at_once(first, second):
    """When the second has one value, the first is asked 2 times; here it gave 3."""
    first, second, found = list(first), list(second), []
    while first and second:
        found.append((first.pop(0), second.pop(0)))
    return found

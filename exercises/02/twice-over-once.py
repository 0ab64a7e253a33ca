"""A share that comes out as nothing

`shares(weights)` is to give each passenger's share of the load in a lift: `[1, 1, 2]` becomes
`[0.25, 0.25, 0.5]`. It does, for a list. For `map(int, ["1", "1", "2"])` it gives an empty list.

Repair it, so that it gives the same for everything that can be looped over.
"""

form = "repair"

hints = [
    "What has `sum(weights)` done to an iterator by the time the loop begins?",
    "If values are needed twice, make a list of them once.",
]


def shares(weights):
    """Each weight's part of the whole."""
    weights = list(weights)
    total = sum(weights)
    return [weight / total for weight in weights]


def broken(weights):
    """Each weight's part of the whole."""
    total = sum(weights)
    return [weight / total for weight in weights]


def check(shares):
    wanted = [0.25, 0.25, 0.5]
    found = shares([1, 1, 2])
    assert found == wanted, f"`shares([1, 1, 2])` should be {wanted}, but is {found}."
    found = shares(map(int, ["1", "1", "2"]))
    assert found == wanted, (
        f"For a `map` object with the values 1, 1 and 2 the shares should be {wanted}, "
        f"but they are {found}."
    )
    weights = [1, 1, 2]
    shares(weights)
    assert weights == [1, 1, 2], (
        f"`shares` should leave the caller's list alone; it is {weights} now."
    )


def wrong_two_iterators(weights):
    """For a `map` object with the values 1, 1 and 2 the shares should be [0.25, 0.25, 0.5], but
    they are []."""
    total = sum(iter(weights))
    return [weight / total for weight in iter(weights)]


def wrong_total_while_looping(weights):
    """`shares([1, 1, 2])` should be [0.25, 0.25, 0.5], but is [1.0, 0.5, 0.5]."""
    total, found = 0, []
    for weight in weights:
        total += weight
        found.append(weight / total)
    return found

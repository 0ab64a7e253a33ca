"""A mistake that is told too late

`every(seconds)` yields the times at which a thermometer is to be read: 0, then every so many
seconds. For `every(0)` it raises a `ValueError`, as it should. But it raises it at the first
`next`, and that may be far from the line that is wrong.

Repair it: `every(0)` itself must raise. What it returns for good arguments must not change.
"""

import inspect
from itertools import islice

form = "repair"

hints = [
    "As long as `every` has a `yield` in its body, a call of it runs nothing.",
    "Let `every` check, and return the generator that another function makes.",
]


def every(seconds):
    """Yield 0, and then the time after every so many seconds."""
    if seconds <= 0:
        raise ValueError(f"{seconds} is no distance between two times")
    return _times(seconds)


def _times(seconds):
    time = 0
    while True:
        yield time
        time += seconds


def broken(seconds):
    """Yield 0, and then the time after every so many seconds."""
    if seconds <= 0:
        raise ValueError(f"{seconds} is no distance between two times")
    time = 0
    while True:
        yield time
        time += seconds


def check(every):
    try:
        found = every(0)
    except ValueError:
        pass
    else:
        assert not inspect.isgenerator(found), (
            "`every(0)` returned a generator, and has checked nothing yet: the call itself should "
            "raise `ValueError`."
        )
        raise AssertionError(f"`every(0)` should raise `ValueError`, but returns {found!r}.")
    found = every(5)
    assert inspect.isgenerator(found), (
        f"`every(5)` should return a generator, but returns {found!r}."
    )
    times = list(islice(found, 4))
    assert times == [0, 5, 10, 15], f"`every(5)` should begin 0, 5, 10, 15, but begins {times}."


def wrong_no_check(seconds):
    """`every(0)` returned a generator, and has checked nothing yet: the call itself should raise
    `ValueError`."""
    time = 0
    while True:
        yield time
        time += seconds


def wrong_none_for_a_mistake(seconds):
    """`every(0)` should raise `ValueError`, but returns None."""
    if seconds <= 0:
        return None
    return iter(range(0, 100, seconds))


def wrong_range(seconds):
    """`every(5)` should return a generator, but returns range(0, 1000000, 5)."""
    if seconds <= 0:
        raise ValueError(seconds)
    return range(0, 1_000_000, seconds)

"""A countdown that can be used again

Write `Countdown(n)` so that it is an *iterable*: every loop over it counts from `n` down to 1, and
two loops at once do not disturb each other.
"""

hints = [
    "An iterable that can be looped over again returns a **new** iterator from every `__iter__`.",
    "`range` can count down: `range(3, 0, -1)`. A range is not an iterator. What makes one of it?",
]


class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return iter(range(self.n, 0, -1))


def check(Countdown):
    from itertools import islice

    launch = Countdown(3)
    ride = launch.__iter__()
    assert hasattr(ride, "__next__"), (
        f"`Countdown(3).__iter__()` should return an iterator, but it returns {ride!r}."
    )
    first = list(islice(launch, 9))
    assert first == [3, 2, 1], (
        f"A loop over `Countdown(3)` should give [3, 2, 1], but gives {first}."
    )
    second = list(islice(launch, 9))
    assert second == first, f"A second loop over the same object gives {second}."
    pairs = len([(a, b) for a in islice(launch, 9) for b in islice(launch, 9)])
    assert pairs == 9, (
        f"Two loops inside each other should give 9 pairs, but give {pairs}: they share a position."
    )
    for n in (5, 0):
        found, wanted = list(islice(Countdown(n), 9)), list(range(n, 0, -1))
        assert found == wanted, (
            f"`Countdown(3)` is right, but a loop over `Countdown({n})` gives {found}."
        )


class wrong_iterator:
    """A second loop over the same object gives []."""

    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n + 1


class wrong_rewound:
    """Two loops inside each other should give 9 pairs, but give 3: they share a position."""

    def __init__(self, n):
        self.n = n

    def __iter__(self):
        self.left = self.n
        return self

    def __next__(self):
        if self.left == 0:
            raise StopIteration
        self.left -= 1
        return self.left + 1


class wrong_list:
    """`Countdown(3).__iter__()` should return an iterator, but it returns [3, 2, 1]."""

    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return list(range(self.n, 0, -1))


class wrong_upwards:
    """A loop over `Countdown(3)` should give [3, 2, 1], but gives [0, 1, 2]."""

    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return iter(range(self.n))


class wrong_three_only:
    """`Countdown(3)` is right, but a loop over `Countdown(5)` gives [3, 2, 1]."""

    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return iter([3, 2, 1])

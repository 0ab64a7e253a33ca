"""A loop that ends too early

`Leaders(groups)` is an iterator over the first of each group. A group of nobody ends the whole
loop: the groups behind it are never seen, and no error tells of it.

Repair `__next__`, so that a group of nobody gives `None`, and every group is told.
"""

from itertools import islice

form = "repair"

hints = [
    "Two calls of `next` can raise `StopIteration` in `__next__`. Which of them means that there "
    "are no more groups?",
    "`next` with a second argument does not raise.",
]


class Leaders:
    """An iterator over the first of each group."""

    def __init__(self, groups):
        self.groups = iter(groups)

    def __iter__(self):
        return self

    def __next__(self):
        group = next(self.groups)
        return next(iter(group), None)


class broken:
    """An iterator over the first of each group."""

    def __init__(self, groups):
        self.groups = iter(groups)

    def __iter__(self):
        return self

    def __next__(self):
        group = next(self.groups)
        return next(iter(group))


def check(Leaders):
    found = list(islice(Leaders([["Ann", "Bob"], ["Cleo"]]), 9))
    assert found == ["Ann", "Cleo"], f"The leaders of two groups are Ann and Cleo, not {found}."
    groups = [["Ann", "Bob"], [], ["Cleo"]]
    found = list(islice(Leaders(groups), 9))
    assert found == ["Ann", None, "Cleo"], (
        f"For {groups} the leaders should be ['Ann', None, 'Cleo'], but are {found}."
    )


class wrong_never_ends:
    """The leaders of two groups are Ann and Cleo, not ['Ann', 'Cleo', None, None, None, None, None,
    None, None]."""

    def __init__(self, groups):
        self.groups = iter(groups)

    def __iter__(self):
        return self

    def __next__(self):
        return next(iter(next(self.groups, [])), None)


class wrong_skips:
    """For [['Ann', 'Bob'], [], ['Cleo']] the leaders should be ['Ann', None, 'Cleo'], but are
    ['Ann', 'Cleo']."""

    def __init__(self, groups):
        self.groups = iter(groups)

    def __iter__(self):
        return self

    def __next__(self):
        group = next(self.groups)
        while not group:
            group = next(self.groups)
        return group[0]

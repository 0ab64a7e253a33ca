"""Chunks that do not leak

`pairs_of(lines)` yields lines two by two. For an even number of lines all is well. For an odd one
it ends in `RuntimeError: generator raised StopIteration`, and the last line is lost.

It is code from before Python 3.7, when the leak ended the loop without a sound. Repair it: a last
line without a partner is yielded with an empty one.
"""

import inspect

from glassloop.exercises import Supply

form = "repair"

hints = [
    "Which `next` has nobody around who catches its `StopIteration`?",
    '`next(lines, "")` gives an empty line where there is none.',
]


def pairs_of(lines):
    """Yield the lines two by two."""
    lines = iter(lines)
    for line in lines:
        yield line, next(lines, "")


def broken(lines):
    """Yield the lines two by two."""
    lines = iter(lines)
    for line in lines:
        yield line, next(lines)


def check(pairs_of):
    for lines in "abcd", "abc", "a", "":
        generator = pairs_of(iter(lines))
        assert inspect.isgenerator(generator), f"It should be a generator, but is {generator!r}."
        wanted = list(zip(lines[::2], [*lines[1::2], ""]))
        found = list(generator)
        assert found == wanted, f"For {list(lines)} it should yield {wanted}, but yields {found}."
    supply = Supply("abcdef")
    next(pairs_of(supply))
    assert supply.taken == 2, f"The first pair needs 2 lines, but {supply.taken} were read."


def wrong_last_one_dropped(lines):
    """For ['a', 'b', 'c'] it should yield [('a', 'b'), ('c', '')], but yields [('a', 'b')]."""
    lines = iter(lines)
    for line in lines:
        try:
            yield line, next(lines)
        except StopIteration:
            return


def wrong_all_read_first(lines):
    """The first pair needs 2 lines, but 6 were read."""
    lines = list(lines)
    for number in range(0, len(lines), 2):
        yield tuple([*lines[number : number + 2], ""][:2])


def wrong_two_defaults(lines):
    """For ['a', 'b', 'c', 'd'] it should yield [('a', 'b'), ('c', 'd')], but yields [('a', 'b'),
    ('c', 'd'), ('', '')]."""
    lines = iter(lines)
    while True:
        line, partner = next(lines, ""), next(lines, "")
        yield line, partner
        if not line:
            return

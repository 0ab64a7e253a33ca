"""Warnings with line numbers

Write `warnings(lines)` as a generator: for each line that begins with `WARN ` it yields a pair, the
line's number, counted from 1, and the text after that word.

The log may be larger than the memory. So `warnings` must not read a line before it has to, and must
not keep one after it is done with it.
"""

import inspect

from glassloop.exercises import Supply

hints = [
    "`enumerate(lines, 1)` gives each line with its number, and is as lazy as `lines` is.",
    '`line.removeprefix("WARN ")` is the text behind the word.',
    "A `yield` inside a `for` loop, inside an `if`.",
]


def warnings(lines):
    """Yield number and text of each warning in the log."""
    for number, line in enumerate(lines, 1):
        if line.startswith("WARN "):
            yield number, line.removeprefix("WARN ")


def check(warnings):
    log = ["INFO up", "WARN hot", "INFO a WARN word", "WARN very hot"]
    found = warnings(iter(log))
    assert inspect.isgenerator(found), (
        f"A call of `warnings` should return a generator, but returns {found!r}."
    )
    pairs, wanted = list(found), [(2, "hot"), (4, "very hot")]
    assert pairs == wanted, f"For the lines {log} it should yield {wanted}, but yields {pairs}."
    source = Supply(log)
    next(warnings(source))
    assert source.taken == 2, (
        f"The first warning is in line 2, but {source.taken} lines were read to find it."
    )
    long = Supply(f"WARN {number}" for number in range(100))
    for _ in warnings(long):
        pass
    assert long.held <= 3, (
        f"Of a log of 100 lines, {long.held} were held in memory at one time: forget what is done."
    )


def wrong_list(lines):
    """A call of `warnings` should return a generator, but returns [(2, 'hot'), (4, 'very hot')]."""
    found = []
    for number, line in enumerate(lines, 1):
        if line.startswith("WARN "):
            found.append((number, line.removeprefix("WARN ")))
    return found


def wrong_numbers(lines):
    """For the lines ['INFO up', 'WARN hot', 'INFO a WARN word', 'WARN very hot'] it should yield
    [(2, 'hot'), (4, 'very hot')], but yields [(1, 'hot'), (2, 'very hot')]."""
    found = (line for line in lines if line.startswith("WARN "))
    for number, line in enumerate(found, 1):
        yield number, line.removeprefix("WARN ")


def wrong_anywhere(lines):
    """For the lines ['INFO up', 'WARN hot', 'INFO a WARN word', 'WARN very hot'] it should yield
    [(2, 'hot'), (4, 'very hot')], but yields [(2, 'hot'), (3, 'word'), (4, 'very hot')]."""
    for number, line in enumerate(lines, 1):
        if "WARN " in line:
            yield number, line.partition("WARN ")[2]


def wrong_reads_all_first(lines):
    """The first warning is in line 2, but 4 lines were read to find it."""
    for number, line in enumerate(list(lines), 1):
        if line.startswith("WARN "):
            yield number, line.removeprefix("WARN ")


def wrong_keeps_lines(lines):
    """Of a log of 100 lines, 100 were held in memory at one time: forget what is done."""
    seen = []
    for line in lines:
        seen.append(line)
        if line.startswith("WARN "):
            yield len(seen), line.removeprefix("WARN ")

"""What is yielded, and what is returned

Write `amounts(lines)`, a generator. It yields each line as an integer and *returns* their sum. An
empty line ends it, and what stands behind is not read.
"""

import inspect

from glassloop.exercises import Supply

hints = [
    "`return total` in a generator puts the value into `StopIteration`.",
    "Two ways lead to the end: the empty line, and the end of `lines`. Both give the sum.",
]


def amounts(lines):
    """Yield the amounts; return their sum."""
    total = 0
    for line in lines:
        if not line:
            break
        total += int(line)
        yield int(line)
    return total


def check(amounts):
    def run(lines):
        generator, found = amounts(lines), []
        assert inspect.isgenerator(generator), f"It should be a generator, but is {generator!r}."
        while True:
            try:
                found.append(next(generator))
            except StopIteration as end:
                return found, end.value

    for lines in ["3", "4", "", "9"], ["3", "4"], [""]:
        wanted = [int(line) for line in lines[: [*lines, ""].index("")]]
        found, total = run(lines)
        assert found == wanted, f"For {lines} it should yield {wanted}, but yields {found}."
        assert total == sum(wanted), (
            f"For {lines} it should return {sum(wanted)}, but returns {total}."
        )
    supply = Supply(["3", "", "9"])
    run(supply)
    assert supply.taken == 2, f"Of '3', '', '9' it should read 2 lines, but it read {supply.taken}."


def wrong_yields_the_sum(lines):
    """For ['3', '4', '', '9'] it should yield [3, 4], but yields [3, 4, 7]."""
    total = 0
    for line in lines:
        if not line:
            break
        total += int(line)
        yield int(line)
    yield total


def wrong_raises(lines):
    """RuntimeError: generator raised StopIteration"""
    total = 0
    for line in lines:
        if not line:
            raise StopIteration(total)
        total += int(line)
        yield int(line)
    raise StopIteration(total)


def wrong_one_way_out(lines):
    """For ['3', '4'] it should return 7, but returns None."""
    total = 0
    for line in lines:
        if not line:
            return total
        total += int(line)
        yield int(line)


def wrong_reads_on(lines):
    """Of '3', '', '9' it should read 2 lines, but it read 3."""
    lines = list(lines)
    total = 0
    for line in lines[: [*lines, ""].index("")]:
        total += int(line)
        yield int(line)
    return total

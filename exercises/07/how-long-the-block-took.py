"""How long the block took

Write `timed(times, clock)` for `with timed(times, clock):`. It hands nothing to the block and adds
to the list `times` how many seconds the block took, by `clock()`. A block that raises has taken
time as well.
"""

from contextlib import contextmanager

hints = [
    "`clock()` once before the `yield` and once behind it.",
    "What has to happen after a block that raises, too, stands in `finally`.",
]


@contextmanager
def timed(times, clock):
    """Add the seconds that a block takes to `times`."""
    start = clock()
    try:
        yield
    finally:
        times.append(clock() - start)


def check(timed):
    now, times = [100], []
    context = timed([], lambda: 0)
    assert hasattr(context, "__enter__"), (
        f"`timed(times, clock)` should be fit for `with`, but is {context!r}. Is it decorated?"
    )
    assert getattr(context, "gen", True) is not None, (
        "`timed` has no `yield` yet, at which the block could run."
    )
    with timed(times, lambda: now[0]):
        now[0] += 3
        assert times == [], f"In the block nothing is measured yet, but `times` is {times}."
    assert times == [3], f"A block of 3 seconds should give [3], but gives {times}."
    try:
        with timed(times, lambda: now[0]):
            now[0] += 2
            raise ValueError("burnt")
    except ValueError:
        pass
    else:
        raise AssertionError("The block raised ValueError, and nothing came out of `with`.")
    assert times == [3, 2], f"A block that raises after 2 seconds should add a 2: {times}."


@contextmanager
def wrong_no_finally(times, clock):
    """A block that raises after 2 seconds should add a 2: [3]."""
    start = clock()
    yield
    times.append(clock() - start)


@contextmanager
def wrong_swallows(times, clock):
    """The block raised ValueError, and nothing came out of `with`."""
    start = clock()
    try:
        yield
    except Exception:
        pass
    times.append(clock() - start)

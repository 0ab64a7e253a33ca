"""A tap that is left open

`water(tap)` opens a tap, yields cups, and closes the tap when nobody wants any more. But somebody
may also close the generator, or throw an exception into it, and then the tap stays open.

Repair it: whatever happens at the `yield`, the tap is closed once, and the exception goes on.
"""

form = "repair"

hints = [
    "`close()` raises `GeneratorExit` at the `yield`. Which lines run then?",
    "`finally` runs on every way out, and lets an exception pass.",
]


def water(tap):
    """Yield two cups from an open tap."""
    tap.append("open")
    try:
        yield "a cup"
        yield "another cup"
    finally:
        tap.append("closed")


def broken(tap):
    """Yield two cups from an open tap."""
    tap.append("open")
    yield "a cup"
    yield "another cup"
    tap.append("closed")


def check(water):
    tap = []
    cups = list(water(tap))
    assert cups == ["a cup", "another cup"], f"There should be two cups, but there are {cups}."
    assert tap == ["open", "closed"], f"After all cups the tap was {tap}."
    for way in ("close", "throw"):
        tap, caught = [], None
        stream = water(tap)
        next(stream)
        try:
            stream.close() if way == "close" else stream.throw(KeyError("leak"))
        except Exception as error:
            caught = error
        assert tap == ["open", "closed"], f"After `{way}` the tap was {tap}."
        wanted = "KeyError('leak')" if way == "throw" else "None"
        assert repr(caught) == wanted, f"`{way}` should raise {wanted}, but raised {caught!r}."


def wrong_except_exception(tap):
    """After `close` the tap was ['open']."""
    tap.append("open")
    try:
        yield "a cup"
        yield "another cup"
    except Exception:
        tap.append("closed")
        raise
    tap.append("closed")


def wrong_swallowed(tap):
    """`throw` should raise KeyError('leak'), but raised StopIteration()."""
    tap.append("open")
    try:
        yield "a cup"
        yield "another cup"
    except BaseException:
        pass
    tap.append("closed")


def wrong_goes_on(tap):
    """`close` should raise None, but raised RuntimeError('generator ignored GeneratorExit')."""
    tap.append("open")
    try:
        yield "a cup"
    except GeneratorExit:
        tap.append("closed")
        yield "another cup"
    else:
        yield "another cup"
        tap.append("closed")


def wrong_closed_twice(tap):
    """After all cups the tap was ['open', 'closed', 'closed']."""
    tap.append("open")
    try:
        yield "a cup"
        yield "another cup"
        tap.append("closed")
    finally:
        tap.append("closed")

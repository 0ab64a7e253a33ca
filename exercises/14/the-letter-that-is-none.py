"""A letter that can be read once

Bob reads his letter twice, to be sure. The first time it is there, and the second time he reads
`None`. A future keeps its result, so where has it gone?

`read_twice(box)` made an iterator of the future, and waited for that. An iterator can be used up:
a generator that has returned ends at once when it is asked again, and what it returned is not told
a second time. `yield from` it is worth `None` then. The future itself has lost nothing.

Repair it, so that it returns the letter twice, as a pair.
"""

from glassloop.aio.futures import Future
from glassloop.aio.readiness import SelectorLoop

form = "repair"

hints = [
    "What is the type of `waiting`, and what does a second loop over such a thing give?",
    "Each `yield from box` calls `iter(box)` anew, and gets a new generator that asks the future.",
]


def read_twice(box):
    """Wait for the letter, and then wait for it once more."""
    first = yield from box
    second = yield from box
    return first, second


def broken(box):
    """Wait for the letter, and then wait for it once more."""
    waiting = iter(box)
    first = yield from waiting
    second = yield from waiting
    return first, second


def check(read_twice):
    loop = SelectorLoop()
    box = Future(loop=loop)
    waiting = read_twice(box)
    handed_out = next(waiting, None)
    assert handed_out is box, (
        f"While there is no letter, the box should be handed out, but {handed_out!r} was."
    )
    box.set_result("all is well")
    pauses, found = 0, None
    while True:
        try:
            next(waiting)
            pauses += 1
        except StopIteration as stop:
            found = stop.value
            break
    loop.close()
    assert found == ("all is well", "all is well"), (
        f"The letter says 'all is well', and reading it twice gave {found}."
    )
    assert pauses == 0, f"The letter was there, and yet there were {pauses} more pauses."


def wrong_yields_the_box(box):
    """The letter says 'all is well', and reading it twice gave (None, None)."""
    first = yield box
    second = yield from iter([])
    return first, second


def wrong_asks_the_same_one(box):
    """The letter says 'all is well', and reading it twice gave (None, 'all is well')."""
    first = yield box
    second = yield from box
    return first, second

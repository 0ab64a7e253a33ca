"""Whoever writes first

Ann has asked two friends the same question and wants the answer that comes first. Write
`first_of(loop, *futures)`: it returns a future at once, which gets the result of the first of them
to be finished. The answers that come later change nothing.
"""

from glassloop.aio.futures import Future
from glassloop.aio.readiness import SelectorLoop

hints = [
    "Make a future of your own, and put a callback into each of the others.",
    "The outcome of a future is made known once. What must the callback ask before it sets it?",
]


def first_of(loop, *futures):
    """A future with the result of whichever of the futures is finished first."""
    first = Future(loop=loop)

    def tell(future):
        if not first.done():
            first.set_result(future.result())

    for future in futures:
        future.add_done_callback(tell)
    return first


def check(first_of):
    loop, reports = SelectorLoop(), []
    loop.set_exception_handler(lambda loop, context: reports.append(context["exception"]))
    friends = [Future(loop=loop) for _ in range(2)]
    first = first_of(loop, *friends)
    assert isinstance(first, Future), (
        f"`first_of` should return a future at once, but returned {first!r}."
    )
    loop.call_later(1, friends[1].set_result, "yes")
    loop.call_later(3, friends[0].set_result, "no")
    seen = []
    loop.call_later(2, lambda: seen.append(first.result() if first.done() else "nothing yet"))
    loop.call_later(4, loop.stop)
    loop.run_forever()
    loop.close()
    assert seen == ["yes"], (
        f"The second friend says 'yes' at t = 1; at t = 2 Ann should have that, but has {seen}."
    )
    assert not reports, f"When the other answer came, the loop reported {reports[0]!r}."


def wrong_says_it_twice(loop, *futures):
    """When the other answer came, the loop reported InvalidStateError("FINISHED: <Future finished
    result='yes'>")."""
    first = Future(loop=loop)
    for future in futures:
        future.add_done_callback(lambda future: first.set_result(future.result()))
    return first


def wrong_asks_one_only(loop, *futures):
    """The second friend says 'yes' at t = 1; at t = 2 Ann should have that, but has
    ['nothing yet']."""
    first = Future(loop=loop)
    futures[0].add_done_callback(lambda future: first.set_result(future.result()))
    return first


def wrong_looks_once(loop, *futures):
    """`first_of` should return a future at once, but returned None."""
    for future in futures:
        if future.done():
            return future
    return None

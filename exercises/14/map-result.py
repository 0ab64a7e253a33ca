"""Another letter from a letter

Write `map_result(function, future, *, loop)`. It returns a future at once, which gets
`function(result)` when the other one has its result. An exception, of the future or of the
function, becomes the exception of the new one; and if the other is cancelled, so is the new one.
"""

from glassloop.aio.futures import CancelledError, Future
from glassloop.aio.readiness import SelectorLoop

hints = [
    "Make a future of your own and put a callback into the other.",
    "The callback is given the other future. `cancelled()` comes before `result()`, which would "
    "raise.",
    "Whatever goes wrong inside of the callback is heard by nobody but the loop. Catch it, and "
    "put it into your future.",
]


def map_result(function, future, *, loop):
    """A future with what `function` makes of the other one's result."""
    mapped = Future(loop=loop)

    def tell(future):
        if future.cancelled():
            mapped.cancel()
            return
        try:
            mapped.set_result(function(future.result()))
        except Exception as error:
            mapped.set_exception(error)

    future.add_done_callback(tell)
    return mapped


def check(map_result):
    def outcome(finish, function=str.upper):
        """What the mapped future holds a second after `finish` was called with the other."""
        loop = SelectorLoop()
        loop.set_exception_handler(lambda loop, context: None)
        letter = Future(loop=loop)
        mapped = map_result(function, letter, loop=loop)
        assert isinstance(mapped, Future), (
            f"`map_result` should return a future at once, but returned {mapped!r}."
        )
        loop.call_later(1, finish, letter)
        loop.call_later(2, loop.stop)
        loop.run_forever()
        loop.close()
        if not mapped.done():
            return "nothing"
        try:
            return mapped.result()
        except (Exception, CancelledError) as error:
            return repr(error)

    got = outcome(lambda letter: letter.set_result("yes"))
    assert got == "YES", f"The letter says 'yes', and str.upper makes 'YES' of it, not {got!r}."
    got = outcome(lambda letter: letter.set_exception(ValueError("lost")))
    assert got == "ValueError('lost')", (
        f"The letter holds ValueError('lost'); the new one should hold the same, not {got}."
    )
    got = outcome(lambda letter: letter.set_result(7))
    assert got.startswith("TypeError"), (
        f"str.upper(7) raises a TypeError, which belongs into the new future; it holds {got}."
    )
    got = outcome(lambda letter: letter.cancel())
    assert got.startswith("CancelledError"), (
        f"The letter was cancelled, and the new one should be too; it holds {got}."
    )


def wrong_only_good_news(function, future, *, loop):
    """The letter holds ValueError('lost'); the new one should hold the same, not nothing."""
    mapped = Future(loop=loop)
    future.add_done_callback(lambda future: mapped.set_result(function(future.result())))
    return mapped


def wrong_trusts_the_function(function, future, *, loop):
    """str.upper(7) raises a TypeError, which belongs into the new future; it holds nothing."""
    mapped = Future(loop=loop)

    def tell(future):
        if future.cancelled():
            mapped.cancel()
        elif future.exception():
            mapped.set_exception(future.exception())
        else:
            mapped.set_result(function(future.result()))

    future.add_done_callback(tell)
    return mapped


def wrong_forgets_who_gave_up(function, future, *, loop):
    """The letter was cancelled, and the new one should be too; it holds nothing."""
    mapped = Future(loop=loop)

    def tell(future):
        try:
            mapped.set_result(function(future.result()))
        except Exception as error:
            mapped.set_exception(error)

    future.add_done_callback(tell)
    return mapped


def wrong_looks_at_once(function, future, *, loop):
    """`map_result` should return a future at once, but returned None."""
    if future.done():
        return function(future.result())
    return None

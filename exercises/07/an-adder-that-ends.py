"""An adder that knows its end

The chapter's `Adder` answers each number with the sum of all so far, also when it was closed. Write
its `send` and `throw` so that it ends as a generator does: once an exception was thrown into it, as
`close` does, `send` raises StopIteration.
"""

from collections.abc import Generator

hints = [
    "A frame keeps a bookmark, and at the end none. A class has to keep one of its own.",
    "`Generator` makes `next` from your `send`, and `close` from your `throw`.",
]


class Adder(Generator):
    def __init__(self):
        self.total, self.is_over = 0, False

    def send(self, number):
        if self.is_over:
            raise StopIteration
        if number is not None:
            self.total += number
        return self.total

    def throw(self, error, value=None, traceback=None):
        self.is_over = True
        raise error


def check(Adder):
    adder = Adder()
    first = next(adder)
    assert first == 0, f"`next` sends None, which adds nothing: 0 should come, and comes {first}."
    sums = [adder.send(number) for number in (5, 7)]
    assert sums == [5, 12], f"Sending 5 and then 7 should give [5, 12], but gives {sums}."
    adder.close()
    after = next(adder, "no more")
    assert after == "no more", f"After `close` nothing should come, but `next` gives {after!r}."
    try:
        adder.send(1)
    except StopIteration:
        pass
    else:
        raise AssertionError("After `close` a `send` should raise StopIteration.")
    broken = Adder()
    try:
        broken.throw(KeyError("salt"))
    except KeyError:
        pass
    else:
        raise AssertionError("What is thrown into the adder should come out of it again.")
    after = next(broken, "no more")
    assert after == "no more", f"A KeyError has ended the adder, but `next` gives {after!r}."


class wrong_never_over(Generator):
    """After `close` nothing should come, but `next` gives 12."""

    def __init__(self):
        self.total = 0

    def send(self, number):
        self.total += number or 0
        return self.total

    def throw(self, error, value=None, traceback=None):
        raise error


class wrong_only_closed(Generator):
    """A KeyError has ended the adder, but `next` gives 0."""

    def __init__(self):
        self.total, self.is_over = 0, False

    def send(self, number):
        if self.is_over:
            raise StopIteration
        self.total += number or 0
        return self.total

    def throw(self, error, value=None, traceback=None):
        self.is_over = error is GeneratorExit
        raise error

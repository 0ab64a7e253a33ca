"""A look ahead

A program that reads words often needs to know what comes next without taking it. Write
`Peekable(iterable)`: an *iterator* with one more method, `peek(default)`, which returns the value
that the next `next` will return, or `default` where there is none.

It may take one value from its source ahead of time, and no more.
"""

from itertools import islice

from glassloop.exercises import Supply

hints = [
    "A value that was looked at has to be kept until `next` asks for it. Where?",
    "`None` and `0` are values like any other. To say *nothing is kept*, use something that no "
    "source can give: a list that is empty or has one element, or an `object()` of your own.",
    "`__next__` gives what is kept where something is kept, and asks the source where nothing is.",
]


class Peekable:
    def __init__(self, iterable):
        self.source = iter(iterable)
        self.kept = []

    def __iter__(self):
        return self

    def __next__(self):
        if self.kept:
            return self.kept.pop()
        return next(self.source)

    def peek(self, default):
        if not self.kept:
            try:
                self.kept.append(next(self.source))
            except StopIteration:
                return default
        return self.kept[0]


class starter:
    def __init__(self, iterable):
        self.source = iter(iterable)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.source)

    def peek(self, default): ...


def check(Peekable):
    source = Supply(["lift", "off", "soon"])
    words = Peekable(source)
    assert source.taken == 0, "`Peekable(source)` should take nothing before it is asked."
    seen = words.peek("?")
    assert seen == "lift", (
        f"Of 'lift', 'off', 'soon', `peek` should show 'lift', but shows {seen!r}."
    )
    again = words.peek("?")
    assert again == "lift", f"A second `peek` should show 'lift' again, but shows {again!r}."
    assert source.taken == 1, f"Two times `peek` should take one value, but took {source.taken}."
    taken = next(words)
    assert taken == "lift", (
        f"`next` should give 'lift', which `peek` has shown, but gives {taken!r}."
    )
    words.peek("?")
    rest = list(islice(words, 9))
    assert rest == ["off", "soon"], (
        f"After a look at 'off' the rest should be ['off', 'soon'], but is {rest}."
    )
    end = words.peek("none left")
    assert end == "none left", f"At the end `peek` should give its default, but gives {end!r}."
    falsy = Peekable([None, 0])
    seen = falsy.peek("?")
    assert seen is None, f"Of None and 0, `peek` should show None, but shows {seen!r}."
    rest = list(islice(falsy, 9))
    assert rest == [None, 0], f"After a look at None the rest should be [None, 0], but is {rest}."


class wrong_uses_up:
    """A second `peek` should show 'lift' again, but shows 'off'."""

    def __init__(self, iterable):
        self.source = iter(iterable)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.source)

    def peek(self, default):
        return next(self.source, default)


class wrong_forgets:
    """`next` should give 'lift', which `peek` has shown, but gives 'off'."""

    def __init__(self, iterable):
        self.source = iter(iterable)
        self.kept = []

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.source)

    def peek(self, default):
        if not self.kept:
            self.kept.append(next(self.source, default))
        return self.kept[0]


class wrong_takes_all:
    """`Peekable(source)` should take nothing before it is asked."""

    def __init__(self, iterable):
        self.values = list(iterable)

    def __iter__(self):
        return self

    def __next__(self):
        return self.values.pop(0)

    def peek(self, default):
        return self.values[0] if self.values else default


class wrong_none_means_nothing:
    """After a look at None the rest should be [None, 0], but is [0]."""

    def __init__(self, iterable):
        self.source = iter(iterable)
        self.kept = None

    def __iter__(self):
        return self

    def __next__(self):
        if self.kept is not None:
            kept, self.kept = self.kept, None
            return kept
        return next(self.source)

    def peek(self, default):
        if self.kept is None:
            self.kept = next(self.source, default)
            if self.kept == default:
                self.kept = None
                return default
        return self.kept

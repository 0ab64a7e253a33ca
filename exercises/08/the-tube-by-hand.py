"""The tube, by hand

Write `delegate(inner)`, a generator that does for the generator `inner` what `yield from inner`
does, without these two words: it hands out what `inner` yields, gives it what is sent, throws into
it what is thrown, closes it when it is closed, and returns what `inner` returns.
"""

import inspect

hints = [
    "Begin with the `delegate` of the chapter. What comes in at its `yield` may be an exception.",
    "`GeneratorExit` comes first: close `inner`, then let it go on with a bare `raise`.",
    "Any other exception is thrown into `inner`. What `throw` returns is handed out next, and it "
    "may raise `StopIteration`, as `send` may.",
]


def delegate(inner):
    """Do what `yield from inner` does."""
    try:
        out = next(inner)
        while True:
            try:
                received = yield out
            except GeneratorExit:
                inner.close()
                raise
            except BaseException as error:
                out = inner.throw(error)
            else:
                out = inner.send(received)
    except StopIteration as stop:
        return stop.value


def check(delegate):
    heard = []

    def porter():
        try:
            while True:
                try:
                    name = yield len(heard)
                except ValueError as error:
                    name = f"pardon, {error}"
                heard.append(name)
                if name == "bye":
                    return "the end"
        finally:
            heard.append("shut")

    door = delegate(porter())
    assert inspect.isgenerator(door), f"`delegate` should give a generator, not {door!r}."
    said = [next(door), door.send("Ann"), door.throw(ValueError("a cough"))]
    assert door.gi_yieldfrom is None, "`yield from` is what you are about to write by hand."
    assert heard == ["Ann", "pardon, a cough"], (
        f"The porter should hear ['Ann', 'pardon, a cough'], but hears {heard}."
    )
    assert said == [0, 1, 2], f"It should hand out [0, 1, 2], but hands out {said}."
    try:
        door.send("bye")
        value = "nothing"
    except StopIteration as stop:
        value = stop.value
    assert value == "the end", f"It should return 'the end', but returns {value!r}."
    heard.clear()
    held = porter()
    door = delegate(held)
    next(door)
    door.close()
    assert heard == ["shut"], f"A `close` should close the porter; he did {heard}."


def wrong_send_alone(inner):
    """A `close` should close the porter; he did []."""
    out = next(inner)
    while True:
        try:
            received = yield out
        except ValueError as error:
            out = inner.throw(error)
            continue
        try:
            out = inner.send(received)
        except StopIteration as stop:
            return stop.value


def wrong_the_words_themselves(inner):
    """`yield from` is what you are about to write by hand."""
    return (yield from inner)

"""An echo from the mountain

Write `echo()`, a generator to talk to. The first `next` gives "hello?". After that, each
`send(word)` gives the word twice, as "hey hey" for "hey". A plain `next` sends `None`; the mountain
then answers "...".
"""

import inspect

hints = [
    "`heard = yield answer` hands out one value and, when it goes on, has another.",
    "The answer that is handed out next is made of what was heard last.",
]


def echo():
    """Answer each word with the same word twice."""
    answer = "hello?"
    while True:
        heard = yield answer
        answer = "..." if heard is None else f"{heard} {heard}"


def check(echo):
    mountain = echo()
    assert inspect.isgenerator(mountain), f"`echo()` should be a generator, but is {mountain!r}."
    first = next(mountain)
    assert first == "hello?", f"The first `next` should give 'hello?', but gives {first!r}."
    for word, wanted in ("hey", "hey hey"), ("oh", "oh oh"), (None, "..."), ("", " "):
        found = mountain.send(word)
        assert found == wanted, f"`send({word!r})` should give {wanted!r}, but gives {found!r}."
    other = echo()
    next(other)
    assert other.send("a") == "a a", "Two mountains should not hear each other."


def wrong_two_yields():
    """`send('hey')` should give 'hey hey', but gives None."""
    yield "hello?"
    while True:
        heard = yield
        yield "..." if heard is None else f"{heard} {heard}"


def wrong_one_word_late():
    """`send('hey')` should give 'hey hey', but gives 'hello?'."""
    answer = "hello?"
    while True:
        heard = yield answer
        yield answer
        answer = "..." if heard is None else f"{heard} {heard}"


def wrong_empty_is_nothing():
    """`send('')` should give ' ', but gives '...'."""
    answer = "hello?"
    while True:
        heard = yield answer
        answer = f"{heard} {heard}" if heard else "..."


def wrong_once():
    """`StopIteration` was raised, and nobody caught it. It happened where the check said
    `found = mountain.send(word)`"""
    heard = yield "hello?"
    yield f"{heard} {heard}"

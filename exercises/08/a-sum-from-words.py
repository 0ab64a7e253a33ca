"""A bill that is read piece by piece

A bill comes as words, one at a time: `2 + ( 3 + 4 ) end`. Write `bill()`, a generator that is sent
the words and returns their sum. It yields `"?"` whenever it wants the next word. Brackets may stand
inside brackets. So `bill` reads one number or bracket after another, and what is in a bracket is a
bill as well, which ends with `)`.
"""

import inspect

hints = [
    "`word = yield '?'` asks for one word.",
    "A bracket opens another bill: `yield from bill()` reads up to its `)` and has its sum.",
    "A bill ends with `)` or `end`, and goes on with `+`.",
]


def bill():
    """Read a bill up to its `)` or `end`; return the sum."""
    total = 0
    while True:
        word = yield "?"
        if word in (")", "end"):
            return total
        if word == "(":
            total += yield from bill()
        elif word != "+":
            total += int(word)


def check(bill):
    for text, wanted in [
        ("2 + 3 end", 5),
        ("2 + ( 3 + 4 ) end", 9),
        ("( 1 + ( 2 + 3 ) + 4 ) + 5 end", 15),
    ]:
        reader = bill()
        assert inspect.isgenerator(reader), f"`bill()` should give a generator, not {reader!r}."
        asked = next(reader)
        total = None
        for word in text.split():
            assert asked == "?", f'It should yield "?", but yields {asked!r}.'
            try:
                asked = reader.send(word)
            except StopIteration as stop:
                total = stop.value
                break
        assert total == wanted, f"`{text}` should give {wanted}, but gives {total}."


def wrong_a_call():
    """It should yield "?", but yields None."""
    total = 0
    while True:
        word = yield
        if word in (")", "end"):
            return total
        if word == "(":
            total += yield from bill()
        elif word != "+":
            total += int(word)


def wrong_flat():
    """`2 + ( 3 + 4 ) end` should give 9, but gives None."""
    total = 0
    while True:
        word = yield "?"
        if word == "end":
            return total
        if word == "(":
            total += yield from bill()
        elif word not in ("+", ")"):
            total += int(word)

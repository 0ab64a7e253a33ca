"""Ready to be sent to

A fresh generator can only be sent `None`. Write the decorator `primed`: a call of the decorated
function gives a generator that stands at its first `yield` already.
"""

import inspect

hints = [
    "A decorator takes a function and returns another, which is called in its place.",
    "The inner function makes the generator, takes one step of it, and returns it.",
    "Arguments go through with `*arguments` and `**options`.",
]


def primed(function):
    """Let calls of a generator function return generators that have begun."""

    def begin(*arguments, **options):
        generator = function(*arguments, **options)
        next(generator)
        return generator

    return begin


def check(primed):
    def adder(total, step=1):
        while True:
            total += step * (yield total)

    ready = primed(adder)
    assert callable(ready), f"`primed(function)` should return a function, but returns {ready!r}."
    bill = ready(10)
    assert inspect.isgenerator(bill), f"A call should give a generator, but gives {bill!r}."
    state = inspect.getgeneratorstate(bill)
    assert state == "GEN_SUSPENDED", f"The generator should be GEN_SUSPENDED, but is {state}."
    total = bill.send(5)
    assert total == 15, f"`send(5)` to an adder that begins with 10 should give 15, not {total}."
    total = ready(10, step=2).send(5)
    assert total == 20, f"Arguments by name should reach the function too: 20, not {total}."
    assert ready(10) is not bill, "Each call should make a generator of its own."


def wrong_not_begun(function):
    """The generator should be GEN_SUSPENDED, but is GEN_CREATED."""

    def begin(*arguments, **options):
        return function(*arguments, **options)

    return begin


def wrong_the_first_value(function):
    """A call should give a generator, but gives 10."""

    def begin(*arguments, **options):
        return next(function(*arguments, **options))

    return begin


def wrong_without_arguments(function):
    """TypeError: primed.<locals>.begin() takes 0 positional arguments but 1 was given
    It happened where the check said `bill = ready(10)`"""

    def begin():
        generator = function()
        next(generator)
        return generator

    return begin


def wrong_two_steps(function):
    """TypeError: unsupported operand type(s) for *: 'int' and 'NoneType'"""

    def begin(*arguments, **options):
        generator = function(*arguments, **options)
        next(generator)
        next(generator)
        return generator

    return begin

"""A call in the middle

`tea(minutes)` is a program for `take_turns`: it boils water, which takes some minutes, and returns
"tea from hot water". It returns something else, and takes no time at all. One of its calls was left
as it was when everything became a generator. Repair it.
"""

form = "repair"

hints = [
    "What does a call of a generator function return?",
    "`y = f(x)` becomes `y = yield from g(x)`.",
]

given = ["boil"]


def boil(minutes):
    for _ in range(minutes):
        yield
    return "hot water"


def tea(minutes):
    """Boil water, then make tea of it."""
    water = yield from boil(minutes)
    yield
    return f"tea from {water}"


def broken(minutes):
    """Boil water, then make tea of it."""
    water = boil(minutes)
    yield
    return f"tea from {water}"


def check(tea):
    def run(program):
        steps = 0
        while True:
            try:
                next(program)
            except StopIteration as end:
                return steps, end.value
            steps += 1

    for minutes in 3, 0:
        program, cup = tea(minutes), f"`tea({minutes})` should"
        assert hasattr(program, "send"), f"{cup} be a generator, but is {program!r}."
        steps, drink = run(program)
        assert drink == "tea from hot water", (
            f"{cup} return 'tea from hot water', but returns {drink!r}."
        )
        assert steps == minutes + 1, (
            f"{cup} pause {minutes + 1} times, but it paused {steps} times."
        )


def wrong_awaited_too_late(minutes):
    """`tea(3)` should return 'tea from hot water', but returns 'tea from None'."""
    water = None
    yield from boil(minutes)
    yield
    return f"tea from {water}"


def wrong_all_in_one_step(minutes):
    """`tea(3)` should pause 4 times, but it paused 1 times."""
    water, boiling = None, boil(minutes)
    while water is None:
        try:
            next(boiling)
        except StopIteration as end:
            water = end.value
    yield
    return f"tea from {water}"


def wrong_yielded(minutes):
    """`tea(3)` should return 'tea from hot water', but returns 'tea from None'."""
    water = yield boil(minutes)
    yield
    return f"tea from {water}"

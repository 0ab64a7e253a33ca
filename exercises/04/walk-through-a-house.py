"""A walk through a house

A place is a pair: a name, and the places in it. Write `walk(place)`, a generator of the paths of
all places, each before what is in it: `house`, `house/cellar` and so on.

A generator may loop over another call of its own function. That is what `path`, the way from the
entrance to this place, is for.
"""

import inspect

hints = [
    "`yield path + name` is the path of the place itself. What is the `path` of a place in it?",
    "`walk(inner, ...)` runs nothing. Only a loop over it does, and what it hands out has to be "
    "handed out again.",
]

given = ["house"]

house = ("house", [("cellar", []), ("upstairs", [("kitchen", []), ("hall", [])])])


def walk(place, path=""):
    """Yield the path of a place, then the paths of all that is in it."""
    name, inside = place
    yield path + name
    for inner in inside:
        for found in walk(inner, f"{path}{name}/"):
            yield found


def check(walk):
    small = ("house", [("cellar", []), ("upstairs", [("kitchen", []), ("hall", [])])])
    wanted = ["house", "house/cellar", "house/upstairs", "house/upstairs/kitchen"]
    wanted.append("house/upstairs/hall")
    found = walk(small)
    assert inspect.isgenerator(found), f"`walk(house)` should be a generator, but is {found!r}."
    found = list(found)
    inner = [path for path in found if not isinstance(path, str)]
    assert not inner, (
        f"`walk` yielded {inner[0]!r}. It should yield paths: loop over that generator and yield "
        "what it gives."
    )
    assert found == wanted, f"`walk(house)` should yield {wanted}, but yields {found}."
    entered = []
    rooms = (entered.append(name) or (name, []) for name in ["cellar", "hall"])
    next(walk(("house", rooms)))
    assert not entered, f"`walk` should yield 'house' before it enters {entered}."


def wrong_yields_a_generator(place, path=""):
    """`walk` yielded <generator object walk at 0x…>. It should yield paths: loop over that
    generator and yield what it gives."""
    name, inside = place
    yield path + name
    for inner in inside:
        yield walk(inner, f"{path}{name}/")


def wrong_runs_nothing(place, path=""):
    """`walk(house)` should yield ['house', 'house/cellar', 'house/upstairs',
    'house/upstairs/kitchen', 'house/upstairs/hall'], but yields ['house']."""
    name, inside = place
    yield path + name
    for inner in inside:
        walk(inner, f"{path}{name}/")


def wrong_only_the_last_step(place, path=""):
    """`walk(house)` should yield ['house', 'house/cellar', 'house/upstairs',
    'house/upstairs/kitchen', 'house/upstairs/hall'], but yields ['house', 'house/cellar',
    'house/upstairs', 'upstairs/kitchen', 'upstairs/hall']."""
    name, inside = place
    yield path + name
    for inner in inside:
        for found in walk(inner, f"{name}/"):
            yield found


def wrong_all_rooms_first(place, path=""):
    """`walk` should yield 'house' before it enters ['cellar', 'hall']."""
    name, inside = place
    rooms = list(inside)
    yield path + name
    for inner in rooms:
        for found in walk(inner, f"{path}{name}/"):
            yield found

"""Full lifts only, and the rest

`trips(people, places)` puts people who wait in a row into lifts: it yields lists of `places` people
each, in order, and at the end those who are left, if any. It takes no more people from the row than
a lift has places before it sends the lift off. Put its lines in order. Two of the lines belong
nowhere.
"""

import inspect

from glassloop.exercises import Supply

form = "parsons"

hints = [
    "A lift that was yielded belongs to whoever asked for it. The next people need a new one.",
    "What is left in the lift when the row is empty? Is it ever a lift without people?",
]

distractors = ["return lift", "lift.clear()"]


def trips(people, places):
    lift = []
    for person in people:
        lift.append(person)
        if len(lift) == places:
            yield lift
            lift = []
    if lift:
        yield lift


def check(trips):
    found = trips(iter("abcdefg"), 3)
    assert inspect.isgenerator(found), f"`trips` should be a generator, but is {found!r}."
    row = Supply("abcdefg")
    first = next(trips(row, 3), None)
    assert first == ["a", "b", "c"], (
        f"Of a to g, the first lift should take a, b, c, but has {first}."
    )
    assert row.taken == 3, (
        f"The first lift has three people, but {row.taken} were taken from the row."
    )
    lifts = list(found)
    assert lifts == [["a", "b", "c"], ["d", "e", "f"], ["g"]], (
        f"Seven people in lifts of three should make three lifts, a-c, d-f and g, but make {lifts}."
    )
    lifts = list(trips(iter("abcd"), 2))
    assert lifts == [["a", "b"], ["c", "d"]], (
        f"Four people in lifts of two should make two full lifts, but make {lifts}."
    )


def wrong_cleared(people, places):
    """Seven people in lifts of three should make three lifts, a-c, d-f and g, but make
    [['g'], ['g'], ['g']]."""
    lift = []
    for person in people:
        lift.append(person)
        if len(lift) == places:
            yield lift
            lift.clear()
    if lift:
        yield lift


def wrong_rest_stays_behind(people, places):
    """Seven people in lifts of three should make three lifts, a-c, d-f and g, but make
    [['a', 'b', 'c'], ['d', 'e', 'f']]."""
    lift = []
    for person in people:
        lift.append(person)
        if len(lift) == places:
            yield lift
            lift = []


def wrong_new_lift_each_time(people, places):
    """Of a to g, the first lift should take a, b, c, but has None."""
    for person in people:
        lift = []
        lift.append(person)
        if len(lift) == places:
            yield lift


def wrong_empty_lift(people, places):
    """Four people in lifts of two should make two full lifts, but make
    [['a', 'b'], ['c', 'd'], []]."""
    lift = []
    for person in people:
        lift.append(person)
        if len(lift) == places:
            yield lift
            lift = []
    yield lift

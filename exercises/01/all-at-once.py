"""As long as the slowest

A station's answer takes as many seconds as the station is away. Write `ask_all(distances)`: it asks
all stations at once, and returns their answers as a list, in the order of `distances`.
"""

import asyncio

from glassloop.exercises import seconds

hints = [
    "`asyncio.gather` takes any number of calls such as `ask(3)`, lets them wait at the same time, "
    "and gives their results in the order of the calls.",
    "A list `calls` becomes the arguments of a call with a star: `asyncio.gather(*calls)`.",
    "What `gather` returns has to be awaited. Its value is a list.",
]

given = ["ask"]


async def ask(distance):
    await asyncio.sleep(distance)
    return f"{distance} s away"


async def ask_all(distances):
    """Return the answers of all stations."""
    return await asyncio.gather(*[ask(distance) for distance in distances])


def check(ask_all):
    found = []

    async def main():
        found.append(await ask_all([3, 1, 2]))

    assert asyncio.iscoroutinefunction(ask_all), "`ask_all` should stay an `async def`."
    took = seconds(main)
    wanted = ["3 s away", "1 s away", "2 s away"]
    kind = type(found[0]).__name__
    assert kind == "list", f"`await ask_all([3, 1, 2])` should be a list, but is a {kind}."
    assert found == [wanted], f"`await ask_all([3, 1, 2])` should be {wanted}, but is {found[0]}."
    assert took == 3.0, f"The slowest answer takes 3 s, but `ask_all([3, 1, 2])` took {took:g} s."


async def wrong_one_by_one(distances):
    """The slowest answer takes 3 s, but `ask_all([3, 1, 2])` took 6 s."""
    return [await ask(distance) for distance in distances]


async def wrong_not_awaited(distances):
    """`await ask_all([3, 1, 2])` should be a list, but is a _GatheringFuture."""
    return asyncio.gather(*[ask(distance) for distance in distances])


async def wrong_as_they_come(distances):
    """`await ask_all([3, 1, 2])` should be ['3 s away', '1 s away', '2 s away'], but is
    ['1 s away', '2 s away', '3 s away']."""
    calls = [ask(distance) for distance in distances]
    return [await call for call in asyncio.as_completed(calls)]

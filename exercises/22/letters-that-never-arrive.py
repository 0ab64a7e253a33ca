"""Letters that never arrive

`post(letters, send)` starts a task for each letter and returns. It is the main program of
`asyncio.run`, and no letter arrives. Repair it: all are sent at the same time, and all arrive.
"""

import asyncio

from glassloop.exercises import seconds

form = "repair"

hints = [
    "What does `asyncio.run` do with tasks that are there when main ends?",
    "Keep the tasks, or start them in a group; then main ends after them.",
]


async def post(letters, send):
    """Send all letters at the same time."""
    await asyncio.gather(*[send(letter) for letter in letters])


async def broken(letters, send):
    """Send all letters at the same time."""
    for letter in letters:
        asyncio.create_task(send(letter))


def check(post):
    arrived = []

    async def send(letter):
        await asyncio.sleep(len(letter))
        arrived.append(letter)

    letters = ["to ann", "to bob", "to cleo"]
    took = seconds(lambda: post(letters, send))
    assert sorted(arrived) == letters, f"Sent were {letters}, but arrived have {arrived}."
    assert took == 7, f"The longest letter takes 7 s. All at once took {took:g} s."
    assert seconds(lambda: post([], send)) == 0, "Without letters it should take no time."


async def wrong_a_turn_more(letters, send):
    """Sent were ['to ann', 'to bob', 'to cleo'], but arrived have []."""
    for letter in letters:
        asyncio.create_task(send(letter))
    await asyncio.sleep(0)


async def wrong_one_by_one(letters, send):
    """The longest letter takes 7 s. All at once took 19 s."""
    for letter in letters:
        await asyncio.create_task(send(letter))


async def wrong_waits_for_one(letters, send):
    """Sent were ['to ann', 'to bob', 'to cleo'], but arrived have ['to ann', 'to bob']."""
    tasks = [asyncio.create_task(send(letter)) for letter in letters]
    if tasks:
        await tasks[0]
        await asyncio.sleep(0)


async def wrong_a_guess(letters, send):
    """The longest letter takes 7 s. All at once took 60 s."""
    for letter in letters:
        asyncio.create_task(send(letter))
    await asyncio.sleep(60)

"""Who heard the bell?

`heard(names)` lets each of the names wait for a bell, rings it once, and returns who has heard it.
It returns an empty list: the bell is rung before anybody listens.

Repair it.
"""

import asyncio

form = "repair"

hints = [
    "When `create_task` returns, no line of the task has run.",
    "What has to happen between making the tasks and ringing? A turn.",
]


async def heard(names):
    """Let all wait for one bell, ring it, and return who has heard it."""
    bells, those = [], []

    async def guest(name):
        bell = asyncio.get_running_loop().create_future()
        bells.append(bell)
        await bell
        those.append(name)

    tasks = [asyncio.create_task(guest(name)) for name in names]
    await asyncio.sleep(0)
    for bell in bells:
        bell.set_result(None)
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    return those


async def broken(names):
    """Let all wait for one bell, ring it, and return who has heard it."""
    bells, those = [], []

    async def guest(name):
        bell = asyncio.get_running_loop().create_future()
        bells.append(bell)
        await bell
        those.append(name)

    tasks = [asyncio.create_task(guest(name)) for name in names]
    for bell in bells:
        bell.set_result(None)
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    return those


def check(heard):
    found = asyncio.run(heard(["ann", "bob"]))
    assert found == ["ann", "bob"], f"Ann and Bob should hear the bell, but {found} did."
    found = asyncio.run(heard([]))
    assert found == [], f"Where nobody waits, nobody hears it; not {found}."


async def wrong_rings_and_leaves(names):
    """Ann and Bob should hear the bell, but [] did."""
    bells, those = [], []

    async def guest(name):
        bell = asyncio.get_running_loop().create_future()
        bells.append(bell)
        await bell
        those.append(name)

    tasks = [asyncio.create_task(guest(name)) for name in names]
    await asyncio.sleep(0)
    for bell in bells:
        bell.set_result(None)
    for task in tasks:
        task.cancel()
    return those

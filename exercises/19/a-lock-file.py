"""A lock file

Programs that share a folder agree on a name: whose file of that name is in the folder may write.
Write `locked(folder, name)` for `async with locked(folder, name):`. The folder is a set of names.
On the way in it looks every second whether the name is free, and then adds it. On the way out,
whatever has happened in the block, it removes the name again.
"""

import asyncio
from contextlib import asynccontextmanager

hints = [
    "`while name in folder:` and a sleep of 1 s in it: look again each time.",
    "Between looking and adding there must be no `await`.",
    "The `try` begins when the name is ours. Who is cancelled while waiting removes nothing.",
]


@asynccontextmanager
async def locked(folder, name):
    """Hold a name in a folder for as long as the block lasts."""
    while name in folder:
        await asyncio.sleep(1)
    folder.add(name)
    try:
        yield
    finally:
        folder.remove(name)


@asynccontextmanager
async def starter(folder, name):
    """Hold a name in a folder for as long as the block lasts."""
    yield


def check(locked):
    asyncio.run(_one(locked))
    asyncio.run(_two(locked))
    asyncio.run(_gives_up(locked))


async def _one(locked):
    folder = set()
    try:
        async with locked(folder, "mail.lock"):
            assert folder == {"mail.lock"}, f"In the block the folder should have it, not {folder}."
            raise ValueError("full")
    except ValueError:
        pass
    else:
        raise AssertionError("An exception of the block should go on.")
    assert not folder, f"After a block that fails the folder still has {folder}."


async def _two(locked):
    folder, log = set(), []

    async def write(who):
        async with locked(folder, "mail.lock"):
            log.append(f"{who} begins")
            await asyncio.sleep(2.5)
            log.append(f"{who} ends")

    await asyncio.gather(*map(write, ["ann", "bob", "cid"]))
    wanted = [f"{who} {what}" for who in ("ann", "bob", "cid") for what in ("begins", "ends")]
    assert log == wanted, f"They should write one after the other, but did so: {log}."


async def _gives_up(locked):
    folder = {"mail.lock"}
    try:
        async with asyncio.timeout(5), locked(folder, "mail.lock"):
            raise AssertionError("The name is another's, but the block was entered.")
    except TimeoutError:
        pass
    assert folder == {"mail.lock"}, "Who gave up waiting has removed another's file."


@asynccontextmanager
async def wrong_looks_once(folder, name):
    """They should write one after the other, but did so: ['ann begins', 'bob begins', 'cid begins',
    'ann ends', 'bob ends', 'cid ends']."""
    if name in folder:
        await asyncio.sleep(1)
    folder.add(name)
    try:
        yield
    finally:
        folder.discard(name)


@asynccontextmanager
async def wrong_removes_anothers(folder, name):
    """Who gave up waiting has removed another's file."""
    try:
        while name in folder:
            await asyncio.sleep(1)
        folder.add(name)
        yield
    finally:
        folder.discard(name)


@asynccontextmanager
async def wrong_stays_after_an_error(folder, name):
    """After a block that fails the folder still has {'mail.lock'}."""
    while name in folder:
        await asyncio.sleep(1)
    folder.add(name)
    yield
    folder.remove(name)

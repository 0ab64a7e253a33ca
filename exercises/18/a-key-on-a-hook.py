"""A key on a hook

There is one key to the cellar. Write the class `Key`: `await key` takes it from the hook, and waits
as long as somebody else has it. `key.give_back()` hands it to the one who has waited longest, or
hangs it on the hook.
"""

import asyncio

hints = [
    "Keep the futures of those who wait in a list, as the doorbell of this chapter does.",
    "A future pauses its task: in `__await__`, `yield from future.__await__()`.",
    "Who is woken has the key already. If the hook looked free in between, another could take it.",
]

forbidden = {
    "asyncio.Lock": "A `Lock` is what you are about to write, with other words.",
    "asyncio.Semaphore": "A `Semaphore` does it all. Make it of futures.",
}


class Key:
    """Await it to take it; one task has it at a time."""

    def __init__(self):
        self.taken, self.waiting = False, []

    def __await__(self):
        if self.taken:
            future = asyncio.get_running_loop().create_future()
            self.waiting.append(future)
            yield from future.__await__()
        self.taken = True

    def give_back(self):
        if self.waiting:
            self.waiting.pop(0).set_result(None)
        else:
            self.taken = False


def check(Key):
    async def fetch(key, name, log):
        try:
            await key
        except TypeError as error:
            raise AssertionError("`__await__` of a `Key` should return an iterator.") from error
        log.append(f"{name} goes down")
        await asyncio.sleep(1)
        log.append(f"{name} comes up")
        key.give_back()

    async def hurry(key, log):
        await asyncio.sleep(1)
        await fetch(key, "dan", log)

    async def main(names, late):
        key, log = Key(), []
        people = [fetch(key, name, log) for name in names] + [hurry(key, log)] * late
        await asyncio.gather(*people)
        return log

    for names, late in ((["ann"], 0), (["ann", "bob", "cid"], 0), (["ann", "bob"], 1)):
        log, order = asyncio.run(main(names, late)), names + ["dan"] * late
        wanted = [f"{name} {way}" for name in order for way in ("goes down", "comes up")]
        assert log == wanted, f"The cellar should see {wanted}, but saw {log}."


class wrong_nobody_waits:
    """The cellar should see ['ann goes down', 'ann comes up', 'bob goes down', 'bob comes up', 'cid
    goes down', 'cid comes up'], but saw ['ann goes down', 'bob goes down', 'cid goes down', 'ann
    comes up', 'bob comes up', 'cid comes up']."""

    def __init__(self):
        self.taken, self.waiting = False, []

    def __await__(self):
        self.taken = True
        return iter(())

    def give_back(self):
        self.taken = False


class wrong_all_are_woken:
    """The cellar should see ['ann goes down', 'ann comes up', 'bob goes down', 'bob comes up', 'cid
    goes down', 'cid comes up'], but saw ['ann goes down', 'ann comes up', 'bob goes down', 'cid
    goes down', 'bob comes up', 'cid comes up']."""

    def __init__(self):
        self.taken, self.waiting = False, []

    def __await__(self):
        if self.taken:
            future = asyncio.get_running_loop().create_future()
            self.waiting.append(future)
            yield from future.__await__()
        self.taken = True

    def give_back(self):
        self.taken = False
        for future in self.waiting:
            future.set_result(None)
        self.waiting.clear()


class wrong_the_last_first:
    """The cellar should see ['ann goes down', 'ann comes up', 'bob goes down', 'bob comes up', 'cid
    goes down', 'cid comes up'], but saw ['ann goes down', 'ann comes up', 'cid goes down', 'cid
    comes up', 'bob goes down', 'bob comes up']."""

    def __init__(self):
        self.taken, self.waiting = False, []

    def __await__(self):
        if self.taken:
            future = asyncio.get_running_loop().create_future()
            self.waiting.append(future)
            yield from future.__await__()
        self.taken = True

    def give_back(self):
        if self.waiting:
            self.waiting.pop().set_result(None)
        else:
            self.taken = False

"""Page by page

A weather station gives its readings in pages. `await fetch(number)` is the list of the readings of
one page, from page 1 on; the first empty list says that there are no more. Write the class
`Readings`: `async for reading in Readings(fetch)` goes through all readings, one by one. A page is
fetched when its first reading is asked for, and not before.
"""

import asyncio

hints = [
    "`__aiter__` is a plain method that returns `self`; `__anext__` is `async`.",
    "Keep the readings of the page that are left. Fetch when there are none.",
    "The end is `raise StopAsyncIteration`.",
]

forbidden = {
    "yield": "`yield` in an `async def` is what the next chapter is about. Write the methods.",
}


class Readings:
    """All readings of a station, fetched page by page."""

    def __init__(self, fetch):
        self.fetch, self.number, self.left = fetch, 0, []

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.left:
            self.number += 1
            self.left = list(await self.fetch(self.number))
        if not self.left:
            raise StopAsyncIteration
        return self.left.pop(0)


def check(Readings):
    pages = {1: [15, 16], 2: [17], 3: [18, 19]}
    fetched = []

    async def fetch(number):
        await asyncio.sleep(1)
        fetched.append(number)
        return tuple(pages.get(number, ()))

    async def main():
        iterator = Readings(fetch).__aiter__()
        assert hasattr(iterator, "__anext__"), (
            f"`__aiter__` should return something with `__anext__`, but returns {iterator!r}."
        )
        found = []
        async for reading in iterator:
            found.append(reading)
            assert isinstance(reading, int), (
                f"`__anext__` should give one reading, but gives {reading!r}."
            )
            wanted = next(number for number, page in pages.items() if reading in page)
            assert fetched[-1] == wanted, (
                f"For the reading {reading} page {wanted} is enough, but page {fetched[-1]} was "
                "fetched already."
            )
        assert found == [15, 16, 17, 18, 19], (
            f"The readings are 15 to 19, but the loop saw {found}."
        )

    asyncio.run(main())


class wrong_whole_pages:
    """`__anext__` should give one reading, but gives (15, 16)."""

    def __init__(self, fetch):
        self.fetch, self.number = fetch, 0

    def __aiter__(self):
        return self

    async def __anext__(self):
        self.number += 1
        page = await self.fetch(self.number)
        if not page:
            raise StopAsyncIteration
        return page


class wrong_all_at_the_beginning:
    """For the reading 15 page 1 is enough, but page 4 was fetched already."""

    def __init__(self, fetch):
        self.fetch, self.left = fetch, None

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.left is None:
            self.left, number = [], 1
            while page := await self.fetch(number):
                self.left += page
                number += 1
        if not self.left:
            raise StopAsyncIteration
        return self.left.pop(0)


class wrong_the_plain_end:
    """RuntimeError: coroutine raised StopIteration"""

    def __init__(self, fetch):
        self.fetch, self.number, self.left = fetch, 0, []

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.left:
            self.number += 1
            self.left = list(await self.fetch(self.number))
        if not self.left:
            raise StopIteration
        return self.left.pop(0)

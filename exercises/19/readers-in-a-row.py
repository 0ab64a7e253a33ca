"""Readers in a row

`study(pages, work)` goes through the pages of a slow book and gives each to `work`, a coroutine
function. The results are returned in the order of the pages. It takes 9 seconds: nobody fetches a
page while somebody works.

Repair it: the work on a page begins as soon as that page is there, and the next page is fetched
meanwhile.
"""

import asyncio

from glassloop.exercises import nothing_left

form = "repair"

hints = [
    "`async for` is sequential. What can be started in the loop, and awaited after it?",
    "A task begins by itself. `gather` gives the results in the order in which it got the tasks.",
]


async def study(pages, work):
    """Work on each page; return the results in the order of the pages."""
    tasks = []
    async for page in pages:
        tasks.append(asyncio.create_task(work(page)))
    return await asyncio.gather(*tasks)


async def broken(pages, work):
    """Work on each page; return the results in the order of the pages."""
    results = []
    async for page in pages:
        results.append(await work(page))
    return results


def check(study):
    class Pages:
        """Three pages, each a second away."""

        def __init__(self):
            self.page = 0

        def __aiter__(self):
            return self

        async def __anext__(self):
            if self.page == 3:
                raise StopAsyncIteration
            await asyncio.sleep(1)
            self.page += 1
            return self.page

    async def work(page):
        await asyncio.sleep(4 if page == 1 else 1)
        return f"read {page}"

    async def main():
        loop = asyncio.get_running_loop()
        start = loop.time()
        message = "`study` returned while the work on a page was still going on."
        found = await nothing_left(study(Pages(), work), message)
        wanted = ["read 1", "read 2", "read 3"]
        assert list(found) == wanted, f"The results should be {wanted}, but are {found}."
        took = loop.time() - start
        assert took == 5, f"It should take 5 s, but takes {took:g} s."

    asyncio.run(main())


async def wrong_gather_of_one(pages, work):
    """It should take 5 s, but takes 9 s."""
    results = []
    async for page in pages:
        results += await asyncio.gather(work(page))
    return results


async def wrong_pages_first(pages, work):
    """It should take 5 s, but takes 7 s."""
    all_pages = [page async for page in pages]
    return await asyncio.gather(*[work(page) for page in all_pages])


async def wrong_nobody_waits(pages, work):
    """`study` returned while the work on a page was still going on."""
    tasks = []
    async for page in pages:
        tasks.append(asyncio.create_task(work(page)))
    return tasks

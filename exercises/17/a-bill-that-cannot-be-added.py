"""A bill that cannot be added

`bill(guests, price)` adds up what all guests have to pay. To ask for a price takes a while, so
`price(guest)` is a coroutine function. The sum does not work. Repair it.
"""

import asyncio

form = "repair"

hints = [
    "The message speaks of a *coroutine*. Which call made it?",
    "Inside of an `async def`, the result of a coroutine is the value of `await`.",
]


async def bill(guests, price):
    """The sum of the prices of all guests."""
    total = 0
    for guest in guests:
        total += await price(guest)
    return total


async def broken(guests, price):
    """The sum of the prices of all guests."""
    total = 0
    for guest in guests:
        total += price(guest)
    return total


def check(bill):
    asked = []

    async def price(guest):
        asked.append(guest)
        await asyncio.sleep(1)
        return len(guest)

    for guests, wanted in ((["ann", "bob"], 6), ([], 0), (["cleo"], 4)):
        asked.clear()
        found = asyncio.run(bill(guests, price))
        assert found == wanted, f"`bill({guests}, price)` should be {wanted}, but is {found!r}."
        assert asked == guests, f"The guests are {guests}. Asked were {asked}, in this order."


async def wrong_never_asked(guests, price):
    """`bill(['ann', 'bob'], price)` should be 6, but is 0."""
    total = 0
    for guest in guests:
        price(guest)
    return total


async def wrong_run_inside(guests, price):
    """RuntimeError: asyncio.run() cannot be called from a running event loop"""
    total = 0
    for guest in guests:
        total += asyncio.run(price(guest))
    return total


async def wrong_asked_twice(guests, price):
    """The guests are ['ann', 'bob']. Asked were ['ann', 'ann', 'bob', 'bob'], in this order."""
    total = 0
    for guest in guests:
        await price(guest)
        total += await price(guest)
    return total

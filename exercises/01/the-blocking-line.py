"""The line that holds everybody up

Three guests order at once, and each dish takes two seconds. All should be served after two seconds.
It takes six. Find the line that does not step aside, and repair it.
"""

import asyncio
import time

from glassloop.exercises import seconds

form = "repair"

hints = [
    "Which wait tells the other orders that they may go on?",
    "`time.sleep` stops the whole thread, and with it the loop that all orders share.",
]


async def serve(guest, served):
    """Cook for one guest, then note that the guest was served."""
    await asyncio.sleep(2)
    served.append(guest)


async def broken(guest, served):
    """Cook for one guest, then note that the guest was served."""
    time.sleep(2)
    served.append(guest)


def check(serve):
    served = []

    async def main():
        await asyncio.gather(*[serve(guest, served) for guest in ("Ann", "Bob", "Cleo")])

    took = seconds(main)
    assert sorted(served) == ["Ann", "Bob", "Cleo"], f"Served were {served}, and not all three."
    assert took >= 2, f"A dish takes 2 s, but all were served after {took:g} s: nobody has cooked."
    assert took == 2, f"All three should be served after 2 s, but it took {took:g} s."


async def wrong_no_cooking(guest, served):
    """A dish takes 2 s, but all were served after 0 s: nobody has cooked."""
    served.append(guest)


async def wrong_both(guest, served):
    """All three should be served after 2 s, but it took 8 s."""
    time.sleep(2)
    await asyncio.sleep(2)
    served.append(guest)


async def wrong_an_await_beside_it(guest, served):
    """All three should be served after 2 s, but it took 6 s."""
    await asyncio.sleep(0)
    time.sleep(2)
    served.append(guest)

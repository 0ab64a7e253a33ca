"""The first warm day

`first_warm(readings)` returns the first reading of more than 20 degrees, or `None`. The station
behind `readings`, an async generator, has to be switched off when it is not needed any more. That
happens too late. Repair it: when `first_warm` has returned, the station is off.
"""

import asyncio

form = "repair"

hints = [
    "`return` leaves the loop. Nobody tells the generator, as long as somebody holds it.",
    "`contextlib.aclosing(readings)` closes it at the end of its block, however that is left.",
]


async def first_warm(readings):
    """The first reading of more than 20 degrees."""
    try:
        async for degrees in readings:
            if degrees > 20:
                return degrees
    finally:
        await readings.aclose()


async def broken(readings):
    """The first reading of more than 20 degrees."""
    async for degrees in readings:
        if degrees > 20:
            return degrees
    return None


def check(first_warm):
    async def station(log, values):
        try:
            for degrees in values:
                await asyncio.sleep(1)
                yield degrees
        finally:
            await asyncio.sleep(1)
            log.append("off")

    async def main(values, wanted):
        log = []
        readings = station(log, values)
        found, error = None, None
        try:
            found = await first_warm(readings)
        except TypeError as raised:
            error = raised
        what = "a reading that cannot be compared" if "x" in values else f"`{wanted}`"
        state = log or "still on"
        assert log == ["off"], f"The station gave {what}, and afterwards it was {state}."
        if "x" in values:
            assert error is not None, "The exception of the comparison should go on."
        assert found == wanted, f"Of {values} the first warm one is {wanted}, not {found}."

    for values, wanted in ([15, 22, 25], 22), ([15], None), ([15, "x"], None):
        asyncio.run(main(values, wanted))


async def wrong_after_the_loop(readings):
    """The station gave `22`, and afterwards it was still on."""
    async for degrees in readings:
        if degrees > 20:
            return degrees
    await readings.aclose()
    return None


async def wrong_before_the_return(readings):
    """The station gave a reading that cannot be compared, and afterwards it was still on."""
    async for degrees in readings:
        if degrees > 20:
            await readings.aclose()
            return degrees
    return None


async def wrong_not_awaited(readings):
    """The station gave `22`, and afterwards it was still on."""
    try:
        async for degrees in readings:
            if degrees > 20:
                return degrees
    finally:
        readings.aclose()

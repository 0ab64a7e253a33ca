"""A reader of your own

Messages of a known length come in pieces of any length. Write the class `Reader`. A protocol calls
`feed(data)` for each piece, and one task awaits `take(number)`: so many bytes, no less and no more,
in order. It waits until they are there, and what is left over is for the next `take`.
"""

import asyncio
import time

hints = [
    "A `bytearray` takes what comes. `bytes(buffer[:number])` is its beginning, and `del "
    "buffer[:number]` takes that away.",
    "To wait, make a future and keep it, for `feed` to find. After waking up look again: a piece "
    "may have been too short.",
    "`feed` sets the result of the future, if there is one that is not done.",
]


class Reader:
    """Bytes to be awaited; fed by a protocol."""

    def __init__(self):
        self.buffer, self.waiter = bytearray(), None

    def feed(self, data):
        self.buffer += data
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)

    async def take(self, number):
        while len(self.buffer) < number:
            self.waiter = asyncio.get_running_loop().create_future()
            await self.waiter
        taken = bytes(self.buffer[:number])
        del self.buffer[:number]
        return taken


def check(Reader):
    async def main(pieces, numbers, wanted):
        loop, reader, found = asyncio.get_running_loop(), Reader(), []
        for second, piece in enumerate(pieces):
            loop.call_later(second, reader.feed, piece)
        for number in numbers:
            taken = await reader.take(number)
            found.append((f"{loop.time() - start:g} s", taken))
        said = f"Pieces {pieces}, one a second, and `take` of {numbers}"
        assert found == wanted, f"{said} should give {wanted}, but gives {found}."

    for pieces, numbers, wanted in (
        ([b"soupegg"], [4], [("0 s", b"soup")]),
        ([b"soupegg"], [4, 3], [("0 s", b"soup"), ("0 s", b"egg")]),
        ([b"so", b"u", b"pegg"], [4, 3], [("2 s", b"soup"), ("2 s", b"egg")]),
        ([b"s", b"oup", b"eg", b"g"], [4, 3], [("1 s", b"soup"), ("3 s", b"egg")]),
    ):
        start = time.monotonic()
        asyncio.run(main(pieces, numbers, wanted))


class wrong_waits_once:
    """Pieces [b'so', b'u', b'pegg'], one a second, and `take` of [4, 3] should give
    [('2 s', b'soup'), ('2 s', b'egg')], but gives [('0 s', b'so'), ('1 s', b'u')]."""

    def __init__(self):
        self.buffer, self.waiter = bytearray(), None

    def feed(self, data):
        self.buffer += data
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)

    async def take(self, number):
        if len(self.buffer) < number:
            self.waiter = asyncio.get_running_loop().create_future()
            await self.waiter
        taken = bytes(self.buffer[:number])
        del self.buffer[:number]
        return taken


class wrong_all_there_is:
    """Pieces [b'soupegg'], one a second, and `take` of [4] should give [('0 s', b'soup')], but
    gives [('0 s', b'soupegg')]."""

    def __init__(self):
        self.buffer, self.waiter = bytearray(), None

    def feed(self, data):
        self.buffer += data
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)

    async def take(self, number):
        while len(self.buffer) < number:
            self.waiter = asyncio.get_running_loop().create_future()
            await self.waiter
        taken, self.buffer = bytes(self.buffer), bytearray()
        return taken


class wrong_asks_again_and_again:
    """Pieces [b'soupegg'], one a second, and `take` of [4] should give [('0 s', b'soup')], but
    gives [('1 s', b'soup')]."""

    def __init__(self):
        self.buffer = bytearray()

    def feed(self, data):
        self.buffer += data

    async def take(self, number):
        while len(self.buffer) < number:
            await asyncio.sleep(1)
        taken = bytes(self.buffer[:number])
        del self.buffer[:number]
        return taken

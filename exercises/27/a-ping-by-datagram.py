"""A ping by datagram

Write `ping(address, seconds)`, a coroutine: it sends the datagram `b"ping"` to `address`, a pair of
host and port, and returns how many seconds it took until an answer came. If none has come after so
many seconds, it returns `None`. `Listener` stands ready for you.
"""

import asyncio

hints = [
    "`transport, _ = await loop.create_datagram_endpoint(factory, remote_addr=address)`; then "
    "`transport.sendto(...)` needs no address.",
    "A datagram may be lost, and nobody says so. Put a timeout around the `await` of the future.",
    "The transport has to be closed, whichever way it ends.",
]

given = ["Listener"]


class Listener(asyncio.DatagramProtocol):
    """Sets the result of a future when a datagram comes."""

    def __init__(self, answer):
        self.answer = answer

    def datagram_received(self, data, address):
        if not self.answer.done():
            self.answer.set_result(data)


async def ping(address, seconds):
    """How long an answer takes, or None."""
    loop = asyncio.get_running_loop()
    answer = loop.create_future()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: Listener(answer), remote_addr=address
    )
    start = loop.time()
    transport.sendto(b"ping")
    try:
        async with asyncio.timeout(seconds):
            await answer
    except TimeoutError:
        return None
    finally:
        transport.close()
    return loop.time() - start


class _Pong(asyncio.DatagramProtocol):
    """Answers after a while, or never."""

    def __init__(self, delay, heard):
        self.delay, self.heard = delay, heard

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        self.heard.append(data)
        if self.delay is not None:
            loop = asyncio.get_running_loop()
            loop.call_later(self.delay, self.transport.sendto, b"pong", address)


def check(ping):
    for delay, wanted in ((2, 2), (0.5, 0.5), (None, None), (30, None)):
        asyncio.run(_ping(ping, delay, wanted))


async def _ping(ping, delay, wanted):
    loop, heard, address = asyncio.get_running_loop(), [], ("localhost", 7101)
    server, _ = await loop.create_datagram_endpoint(lambda: _Pong(delay, heard), local_addr=address)
    start = loop.time()
    try:
        async with asyncio.timeout(100):
            found = await ping(address, 10)
    except TimeoutError:
        found = "a TimeoutError" if loop.time() - start < 100 else "nothing at all"
    finally:
        server.close()
    answers = "never answers" if delay is None else f"answers after {delay} s"
    assert heard == [b"ping"], f"The server should hear b'ping' once, but heard {heard}."
    about = isinstance(found, float) and wanted is not None and abs(found - wanted) < 0.1
    assert about or found is wanted is None, (
        f"The server {answers}. `ping(address, 10)` should give {wanted}, but gives {found!r}."
    )


async def wrong_no_timeout(address, seconds):
    """The server never answers. `ping(address, 10)` should give None, but gives 'nothing at
    all'."""
    loop = asyncio.get_running_loop()
    answer = loop.create_future()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: Listener(answer), remote_addr=address
    )
    start = loop.time()
    transport.sendto(b"ping")
    try:
        await answer
    finally:
        transport.close()
    return loop.time() - start


async def wrong_the_answer_itself(address, seconds):
    """The server answers after 2 s. `ping(address, 10)` should give 2, but gives b'pong'."""
    loop = asyncio.get_running_loop()
    answer = loop.create_future()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: Listener(answer), remote_addr=address
    )
    transport.sendto(b"ping")
    try:
        async with asyncio.timeout(seconds):
            return await answer
    except TimeoutError:
        return None
    finally:
        transport.close()


async def wrong_the_timeout_goes_on(address, seconds):
    """The server never answers. `ping(address, 10)` should give None, but gives
    'a TimeoutError'."""
    loop = asyncio.get_running_loop()
    answer = loop.create_future()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: Listener(answer), remote_addr=address
    )
    start = loop.time()
    transport.sendto(b"ping")
    try:
        async with asyncio.timeout(seconds):
            await answer
    finally:
        transport.close()
    return loop.time() - start

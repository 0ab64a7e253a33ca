"""What a protocol is told

A server that answers, and a client that uses streams. Put the lines in the order in which the
program prints them.
"""

import asyncio

form = "order"

hints = [
    "`write` hands over data and returns. Nobody else runs before the next `await`.",
    "The end of a stream is told after all that was in it.",
]


def program():
    class Doorman(asyncio.Protocol):
        def connection_made(self, transport):
            self.transport = transport
            print("doorman: a guest")

        def data_received(self, data):
            print("doorman: hears", data.decode())
            self.transport.write(b"come in")

        def eof_received(self):
            print("doorman: no more words")

        def connection_lost(self, error):
            print("doorman: the door is shut")

    async def main():
        loop = asyncio.get_running_loop()
        async with await loop.create_server(Doorman, "localhost", 7100):
            reader, writer = await asyncio.open_connection("localhost", 7100)
            await asyncio.sleep(1)
            writer.write(b"good evening")
            print("guest: I have spoken")
            print("guest: hears", (await reader.read(100)).decode())
            writer.close()
            print("guest: goes")
            await asyncio.sleep(1)

    asyncio.run(main())


def wrong_write_waits():
    """`write` returns before anybody has heard anything. The guest goes on until her next
    `await`."""
    print("doorman: a guest")
    print("doorman: hears good evening")
    print("guest: I have spoken")
    print("guest: hears come in")
    print("guest: goes")
    print("doorman: no more words")
    print("doorman: the door is shut")


def wrong_lost_before_the_end():
    """First a protocol is told that there are no more words. `connection_lost` is the last call of
    all."""
    print("doorman: a guest")
    print("guest: I have spoken")
    print("doorman: hears good evening")
    print("guest: hears come in")
    print("guest: goes")
    print("doorman: the door is shut")
    print("doorman: no more words")


def wrong_close_waits():
    """`close` returns at once, like `write`. The doorman hears of it when the guest waits."""
    print("doorman: a guest")
    print("guest: I have spoken")
    print("doorman: hears good evening")
    print("guest: hears come in")
    print("doorman: no more words")
    print("doorman: the door is shut")
    print("guest: goes")

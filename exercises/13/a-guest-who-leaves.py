"""A guest who leaves

A room where everybody hears everybody. It works until the first guest leaves. Then the loop never
sleeps again, for the socket of somebody who has gone is always ready: it has `b""` to give. Repair
`join`.
"""

import socket

from glassloop.aio.readiness import SelectorLoop

form = "repair"

hints = [
    "What does `recv` return when the other side has closed its end? See “to the last byte”.",
    "Three things are to be done with a guest who has left: the loop must not watch the socket any "
    "more, nobody may write to it, and it must be closed.",
]


def broken(loop, sock, guests):
    """Add a guest, who hears what the others say."""
    guests.append(sock)

    def hear():
        data = sock.recv(1000)
        for other in guests:
            if other is not sock:
                other.send(data)

    loop.add_reader(sock, hear)


def join(loop, sock, guests):
    """Add a guest, who hears what the others say, until they leave."""
    guests.append(sock)

    def hear():
        data = sock.recv(1000)
        if not data:
            loop.remove_reader(sock)
            guests.remove(sock)
            sock.close()
            return
        for other in guests:
            if other is not sock:
                other.send(data)

    loop.add_reader(sock, hear)


def check(join):
    class Counting(SelectorLoop):
        turns = 0

        def _run_once(self):
            self.turns += 1
            if self.turns > 100:
                raise AssertionError("When a guest has left, the loop never sleeps again.")
            super()._run_once()

    loop, guests, heard = Counting(), [], []
    people = {}
    for name in ["ann", "bob", "cid"]:
        people[name], inside = socket.socketpair()
        inside.setblocking(False)
        people[name].setblocking(False)
        join(loop, inside, guests)

    def listen(name):
        try:
            heard.append(people[name].recv(1000))
        except BlockingIOError:
            heard.append("nothing")

    loop.set_exception_handler(lambda loop, context: None)
    loop.call_later(1, people["ann"].send, b"hello")
    loop.call_later(2, people["ann"].close)
    loop.call_later(3, people["bob"].send, b"she has left")
    for when, name in [(1.5, "bob"), (1.5, "cid"), (3.5, "cid")]:
        loop.call_later(when, listen, name)
    loop.call_later(4, loop.stop)
    try:
        loop.run_forever()
        assert heard == [b"hello", b"hello", b"she has left"], (
            f"bob and cid should hear b'hello', and cid b'she has left'; they hear {heard}."
        )
        assert len(guests) == 2, (
            f"Two guests are left, but {len(guests)} are in the list of guests."
        )
    finally:
        for sock in [*people.values(), *guests]:
            sock.close()
        loop.close()


def wrong_still_in_the_list(loop, sock, guests):
    """bob and cid should hear b'hello', and cid b'she has left'; they hear [b'hello', b'hello',
    'nothing']."""
    guests.append(sock)

    def hear():
        data = sock.recv(1000)
        if not data:
            loop.remove_reader(sock)
            return
        for other in guests:
            if other is not sock:
                other.send(data)

    loop.add_reader(sock, hear)


def wrong_still_watched(loop, sock, guests):
    """When a guest has left, the loop never sleeps again."""
    guests.append(sock)

    def hear():
        data = sock.recv(1000)
        if not data:
            guests.remove(sock)
            return
        for other in guests:
            if other is not sock:
                other.send(data)

    loop.add_reader(sock, hear)

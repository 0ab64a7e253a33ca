"""To the last byte

A socket that does not wait takes as many bytes as fit, and says how many; when none fit, `send`
raises `BlockingIOError`. Write the generator `send_all(sock, data)`: it sends all of `data`, and
yields the socket whenever that takes nothing for the moment. Whoever drives it goes on when the
socket is ready.
"""

hints = [
    "`data[sent:]` is what is left when so many bytes were sent.",
    "On `BlockingIOError` nothing was sent: yield the socket, and try the same bytes again.",
]


def send_all(sock, data):
    """Send all of `data`; yield the socket whenever it takes nothing."""
    while data:
        try:
            data = data[sock.send(data) :]
        except BlockingIOError:
            yield sock


class Narrow:
    """A socket that takes three bytes at a time, and nothing at every second attempt."""

    def __init__(self):
        self.taken, self.attempts = b"", 0

    def send(self, data):
        self.attempts += 1
        if self.attempts % 2 == 0:
            raise BlockingIOError
        self.taken += data[:3]
        return len(data[:3])


def check(send_all):
    sock = Narrow()
    waits = list(send_all(sock, b"good morning") or [])
    assert sock.taken == b"good morning", (
        f"`good morning` was to be sent, and {sock.taken!r} arrived."
    )
    assert all(each is sock for each in waits), "What is yielded should be the socket."
    assert len(waits) == 3, (
        f"The socket took nothing three times, so it should be yielded three times, "
        f"not {len(waits)}."
    )
    sock = Narrow()
    assert list(send_all(sock, b"hi")) == [], "Where everything fits at once, nothing is yielded."


def wrong_trusts_one_send(sock, data):
    """`good morning` was to be sent, and b'goo' arrived."""
    try:
        sock.send(data)
    except BlockingIOError:
        yield sock


def wrong_gives_up(sock, data):
    """`good morning` was to be sent, and b'goo' arrived."""
    while data:
        try:
            data = data[sock.send(data) :]
        except BlockingIOError:
            return
    yield from ()


def wrong_yields_each_time(sock, data):
    """The socket took nothing three times, so it should be yielded three times, not 7."""
    while data:
        try:
            data = data[sock.send(data) :]
        except BlockingIOError:
            pass
        yield sock

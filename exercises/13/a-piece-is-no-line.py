"""A piece is no line

`read_line(sock, buffer)` is to return the next line that comes from a socket, without its end, and
`None` when the other side has gone. `buffer` is a `bytearray` in which it may keep, between two
calls, what it has received and not returned.

It takes whatever one `recv` gives for a line. Repair it.
"""

form = "repair"

hints = [
    "Ask for more as long as there is no line feed in what you have.",
    "What stands behind the line feed belongs to the next call: leave it in `buffer`.",
]


def read_line(sock, buffer):
    """The next line, or None when the other side has gone."""
    while b"\n" not in buffer:
        data = sock.recv(100)
        if not data:
            return None
        buffer += data
    line, _, rest = bytes(buffer).partition(b"\n")
    buffer[:] = rest
    return line.decode()


def broken(sock, buffer):
    """The next line, or None when the other side has gone."""
    data = sock.recv(100)
    return data.decode().strip() if data else None


class Pieces:
    """A socket on which these pieces arrive, one for each `recv`."""

    def __init__(self, *pieces):
        self.pieces = list(pieces)

    def recv(self, size):
        return self.pieces.pop(0) if self.pieces else b""


def check(read_line):
    sock, buffer = Pieces(b"good mor", b"ning\n"), bytearray()
    found = read_line(sock, buffer)
    assert found == "good morning", (
        f"`good mor` and `ning` with a line feed arrive one after the other. "
        f"The line is 'good morning', not {found!r}."
    )
    sock, buffer = Pieces(b"ann\nbob\nci", b"d\n"), bytearray()
    found = [read_line(sock, buffer) for _ in range(3)]
    assert found == ["ann", "bob", "cid"], (
        f"Two lines and a half arrive in one piece, and then the rest. "
        f"The lines are 'ann', 'bob' and 'cid', not {found}."
    )
    found = read_line(sock, buffer)
    assert found is None, f"The other side has gone: the answer is None, not {found!r}."


def wrong_drops_the_rest(sock, buffer):
    """Two lines and a half arrive in one piece, and then the rest. The lines are 'ann', 'bob' and
    'cid', not ['ann', 'd', None]."""
    data = b""
    while b"\n" not in data:
        piece = sock.recv(100)
        if not piece:
            return None
        data += piece
    return data.partition(b"\n")[0].decode()


def wrong_asks_before_it_looks(sock, buffer):
    """Two lines and a half arrive in one piece, and then the rest. The lines are 'ann', 'bob' and
    'cid', not ['ann', 'bob', None]."""
    while True:
        data = sock.recv(100)
        if not data:
            return None
        buffer += data
        if b"\n" in buffer:
            line, _, rest = bytes(buffer).partition(b"\n")
            buffer[:] = rest
            return line.decode()

"""Half a line

A protocol calls its method `line_received` for each line, a `str` without the newline. As long as
the network delivers whole lines, it works. Repair it for a network that cuts and joins as it likes.
"""

import asyncio

form = "repair"

hints = [
    "What comes after the last newline is the beginning of a line. It has to be kept.",
    "A letter such as ü is two bytes, and the cut may be between them: decode whole lines.",
]


class Lines(asyncio.Protocol):
    """Calls `line_received` for each whole line."""

    def __init__(self, line_received):
        self.line_received, self.unfinished = line_received, b""

    def data_received(self, data):
        *lines, self.unfinished = (self.unfinished + data).split(b"\n")
        for line in lines:
            self.line_received(line.decode())


class broken(asyncio.Protocol):
    """Calls `line_received` for each whole line."""

    def __init__(self, line_received):
        self.line_received = line_received

    def data_received(self, data):
        for line in data.decode().splitlines():
            self.line_received(line)


def check(Lines):
    for pieces, wanted in (
        ([b"ann\n", b"bob\n"], ["ann", "bob"]),
        ([b"ann\nbob\n"], ["ann", "bob"]),
        ([b"an", b"n\nb", b"ob\n"], ["ann", "bob"]),
        ([b"ann\n\nbob\nci"], ["ann", "", "bob"]),
        ([b"J\xc3", b"\xbcrgen\n"], ["Jürgen"]),
    ):
        found = []
        protocol = Lines(found.append)
        for piece in pieces:
            protocol.data_received(piece)
        assert found == wanted, (
            f"The pieces {pieces} hold the lines {wanted}, but received were {found}."
        )
    first, second = [], []
    one, two = Lines(first.append), Lines(second.append)
    one.data_received(b"an")
    two.data_received(b"bob\n")
    assert second == ["bob"], f"Another connection should not hear of the first, but got {second}."


class wrong_the_last_wins(asyncio.Protocol):
    """The pieces [b'an', b'n\\nb', b'ob\\n'] hold the lines ['ann', 'bob'], but received were ['n',
    'ob']."""

    def __init__(self, line_received):
        self.line_received = line_received

    def data_received(self, data):
        *lines, self.unfinished = data.split(b"\n")
        for line in lines:
            self.line_received(line.decode())


class wrong_decodes_pieces(asyncio.Protocol):
    """UnicodeDecodeError: 'utf-8' codec can't decode byte 0xc3 in position 1: unexpected end of
    data"""

    def __init__(self, line_received):
        self.line_received, self.unfinished = line_received, ""

    def data_received(self, data):
        *lines, self.unfinished = (self.unfinished + data.decode()).split("\n")
        for line in lines:
            self.line_received(line)


class wrong_one_line_a_piece(asyncio.Protocol):
    """The pieces [b'ann\\nbob\\n'] hold the lines ['ann', 'bob'], but received were ['ann']."""

    def __init__(self, line_received):
        self.line_received, self.unfinished = line_received, b""

    def data_received(self, data):
        self.unfinished += data
        line, newline, rest = self.unfinished.partition(b"\n")
        if newline:
            self.unfinished = rest
            self.line_received(line.decode())

"""What a cell prints: line by line, normalised, and not without end."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

from glassloop.lab.kernel import Kernel
from glassloop.lab.limits import Limit

OUTPUT_LIMIT = 100_000

Write = Callable[[str, str], object]

# What differs from run to run or from machine to machine, and what stands there instead.
_ADDRESS = re.compile(r"(?<=\bat )0x[0-9a-fA-F]+")
_LIBRARY = re.compile(r"(?:/[^\s/:\"'<>]+)*/lib/python3[^\s/]*/((?:[\w-]+/)*\w+\.py)(?:(:)\d+)?")
# The stack is full sooner or later, and Python then says during what.
_RECURSION = re.compile(r"(?<=maximum recursion depth exceeded) while calling a Python object")
_REPEATED = re.compile(r"(?<=\[Previous line repeated )\d+")


class OutputLimit(Limit):
    """A cell has printed more than it may."""


def normalise(text: str) -> str:
    """`text` without what differs between runs: addresses, paths of library files, depths."""
    text = _RECURSION.sub("", _REPEATED.sub("…", _ADDRESS.sub("0x…", text)))
    return _LIBRARY.sub(lambda match: f"…/{match[1]}{':…' if match[2] else ''}", text)


class Output:
    """Passes on what one cell writes, in order, whatever stream it comes from."""

    def __init__(
        self, write: Write, limit: int = OUTPUT_LIMIT, note: Write = lambda stream, text: None
    ) -> None:
        self._write = write
        self._note = note  # gets the same, for a trace
        self._left = limit
        self._line = ""  # a line that has not ended
        self._stream = "out"  # where it belongs
        self._at_start = True  # of a line, in what has been passed on
        self._closed = False

    @property
    def exceeded(self) -> bool:
        """Whether more was written than may be."""
        return self._left < 0

    def write(self, stream: str, text: str) -> None:
        """Write `text` to `stream`; whole lines go out at once, the rest waits for its end.

        Raises `OutputLimit` for what goes beyond the limit, and for all that follows.
        """
        if self._closed:
            return
        if stream != self._stream:
            self.flush()
            self._stream = stream
        fitting, self._left = text[: max(0, self._left)], self._left - len(text)
        head, newline, self._line = (self._line + fitting).rpartition("\n")
        if newline:
            self._send(head + newline)
        if self.exceeded:
            raise OutputLimit

    def message(self, text: str) -> None:
        """Write a line of the lab's own, limit or not, and nothing more after it."""
        self.close()
        self._write("error", ("" if self._at_start else "\n") + text + "\n")

    def close(self) -> None:
        """Drop whatever is still written, by finalisers for instance."""
        if not self._closed:
            self.flush()
            self._closed = True

    def flush(self) -> None:
        """Pass on a line that has not ended."""
        line, self._line = self._line, ""
        if line:
            self._send(line)

    def _send(self, text: str) -> None:
        self._at_start = text.endswith("\n")
        self._write(self._stream, normalise(text))
        self._note(self._stream, normalise(text))


class Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr`: one object for all cells, each of which has an output."""

    encoding = "utf-8"
    output: Output

    def __init__(self, name: str, kernel: Kernel) -> None:
        self._name = name
        self._kernel = kernel

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        output = self.output
        self._kernel.in_its_time(lambda: output.write(self._name, text))
        return len(text)

    def flush(self) -> None:
        self.output.flush()

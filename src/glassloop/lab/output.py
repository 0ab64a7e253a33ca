"""What a cell prints: line by line, normalised, and not without end."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

OUTPUT_LIMIT = 100_000

Write = Callable[[str, str], object]

# What differs from run to run or from machine to machine, and what stands there instead.
_ADDRESS = re.compile(r"(?<=\bat )0x[0-9a-fA-F]+")
_LIBRARY = re.compile(r"(?:/[^\s/:\"'<>]+)*/lib/python3[^\s/]*/((?:[\w-]+/)*\w+\.py)(?:(:)\d+)?")

_REPEATED = re.compile(r"(?<=\[Previous line repeated )\d+")


class OutputLimit(BaseException):
    """A cell has printed more than it may."""


def normalise(text: str) -> str:
    """`text` without what differs between runs: addresses, paths of library files, depths."""
    text = _REPEATED.sub("…", _ADDRESS.sub("0x…", text))
    return _LIBRARY.sub(lambda match: f"…/{match[1]}{':…' if match[2] else ''}", text)


class Output:
    """Passes on what is written, in order, whatever stream it comes from."""

    def __init__(self, write: Write, limit: int = OUTPUT_LIMIT) -> None:
        self._write = write
        self._left = limit
        self._line = ""
        self._stream = "out"
        self._closed = False
        self.rewrite: Callable[[str], str] = lambda text: text

    def write(self, stream: str, text: str) -> None:
        """Write `text` to `stream`; whole lines go out at once, the rest waits for its end."""
        if self._closed:
            return
        if stream != self._stream:
            self.flush()
            self._stream = stream
        self._left -= len(text)
        if self._left < 0:
            self.flush()
            raise OutputLimit
        head, newline, rest = (self._line + text).rpartition("\n")
        self._line = rest
        if newline:
            self._send(head + newline)

    def message(self, text: str) -> None:
        """Write a line of the lab's own, limit or not."""
        self.flush()
        self._write("error", text + "\n")

    def close(self) -> None:
        """Drop whatever is still written, by finalisers for instance."""
        self._closed = True

    def flush(self) -> None:
        """Pass on a line that has not ended."""
        line, self._line = self._line, ""
        if line:
            self._send(line)

    def _send(self, text: str) -> None:
        self._write(self._stream, self.rewrite(normalise(text)))


class Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of a cell."""

    encoding = "utf-8"

    def __init__(self, output: Output, name: str) -> None:
        self._output = output
        self._name = name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._output.write(self._name, text)
        return len(text)

    def flush(self) -> None:
        self._output.flush()

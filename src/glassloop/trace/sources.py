"""Whose code a code object is: the reader's, whose every line counts, or a library's."""

from __future__ import annotations

import linecache
import sys
import sysconfig
import types
from functools import cache
from pathlib import Path

# The flags of code whose frames can pause: generators, coroutines, asynchronous generators.
PAUSING = 0x2A0

_PACKAGE = str(Path(__file__).parent.parent)
_LIBRARIES = (
    sysconfig.get_path("stdlib"),
    sysconfig.get_path("platstdlib"),
    sys.prefix + "/lib",
    _PACKAGE,
)


def is_readers(code: types.CodeType) -> bool:
    """Whether `code` was written by whoever reads the trace, and not by a library."""
    return _is_readers_file(code.co_filename)


def is_simulated(code: types.CodeType) -> bool:
    """Whether this is the lab's, and plays what the operating system does elsewhere."""
    return code.co_filename.startswith(f"{_PACKAGE}/lab/")


@cache
def _is_readers_file(filename: str) -> bool:
    if filename.startswith("<"):
        return filename.startswith(("<cell ", "<ipython-input-"))
    if any(folder in filename for folder in ("site-packages", "dist-packages", ".zip/")):
        return False
    return not filename.startswith(_LIBRARIES)


@cache
def short_name(filename: str) -> str:
    """A file name as the trace shows it: a library's without the folders that lead to it."""
    for marker in ("site-packages/", "dist-packages/", ".zip/"):
        if marker in filename:
            return filename.partition(marker)[2]
    for folder in _LIBRARIES:
        if filename.startswith(folder):
            return filename.removeprefix(folder).lstrip("/")
    path = Path(filename)
    return path.name if path.is_absolute() else filename


def short_function_name(qualified: str) -> str:
    """A function's name as a reader would say it: a method's with its class, if that is public."""
    name = qualified.rpartition("<locals>.")[2]
    return name.rpartition(".")[2] if name.startswith("_") else name


def text_of(filename: str) -> str:
    """The source text of a file or a cell, as far as Python knows it."""
    return "".join(linecache.getlines(filename))


def kind_of(code: types.CodeType) -> str:
    """What runs this code: a function, generator, coroutine, async generator, class or module."""
    flags = code.co_flags
    if flags & 0x200:
        return "async generator"
    if flags & 0x80:
        return "coroutine"
    if flags & 0x20:
        return "generator"
    if not flags & 0x1:  # its variables are kept in a dictionary
        return "module" if code.co_name == "<module>" else "class"
    return "function"

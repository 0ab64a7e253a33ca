"""Whose code a code object is: the reader's, whose every line counts, or a library's."""

from __future__ import annotations

import linecache
import sys
import sysconfig
import types
from functools import cache
from pathlib import Path

_PACKAGE = str(Path(__file__).parent.parent)
_LIBRARIES = (
    sysconfig.get_path("stdlib"),
    sysconfig.get_path("platstdlib"),
    sys.prefix + "/lib",
    _PACKAGE,
)


@cache
def is_readers(code: types.CodeType) -> bool:
    """Whether `code` was written by whoever reads the trace, and not by a library."""
    filename = code.co_filename
    if filename.startswith("<"):
        return filename.startswith("<cell ")
    if "site-packages" in filename or "dist-packages" in filename:
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


def text_of(filename: str) -> str:
    """The source text of a file or a cell, as far as Python knows it."""
    return "".join(linecache.getlines(filename))


def kind_of(code: types.CodeType) -> str:
    """What a call of this code makes: "function", "generator", "coroutine", "async generator"."""
    flags = code.co_flags
    if flags & 0x200:
        return "async generator"
    if flags & 0x80:
        return "coroutine"
    if flags & 0x20:
        return "generator"
    return "module" if code.co_name == "<module>" else "function"

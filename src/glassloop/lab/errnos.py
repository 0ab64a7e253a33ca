"""The error numbers that readers know: Linux's, on every platform.

WebAssembly numbers its errors differently (EAGAIN is 6 there and 11 on Linux). A program in
the lab sees Linux's numbers in `errno`, in exceptions and in messages.
"""

from __future__ import annotations

import errno
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

LINUX = {
    "EAGAIN": (11, "Resource temporarily unavailable"),
    "EBADF": (9, "Bad file descriptor"),
    "EINVAL": (22, "Invalid argument"),
    "EPIPE": (32, "Broken pipe"),
    "EAFNOSUPPORT": (97, "Address family not supported by protocol"),
    "EADDRINUSE": (98, "Address already in use"),
    "EADDRNOTAVAIL": (99, "Cannot assign requested address"),
    "ECONNABORTED": (103, "Software caused connection abort"),
    "ECONNRESET": (104, "Connection reset by peer"),
    "EISCONN": (106, "Transport endpoint is already connected"),
    "ENOTCONN": (107, "Transport endpoint is not connected"),
    "EDESTADDRREQ": (89, "Destination address required"),
    "EOPNOTSUPP": (95, "Operation not supported"),
    "EMSGSIZE": (90, "Message too long"),
    "ETIMEDOUT": (110, "Connection timed out"),
    "ECONNREFUSED": (111, "Connection refused"),
    "EHOSTUNREACH": (113, "No route to host"),
    "EALREADY": (114, "Operation already in progress"),
    "EINPROGRESS": (115, "Operation now in progress"),
}

_TEXTS = dict(LINUX.values())

# Two names for one number.
ALIASES = {"EWOULDBLOCK": "EAGAIN"}

# What OSError(number) becomes. Only the network's errors: their Linux numbers mean nothing
# else to WebAssembly, so both numberings can stand in one table.
SUBCLASSES: dict[str, type[OSError]] = {
    "EAGAIN": BlockingIOError,
    "EALREADY": BlockingIOError,
    "EINPROGRESS": BlockingIOError,
    "EPIPE": BrokenPipeError,
    "ECONNABORTED": ConnectionAbortedError,
    "ECONNREFUSED": ConnectionRefusedError,
    "ECONNRESET": ConnectionResetError,
    "ETIMEDOUT": TimeoutError,
}


def error(name: str) -> OSError:
    """The exception for the error `name` ("ECONNREFUSED"), as a system call would raise it."""
    return SUBCLASSES.get(name, OSError)(*LINUX[name])


@contextmanager
def linux_numbers() -> Iterator[None]:
    """Let `errno`, `OSError` and `os.strerror` speak Linux's numbers while the block runs."""
    wanted = {name: number for name, (number, _) in LINUX.items()}
    wanted |= {alias: wanted[name] for alias, name in ALIASES.items()}
    before = {name: getattr(errno, name) for name in wanted}
    if before == wanted:
        yield
        return
    errorcode: Any = errno.errorcode  # a dict, whatever its type says
    names, strerror = dict(errorcode), os.strerror
    classes = _classes_by_number()
    added = {wanted[name]: subclass for name, subclass in SUBCLASSES.items()}
    added = {number: subclass for number, subclass in added.items() if number not in classes}
    classes.update(added)
    vars(errno).update(wanted)
    errorcode.update({number: name for name, (number, _) in LINUX.items()})
    os.strerror = lambda number: _TEXTS.get(number) or strerror(number)
    try:
        yield
    finally:
        os.strerror = strerror
        errorcode.clear()
        errorcode.update(names)
        vars(errno).update(before)
        for number in added:
            del classes[number]


@cache
def _classes_by_number() -> dict[int, type[OSError]]:
    """The interpreter's own table from error number to subclass of OSError.

    It has no name in Python, so we ask the garbage collector who refers to one of the classes.
    An interpreter without such a table gets an empty one: its exceptions are plain OSErrors.
    """
    known = errno.ECONNREFUSED
    for holder in gc.get_referrers(ConnectionRefusedError):
        if isinstance(holder, dict) and holder.get(known) is ConnectionRefusedError:
            table: dict[int, Any] = holder
            return table
    return {}

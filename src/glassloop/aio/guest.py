"""Knows whether we stand in for asyncio or are a guest beside it, and what a guest borrows.

A few names mean something only if all who use them mean the same object: the exception that a
cancelled task raises, the base class of a protocol, the register of who is running. Where our
package is imported under the name `asyncio`, there are no others, and ours are the ones. Anywhere
else the standard library's asyncio lives in the same process, libraries that were written for it
run on our loop, and so we use its objects under these names in place of our own.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any

STANDS_IN = __package__ == "asyncio"


def borrow(namespace: dict[str, Any], module: str, names: Iterable[str]) -> None:
    """As a guest, put the standard library's objects in the place of ours.

    `module` is a module of asyncio; of the `names` those are taken that this Python has there.
    """
    if STANDS_IN:
        return
    standard = vars(import_module(f"asyncio.{module}"))
    namespace.update({name: standard[name] for name in names if name in standard})

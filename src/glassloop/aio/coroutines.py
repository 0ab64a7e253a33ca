"""Tells coroutines from other objects."""

from __future__ import annotations

import collections.abc
import inspect
import sys
import types
from typing import Any

_COROUTINES: tuple[type, ...] = (types.CoroutineType, collections.abc.Coroutine)
if sys.version_info < (3, 12):
    # Before `async def` a coroutine was a generator, and up to Python 3.11 it may still be one.
    _COROUTINES = (*_COROUTINES, types.GeneratorType)

# Types that have been found to be coroutines: asking an abstract class takes its time.
_known: set[type] = set()


def iscoroutine(obj: object) -> bool:
    """Whether `obj` can be made a task, so that its body runs."""
    kind = type(obj)
    if kind in _known:
        return True
    if not isinstance(obj, _COROUTINES):
        return False
    if len(_known) < 100:
        _known.add(kind)
    return True


def iscoroutinefunction(func: Any) -> bool:
    """Whether a call of `func` gives a coroutine."""
    return inspect.iscoroutinefunction(func) or (
        getattr(func, "_is_coroutine", None) is _is_coroutine
    )


# By this mark libraries have said so of functions that are no `async def`.
_is_coroutine = object()

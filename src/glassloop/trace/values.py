"""Short descriptions of values that never run the program's own code.

A `__repr__` written in Python may print, raise or never end, so none is called: an object is
described by its class and its attributes.
"""

from __future__ import annotations

import asyncio
import sys
import types
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

LONGEST = 60  # characters of a description
ITEMS = 6  # items shown of a collection
DEPTH = 3  # collections shown inside one another

_PLAIN = (int, float, complex, bool, type(None), type(Ellipsis), range)


def describe(value: object, depth: int = DEPTH) -> str:
    """`value` in at most `LONGEST` characters."""
    text = _describe(value, depth)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def is_settled(value: object) -> bool:
    """Whether a value can be described once and for all, because it cannot change."""
    return type(value) in (str, bytes, types.FunctionType, type) or type(value) in _PLAIN


def _describe(value: object, depth: int) -> str:
    kind = type(value)
    if kind in (str, bytes):
        # Cut before it is quoted: the text may be a whole file.
        return repr(value[: LONGEST + 1])  # type: ignore[index]  # a str or bytes, by the line above
    if kind is int and value.bit_length() > 200:  # type: ignore[attr-defined]  # an int, by the line above
        return f"<int of {value.bit_length()} bits>"  # type: ignore[attr-defined]  # likewise
    if kind in _PLAIN:
        return repr(value)
    for types_, describer in _DESCRIBERS:
        # Not isinstance, which would ask the object for its __class__.
        if issubclass(kind, types_):
            return describer(value, depth)
    return _object(value, depth)


def _sequence(opening: str, closing: str, base: Any) -> Callable[[Any, int], str]:
    def describer(value: Any, depth: int) -> str:
        count = base.__len__(value)
        if not depth:
            return f"{opening}…{closing}" if count else opening + closing
        items = [_describe(item, depth - 1) for item in _first(base.__iter__(value))]
        if count > ITEMS:
            items.append(f"… {count} items")
        comma = "," if base is tuple and count == 1 else ""
        return f"{opening}{', '.join(items)}{comma}{closing}"

    return describer


def _dictionary(value: Any, depth: int) -> str:
    count = dict.__len__(value)
    if not depth:
        return "{…}" if count else "{}"
    pairs = [
        f"{_describe(key, depth - 1)}: {_describe(dict.__getitem__(value, key), depth - 1)}"
        for key in _first(dict.__iter__(value))
    ]
    if count > ITEMS:
        pairs.append(f"… {count} items")
    return "{" + ", ".join(pairs) + "}"


def _first(items: Iterable[Any]) -> list[Any]:
    taken = []
    for item in items:
        taken.append(item)
        if len(taken) == ITEMS:
            break
    return taken


def _set(value: Any, depth: int) -> str:
    base: Any = frozenset if isinstance(value, frozenset) else set
    if not base.__len__(value):
        return "set()"
    return _sequence("{", "}", base)(value, depth)


def _exception(value: Any, depth: int) -> str:
    arguments = (
        ", ".join(_describe(argument, depth - 1) for argument in value.args) if depth else ""
    )
    return f"{type(value).__name__}({arguments})"


def _future(value: Any, depth: int) -> str:
    state = "pending" if not value.done() else "cancelled" if value.cancelled() else "finished"
    return f"<{type(value).__name__} {state}>"


def _object(value: object, depth: int) -> str:
    """An object of a class of the program's own: its attributes, where it keeps them openly."""
    name = type(value).__name__
    attributes = _own_attributes(value)
    if not attributes or not depth:
        return f"<{name}>"
    shown = [f"{key}={_describe(attributes[key], depth - 2)}" for key in _first(attributes)]
    return f"<{name} {' '.join(shown)}>" if depth > 1 else f"<{name}>"


def _own_attributes(value: object) -> dict[str, Any]:
    if type(value).__module__.partition(".")[0] in _LIBRARY:
        return {}
    try:
        found = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return {}
    return found if type(found) is dict else {}


_LIBRARY = sys.stdlib_module_names

_DESCRIBERS: list[tuple[Any, Callable[[Any, int], str]]] = [
    (asyncio.Task, lambda value, depth: f"<Task {asyncio.Task.get_name(value)}>"),
    (asyncio.Future, _future),
    (types.GeneratorType, lambda value, depth: f"<generator {value.__name__}>"),
    (types.CoroutineType, lambda value, depth: f"<coroutine {value.__name__}>"),
    (types.AsyncGeneratorType, lambda value, depth: f"<async generator {value.__name__}>"),
    (types.FunctionType, lambda value, depth: f"<function {value.__name__}>"),
    (types.MethodType, lambda value, depth: f"<method {getattr(value, '__name__', '?')}>"),
    (types.BuiltinFunctionType, lambda value, depth: f"<built-in {value.__name__}>"),
    (
        types.ModuleType,
        lambda value, depth: f"<module {types.ModuleType.__getattribute__(value, '__name__')}>",
    ),
    (type, lambda value, depth: f"<class {type.__getattribute__(value, '__name__')}>"),
    (BaseException, _exception),
    (list, _sequence("[", "]", list)),
    (tuple, _sequence("(", ")", tuple)),
    (dict, _dictionary),
    ((set, frozenset), _set),
    (deque, _sequence("deque([", "])", deque)),
    ((str, bytes, int, float), lambda value, depth: f"<{type(value).__name__}>"),
]

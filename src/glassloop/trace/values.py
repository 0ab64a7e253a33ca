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
from itertools import chain, islice
from operator import is_
from typing import Any

from glassloop.trace.asyncios import known
from glassloop.trace.descriptors import is_future, state_of

LONGEST = 100  # characters of a description
ITEMS = 6  # items shown of a collection
DEPTH = 3  # collections shown inside one another

_TEXT = frozenset((str, bytes))
_PLAIN = frozenset((float, complex, bool, type(None), type(Ellipsis), range))
_LARGE = 1 << 200  # an integer from here on is described by its size


def describe(value: object, depth: int = DEPTH) -> str:
    """`value` in at most `LONGEST` characters."""
    text = _describe(value, depth)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def is_atom(value: object) -> bool:
    """Whether a value is small, never changes, and refers to no other.

    Nobody can tell how long such a value lives, so a recorder may hold it.
    """
    kind = type(value)
    if kind is int:
        return -_LARGE < value < _LARGE  # type: ignore[operator]  # an int, by the line above
    if kind in _TEXT:
        return len(value) <= LONGEST  # type: ignore[arg-type]  # a str or bytes, likewise
    return kind in _PLAIN


def is_short(value: int) -> bool:
    """Whether an integer is described by its digits."""
    return -_LARGE < value < _LARGE


def look_of(value: Any) -> tuple[Any, ...] | None:
    """What tells whether a collection has changed, or None: its kind, its size, its first items.

    All of these must be atoms.
    """
    kind = type(value)
    parts: tuple[tuple[Any, ...], ...] = ()
    if kind is list or kind is tuple:
        parts = (tuple(islice(value, ITEMS)),)
    elif kind is dict:
        parts = tuple(islice(value, ITEMS)), tuple(islice(value.values(), ITEMS))
    if not parts or not all(map(is_atom, chain.from_iterable(parts))):
        return None
    return kind, len(value), *parts


def looks_like(value: Any, look: object) -> bool:
    """Whether a collection has the very items that it had when `look` was taken of it."""
    if type(look) is not tuple or look[0] is not type(value) or look[1] != len(value):
        return False
    return all(map(is_, look[2], value)) and (
        len(look) == 3 or all(map(is_, look[3], value.values()))
    )


def is_settled(value: object) -> bool:
    """Whether the description of a value that is no atom cannot change."""
    return type(value) in (types.FunctionType, type)


def _describe(value: object, depth: int) -> str:
    kind = type(value)
    if kind is int:
        if -_LARGE < value < _LARGE:  # type: ignore[operator]  # an int, by the line above
            return repr(value)
        return f"<int of {value.bit_length()} bits>"  # type: ignore[attr-defined]  # likewise
    if kind in _TEXT:
        # Cut before it is quoted: the text may be a whole file.
        return repr(value[: LONGEST + 1])  # type: ignore[index]  # a str or bytes, by the line above
    if kind in _PLAIN:
        return repr(value)
    if kind in _EXACT:
        return _EXACT[kind](value, depth)
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
    return f"<{type(value).__name__} {state_of(value)}>"


def _future_of_ours(value: Any, depth: int) -> str:
    try:
        kind = next(kind for kind in known.tasks if issubclass(type(value), kind))
        return f"<Task {kind.get_name(value)}>"
    except (StopIteration, AttributeError):  # no task, or its __init__ has not run yet
        return _future(value, depth)


def _object(value: object, depth: int) -> str:
    """An object of a class of the program's own: its attributes, where it keeps them openly."""
    if is_future(value):
        return _future_of_ours(value, depth)
    name = type(value).__name__
    attributes = _own_attributes(value)
    if not attributes or depth < 2:
        return f"<{name}>"
    shown = [f"{key}={_attribute(attributes[key], depth - 2)}" for key in _first(attributes)]
    return f"<{name} {' '.join(shown)}>"


def _attribute(value: object, depth: int) -> str:
    """A queue of the object's is shown with what stands in it; an object has its name."""
    return _describe(value, depth + (type(value) in _COLLECTIONS))


def _own_attributes(value: object) -> dict[str, Any]:
    if type(value).__module__.partition(".")[0] in _LIBRARY:
        return {}
    try:
        found = object.__getattribute__(value, "__dict__")
    except (AttributeError, TypeError):  # the latter from subclasses of the task in C, on 3.11
        return {}
    return found if type(found) is dict else {}


_COLLECTIONS = frozenset((list, tuple, dict, set, deque))
_LIBRARY = sys.stdlib_module_names | {"glassloop"}

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

# Values of the very types that most programs are made of need no search.
_EXACT: dict[type, Callable[[Any, int], str]] = {
    kind: next(describer for types_, describer in _DESCRIBERS if issubclass(kind, types_))
    for kind in (list, tuple, dict, set, frozenset, deque, types.FunctionType, asyncio.Future)
}

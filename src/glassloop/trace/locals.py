"""Which local variables of a frame have changed since they were last looked at."""

from __future__ import annotations

import dis
import sys
import types
from functools import cache
from typing import Any

from glassloop.trace.values import describe, is_settled

_MISSING = object()


class Locals:
    """Remembers what was shown of each frame's variables."""

    def __init__(self) -> None:
        self._shown: dict[str, dict[str, tuple[int, str]]] = {}

    def changes(
        self, frame: types.FrameType, name: str
    ) -> tuple[dict[str, str], list[str], list[Any]]:
        """New descriptions by variable, variables that are gone, and the values that are new.

        A value is described again where the variable names another object, or one that can change.
        """
        shown = self._shown.setdefault(name, {})
        changed: dict[str, str] = {}
        new: list[Any] = []
        current = read(frame)
        for variable, value in current.items():
            before = shown.get(variable)
            same = before is not None and before[0] == id(value)
            if same and is_settled(value):
                continue
            text = describe(value)
            if not same:
                new.append(value)
            if before is None or before[1] != text:
                changed[variable] = text
            shown[variable] = (id(value), text)
        gone = [variable for variable in shown if variable not in current]
        for variable in gone:
            del shown[variable]
        return changed, gone, new

    def changed(self, frame: types.FrameType, name: str) -> tuple[dict[str, str], list[str]]:
        """`changes` without the values."""
        changed, gone, _ = self.changes(frame, name)
        return changed, gone

    def forget(self, name: str) -> None:
        """The frame is gone."""
        self._shown.pop(name, None)


def read(frame: types.FrameType) -> dict[str, Any]:
    """The variables of a frame, without those that Python itself puts there."""
    code = frame.f_code
    if not code.co_flags & 1:  # a module or a class body: its variables are a plain dictionary
        namespace = frame.f_locals
        return {name: namespace[name] for name in _stored(code) if name in namespace}
    if sys.version_info >= (3, 13):
        return {name: value for name, value in frame.f_locals.items() if name[0] != "."}
    if sys.version_info >= (3, 12):
        return _read_one_by_one(frame)
    return {name: value for name, value in frame.f_locals.items() if name[0] != "."}


@cache
def _stored(code: types.CodeType) -> tuple[str, ...]:
    """The names that the code of a module or class assigns to."""
    stores = ("STORE_NAME", "STORE_GLOBAL")
    names = dict.fromkeys(
        step.argval for step in dis.get_instructions(code) if step.opname in stores
    )
    return tuple(name for name in names if not name.startswith("__"))


def _read_one_by_one(frame: types.FrameType) -> dict[str, Any]:
    """On Python 3.12 `f_locals` would keep objects alive; its C interface can read one variable."""
    get = _frame_get_var()
    code, found = frame.f_code, {}
    for name in (*code.co_varnames, *code.co_cellvars, *code.co_freevars):
        if name[0] == ".":
            continue
        try:
            found[name] = get(frame, name)
        except NameError:  # not assigned yet
            continue
    return found


def read_one(frame: types.FrameType, name: str) -> Any:
    """One variable of a function's frame."""
    if sys.version_info[:2] == (3, 12):
        return _frame_get_var()(frame, name)
    return frame.f_locals[name]


@cache
def _frame_get_var() -> Any:
    import ctypes

    get = ctypes.pythonapi.PyFrame_GetVar
    get.restype = ctypes.py_object
    get.argtypes = [ctypes.py_object, ctypes.py_object]
    return get

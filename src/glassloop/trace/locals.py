"""Which local variables of a frame have changed since they were last looked at."""

from __future__ import annotations

import dis
import sys
import types
from collections import deque
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from glassloop.trace import tapes
from glassloop.trace.values import describe, is_atom, is_settled, is_short, look_of, looks_like

_MISSING = object()
_NOT_HELD = object()
_UNKNOWN = (_MISSING, 0, "")

# Whose items are looked at as well: a generator may stand there and in no variable.
COLLECTIONS = (list, tuple, deque, dict)

# What has changed: new descriptions by variable (integers stand for themselves, and are described
# in the end), the variables that are gone, values that are new (and all iterators, which move
# without becoming others).
Changes = tuple[dict[str, str | int] | None, list[str] | None, dict[str, Any]]


class Locals:
    """Remembers what was shown of each frame's variables."""

    def __init__(self) -> None:
        self._frames: dict[str, Shown] = {}
        self.known = self._frames.get

    def of(self, frame: types.FrameType, name: str) -> Shown:
        """What was shown of the frame called `name`."""
        shown = self._frames.get(name)
        if shown is None:
            shown = self._frames[name] = Shown(frame)
        return shown

    def changes(self, frame: types.FrameType, name: str) -> Changes:
        """What has changed in the frame called `name`, which is still at the same line."""
        shown = self.of(frame, name)
        return shown.look(frame, shown.suspects())

    def forget(self, name: str) -> None:
        """The frame is gone."""
        self._frames.pop(name, None)


class Shown:
    """What was shown of one frame's variables.

    The line that runs tells which of them can be others by the next one; where it can change
    values where they are, those that can be changed come in addition. Only atoms are held, also
    those in a collection; of other values the identity is kept.
    """

    __slots__ = ("_changing", "_code", "_line", "_shown", "_suspects", "_values")

    def __init__(self, frame: types.FrameType) -> None:
        self._code = _lines_of(frame.f_code)
        self._values = _reader(frame)
        self._line: int | None = None  # the line that runs; None until all were looked at
        self._shown: dict[str, tuple[Any, int, str]] = {}
        self._changing: frozenset[str] = frozenset()
        self._suspects = self._code.suspects(self._changing)

    def suspects(self) -> tuple[str, ...]:
        """The variables that may be others than they were, or have other values."""
        line = self._line
        if line is None:
            return self._code.variables
        found = self._suspects.get(line)
        if found is None:
            found = self._suspects[line] = self._code.written_at(line, self._changing)
        return found

    def read(self, frame: types.FrameType, variables: Iterable[str]) -> dict[str, Any]:
        """What these variables hold; those without a value are left out."""
        read = self._values(frame)
        found = {variable: read(variable, _MISSING) for variable in variables}
        return {name: value for name, value in found.items() if value is not _MISSING}

    def come_to(self, line: int) -> bool:
        """The frame begins `line`; returns whether the line before it can have called anything."""
        before, self._line = self._line, line
        return before is None or before in self._code.calling

    def look(self, frame: types.FrameType, variables: Iterable[str]) -> Changes:
        """What has changed of these variables, which are shown as they are now from here on."""
        if self._line is None:
            self._line = frame.f_lineno or 0
        changed: dict[str, str | int] = {}
        gone: list[str] = []
        new: dict[str, Any] = {}
        shown, read = self._shown, self._values(frame)
        for variable in variables:
            value = read(variable, _MISSING)
            held, identity, text = shown.get(variable, _UNKNOWN)
            if value is held:  # the same atom; or there was no value, and is none
                continue
            if type(value) is int and type(held) is int and is_short(value):
                if value != held:
                    changed[variable] = value
                    shown[variable] = value, 0, ""
                continue
            if value is _MISSING:
                gone.append(variable)
                del shown[variable]
                self._can_change(variable, False)
                continue
            atom = is_atom(value)
            if not atom:
                if id(value) != identity or type(value) in tapes.KINDS:
                    new[variable] = value
                elif is_settled(value) or looks_like(value, held):
                    continue
            description = describe(value)
            if description != text:
                changed[variable] = description
                if type(value) in COLLECTIONS:
                    new[variable] = value  # perhaps not itself, but something in it
            held = value if atom else look_of(value) or _NOT_HELD
            shown[variable] = held, id(value), description
            if atom is (variable in self._changing):
                self._can_change(variable, not atom)
        return changed or None, gone or None, new

    def _can_change(self, variable: str, changing: bool) -> None:
        """Whether the value of a variable may change without an assignment to it."""
        one = frozenset((variable,))
        self._changing = self._changing | one if changing else self._changing - one
        self._suspects = self._code.suspects(self._changing)


class _Lines:
    """What the lines of a piece of code can do to its variables and to the world."""

    def __init__(self, code: types.CodeType) -> None:
        self.code = code  # held, since it is known by its identity
        self.calling: set[int] = set()
        self._changing: set[int] = set()  # lines that move an iterator or extend a list
        self._written: dict[int, set[str]] = {}
        self._suspects: dict[frozenset[str], dict[int, tuple[str, ...]]] = {}
        # Others than this frame can change these, so each line may.
        self._always: set[str] = {*code.co_cellvars, *code.co_freevars}
        if code.co_flags & _OPTIMIZED:
            names = (*code.co_varnames, *code.co_cellvars, *code.co_freevars)
            shown = (name for name in names if name[0] != "." and name != "__class__")
            self.variables = tuple(dict.fromkeys(shown))
        else:  # a module or a class body: its variables are a plain dictionary
            self.variables = _stored(code)
            self._always.update(self.variables)
        for step in dis.get_instructions(code):
            self._add(step)

    def _add(self, step: dis.Instruction) -> None:
        line = step.positions.lineno if step.positions else None
        if step.opname.startswith(("STORE_FAST", "DELETE_FAST")):
            names = step.argval if isinstance(step.argval, tuple) else (step.argval,)
            written = self._always if line is None else self._written.setdefault(line, set())
            written.update(names)
        elif line is not None and not step.opname.startswith(_QUIET):
            self.calling.add(line)
        elif line is not None and (step.opname == "FOR_ITER" or step.argrepr.endswith("=")):
            self._changing.add(line)

    def suspects(self, changing: frozenset[str]) -> dict[int, tuple[str, ...]]:
        """What was found to be `written_at` each line, shared by all frames of this code."""
        return self._suspects.setdefault(changing, {})

    def written_at(self, line: int, changing: frozenset[str]) -> tuple[str, ...]:
        """The variables that `line` may change and those that every line may, in their order."""
        found = self._written.get(line, set()) | self._always
        if line in self.calling or line in self._changing:
            found |= changing
        return tuple(variable for variable in self.variables if variable in found)


_OPTIMIZED = 1  # of a code's flags: its variables have fixed places

# Instructions that run no other code, as long as operators are those of numbers and texts.
_QUIET = (
    *("LOAD_FAST", "LOAD_CONST", "LOAD_GLOBAL", "LOAD_DEREF", "STORE_DEREF", "RESUME", "NOP"),
    *("POP_", "JUMP_", "COPY", "SWAP", "COMPARE_OP", "BINARY_OP", "UNARY_", "IS_OP", "CACHE"),
    *("CONTAINS_OP", "BUILD_", "FOR_ITER", "GET_ITER", "END_FOR", "PUSH_NULL", "TO_BOOL"),
    *("PRECALL", "EXTENDED_ARG", "BINARY_SUBSCR", "BINARY_SLICE"),
)

_known_lines: dict[int, _Lines] = {}


def _lines_of(code: types.CodeType) -> _Lines:
    # By identity: the hash of a code object is that of all it holds, and takes as long.
    lines = _known_lines.get(id(code))
    if lines is None:
        lines = _known_lines[id(code)] = _Lines(code)
    return lines


# From a frame to what reads one of its variables, or gives what is to stand for no value.
_Reader = Callable[[types.FrameType], Callable[[str, Any], Any]]


def _reader(frame: types.FrameType) -> _Reader:
    if sys.version_info[:2] == (3, 12) and frame.f_code.co_flags & _OPTIMIZED:
        return _one_by_one
    return _from_globals if frame.f_locals is frame.f_globals else _from_mapping


def _from_mapping(frame: types.FrameType) -> Callable[[str, Any], Any]:
    return frame.f_locals.get


def _from_globals(frame: types.FrameType) -> Callable[[str, Any], Any]:
    """Of a module: from Python 3.13 on, within a comprehension `f_locals` has that one's alone."""
    return frame.f_globals.get


def _one_by_one(frame: types.FrameType) -> Callable[[str, Any], Any]:
    """On Python 3.12 `f_locals` would keep objects alive; its C interface can read one variable."""
    get = _frame_get_var()

    def read(name: str, missing: Any) -> Any:
        try:
            return get(frame, name)
        except NameError:  # not assigned yet
            return missing

    return read


@cache
def _stored(code: types.CodeType) -> tuple[str, ...]:
    """The names that the code of a module or class assigns to."""
    stores = ("STORE_NAME", "STORE_GLOBAL")
    names = dict.fromkeys(
        step.argval for step in dis.get_instructions(code) if step.opname in stores
    )
    return tuple(name for name in names if not name.startswith("__"))


def variable_of(frame: types.FrameType, thing: object) -> str:
    """The variable of a function's frame that holds `thing`, or ""."""
    read, code = _reader(frame)(frame), frame.f_code
    names = (*code.co_varnames, *code.co_cellvars, *code.co_freevars)
    return next((name for name in names if read(name, None) is thing), "")


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

"""Finds what an attempt has replaced of the things that a check relies on, and puts it back."""

from __future__ import annotations

import asyncio
import builtins
import contextlib
import inspect
import io
import os
import sys
import time
import types
from collections.abc import Iterator
from typing import Any

REPLACED = "Your attempt replaces `{}`. The check needs it as it is."

# Beside the modules of these packages.
PACKAGES = ("asyncio", "glassloop.lab", "glassloop.exercises", "glassloop.trace")
MODULES = (builtins, inspect, io, os, sys, time, types, contextlib)


class Snapshot:
    """Remembers functions, classes and modules that a check relies on, and sees which are replaced.

    `namespace` is that of the check itself.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._modules = dict(_relied_on())
        self._spaces = [
            (name, holder, _callables(vars(holder)))
            for name, holder in [*self._modules.items(), *_classes(asyncio)]
        ]
        self._check = namespace, _callables(namespace)
        self._codes = {
            name: value.__code__
            for name, value in namespace.items()
            if isinstance(value, types.FunctionType)
        }

    def restore(self) -> str:
        """Put back what was replaced; returns the name of the first of it, or nothing."""
        replaced = [*self._in_modules(), *self._in_spaces(), *self._in_check()]
        return next(iter(replaced), "")

    def _in_modules(self) -> Iterator[str]:
        for name, module in self._modules.items():
            if sys.modules.get(name) is not module:
                sys.modules[name] = module
                yield name

    def _in_spaces(self) -> Iterator[str]:
        for space, holder, before in self._spaces:
            now = vars(holder)
            for name, value in before.items():
                if now.get(name) is not value:
                    setattr(holder, name, value)
                    yield name if holder is builtins else f"{space}.{name}"

    def _in_check(self) -> Iterator[str]:
        namespace, before = self._check
        for name, value in before.items():
            code = self._codes.get(name)
            changed = code is not None and getattr(value, "__code__", None) is not code
            if changed or namespace.get(name) is not value:
                yield name


def _relied_on() -> Iterator[tuple[str, types.ModuleType]]:
    yield from ((module.__name__, module) for module in MODULES)
    yield from ((name, it) for name, it in list(sys.modules.items()) if name.startswith(PACKAGES))


def _classes(module: types.ModuleType) -> Iterator[tuple[str, type]]:
    for name, value in vars(module).items():
        if isinstance(value, type):
            yield f"{module.__name__}.{name}", value


def _callables(namespace: Any) -> dict[str, Any]:
    return {name: value for name, value in namespace.items() if callable(value)}

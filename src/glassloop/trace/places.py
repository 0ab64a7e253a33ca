"""Who runs in each thread: the thread's own code, its loop, a callback, or a task."""

from __future__ import annotations

import threading
from _thread import _local, get_ident  # the real ones, whatever stands in `threading`
from typing import Any


class Places(_local):
    """Of each thread its place: `here`. Each thread enters its home in `homes`.

    `first` is the thread that began the recording, whose home is called "main".
    """

    def __init__(self, first: int, homes: dict[int, str]) -> None:
        home = "main" if get_ident() == first else f"thread {_thread_name()}"
        homes[get_ident()] = home
        self.here = Place(home)


class Place:
    """What is known of one thread, which begins at home, outside of any task."""

    __slots__ = ("home", "loop", "outside", "running", "stepping", "tidying", "waits", "who")

    def __init__(self, home: str) -> None:
        self.home = self.who = home
        self.loop = "loop" if self.is_main() else self.home
        self.tidying = False  # whether `asyncio.run` is at its end, which is not told at length
        self.waits = True  # whether its loop may wait in this turn
        # Ways to the tasks whose steps are under way, which give None for other callbacks: those
        # of the loop's entries. And those seen by frames.
        self.running: list[Any] = []
        self.stepping: list[Any] = []
        # Loops that run, each with who ran before it and how many entries were running then.
        self.outside: list[tuple[int, str, int]] = []

    def is_main(self) -> bool:
        """Whether this is the thread that began the recording."""
        return self.home == "main"

    def enter_loop(self) -> None:
        """What follows is the loop's own doing, and in another thread the thread's."""
        self.who = self.loop

    def enter_callback(self) -> None:
        """What follows is done by a callback that is no task's step."""
        self.who = "C" if self.is_main() else self.home


def _thread_name() -> str:
    # Not `current_thread`, which gives a thread that Python does not know an object of its own.
    known: Any = getattr(threading, "_active", {}).get(get_ident())
    return getattr(known, "_name", None) or str(get_ident())

"""What a check asks of an attempt: when, in which order, how much it took, what it left behind."""

from __future__ import annotations

import asyncio
import contextlib
import io
import sys
import time
import weakref
from collections.abc import Awaitable, Callable, Generator, Iterable
from typing import Any


def seconds(call: Callable[[], object]) -> float:
    """How long a call takes on the simulated clock; a coroutine is run to its end."""
    before = time.monotonic()
    result = call()
    if asyncio.iscoroutine(result):
        asyncio.run(result)
    return round(time.monotonic() - before, 9)


class Printed(io.TextIOBase):
    """The lines printed in a block: `with Printed() as printed:`; then `printed.lines`.

    They are printed all the same, for the reader to see.
    """

    def __init__(self) -> None:
        self._text = ""

    @property
    def lines(self) -> list[str]:
        """What was printed so far."""
        return self._text.splitlines()

    def write(self, text: str) -> int:
        self._text += text
        return self._stream.write(text)

    def __enter__(self) -> Printed:
        self._stream, sys.stdout = sys.stdout, self
        return self

    def __exit__(self, *error: object) -> None:
        sys.stdout = self._stream


class _Word(str):
    """A string that can be referred to weakly, as a plain one cannot."""


class Supply:
    """An iterator over `words` that knows how many were taken, and how many are held.

    `held` is the largest number of them that anybody held at one time. To take more than `most` of
    them is an `AssertionError` that says `complaint`.
    """

    def __init__(self, words: Iterable[str], most: int | None = None, complaint: str = "") -> None:
        self._words = iter(words)
        self._most = most
        self._complaint = complaint
        self._living: dict[int, weakref.ref[str]] = {}
        self.taken = 0
        self.held = 0

    def __iter__(self) -> Supply:
        return self

    def __next__(self) -> str:
        assert self.taken != self._most, self._complaint
        word, number = _Word(next(self._words)), self.taken
        self._living[number] = weakref.ref(word, lambda _: self._living.pop(number))
        self.taken += 1
        self.held = max(self.held, len(self._living))
        return word


async def nothing_left(awaitable: Awaitable[Any], message: str) -> Any:
    """Await, and assert with `message` that no task is left running behind it."""
    before = asyncio.all_tasks()
    result = await awaitable
    assert not asyncio.all_tasks() - before, message
    return result


def at_every_await(
    program: Callable[[], Awaitable[Any]], then: Callable[[int], object], most: int = 1_000
) -> int:
    """Run `program()` once for each await at which it waits, cancelled there; returns how many.

    `then(number)` is called after each run, to assert that nothing is broken. After `most` awaits
    it is an `AssertionError`.
    """
    for number in range(1, most + 1):
        reached = asyncio.run(_cancelled_at(program, number))
        then(number)
        if not reached:
            return number - 1
    raise AssertionError(f"The program waits more than {most:,} times.")


async def _cancelled_at(program: Callable[[], Awaitable[Any]], number: int) -> bool:
    """Whether the program came to its await of this number, where it was cancelled."""
    counted = _Counted(program(), number)

    async def run() -> None:
        await counted

    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.create_task(run())
    return counted.number >= number


class _Counted:
    """Passes on what an awaitable asks of the loop, and cancels its task at one of its awaits."""

    def __init__(self, awaitable: Awaitable[Any], cancelled_at: int) -> None:
        self._awaitable = awaitable
        self._cancelled_at = cancelled_at
        self.number = 0

    def __await__(self) -> Generator[Any, Any, Any]:
        inner: Any = self._awaitable.__await__()
        resume, value = inner.send, None
        while True:
            try:
                waits_for = resume(value)
            except StopIteration as end:
                return end.value
            self._count()
            try:
                resume, value = inner.send, (yield waits_for)
            except BaseException as error:  # the cancellation itself, most of the time
                resume, value = inner.throw, error

    def _count(self) -> None:
        self.number += 1
        task = asyncio.current_task()
        if self.number == self._cancelled_at and task is not None:
            task.get_loop().call_soon(task.cancel)

"""A race whose runners start one by one, each when the one before has failed or is slow."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from . import running
from .waiting import FIRST_COMPLETED, wait

Outcome = tuple[Any, int | None, list[BaseException | None]]


async def staggered_race(
    coro_fns: Iterable[Callable[[], Awaitable[Any]]], delay: float | None, *, loop: Any = None
) -> Outcome:
    """Start the first; the next whenever the last one has failed, or `delay` seconds have passed.

    The first to return wins, and all others are cancelled. Returns what the winner returned, its
    number (None where all have failed), and the exceptions of all that were started.
    """
    race = _Race(running.get_running_loop() if loop is None else loop)
    try:
        for function in coro_fns:
            race.start(function)
            await race.until_next(delay)
            if race.winner is not None:
                break
        while race.winner is None and race.pending():
            await race.news(None)
    finally:
        await race.stop()
    return race.result, race.winner, race.errors


class _Race:
    """The runners so far, and what has become of them."""

    def __init__(self, loop: Any) -> None:
        self._loop = loop
        self._runners: list[Any] = []
        self.errors: list[BaseException | None] = []
        self.winner: int | None = None
        self.result: Any = None

    def start(self, function: Callable[[], Awaitable[Any]]) -> None:
        self.errors.append(None)
        number = len(self._runners)
        self._runners.append(self._loop.create_task(self._run(number, function)))

    async def _run(self, number: int, function: Callable[[], Awaitable[Any]]) -> None:
        try:
            result = await function()
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            self.errors[number] = error
        else:
            if self.winner is None:  # two may arrive in one turn
                self.winner, self.result = number, result

    def pending(self) -> list[Any]:
        return [runner for runner in self._runners if not runner.done()]

    async def until_next(self, delay: float | None) -> None:
        """Wait until somebody has won, the last one has failed, or the time is over."""
        deadline = None if delay is None else self._loop.time() + delay
        while self.winner is None and not self._runners[-1].done():
            left = None if deadline is None else deadline - self._loop.time()
            if left is not None and left <= 0:
                return
            await self.news(left)

    async def news(self, within: float | None) -> None:
        """Wait until somebody has arrived or failed, or so many seconds have passed."""
        done, _ = await wait(self.pending(), timeout=within, return_when=FIRST_COMPLETED)
        for runner in done:
            runner.result()

    async def stop(self) -> None:
        """Cancel those who still run, and wait until they have cleaned up."""
        losers = self.pending()
        for runner in losers:
            runner.cancel()
        if losers:
            await wait(losers)

"""Where our asyncio spends its time: the functions in which a row's processor time was found.

A timer asks at each millisecond of processor time which function runs. What is done in C, and by
the operating system, counts for the function of Python that asked for it. Usage: shares.py CLIENT,
with the program that is the client of the servers, or without, and then without those rows.
"""

from __future__ import annotations

import gc
import platform
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

from worker import Contender

EVERY = 0.001  # seconds of processor time
ROUNDS = 20
SHOWN = 7
OURS = str(Path(__file__).parent)


class Shares:
    """Counts where the rows of a contender are found."""

    def __init__(self, contender: Contender, client: str) -> None:
        self.contender, self.client = contender, client
        self.found: Counter[str] = Counter()
        signal.signal(signal.SIGPROF, self._look)

    def _look(self, number: int, frame: FrameType | None) -> None:
        if frame is not None:
            self.found[name_of(frame)] += 1

    async def _watched(self, function: Any, argument: Any) -> None:
        signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
        await function(argument)
        signal.setitimer(signal.ITIMER_PROF, 0)

    def of(self, row: str) -> str:
        """The functions that a row was found in most often, each with its share in percent."""
        found = self.contender.find(row, self.client)
        assert found is not None
        function, argument, _ = found
        self.found.clear()
        for _ in range(ROUNDS):
            gc.collect()
            self.contender.run(self._watched, function, argument)
        most = self.found.most_common(SHOWN)
        return ", ".join(f"{name} {count / self.found.total():.0%}" for name, count in most)


def name_of(frame: FrameType) -> str:
    """What a function is called in the table."""
    if frame.f_code.co_filename.startswith(OURS):
        return "the row itself"
    return f"`{frame.f_code.co_qualname}`"


def main() -> None:
    client = sys.argv[1] if len(sys.argv) > 1 else ""
    contender = Contender("aio")
    shares = Shares(contender, client)
    print(f"## Where the time of aio goes, on Python {platform.python_version()}\n")
    print("| | found in |\n|---|---|")
    for row in (*contender.rows, *(contender.servers if client else ())):
        print(f"| {row} | {shares.of(row)} |", flush=True)


if __name__ == "__main__":
    main()

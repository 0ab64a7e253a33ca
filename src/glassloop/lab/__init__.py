"""Where a cell runs: a namespace, its output, its limits, and a simulated kernel under it.

The operating system is simulated and nothing else. The clock moves only when a program waits,
sockets are in memory, and every output is the same on every machine; asyncio and all that
stands on it is the standard library's own code.
"""

from typing import Any

from glassloop.lab.kernel import Deadlock
from glassloop.lab.session import Result, Session

__all__ = ["Deadlock", "Result", "Session", "network"]


def __getattr__(name: str) -> Any:
    # `network` is whichever the running cell has, so it is looked up and not stored.
    if name != "network":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if Session.current is None:
        raise RuntimeError(
            "there is no simulated network here: glassloop.lab.network belongs to a cell that "
            "runs in a Session"
        )
    return Session.current.network

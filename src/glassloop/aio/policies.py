"""Which loop belongs to a thread in which none runs, and which kind of loop `run` makes.

This is the older way: from Python 3.14 on it is deprecated, and `run` with a `loop_factory` is
what to write.
"""

from __future__ import annotations

import os
import sys
import threading
import warnings
from typing import Any

from . import guest, running
from .interfaces import AbstractEventLoop


class AbstractEventLoopPolicy:
    """What a policy can be asked."""

    def get_event_loop(self) -> Any:
        """This thread's loop."""
        raise NotImplementedError

    def set_event_loop(self, loop: Any) -> None:
        """Make it this thread's loop."""
        raise NotImplementedError

    def new_event_loop(self) -> Any:
        """A loop of the kind that this policy is for."""
        raise NotImplementedError


class DefaultEventLoopPolicy(AbstractEventLoopPolicy):
    """One loop a thread, which has to be set; only the main thread gets one by asking."""

    class _Local(threading.local):
        _loop: Any = None
        _set_called = False

    def __init__(self) -> None:
        self._local = self._Local()

    def get_event_loop(self) -> Any:
        """This thread's loop. Raises `RuntimeError` where it has none."""
        local = self._local
        in_main_thread = threading.current_thread() is threading.main_thread()
        if local._loop is None and not local._set_called and in_main_thread:
            if sys.version_info >= (3, 12):
                warnings.warn(
                    "There is no current event loop",
                    DeprecationWarning,
                    skip_file_prefixes=(os.path.dirname(__file__),),
                )
            self.set_event_loop(self.new_event_loop())
        if local._loop is None:
            thread = threading.current_thread().name
            raise RuntimeError(f"There is no current event loop in thread {thread!r}.")
        return local._loop

    def set_event_loop(self, loop: Any) -> None:
        """Make `loop` this thread's, or (None) leave it without one."""
        if loop is not None and not isinstance(loop, AbstractEventLoop):
            kind = type(loop).__name__
            raise TypeError(f"loop must be an instance of AbstractEventLoop or None, not '{kind}'")
        self._local._set_called = True
        self._local._loop = loop

    def new_event_loop(self) -> Any:
        """A new loop."""
        from .loop import EventLoop

        return EventLoop()


_policy: Any = None
_policy_lock = threading.Lock()


def get_event_loop_policy() -> Any:
    """The policy of this process."""
    global _policy
    with _policy_lock:
        if _policy is None:
            _policy = DefaultEventLoopPolicy()
        return _policy


def set_event_loop_policy(policy: Any) -> None:
    """Set it; None puts the default one in its place when it is next asked for."""
    global _policy
    if policy is not None and not isinstance(policy, AbstractEventLoopPolicy):
        kind = type(policy).__name__
        raise TypeError(
            f"policy must be an instance of AbstractEventLoopPolicy or None, not '{kind}'"
        )
    _policy = policy


def get_event_loop() -> Any:
    """The running loop; where none runs, this thread's."""
    loop = running._get_running_loop()
    return get_event_loop_policy().get_event_loop() if loop is None else loop


def set_event_loop(loop: Any) -> None:
    """Make `loop` this thread's."""
    get_event_loop_policy().set_event_loop(loop)


def new_event_loop() -> Any:
    """A new loop of ours, or of the policy's kind where we stand in for asyncio."""
    if guest.STANDS_IN:
        return get_event_loop_policy().new_event_loop()
    return DefaultEventLoopPolicy().new_event_loop()


def _begin_anew() -> None:
    """In a forked child: the parent's loops are not its own."""
    if isinstance(_policy, DefaultEventLoopPolicy):
        _policy._local = DefaultEventLoopPolicy._Local()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)

# A guest leaves the thread's loop, and the policy, to the host.
guest.borrow(
    globals(),
    "events",
    ["get_event_loop", "get_event_loop_policy", "set_event_loop", "set_event_loop_policy"],
)

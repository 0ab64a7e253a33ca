"""The loop with all that its layers know."""

from __future__ import annotations

from .processes import ProcessLoop
from .sendfile import SendfileMixin
from .signals import SignalsMixin


class EventLoop(SignalsMixin, SendfileMixin, ProcessLoop):
    """Runs tasks, timers, sockets, TLS, pipes, processes, threads and signals."""


def new_event_loop() -> EventLoop:
    """A new loop, for those who take a function that makes one."""
    return EventLoop()

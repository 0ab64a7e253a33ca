"""Runs before all else in a Python whose asyncio makes our loops (as `sitecustomize.py`).

The tasks, the futures and all the rest are the standard library's own. Where a test puts something
into one of its modules, such as a `socket` that fails, our loop is to meet it as theirs would.
"""

import asyncio
import asyncio.unix_events
import sys
from types import ModuleType

from glassloop import aio

asyncio.SelectorEventLoop = aio.EventLoop
asyncio.unix_events.SelectorEventLoop = aio.EventLoop
asyncio.unix_events._UnixSelectorEventLoop = aio.EventLoop
asyncio.unix_events._UnixDefaultEventLoopPolicy._loop_factory = aio.EventLoop
if hasattr(asyncio, "EventLoop"):
    asyncio.EventLoop = aio.EventLoop


class Mirrored(ModuleType):
    """A module of the standard library. What is set in it is set in ours of that name, too."""

    def __setattr__(self, name, value):
        ours = getattr(aio, self.__name__.partition(".")[2], None)
        if hasattr(ours, name):
            theirs, before = self._before.setdefault(name, (vars(self)[name], getattr(ours, name)))
            setattr(ours, name, before if value is theirs else value)
        super().__setattr__(name, value)


for name in ("base_events", "constants", "events", "selector_events", "sslproto", "unix_events"):
    module = sys.modules[f"asyncio.{name}"]
    module._before = {}
    module.__class__ = Mirrored


def append_write_backlog(transport, data):
    """What a test calls to have something wait for encryption: hardly anything else does that."""
    tls = transport._ssl_protocol
    tls._write_backlog.append(memoryview(data))
    tls._write_buffer_size += len(data)


aio.tlstransport.SSLTransport._test__append_write_backlog = append_write_backlog

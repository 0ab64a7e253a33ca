"""Runs before all else in a Python whose `asyncio` is ours (as `sitecustomize.py`).

The folder of this file comes first on the path, and holds a link `asyncio` to our package. Child
processes inherit both.
"""

import os
import sys
import sysconfig
import types
import warnings
from pathlib import Path

STANDARD = f"{sysconfig.get_path('stdlib')}/asyncio/"
REPORT = Path(os.environ["GLASSLOOP_AUDIT"])

# Without this, tests of the C parts would import them beside our own modules.
sys.modules["_asyncio"] = None


def no_standard_asyncio(event, args):
    """Write down when a file of the standard library's asyncio is executed after all."""
    if event == "exec" and args[0].co_filename.startswith(STANDARD):
        with REPORT.open("a") as report:
            print(args[0].co_filename, file=report)


sys.addaudithook(no_standard_asyncio)

import asyncio  # noqa: E402  # now it is watched

# Two files of tests import it on every system, for their part that is for Windows.
asyncio.proactor_events = types.ModuleType("asyncio.proactor_events")
asyncio.proactor_events.BaseProactorEventLoop = type("BaseProactorEventLoop", (), {})
sys.modules["asyncio.proactor_events"] = asyncio.proactor_events


class ChildWatcher:
    """Stands where fixtures up to Python 3.13 make one; 3.14 has none, and our loop needs none."""

    def attach_loop(self, loop):
        """Nothing is attached: each loop notices by itself when a child ends."""

    def close(self):
        """Nothing is open."""

    def is_active(self):
        """A watcher that is not makes subprocesses impossible there."""
        return True

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass


class OldChildWatcher(ChildWatcher):
    """One of which 3.12 and 3.13 say that it will go; their fixtures ask for that warning."""

    def __init__(self):
        if sys.version_info >= (3, 12):
            warnings.warn(type(self).__name__, DeprecationWarning, stacklevel=2)


for name in ("Safe", "Fast", "Threaded", "MultiLoop", "Pidfd"):
    base = ChildWatcher if name in ("Threaded", "Pidfd") else OldChildWatcher
    kind = type(f"{name}ChildWatcher", (base,), {"_threads": {}, "_callbacks": {}})
    setattr(asyncio, kind.__name__, kind)
    setattr(asyncio.unix_events, kind.__name__, kind)


def no_watcher(policy, *watcher):
    """What a policy answers when it is asked for a watcher."""
    raise NotImplementedError


def get_watcher(policy):
    """The one that a fixture has set, and nobody asks for anything."""
    watcher = getattr(policy, "_watcher", None)
    return no_watcher(policy) if watcher is None else watcher


def set_watcher(policy, watcher):
    """Keep it for the fixture."""
    policy._watcher = watcher


asyncio.get_child_watcher = lambda: get_watcher(asyncio.get_event_loop_policy())
asyncio.set_child_watcher = lambda watcher: set_watcher(asyncio.get_event_loop_policy(), watcher)
asyncio.AbstractEventLoopPolicy.get_child_watcher = no_watcher
asyncio.AbstractEventLoopPolicy.set_child_watcher = no_watcher
asyncio.DefaultEventLoopPolicy.get_child_watcher = get_watcher
asyncio.DefaultEventLoopPolicy.set_child_watcher = set_watcher


def append_write_backlog(transport, data):
    """What a test calls to have something wait for encryption: hardly anything else does that."""
    tls = transport._ssl_protocol
    tls._write_backlog.append(memoryview(data))
    tls._write_buffer_size += len(data)


asyncio.tlstransport.SSLTransport._test__append_write_backlog = append_write_backlog

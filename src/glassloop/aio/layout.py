"""Answers to the names of CPython's modules: who of ours has what `asyncio.base_events` has.

CPython cuts asyncio into other modules than we do. A program that imports one of those by its name
finds here what it looks for, and what it puts there, in place of something, reaches our own code.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType, ModuleType
from typing import Any

# The modules of CPython's asyncio that are none of ours, or hold more than ours of that name.
MODULES = {
    "base_events": "turns timers readiness taskloop threads sockets sendfile datagrams servers "
    "serving connecting tls pipes processes streamtransports addresses loop",
    "base_futures": "futures describing",
    "base_subprocess": "processtransport",
    "base_tasks": "tasks describing",
    "constants": "describing flow runners servers transports sendfile tlsprotocol",
    "coroutines": "coroutines describing turns",
    "events": "handles interfaces running policies log",
    "format_helpers": "describing",
    "futures": "futures waiting",
    "mixins": "locks",
    "protocols": "interfaces transports",
    "selector_events": "sockets streamtransports datagrams transports serving connecting "
    "readiness loop",
    "sslproto": "tlsprotocol tlsmachine tlstransport",
    "taskgroups": "groups",
    "tasks": "tasks waiting running coroutines futures",
    "transports": "transports interfaces flow",
    "unix_events": "signals connecting serving servers sendfile pipes processes processtransport "
    "loop",
}

# What has another name there than here.
NAMES = {
    "base_events": {
        "BaseEventLoop": "ProcessLoop",
        "_MIN_CANCELLED_TIMER_HANDLES_FRACTION": "CANCELLED_PART",
        "_MIN_SCHEDULED_TIMER_HANDLES": "CANCELLED_KEPT",
        "_ipaddr_info": "known",
        "_set_nodelay": "_send_at_once",
        "_set_reuseport": "share_port",
    },
    "base_subprocess": {"BaseSubprocessTransport": "ProcessTransport"},
    "coroutines": {
        "_format_coroutine": "coroutine",
        "_is_debug_mode": "_debug_is_asked_for",
    },
    "format_helpers": {
        "_format_callback": "call_of",
        "_format_callback_source": "callback",
        "_get_function_source": "_place_of",
    },
    "constants": {
        "ACCEPT_RETRY_DELAY": "ACCEPT_RETRY_DELAY",
        "LOG_THRESHOLD_FOR_CONNLOST_WRITES": "QUIET_LOST_WRITES",
        "SENDFILE_FALLBACK_READBUFFER_SIZE": "SOCKET_BLOCK",
        "_SendfileMode": "SendfileMode",
    },
    "events": {
        "BaseDefaultEventLoopPolicy": "DefaultEventLoopPolicy",
        "_event_loop_policy": "_policy",
        "_py__get_running_loop": "_get_running_loop",
        "_py__set_running_loop": "_set_running_loop",
        "_py_get_event_loop": "get_event_loop",
        "_py_get_running_loop": "get_running_loop",
    },
    "futures": {"_PyFuture": "Future", "_copy_future_state": "copy_outcome"},
    "mixins": {"_LoopBoundMixin": "_BoundToLoop"},
    "selector_events": {
        "BaseSelectorEventLoop": "ConnectingLoop",
        "_SelectorDatagramTransport": "SelectorDatagramTransport",
        "_SelectorSocketTransport": "SocketTransport",
        "_SelectorTransport": "SelectorTransport",
    },
    "sslproto": {
        "SSLAgainErrors": "WOULD_BLOCK",
        "SSLProtocolState": "TlsState",
        "_SSLProtocolTransport": "SSLTransport",
    },
    "tasks": {
        "_PyTask": "Task",
        "_py_current_task": "current_task",
        "_py_enter_task": "_enter_task",
        "_py_leave_task": "_leave_task",
        "_py_register_task": "_register_task",
        "_py_swap_current_task": "_swap_current_task",
        "_py_unregister_task": "_unregister_task",
    },
    "transports": {"_FlowControlMixin": "FlowControl"},
    "unix_events": {
        "SelectorEventLoop": "EventLoop",
        "_UnixSelectorEventLoop": "EventLoop",
        "_UnixDefaultEventLoopPolicy": "DefaultEventLoopPolicy",
        "_UnixReadPipeTransport": "ReadPipeTransport",
        "_UnixSubprocessTransport": "ProcessTransport",
        "_UnixWritePipeTransport": "WritePipeTransport",
    },
}


class _Answering(ModuleType):
    """A module that has what several others have. What is set in it is set in those, too."""

    _sources: tuple[ModuleType, ...] = ()
    _other_names: Mapping[str, str] = MappingProxyType({})

    def answer_for(self, sources: list[ModuleType], other_names: dict[str, str]) -> None:
        """Take over what these modules have, the first one's where two have the same name."""
        vars(self).update(_sources=tuple(sources), _other_names=other_names)
        for module in sources:
            names = {name: value for name, value in vars(module).items() if name[:2] != "__"}
            vars(self).update({**names, **vars(self)})
        for name, ours in other_names.items():
            if vars(self).get(ours) is not None:
                vars(self)[name] = vars(self)[ours]

    def __setattr__(self, name: str, value: Any) -> None:
        ours = self._other_names.get(name, name)
        for module in self._sources:
            if ours in vars(module) and vars(module)[ours] is vars(self).get(name):
                vars(module)[ours] = value
        super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        """Look for what was None when it was taken over: it may have become something."""
        ours = self._other_names.get(name)
        for module in self._sources:
            if ours in vars(module):
                return vars(module)[ours]
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


def answer_to_names(package: str) -> None:
    """Make the modules under their names, and put them where `import` looks."""
    for name, ours in MODULES.items():
        full_name = f"{package}.{name}"
        module = sys.modules.get(full_name) or _Answering(full_name)
        sources = [import_module(f"{package}.{each}") for each in ours.split()]
        module.__class__ = _Answering
        module.answer_for([each for each in sources if each is not module], NAMES.get(name, {}))
        sys.modules[full_name] = module
        setattr(sys.modules[package], name, module)

"""What every loop, server and transport can be asked, and what every protocol may be told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import guest

_LOOP = """
    run_forever run_until_complete stop is_running is_closed close
    call_soon call_later call_at time create_future create_task call_soon_threadsafe
    run_in_executor set_default_executor add_reader remove_reader add_writer remove_writer
    add_signal_handler remove_signal_handler set_task_factory get_task_factory
    get_exception_handler set_exception_handler default_exception_handler call_exception_handler
    get_debug set_debug _timer_handle_cancelled
"""
_LOOP_ASYNC = """
    shutdown_asyncgens shutdown_default_executor getaddrinfo getnameinfo
    create_connection create_server sendfile start_tls create_unix_connection create_unix_server
    connect_accepted_socket create_datagram_endpoint connect_read_pipe connect_write_pipe
    subprocess_shell subprocess_exec sock_recv sock_recv_into sock_recvfrom sock_recvfrom_into
    sock_sendall sock_sendto sock_connect sock_accept sock_sendfile
"""


def _asks_for(names: str, awaited: str = "") -> Callable[[type], type]:
    """Give a class methods of these names that raise `NotImplementedError` until overridden."""

    def missing(*args: Any, **keywords: Any) -> Any:
        raise NotImplementedError

    async def missing_async(*args: Any, **keywords: Any) -> Any:
        raise NotImplementedError

    def fill(cls: type) -> type:
        for name in names.split():
            setattr(cls, name, missing)
        for name in awaited.split():
            setattr(cls, name, missing_async)
        return cls

    return fill


@_asks_for(_LOOP, _LOOP_ASYNC)
class AbstractEventLoop:
    """All that a program may ask of a loop."""


@_asks_for(
    "close get_loop is_serving close_clients abort_clients",
    "start_serving serve_forever wait_closed",
)
class AbstractServer:
    """What listens, and hands over each connection that comes."""

    async def __aenter__(self) -> AbstractServer:
        return self

    async def __aexit__(self, *error: object) -> None:
        self.close()  # type: ignore[attr-defined]
        await self.wait_closed()  # type: ignore[attr-defined]


# Transports: what moves bytes. The loop makes them, a protocol is told of what comes.


@_asks_for("is_closing close set_protocol get_protocol")
class BaseTransport:
    """What all transports can do."""

    __slots__ = ("_extra",)

    def __init__(self, extra: dict[str, Any] | None = None) -> None:
        self._extra = {} if extra is None else extra

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What is known of the connection under this name: `socket`, `peername` and others."""
        return self._extra.get(name, default)


@_asks_for("is_reading pause_reading resume_reading")
class ReadTransport(BaseTransport):
    """What bytes come from."""

    __slots__ = ()


@_asks_for(
    "set_write_buffer_limits get_write_buffer_size get_write_buffer_limits "
    "write write_eof can_write_eof abort"
)
class WriteTransport(BaseTransport):
    """What bytes go to."""

    __slots__ = ()

    def writelines(self, list_of_data: Any) -> None:
        """Write several pieces, one behind the other."""
        self.write(b"".join(list_of_data))  # type: ignore[attr-defined]


class Transport(ReadTransport, WriteTransport):
    """A stream of bytes in both directions."""

    __slots__ = ()


@_asks_for("sendto abort")
class DatagramTransport(BaseTransport):
    """Datagrams in both directions."""

    __slots__ = ()


@_asks_for("get_pid get_returncode get_pipe_transport send_signal terminate kill")
class SubprocessTransport(BaseTransport):
    """A process, and pipes to and from it."""

    __slots__ = ()


# Protocols: who is told. A program overrides what it wants to hear; the rest says nothing.


class BaseProtocol:
    """Hears of a transport's beginning and end, and of when to stop and to go on writing."""

    __slots__ = ()

    def connection_made(self, transport: Any) -> None:
        """The transport is there."""

    def connection_lost(self, exc: BaseException | None) -> None:
        """It is gone: closed, at its end, or (`exc`) broken."""

    def pause_writing(self) -> None:
        """More than the high-water mark waits to be sent."""

    def resume_writing(self) -> None:
        """No more than the low-water mark does."""


class Protocol(BaseProtocol):
    """Hears of bytes as they come."""

    __slots__ = ()

    def data_received(self, data: bytes) -> None:
        """Some bytes have come; how many says nothing about how many were sent at once."""

    def eof_received(self) -> bool | None:
        """No more will come. Something true keeps the transport open for writing."""


class BufferedProtocol(BaseProtocol):
    """The same, for those who have a buffer to receive into."""

    __slots__ = ()

    def get_buffer(self, sizehint: int) -> Any:
        """The buffer to put the next bytes into; not an empty one."""

    def buffer_updated(self, nbytes: int) -> None:
        """So many bytes were put there."""

    def eof_received(self) -> bool | None:
        """No more will come. Something true keeps the transport open for writing."""


class DatagramProtocol(BaseProtocol):
    """Hears of datagrams."""

    __slots__ = ()

    def datagram_received(self, data: bytes, addr: Any) -> None:
        """A datagram has come from this address."""

    def error_received(self, exc: OSError) -> None:
        """One that was sent, or was to be received, has failed."""


class SubprocessProtocol(BaseProtocol):
    """Hears of a process and its pipes; `fd` is 0, 1 or 2, as in the process."""

    __slots__ = ()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """The process has written some bytes."""

    def pipe_connection_lost(self, fd: int, exc: BaseException | None) -> None:
        """One of its pipes is closed."""

    def process_exited(self) -> None:
        """It has ended."""


PROTOCOLS = (
    "BaseProtocol",
    "BufferedProtocol",
    "DatagramProtocol",
    "Protocol",
    "SubprocessProtocol",
)
TRANSPORTS = (
    "BaseTransport",
    "DatagramTransport",
    "ReadTransport",
    "SubprocessTransport",
    "Transport",
    "WriteTransport",
)

guest.borrow(globals(), "events", ["AbstractEventLoop", "AbstractServer"])
guest.borrow(globals(), "transports", TRANSPORTS)
guest.borrow(globals(), "protocols", PROTOCOLS)

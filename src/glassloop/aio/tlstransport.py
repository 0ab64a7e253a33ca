"""The transport above TLS: to a protocol it is like any other, and all that it sends is secret."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .flow import FlowControl
from .sendfile import SendfileMode
from .streamtransports import BYTES

if TYPE_CHECKING:
    from .tlsprotocol import SSLProtocol


class SSLTransport(FlowControl):
    """A stream of bytes over TLS. Its two directions end together: there is no half-close."""

    _start_tls_compatible = True
    # The system cannot encrypt what it sends.
    _sendfile_compatible = SendfileMode.FALLBACK
    _closing = False
    _paused = False

    def __init__(self, loop: Any, ssl_protocol: SSLProtocol, protocol: Any) -> None:
        super().__init__(None, loop)
        self._ssl_protocol = ssl_protocol
        self.set_protocol(protocol)

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Also under `sslcontext`, `peercert`, `cipher`, `compression` and `ssl_object`."""
        return self._ssl_protocol._get_extra_info(name, default)

    def set_protocol(self, protocol: Any) -> None:
        """Talk to this protocol from now on."""
        self._protocol = protocol

    def get_protocol(self) -> Any:
        """The protocol that it talks to."""
        return self._protocol

    # Reading.

    def is_reading(self) -> bool:
        """Whether the protocol may hear of something."""
        return not self._closing and not self._paused

    def pause_reading(self) -> None:
        """Hand nothing more over, and read nothing more below."""
        if self.is_reading():
            self._paused = True
            self._ssl_protocol._transport.pause_reading()

    def resume_reading(self) -> None:
        """Hand over again, from the next turn on."""
        if self._paused and not self._closing:
            self._paused = False
            self._ssl_protocol._transport.resume_reading()
            self._loop.call_soon(self._ssl_protocol._go_on)

    # Writing.

    def write(self, data: Any) -> None:
        """Send these bytes; it never waits, and what cannot be sent now is sent later."""
        if not isinstance(data, BYTES):
            kind = type(data).__name__
            raise TypeError(f"data: expecting a bytes-like instance, got {kind}")
        if data:
            self._ssl_protocol._write_appdata((data,))

    def writelines(self, list_of_data: Iterable[Any]) -> None:
        """Send several pieces."""
        self._ssl_protocol._write_appdata(list_of_data)

    def can_write_eof(self) -> bool:
        """False: whoever says farewell may not go on reading."""
        return False

    def write_eof(self) -> None:
        """It cannot: this raises `NotImplementedError`."""
        raise NotImplementedError

    def get_write_buffer_size(self) -> int:
        return self._ssl_protocol._get_write_buffer_size()

    # Its end.

    def is_closing(self) -> bool:
        """Whether it is closed, or will be when all is sent and the farewells are said."""
        return self._closing

    def close(self) -> None:
        """Read nothing more, send what waits, say farewell, then close the transport below."""
        if not self._closing:
            self._closing = True
            # One that has paused would not hear the other side's farewell.
            self._resume_below()
            self._ssl_protocol._start_shutdown()

    def _resume_below(self) -> None:
        below = self._ssl_protocol._transport
        if self._paused and below is not None:
            below.resume_reading()

    def abort(self) -> None:
        """Close without sending what waits, and without a farewell."""
        self._force_close(None)

    def _force_close(self, error: BaseException | None) -> None:
        self._closing = True
        self._ssl_protocol._abort(error)

    def _call_connection_lost(self, error: BaseException | None, *, tell: bool) -> None:
        """The connection is gone: tell the protocol, if it knows of it, and let go of it."""
        self._closing = True
        protocol, self._protocol = self._protocol, None
        if tell:
            protocol.connection_lost(error)

    def __del__(self) -> None:
        if not self._closing:
            warnings.warn(
                f"unclosed transport {self!r}", ResourceWarning, stacklevel=2, source=self
            )

    def __repr__(self) -> str:
        facts = [type(self).__name__, self._ssl_protocol._state.value]
        if self._ssl_protocol._transport is not None:
            facts.append(f"over {self._ssl_protocol._transport!r}")
        return f"<{' '.join(facts)}>"

"""A loop that encrypts: it puts TLS on a connection from the beginning, or in the middle of it."""

from __future__ import annotations

import socket
from typing import Any

from .connecting import ConnectingLoop
from .futures import Future
from .tlsprotocol import SSLProtocol

try:
    import ssl
except ImportError:  # this Python was built without it
    ssl = None  # type: ignore[assignment]


class TlsLoop(ConnectingLoop):
    """Has a protocol for TLS stand between a transport and the program's protocol."""

    async def start_tls(
        self,
        transport: Any,
        protocol: Any,
        sslcontext: Any,
        *,
        server_side: bool = False,
        server_hostname: str | None = None,
        ssl_handshake_timeout: float | None = None,
        ssl_shutdown_timeout: float | None = None,
    ) -> Any:
        """Speak TLS on this connection from here on; the transport to use instead of this one."""
        if ssl is None:
            raise RuntimeError("Python ssl module is not available")
        if not isinstance(sslcontext, ssl.SSLContext):
            raise TypeError(
                f"sslcontext is expected to be an instance of ssl.SSLContext, got {sslcontext!r}"
            )
        if not getattr(transport, "_start_tls_compatible", False):
            raise TypeError(f"transport {transport!r} is not supported by start_tls()")
        waiter: Any = self.create_future()
        tls = SSLProtocol(
            self,
            protocol,
            sslcontext,
            waiter,
            server_side,
            server_hostname,
            call_connection_made=False,
            ssl_handshake_timeout=ssl_handshake_timeout,
            ssl_shutdown_timeout=ssl_shutdown_timeout,
        )
        above = tls._app_transport
        try:
            transport.set_protocol(tls)
            tls.connection_made(transport)
            transport.resume_reading()
            await waiter
        except BaseException:
            above.abort()
            raise
        finally:
            waiter = None  # its exception holds this frame
        return above

    def _make_tls_transport(
        self,
        sock: socket.socket,
        protocol: Any,
        context: Any,
        waiter: Future[None] | None = None,
        *,
        extra: dict[str, Any] | None = None,
        server: Any = None,
        **options: Any,
    ) -> Any:
        """A transport over TLS on a socket that is connected; it shakes hands by itself."""
        tls = SSLProtocol(self, protocol, context, waiter, **options)
        self._make_socket_transport(sock, tls, extra=extra, server=server)
        return tls._app_transport

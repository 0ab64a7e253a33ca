"""TLS in the middle: a protocol to the transport below it, and behind the transport above it."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Any

from .exceptions import CancelledError
from .futures import Future
from .interfaces import BufferedProtocol
from .log import logger
from .tlsmachine import RECORD, WOULD_BLOCK, TlsMachine, default_context
from .tlstransport import SSLTransport

try:
    import ssl
except ImportError:  # this Python was built without it
    ssl = None  # type: ignore[assignment]

# In seconds.
SSL_HANDSHAKE_TIMEOUT = 60.0
SSL_SHUTDOWN_TIMEOUT = 30.0
# After the connection is closed, so many writes to it pass in silence; the next ones are logged.
QUIET_LOST_WRITES = 5


class TlsState(enum.Enum):
    """Where a connection is; it never goes back."""

    NEW = "new"
    HANDSHAKE = "shaking hands"
    OPEN = "open"
    CLOSING = "closing"
    ENDED = "ended"


class SSLProtocol(TlsMachine):
    """One connection's TLS.

    In a handshake the two sides agree on keys and show who they are. Then the connection is open.
    It is closed by a farewell from each side, so that nobody else can cut it off unnoticed.
    """

    # The size of the buffer that is received into, in bytes. A message of 64 KiB, which is common,
    # is a little longer when it is encrypted, and still comes at once.
    max_size = 128 * 1024

    def __init__(
        self,
        loop: Any,
        app_protocol: Any,
        sslcontext: Any,
        waiter: Future[None] | None,
        server_side: bool = False,
        server_hostname: str | None = None,
        call_connection_made: bool = True,
        ssl_handshake_timeout: float | None = None,
        ssl_shutdown_timeout: float | None = None,
    ) -> None:
        if ssl is None:
            raise RuntimeError("stdlib ssl module not available")
        self._handshake_timeout = _seconds(
            "ssl_handshake_timeout", ssl_handshake_timeout, SSL_HANDSHAKE_TIMEOUT
        )
        self._shutdown_timeout = _seconds(
            "ssl_shutdown_timeout", ssl_shutdown_timeout, SSL_SHUTDOWN_TIMEOUT
        )
        context = sslcontext or default_context(server_side, server_hostname)
        super().__init__(context, server_side=server_side, server_hostname=server_hostname)
        self._loop = loop
        self._state = TlsState.NEW
        self._extra = {"sslcontext": context}
        self._received_into = bytearray(self.max_size)
        self._waiter = waiter
        self._timer: Any = None
        self._began = 0.0
        self._transport: Any = None
        # Whether the transport below has too much to send already.
        self._below_is_full = False
        # Whether that transport is at its end: nothing more will come.
        self._eof_received = False
        # What the protocol above has been told of.
        self._told_connection = not call_connection_made
        self._told_eof = False
        # How often somebody wrote since the end of the connection was decided on.
        self._conn_lost = 0
        self._app_transport: Any = SSLTransport(loop, self, app_protocol)

    @property
    def _app_protocol(self) -> Any:
        return None if self._app_transport is None else self._app_transport.get_protocol()

    def _get_extra_info(self, name: str, default: Any = None) -> Any:
        """What is known of the connection: by TLS, or by the transport below."""
        if name in self._extra:
            return self._extra[name]
        if self._transport is None:
            return default
        return self._transport.get_extra_info(name, default)

    # What the transport below says.

    def connection_made(self, transport: Any) -> None:
        """There is a connection: begin the handshake."""
        self._transport = transport
        if self._state is TlsState.ENDED:  # somebody has closed it already
            transport.abort()
            return
        if self._loop.get_debug():
            logger.debug("%r starts SSL handshake", self)
        self._state = TlsState.HANDSHAKE
        self._began = self._loop.time()
        self._timer = self._loop.call_later(self._handshake_timeout, self._handshake_timed_out)
        self._shake_hands()

    def connection_lost(self, exc: BaseException | None) -> None:
        """It is gone: tell all who wait for something, and let go of them."""
        self._state = TlsState.ENDED
        self._cancel_timer()
        self._write_backlog.clear()
        self._write_buffer_size = 0
        self._transport = None
        above, self._app_transport = self._app_transport, None
        self._wake_waiter(exc or ConnectionAbortedError("closed before the SSL handshake was done"))
        if above is not None:
            above._call_connection_lost(exc, tell=self._told_connection)

    def get_buffer(self, sizehint: int) -> bytearray:
        """Where to receive into."""
        return self._received_into

    def buffer_updated(self, nbytes: int) -> None:
        """So many bytes have come."""
        self._incoming.write(memoryview(self._received_into)[:nbytes])
        self._go_on()

    def eof_received(self) -> bool:
        """Nothing more will come, with or without a farewell."""
        if self._loop.get_debug():
            logger.debug("%r received EOF", self)
        self._eof_received = True
        if self._state is TlsState.HANDSHAKE:
            self._handshake_failed(ConnectionResetError("the peer ended the SSL handshake"))
        else:
            self._go_on()
        # It is still open where the protocol above has paused: there is something for it to read.
        return self._state is TlsState.OPEN

    def pause_writing(self) -> None:
        """The transport below has too much to send: what we encrypt waits here."""
        self._below_is_full = True

    def resume_writing(self) -> None:
        """It takes more."""
        self._below_is_full = False
        self._send()

    def _go_on(self) -> None:
        """Something has changed: do what can be done now."""
        if self._state is TlsState.HANDSHAKE:
            self._shake_hands()
        elif self._state is TlsState.OPEN:
            self._read()
        elif self._state is TlsState.CLOSING:
            self._say_goodbye()

    # The handshake.

    def _shake_hands(self) -> None:
        """The next step of it."""
        try:
            self._sslobj.do_handshake()
        except WOULD_BLOCK:
            self._send()
        except ssl.SSLError as error:
            self._send()  # this tells the other side why
            self._handshake_failed(error)
        else:
            self._handshake_done()

    def _handshake_done(self) -> None:
        self._cancel_timer()
        self._state = TlsState.OPEN
        if self._loop.get_debug():
            took = self._loop.time() - self._began
            logger.debug("%r: SSL handshake took %.1f ms", self, took * 1e3)
        machine = self._sslobj
        self._extra.update(
            peercert=machine.getpeercert(),
            cipher=machine.cipher(),
            compression=machine.compression(),
            ssl_object=machine,
        )
        if not self._told_connection:
            self._told_connection = True
            self._app_protocol.connection_made(self._app_transport)
        self._wake_waiter(None)
        self._go_on()

    def _handshake_failed(self, error: Exception) -> None:
        on = " on verifying the certificate" if isinstance(error, ssl.CertificateError) else ""
        self._state = TlsState.ENDED
        self._cancel_timer()
        self._fatal_error(error, f"SSL handshake failed{on}")
        self._wake_waiter(error)

    def _handshake_timed_out(self) -> None:
        message = (
            f"SSL handshake is taking longer than {self._handshake_timeout} seconds: "
            f"aborting the connection"
        )
        self._fatal_error(ConnectionAbortedError(message))

    def _wake_waiter(self, error: BaseException | None) -> None:
        """Tell who waits for the handshake how it has ended."""
        waiter, self._waiter = self._waiter, None
        if waiter is None or waiter.done():
            return
        if error is None:
            waiter.set_result(None)
        else:
            waiter.set_exception(error)

    # Up: what comes is decrypted and handed over.

    def _read(self) -> None:
        try:
            self._hand_over()
            self._encrypt()  # which may have had to wait for what came
        except Exception as error:
            self._fatal_error(error, "Fatal error on SSL protocol")
        else:
            self._send()

    def _hand_over(self) -> None:
        """Hand over what has come, and then the end where that has come too."""
        protocol: Any = self._app_protocol
        if not self._hears():
            return
        if isinstance(protocol, BufferedProtocol):
            last: Any = self._fill_buffers(protocol)
        else:
            data, last = self._decrypt_all()
            if data:
                protocol.data_received(data)
        if (last is not None or self._eof_received) and self._hears():
            self._tell_eof()
            self._start_shutdown()

    def _hears(self) -> bool:
        """Whether the protocol may hear of something: it may have paused or closed meanwhile."""
        return self._state is TlsState.OPEN and not self._app_transport._paused

    def _fill_buffers(self, protocol: Any) -> int | None:
        """Fill one buffer after the other. Returns 0 at a farewell, or else None."""
        while self._hears():
            buffer = protocol.get_buffer(-1)
            if not len(buffer):
                raise RuntimeError("get_buffer() returned an empty buffer")
            count: int | None = self._decrypt(len(buffer), buffer)
            if not count:
                return count
            protocol.buffer_updated(count)
        return None

    def _tell_eof(self) -> None:
        """Tell the protocol that nothing more will come."""
        if self._told_eof:
            return
        self._told_eof = True
        try:
            if self._app_protocol.eof_received():
                logger.warning("returning true from eof_received() has no effect when using ssl")
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            self._fatal_error(error, "Error calling eof_received()")

    # Down: what the protocol writes is encrypted and sent.

    def _write_appdata(self, pieces: Iterable[Any]) -> None:
        if self._state in (TlsState.CLOSING, TlsState.ENDED):
            if self._conn_lost >= QUIET_LOST_WRITES:
                logger.warning("SSL connection is closed")
            self._conn_lost += 1
            return
        self._keep(pieces)
        if self._state is TlsState.OPEN:
            try:
                self._encrypt()
            except Exception as error:
                self._fatal_error(error, "Fatal error on SSL protocol")
            else:
                self._send()

    def _send(self) -> None:
        """Give what is encrypted to the transport below, as long as that takes it."""
        if self._transport is not None and not self._below_is_full:
            data = self._outgoing.read()
            if data:
                self._transport.write(data)
        above = self._app_transport
        if above is not None:
            if self._below_is_full or self._write_backlog:
                above._maybe_pause_protocol()
            above._maybe_resume_protocol()

    # The end.

    def _start_shutdown(self) -> None:
        """Send what waits, then our farewell. Before the handshake is done there is none."""
        if self._state in (TlsState.NEW, TlsState.HANDSHAKE):
            self._abort(None)
        elif self._state is TlsState.OPEN:
            self._state = TlsState.CLOSING
            self._app_transport._closing = True
            self._timer = self._loop.call_later(self._shutdown_timeout, self._shutdown_timed_out)
            self._say_goodbye()

    def _say_goodbye(self) -> None:
        """The next step towards the end: it has come when the other side's farewell has."""
        try:
            self._encrypt()
            while self._decrypt(RECORD):
                pass  # nobody wants to hear that any more
            if not self._write_backlog and not self._eof_received:
                self._sslobj.unwrap()
        except ssl.SSLZeroReturnError:
            answered = True
        except WOULD_BLOCK:
            answered = False
        except ssl.SSLError as error:
            self._fatal_error(error)
            return
        else:
            answered = not self._write_backlog
        if answered or self._eof_received:
            # What is left may wait in the transport, which sends it before it closes. Should the
            # other side take nothing, the timer goes on.
            self._state = TlsState.ENDED
            self._below_is_full = False
            self._send()
            self._transport.close()
        else:
            self._send()

    def _shutdown_timed_out(self) -> None:
        self._abort(TimeoutError("SSL shutdown timed out"))

    def _abort(self, error: BaseException | None) -> None:
        """End it now; what waits is lost."""
        self._state = TlsState.ENDED
        if self._transport is not None:
            self._transport._force_close(error)

    def _fatal_error(
        self, error: BaseException | None, message: str = "Fatal error on transport"
    ) -> None:
        """Give up. That a peer has vanished, or speaks no TLS, is not logged."""
        transport = self._transport
        if transport is not None:
            transport._force_close(error)
        if isinstance(error, OSError):
            if self._loop.get_debug():
                logger.debug("%r: %s", self, message, exc_info=error)
        elif not isinstance(error, CancelledError):
            self._loop.call_exception_handler(
                {
                    "message": message,
                    "exception": error,
                    "transport": transport,
                    "protocol": self,
                }
            )

    def _cancel_timer(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()


def _seconds(name: str, timeout: float | None, default: float) -> float:
    if timeout is None:
        return default
    if timeout <= 0:
        raise ValueError(f"{name} should be a positive number, got {timeout}")
    return timeout

"""The machine of TLS: encrypts and decrypts, from buffer to buffer; it knows no connection.

All that is secret about it is done by `ssl.SSLObject`. What has come from the other side is put
into one buffer for it, and what is to be sent is taken out of another one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any

from .interfaces import BufferedProtocol

try:
    import ssl
except ImportError:  # this Python was built without it
    ssl = None  # type: ignore[assignment]

# The most that one record of TLS carries, in bytes: more cannot be had from one call.
RECORD = 16 * 1024
# What the machine raises when the other side has to say something first.
WOULD_BLOCK = (ssl.SSLWantReadError, ssl.SSLSyscallError) if ssl else ()


class TlsMachine(BufferedProtocol):
    """What a protocol that speaks TLS does with bytes."""

    def __init__(self, context: Any, *, server_side: bool, server_hostname: str | None) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._sslobj = context.wrap_bio(
            self._incoming,
            self._outgoing,
            server_side=server_side,
            # Only a client checks the name of the other side.
            server_hostname=None if server_side else server_hostname or None,
        )
        # What is still to be encrypted: nothing, as a rule, once the connection is open.
        self._write_backlog: deque[memoryview] = deque()
        self._write_buffer_size = 0

    def _decrypt(self, *where: Any) -> Any:
        """What `SSLObject.read` gives, nothing at a farewell; None where more has to come first."""
        try:
            return self._sslobj.read(*where)
        except WOULD_BLOCK:
            return None

    def _decrypt_all(self) -> tuple[bytes, bytes | None]:
        """All that has come, and what `_decrypt` gave at last: nothing, or None.

        The records are joined: it takes less time than to hand them over one by one.
        """
        records = []
        while record := self._decrypt(RECORD):
            records.append(record)
        return b"".join(records), record

    def _keep(self, pieces: Iterable[Any]) -> None:
        """Put them where they wait to be encrypted."""
        for piece in pieces:
            if len(piece):
                # Bytes cannot change any more. Whatever else it is, the caller may change it.
                view = memoryview(bytes(piece))
                self._write_backlog.append(view)
                self._write_buffer_size += len(view)

    def _encrypt(self) -> None:
        """Encrypt what waits, as far as that goes before the other side has to say something."""
        backlog = self._write_backlog
        while backlog:
            try:
                count = self._sslobj.write(backlog[0])
            except WOULD_BLOCK:
                return
            self._write_buffer_size -= count
            if count == len(backlog[0]):
                backlog.popleft()
            else:
                backlog[0] = backlog[0][count:]

    def _get_write_buffer_size(self) -> int:
        return self._write_buffer_size + self._outgoing.pending


def default_context(server_side: bool, server_hostname: str | None) -> Any:
    """The settings of a client that has brought none. A server needs its own certificate."""
    if server_side:
        raise ValueError("Server side SSL needs a valid SSLContext")
    context = ssl.create_default_context()
    if not server_hostname:  # there is nothing that the certificate's could be compared with
        context.check_hostname = False
    return context

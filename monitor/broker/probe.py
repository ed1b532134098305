"""Asks a Kafka whether it serves, in Kafka's own protocol and without a client library.

A TCP connection alone says nothing: the port is open seconds before the broker takes requests.
"""

from __future__ import annotations

import socket
import struct

# Metadata request, version 4, of no topics (KIP-4): api key, version, correlation id, client id.
_CLIENT = b"probe"
_REQUEST = (
    struct.pack(">hhih", 3, 4, 7, len(_CLIENT)) + _CLIENT + struct.pack(">i?", 0, False)  # noqa: FBT003
)
_HEAD = struct.Struct(">iii")
_LONGEST_ANSWER_BYTES = 1 << 20


def _read(sock: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = sock.recv(size - len(parts))
        if not part:
            msg = "closed"
            raise OSError(msg)
        parts += part
    return bytes(parts)


def serves(host: str, port: int, timeout_s: float = 1.0) -> bool:
    """Return whether a Kafka answers there and knows at least one broker that is not fenced."""
    try:
        with socket.create_connection((host, port), timeout=timeout_s) as sock:
            sock.sendall(struct.pack(">i", len(_REQUEST)) + _REQUEST)
            (size,) = struct.unpack(">i", _read(sock, 4))
            if not _HEAD.size <= size <= _LONGEST_ANSWER_BYTES:
                return False
            _correlation, _throttle, brokers = _HEAD.unpack(_read(sock, size)[: _HEAD.size])
    except (OSError, UnicodeError, struct.error):
        return False
    return bool(brokers >= 1)


def is_free(port: int) -> bool:
    """Return whether a server could listen on ``port`` of the loopback interface."""
    with socket.socket() as sock:
        # As Java does: a port whose last connection is still closing may be taken.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True

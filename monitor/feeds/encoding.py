"""Undo a body's content encoding as it comes in, never beyond a limit: a few bytes may stand for gigabytes.

Servers err in both directions: they say gzip and send plain bytes, or send gzip and say nothing. The first bytes
tell.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from typing import Protocol

import brotli
import zstandard

ACCEPT_ENCODING = "gzip, br, zstd"
GZIP_MAGIC = b"\x1f\x8b"
_DOCUMENT = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<(?:[?!]|rss|feed|rdf:|html|head|body|urlset|sitemapindex)|\{\s*\")",
    re.IGNORECASE,
)
"""What a document begins with, long enough that no compressed stream begins so by chance."""

_ENOUGH_TO_TELL = 32
"""So many bytes are gathered before the encoding is judged, however slowly they come."""

MAX_LAYERS = 2
"""``Content-Encoding: gzip, gzip`` exists, and gzip in gzip that is told once; more layers are made to hurt."""

_ZSTD_WINDOW = 8 << 20
"""RFC 9659: an HTTP body's window is at most 8 MB."""

_GZIP_OR_ZLIB = 47
"""zlib.decompressobj: 15 bits of window, plus 32 to tell gzip from zlib by the header."""


class TooLargeError(Exception):
    """The body is longer than the limit, as it came or decoded."""


class EncodingError(Exception):
    """The body is not in the encoding that it claims, or the encoding is unknown."""


class _Layer(Protocol):
    def feed(self, data: bytes, room: int) -> bytes: ...
    def whole(self) -> bool: ...


class _Zlib:
    """gzip (also several members in a row) and zlib; raw deflate where the header says neither."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._started = False

    def feed(self, data: bytes, room: int) -> bytes:
        out = bytearray()
        while data and len(out) <= room:
            if self._inner.eof:
                if not data.startswith(GZIP_MAGIC):
                    break  # Bytes after the end are ignored, as gzip(1) does.
                self._inner = zlib.decompressobj(_GZIP_OR_ZLIB)
            out += self._some(data, room + 1 - len(out))
            data = self._inner.unconsumed_tail or self._inner.unused_data
        return bytes(out)

    def _some(self, data: bytes, room: int) -> bytes:
        try:
            made = self._inner.decompress(data, room)
        except zlib.error:
            if self._started:
                raise
            self._inner = zlib.decompressobj(-15)
            made = self._inner.decompress(data, room)
        self._started = True
        return made

    def whole(self) -> bool:
        return self._inner.eof or not self._started


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Decompressor()

    def feed(self, data: bytes, room: int) -> bytes:
        out = bytearray(self._inner.process(data, output_buffer_limit=room + 1))
        while len(out) <= room and not self._inner.can_accept_more_data():
            out += self._inner.process(b"", output_buffer_limit=room + 1 - len(out))
        return bytes(out)

    def whole(self) -> bool:
        return bool(self._inner.is_finished())


class _Zstd:
    """Fed in small slices, since the library makes all the output of a slice at once."""

    _SLICE = 64
    """A block of four bytes may stand for 128 KiB (RFC 8878, section 3.1.1.2): 2 MiB beyond the limit at most."""

    def __init__(self) -> None:
        self._maker = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
        self._inner = self._maker.decompressobj()

    def feed(self, data: bytes, room: int) -> bytes:
        out = bytearray()
        while data and len(out) <= room:
            if self._inner.eof:
                self._inner = self._maker.decompressobj()
            out += self._inner.decompress(data[: self._SLICE])
            data = self._inner.unused_data + data[self._SLICE :]
        return bytes(out)

    def whole(self) -> bool:
        return bool(self._inner.eof)


_MAKERS: dict[str, type[_Zlib | _Brotli | _Zstd]] = {
    "gzip": _Zlib,
    "x-gzip": _Zlib,
    "deflate": _Zlib,
    "br": _Brotli,
    "zstd": _Zstd,
}


@dataclass(slots=True)
class Body:
    """A body as it comes in: ``add`` each piece, then take ``end``."""

    encoding: str
    max_bytes: int
    _out: bytearray = field(default_factory=bytearray)
    _layers: list[_Layer] | None = None
    _received: int = 0
    _start: bytes = b""

    def add(self, data: bytes) -> None:
        """Take the next piece as it came.

        Raises:
            TooLargeError: more than ``max_bytes`` came, or came out.
            EncodingError: it is not in its encoding.
        """
        if not data:
            return
        self._received += len(data)
        if self._received > self.max_bytes:
            raise TooLargeError
        if self._layers is None:
            self._start += data
            if len(self._start) < _ENOUGH_TO_TELL:
                return
            data = self._begin()
        self._decode(data)

    def _begin(self) -> bytes:
        self._layers = _layers(self.encoding, self._start)
        return self._start

    def _decode(self, data: bytes) -> None:
        layers = self._layers or []
        try:
            for layer in layers:
                data = layer.feed(data, self.max_bytes - len(self._out))
            if len(layers) == 1 and not self._out and data.startswith(GZIP_MAGIC):
                layers.append(_Zlib())
                data = layers[-1].feed(data, self.max_bytes)
        except (zlib.error, brotli.error, zstandard.ZstdError) as exc:
            raise EncodingError(str(exc)) from exc
        self._out += data
        if len(self._out) > self.max_bytes:
            raise TooLargeError

    def so_far(self) -> bytes:
        """Return what was decoded, at most the limit."""
        return bytes(self._out[: self.max_bytes])

    def end(self) -> bytes:
        """Return the decoded body.

        Raises:
            EncodingError: it breaks off in the middle.
        """
        if self._layers is None and self._start:
            self._decode(self._begin())
        if not all(layer.whole() for layer in self._layers or ()):
            msg = f"{self.encoding} body breaks off"
            raise EncodingError(msg)
        return bytes(self._out)


def _layers(encoding: str, start: bytes) -> list[_Layer]:
    """Return the layers to undo, the outermost first, judged by the header and the first bytes."""
    names = [n for n in (p.strip().lower() for p in encoding.split(",")) if n and n != "identity"]
    if len(names) > MAX_LAYERS:
        msg = f"{len(names)} content encodings"
        raise EncodingError(msg)
    if _plain(start):
        return []
    if start.startswith(GZIP_MAGIC) and not (names and _MAKERS.get(names[-1]) is _Zlib):
        return [_Zlib()]
    if unknown := next((name for name in names if name not in _MAKERS), None):
        msg = f"content encoding {unknown[:40]!r}"
        raise EncodingError(msg)
    return [_MAKERS[name]() for name in reversed(names)]


def _plain(start: bytes) -> bool:
    """Return whether the bytes are a document already, whatever the header says."""
    return _DOCUMENT.match(start) is not None

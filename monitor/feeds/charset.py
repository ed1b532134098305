"""Pure: bytes of a document to text, whatever its headers claim.

Declarations are often wrong, and UTF-8 is hard to hit by accident: bytes that are valid UTF-8 with anything beyond
ASCII are UTF-8, also where a server's default says otherwise. Then come the byte order mark, the server, the
document, a detector, and at last a reading in which single bytes are lost and not the document.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from charset_normalizer import from_bytes
from w3lib.encoding import http_content_type_encoding, resolve_encoding

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = (
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
    (b"{\x00", "utf-16-le"),
    (b"\x00{", "utf-16-be"),
)
"""XML 1.0, appendix F: how a document without a byte order mark begins."""

_DECLARED = re.compile(rb"""^[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_META = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE
)
_SEVEN_BITS = frozenset({"iso2022_jp", "iso2022_jp_ext", "iso2022_kr", "hz", "utf-7", "utf_7"})
_ESCAPES = (b"\x1b$", b"\x1b(", b"~{")
"""Encodings of seven bits look like ASCII; these sequences tell them."""

SAMPLE_BYTES = 64 << 10
"""What the detector looks at: it is slow, and more does not make it wiser."""

MOSTLY, MOSTLY_DECLARED = 0.98, 0.6
"""UTF-8 in which fewer than 2 % of the characters beyond ASCII are broken is UTF-8 with a cut or a bad paste in it. Where
the document says that it is UTF-8, most of them will do: texts of other encodings hardly have any that fit."""


def decode(body: bytes, content_type: str = "") -> str:
    """Return the text of a document. Never raises."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    for start, name in _UNMARKED:
        if body.startswith(start):
            return body.decode(name, "replace")
    if body.isascii() and not any(escape in body for escape in _ESCAPES):
        return body.decode("ascii")
    return next(_readings(body, content_type))


def _readings(body: bytes, content_type: str) -> Iterator[str]:
    declared = [name for name in _declared(body, content_type) if name]
    seven = [name for name in declared if name in _SEVEN_BITS]
    for name in (*seven, "utf-8", *declared):
        text = _strictly(body, name)
        if text is not None:
            yield text
    if _nearly_utf8(body, MOSTLY_DECLARED if "utf-8" in declared else MOSTLY):
        yield body.decode("utf-8", "replace")
    yield body.decode(_detected(body) or "cp1252", "replace")


def _declared(body: bytes, content_type: str) -> tuple[str | None, ...]:
    head = body[:2048]
    document = _DECLARED.search(head) if head.lstrip().startswith(b"<?xml") else _META.search(head)
    return (
        _codec(http_content_type_encoding(content_type)),
        _codec(document[1].decode("ascii")) if document else None,
    )


def _codec(name: str | None) -> str | None:
    """Return Python's codec for a label as browsers read it: Latin-1 is Windows-1252, GB2312 is GB18030."""
    try:
        return resolve_encoding(name) if name else None
    except (LookupError, ValueError):
        return None


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except (UnicodeError, LookupError, ValueError):
        return None


def _nearly_utf8(body: bytes, mostly: float) -> bool:
    text = body.decode("utf-8", "replace")
    beyond = sum(1 for c in text if c > "\x7f")
    return beyond > 0 and text.count("�") < (1 - mostly) * beyond


def _detected(body: bytes) -> str | None:
    """Return what the detector takes the bytes beyond ASCII for, judged where they begin."""
    first = next((i for i, byte in enumerate(body) if byte > 0x7F), 0)  # noqa: PLR2004 -- ASCII's end
    start = max(0, first - SAMPLE_BYTES // 8)
    best = from_bytes(body[start : start + SAMPLE_BYTES]).best()
    return best.encoding if best else None

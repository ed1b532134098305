"""Fingerprints: what dedupe remembers of an article, packed, one record an article in a compacted topic.

Packed bytes and not JSON: 700,000 of them are read at start, and their hashes would triple in JSON. The layout is the
header, then the parts whose lengths it gives, in the order of the fields. All numbers are little-endian.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from schemas.base import ArticleId, ClusterId, Record
from schemas.reasons import DedupeReason, Outcome

VERSION = 1
"""First byte of each record: raised when the layout or the hashing changes; others are not read."""

WINDOW_BYTES = 8
TITLE_WORD_BYTES = 2

_HEADER = struct.Struct("<BBBBHHHBBBBHHHHqQQQQ")

_OUTCOMES = tuple(Outcome)
_OUTCOME_NUMBER = {outcome: number for number, outcome in enumerate(_OUTCOMES)}
_REASONS = tuple(DedupeReason)
_REASON_NUMBER = {reason: number for number, reason in enumerate(_REASONS)}
"""Their order in ``schemas.reasons`` is part of the layout: new ones are added at the end."""


class FingerprintError(ValueError):
    """The bytes are no fingerprint of this version."""


class Fingerprint(Record, frozen=True, kw_only=True):
    """What dedupe remembers of one article and what it decided. Topic ``dedupe.fingerprints``, keyed by ``key``.

    ``day`` counts from 1970-01-01 and decides when the record goes; ``published_day`` is 0 where the article is undated.
    ``windows`` are packed 64-bit numbers (``monitor.dedupe.sketch``), of which 1 in ``2**rate`` was kept. The hashes are
    64 bits, 0 where there is nothing to hash. ``offset`` is that of the raw record, ``None`` where there is no topic.
    """

    article_id: ArticleId
    source: str
    outcome: Outcome
    reason: DedupeReason
    cluster_id: ClusterId
    origin: str
    content: int
    day: int
    duplicate_of: ArticleId | None = None
    changed_facts: bool = False
    offset: int | None = None
    address: int = 0
    guid: int = 0
    published_day: int = 0
    words: int = 0
    rate: int = 0
    windows: bytes = b""
    title: bytes = b""
    figures: bytes = b""

    @property
    def key(self) -> str:
        """The key of the record: the day first, so that a whole day can be told and deleted."""
        return f"{self.day:05d}/{self.article_id}/{self.content:016x}"


class Header(NamedTuple):
    """The fixed part of a packed fingerprint, as it stands in the bytes."""

    version: int
    outcome: int
    reason: int
    changed_facts: int
    day: int
    published_day: int
    words: int
    rate: int
    windows: int
    title: int
    figures: int
    article_id: int
    duplicate_of: int
    source: int
    origin: int
    offset: int
    content: int
    address: int
    guid: int
    cluster: int


HEADER_BYTES = _HEADER.size


def cluster_id(number: int) -> ClusterId:
    """Return the id of the cluster with this number."""
    return ClusterId(f"{number:016x}")


def outcome_of(number: int) -> Outcome:
    """Return the outcome with this number in the packed form."""
    return _OUTCOMES[number]


def reason_of(number: int) -> DedupeReason:
    """Return the reason with this number in the packed form."""
    return _REASONS[number]


def pack(row: Fingerprint) -> bytes:
    """Return the bytes of a fingerprint. ``origin`` is left out where it is the source."""
    strings = [_utf8(row.article_id), _utf8(row.duplicate_of or ""), _utf8(row.source)]
    strings.append(b"" if row.origin == row.source else _utf8(row.origin))
    header = _HEADER.pack(
        VERSION,
        _OUTCOME_NUMBER[row.outcome],
        _REASON_NUMBER[row.reason],
        row.changed_facts,
        row.day,
        row.published_day,
        row.words,
        row.rate,
        len(row.windows) // WINDOW_BYTES,
        len(row.title) // TITLE_WORD_BYTES,
        len(row.figures),
        *map(len, strings),
        -1 if row.offset is None else row.offset,
        row.content,
        row.address,
        row.guid,
        int(row.cluster_id, 16),
    )
    return b"".join((header, row.windows, row.title, row.figures, *strings))


def header_of(raw: bytes) -> Header:
    """Return the header of packed bytes whose length was checked against it.

    Raises:
        FingerprintError: they are no fingerprint of this version.
    """
    if len(raw) < HEADER_BYTES or raw[0] != VERSION:
        msg = f"no fingerprint of version {VERSION}: {len(raw)} bytes, version {raw[0] if raw else None}"
        raise FingerprintError(msg)
    header = Header._make(_HEADER.unpack_from(raw))
    if len(raw) != HEADER_BYTES + sum(_lengths(header)):
        msg = f"{len(raw)} bytes where {HEADER_BYTES + sum(_lengths(header))} were announced"
        raise FingerprintError(msg)
    if header.outcome >= len(_OUTCOMES) or header.reason >= len(_REASONS):
        msg = f"outcome {header.outcome} or reason {header.reason} is not known"
        raise FingerprintError(msg)
    return header


def parts_of(raw: bytes, header: Header) -> tuple[bytes, ...]:
    """Return the variable parts in order: windows, title, figures, article id, duplicate of, source, origin."""
    parts, at = [], HEADER_BYTES
    for length in _lengths(header):
        parts.append(raw[at : at + length])
        at += length
    return tuple(parts)


def unpack(raw: bytes) -> Fingerprint:
    """Return the fingerprint in packed bytes.

    Raises:
        FingerprintError: they are no fingerprint of this version.
    """
    head = header_of(raw)
    windows, title, figures, *strings = parts_of(raw, head)
    article, duplicate, source, origin = (s.decode("utf-8", "replace") for s in strings)
    return Fingerprint(
        article_id=ArticleId(article),
        source=source,
        outcome=_OUTCOMES[head.outcome],
        reason=_REASONS[head.reason],
        cluster_id=cluster_id(head.cluster),
        origin=origin or source,
        content=head.content,
        day=head.day,
        duplicate_of=ArticleId(duplicate) if duplicate else None,
        changed_facts=bool(head.changed_facts),
        offset=None if head.offset < 0 else head.offset,
        address=head.address,
        guid=head.guid,
        published_day=head.published_day,
        words=head.words,
        rate=head.rate,
        windows=windows,
        title=title,
        figures=figures,
    )


def _lengths(head: Header) -> tuple[int, ...]:
    return (
        head.windows * WINDOW_BYTES,
        head.title * TITLE_WORD_BYTES,
        head.figures,
        head.article_id,
        head.duplicate_of,
        head.source,
        head.origin,
    )


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")[:65535]

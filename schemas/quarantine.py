"""Quarantine: where a record that failed waits, with enough to look at it and to send it again."""

from __future__ import annotations

from datetime import datetime

from schemas.base import Record
from schemas.reasons import QuarantineReason


class Quarantined(Record, frozen=True, kw_only=True):
    """A record set aside. Topic ``<topic>.quarantine``; key and value are kept byte for byte."""

    topic: str
    partition: int
    offset: int
    stage: str
    reason: QuarantineReason
    error: str
    at: datetime
    key: bytes | None = None
    value: bytes | None = None
    truncated: bool = False

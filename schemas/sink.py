"""How sinks are: whether one takes what it is sent, and since when not."""

from __future__ import annotations

from datetime import datetime

from schemas.base import Record


class SinkState(Record, frozen=True, kw_only=True):
    """The state of one sink. Topic ``sinks``, keyed by its name.

    ``failing_since`` is the first failure after it last took something, ``failed_at`` the latest known one; both are
    ``None`` while it takes what it is sent. A sink with a ``disabled_at`` gets nothing until somebody enables it;
    ``reason`` is a ``DeliveryReason``.
    """

    sink: str
    at: datetime
    failing_since: datetime | None = None
    failed_at: datetime | None = None
    disabled_at: datetime | None = None
    reason: str = ""

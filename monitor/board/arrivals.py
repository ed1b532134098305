"""What comes from Kafka, sorted out: each topic's records, those that cannot be read left aside and named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from monitor import heartbeat
from schemas import codec
from schemas.alert import Alert
from schemas.article import UniqueArticle
from schemas.delta import Delta
from schemas.state import IncidentRow, decode_row

log = structlog.get_logger(__name__)

ARTICLES = ("articles.unique", "articles.backlog")
DELTAS, ALERTS, ROWS = "incident.deltas", "alerts", "track.rows"
TOPICS = (*ARTICLES, DELTAS, ALERTS, ROWS)
"""What the view is made from. Order between topics does not matter: each fills tables of its own."""

_ROW = b"r:"
"""What keys of rows begin with in topics of rows; others are the stage's log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A record as it stands in Kafka. ``topic`` is the card's name; ``at`` is when it was written."""

    topic: str
    partition: int
    offset: int
    at: datetime
    key: bytes | None
    value: bytes | None


@dataclass(slots=True, kw_only=True)
class Batch:
    """Records by what they are, in their order. Each comes with the time at which it was written."""

    articles: list[tuple[datetime, UniqueArticle]] = field(default_factory=list)
    deltas: list[tuple[datetime, Delta]] = field(default_factory=list)
    alerts: list[tuple[datetime, Alert]] = field(default_factory=list)
    rows: dict[str, IncidentRow | None] = field(default_factory=dict)
    unread: int = 0

    def __bool__(self) -> bool:
        """Tell whether anything in it changes the view."""
        return bool(self.articles or self.deltas or self.alerts or self.rows)


def sort_out(records: Iterable[Arrived]) -> Batch:
    """Return records by what they are; one that cannot be read is counted, as its stage quarantines it."""
    batch = Batch()
    for record in records:
        try:
            _take(batch, record)
        except codec.CodecError as exc:
            batch.unread += 1
            log.warning(
                "record left out of the view",
                topic=record.topic,
                partition=record.partition,
                offset=record.offset,
                error=str(exc)[:500],
            )
    return batch


def _take(batch: Batch, record: Arrived) -> None:
    if heartbeat.is_key(record.key):
        return
    if record.topic == ROWS:
        _take_row(batch, record)
    elif record.value is None:
        return
    elif record.topic in ARTICLES:
        batch.articles.append((record.at, codec.decode(record.value, UniqueArticle)))
    elif record.topic == DELTAS:
        batch.deltas.append((record.at, codec.decode(record.value, Delta)))
    elif record.topic == ALERTS:
        batch.alerts.append((record.at, codec.decode(record.value, Alert)))


def _take_row(batch: Batch, record: Arrived) -> None:
    key = record.key or b""
    if not key.startswith(_ROW):
        return
    name = key.removeprefix(_ROW).decode("utf-8", "replace")
    row = None if record.value is None else decode_row(record.value)
    # Rows of tallies and classes of attacks are not shown: their deltas tell all.
    if row is None or isinstance(row, IncidentRow):
        batch.rows[name] = row

"""Feeds: the poller's memory of each one, kept in Kafka over restarts."""

from __future__ import annotations

from datetime import datetime

from schemas.base import Record


class FetchNote(Record, frozen=True, kw_only=True):
    """One line of a feed's history: when, how it ended, how many entries were new."""

    at: datetime
    result: str
    status: int | None = None
    new: int = 0


class FeedState(Record, frozen=True, kw_only=True):
    """What the poller knows of one feed. Topic ``feeds`` (compacted), keyed by host, one record a feed and change.

    ``etag`` and ``last_modified`` are the server's bytes as Latin-1 text, echoed as they came.
    ``seen`` holds the hashes of recent entries (identity and content), newest last, bounded.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    first_success_at: datetime | None = None
    last_success_at: datetime | None = None
    last_attempt_at: datetime | None = None
    next_at: datetime | None = None
    interval_s: float = 600.0
    interval_why: str = "default"
    failures: int = 0
    state: str = "active"
    detail: str = ""
    moved_to: str | None = None
    moves_seen: int = 0
    gone_seen: int = 0
    body_hash: str | None = None
    unconditional_at: datetime | None = None
    seen: tuple[tuple[str, str], ...] = ()
    items_a_day: float = 0.0
    history: tuple[FetchNote, ...] = ()
    removed: bool = False
    paused: bool = False

"""Feeds: the poller's memory of each one, kept over restarts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from schemas.base import Record


class FetchResult(StrEnum):
    """How one fetch ended: the line in a feed's history, the metric's label, the log's field."""

    NEWS = "news"
    NOTHING_NEW = "nothing_new"
    SAME_BODY = "same_body"
    NOT_MODIFIED = "not_modified"
    MOVED = "moved"
    HOST_WAITS = "host_waits"
    NAME_NOT_FOUND = "name_not_found"
    NOT_REACHED = "not_reached"
    TLS_FAILED = "tls_failed"
    TOO_SLOW = "too_slow"
    BROKEN_OFF = "broken_off"
    NOT_HTTP = "not_http"
    TOO_LARGE = "too_large"
    BAD_ENCODING = "bad_encoding"
    ADDRESS_REFUSED = "address_refused"
    SCHEME_REFUSED = "scheme_refused"
    BAD_ADDRESS = "bad_address"
    REDIRECT_LOOP = "redirect_loop"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    BAD_REDIRECT = "bad_redirect"
    PROXY_FAILED = "proxy_failed"
    UNAUTHORISED = "unauthorised"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    GONE = "gone"
    RATE_LIMITED = "rate_limited"
    CHALLENGED = "challenged"
    UNAVAILABLE = "unavailable"
    SERVER_ERROR = "server_error"
    REFUSED = "refused"
    UNASKED_NOT_MODIFIED = "unasked_not_modified"
    ROBOTS_REFUSED = "robots_refused"
    EMPTY = "empty"
    HTML_PAGE = "html_page"
    NOT_A_FEED = "not_a_feed"
    PARSE_TOO_SLOW = "parse_too_slow"
    PARSE_TOO_BIG = "parse_too_big"
    PARSE_DIED = "parse_died"


class FeedStatus(StrEnum):
    """Whether a feed is polled as usual."""

    ACTIVE = "active"
    FAILING = "failing"
    PARKED = "parked"
    PAUSED = "paused"


class IntervalReason(StrEnum):
    """Why a feed is polled as often as it is."""

    DEFAULT = "default"
    CONFIGURED = "configured"
    PUBLISHING_RATE = "publishing_rate"
    FAST_TURNOVER = "fast_turnover"
    NOTHING_NEW = "nothing_new"
    FLOOR = "floor"
    SERVER_MAX_AGE = "server_max_age"
    SERVER_EXPIRES = "server_expires"
    FEED_TTL = "feed_ttl"
    RETRY_AFTER = "retry_after"
    BACK_OFF = "back_off"
    PARKED = "parked"
    HUB = "hub"


class FetchNote(Record, frozen=True, kw_only=True):
    """One line of a feed's history: when, how it ended, how many entries were new, how long it took."""

    at: datetime
    result: str
    status: int | None = None
    new: int = 0
    changed: int = 0
    bytes: int = 0
    seconds: float = 0.0
    detail: str = ""


class FeedState(Record, frozen=True, kw_only=True):
    """What the poller knows of one feed. Topic ``feeds`` (compacted), keyed by host and address of the feed.

    ``etag`` and ``last_modified`` are the server's bytes as Latin-1 text, echoed as they came, to
    ``validators_url`` alone, the address that gave them. ``seen`` holds a row for each recent entry, newest last,
    bounded: the hash of its content, then the hashes of all by which it is known again. ``next_at`` is when it is
    polled next; ``not_before_at`` is the earliest time at which the server's wishes and our manners allow it.
    ``move_candidate`` was named by the last ``moves_seen`` permanent redirects in a row; ``moved_to`` was learned.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    validators_url: str | None = None
    first_success_at: datetime | None = None
    last_success_at: datetime | None = None
    last_attempt_at: datetime | None = None
    next_at: datetime | None = None
    not_before_at: datetime | None = None
    interval_s: float = 600.0
    interval_why: str = "default"
    server_floor_s: float = 0.0
    server_floor_why: str = ""
    ttl_s: float = 0.0
    failures: int = 0
    state: str = "active"
    detail: str = ""
    moved_to: str | None = None
    move_candidate: str | None = None
    moves_seen: int = 0
    gone_seen: int = 0
    body_hash: str | None = None
    unconditional_at: datetime | None = None
    seen: tuple[tuple[str, ...], ...] = ()
    items_a_day: float | None = None
    title: str = ""
    language: str | None = None
    hub: str | None = None
    topic: str | None = None
    history: tuple[FetchNote, ...] = ()
    removed: bool = False
    paused: bool = False

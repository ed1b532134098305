"""What the poller asks its child processes, and what they answer: records only, cheap to import."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from monitor.feeds.entries import Document, Selection
from schemas.base import Record
from schemas.feed import FetchResult

TARGET = "monitor.feeds.reading:work"
"""The name under which ``ChildPool`` runs all of them."""


class Found(Record, frozen=True, kw_only=True):
    """A feed that a page names."""

    url: str
    title: str = ""
    type: str = ""


class Task(Record, frozen=True, kw_only=True, tag="feed"):
    """A body to read. ``url`` is where it came from in the end, for relative links."""

    body: bytes
    url: str
    content_type: str
    now: datetime
    seen: tuple[tuple[str, ...], ...] = ()


class Digest(Record, frozen=True, kw_only=True):
    """What a body says. ``problem`` is ``None`` where it was a feed; ``found`` are feeds that a page names."""

    problem: FetchResult | None = None
    detail: str = ""
    document: Document | None = None
    selection: Selection | None = None
    items_a_day: float | None = None
    found: tuple[Found, ...] = ()


class PageReason(StrEnum):
    """Why a page gives the text, or the feed must."""

    TEXT = "text"
    NOT_HTML = "not_html"
    NO_TEXT = "no_text"
    PAYWALL = "paywall"
    CONSENT_WALL = "consent_wall"
    OTHER_PAGE = "other_page"
    SHORTER = "shorter"


class PageTask(Record, frozen=True, kw_only=True, tag="page"):
    """A page to read. ``asked`` is where its entry linked to, ``url`` where that led; ``known`` is the feed's text."""

    body: bytes
    url: str
    asked: str
    content_type: str
    now: datetime
    title: str = ""
    known: str = ""
    claims: tuple[str, ...] = ()


class Page(Record, frozen=True, kw_only=True):
    """What a page says; ``text`` is empty where ``reason`` is not ``text``."""

    reason: PageReason
    text: str = ""
    title: str = ""
    canonical: str = ""
    language: str = ""
    published: datetime | None = None
    published_raw: str = ""


class RobotsTask(Record, frozen=True, kw_only=True, tag="robots"):
    """Whether a robots.txt lets ``agent`` fetch ``url``."""

    body: bytes
    url: str
    agent: str


class Robots(Record, frozen=True, kw_only=True):
    """What a robots.txt says of one address."""

    allowed: bool
    delay_s: float = 0.0

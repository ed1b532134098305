"""Entries and JSON lines to articles: the edge at which dicts end and records begin.

Errors::

    ArticleError            what was given is no article
    +-- NotAnObjectError    the line is no JSON object
    +-- FieldError          a field is missing or of a wrong type; the message names it
    +-- TooLargeError       longer than any topic would take
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from dateutil import parser as dateutil_parser

from monitor.articles.address import canonical, host_of
from monitor.articles.text import MAX_TEXT_CHARS, one_line, plain
from schemas.article import Article
from schemas.base import ArticleId
from schemas.reasons import TextOrigin

MAX_ID_CHARS = 512
MAX_TITLE_CHARS = 2_000
UNKNOWN_SOURCE = "unknown"

_ID_BYTES = 12
"""96 bits: no two of 10^9 addresses meet by chance, and none is made to meet another's on purpose (BLAKE2)."""

_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


class ArticleError(ValueError):
    """What was given is no article."""


class NotAnObjectError(ArticleError):
    """The line is no JSON object."""


class FieldError(ArticleError):
    """A field is missing or of a wrong type; the message names it."""


class TooLargeError(ArticleError):
    """Longer than any topic would take."""


def article_id(address: str | None, source: str, given_id: str) -> ArticleId:
    """Return the id of an article: hash of its canonical address, else of its source and given id."""
    identity = address or f"{source}\0{given_id}"
    raw = identity.encode("utf-8", "replace")
    return ArticleId(hashlib.blake2b(raw, digest_size=_ID_BYTES).hexdigest())


def article_from_input(data: object) -> Article:
    """Return the article of one JSON line ``{"id","title","text","published","url"?,"source"?}``.

    Title and text are kept as they stand, since evidence is told in their characters. A ``published`` that is no date
    leaves the article undated, with the words kept in ``published_raw``.

    Raises:
        ArticleError: it is no such line; the message says what is wrong with which field.
    """
    if not isinstance(data, Mapping):
        msg = f"an article is a JSON object, not {type(data).__name__}"
        raise NotAnObjectError(msg)
    text, title = _string(data, "text"), _string(data, "title")
    if len(text) > MAX_TEXT_CHARS or len(title) > MAX_TEXT_CHARS:
        msg = f"text of {len(text)} and title of {len(title)} characters, at most {MAX_TEXT_CHARS} each"
        raise TooLargeError(msg)
    url, given, raw = _string(data, "url"), _string(data, "id"), _string(data, "published")
    address = canonical(url)
    source = _string(data, "source").strip() or host_of(address) or UNKNOWN_SOURCE
    at = parse_time(raw)
    fetched = parse_time(_string(data, "fetched_at"))
    return Article(
        article_id=ArticleId(_bounded(given))
        if given
        else article_id(address, source, title + "\0" + text),
        source=source,
        title=title,
        text=text,
        url=address,
        given_url=url or None,
        guid=_bounded(_string(data, "guid")) or None,
        language=_string(data, "language") or None,
        published=at.astimezone(UTC) if at else None,
        published_raw=raw or None,
        utc_offset_minutes=offset_minutes(at),
        fetched_at=fetched.astimezone(UTC) if fetched else None,
        text_origin=TextOrigin.FEED,
    )


def article_from_entry(
    *,
    feed: str,
    source: str,
    title: str,
    content: str,
    link: str | None = None,
    canonical_link: str | None = None,
    guid: str | None = None,
    published: datetime | None = None,
    published_raw: str | None = None,
    fetched_at: datetime | None = None,
    text_origin: TextOrigin = TextOrigin.FEED,
    **rest: Any,  # Article's further optional fields, checked by Article itself
) -> Article:
    """Return the article of a feed's entry. ``title`` and ``content`` may be HTML.

    ``link`` is where the link led in the end, if it was followed; ``canonical_link`` is the page's ``rel=canonical``,
    taken only where it stays on the link's host, since a page could otherwise pass for another's.
    """
    address = canonical(link)
    if canonical_link and host_of(canonical_link) == host_of(link):
        address = canonical(canonical_link) or address
    headline, text = one_line(title)[:MAX_TITLE_CHARS], plain(content)
    outlet = source.strip() or host_of(link) or host_of(feed) or UNKNOWN_SOURCE
    given = _bounded(_clean(guid)) if guid else None
    return Article(
        article_id=article_id(address, outlet, given or f"{headline}\0{text}"),
        source=outlet,
        title=headline,
        text=text,
        feed=feed,
        url=address,
        given_url=link,
        guid=given,
        published=published.astimezone(UTC) if published and published.tzinfo else None,
        published_raw=published_raw,
        utc_offset_minutes=offset_minutes(published)
        if "utc_offset_minutes" not in rest
        else rest.pop("utc_offset_minutes"),
        fetched_at=fetched_at,
        text_origin=text_origin if text else TextOrigin.NONE,
        **rest,
    )


def parse_time(text: str) -> datetime | None:
    """Return the aware time that ``text`` tells (ISO 8601, RFC 5322 and their kin), ``None`` where it tells none.

    A time without zone is UTC.
    """
    given = text.strip()[:64]
    if not given:
        return None
    at = _iso_time(given) or _loose_time(given)
    if at is None:
        return None
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return aware if _sane(aware) else None


def offset_minutes(at: datetime | None) -> int | None:
    """Return the offset that a time was written with, ``None`` for UTC, which is mostly a convention."""
    offset = at.utcoffset() if at else None
    return round(offset.total_seconds() / 60) if offset else None


def _iso_time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _loose_time(text: str) -> datetime | None:
    if not any(c.isdigit() for c in text):
        return None
    try:
        return dateutil_parser.parse(text, default=datetime(1, 1, 1, tzinfo=UTC))
    except (ValueError, OverflowError, TypeError):
        return None


def _sane(at: datetime) -> bool:
    try:
        return _EARLIEST <= at.astimezone(UTC) < _LATEST
    except (ValueError, OverflowError):
        return False


def _string(data: Mapping[Any, Any], name: str) -> str:
    value = data.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        msg = f'"{name}" must be a string, not {type(value).__name__}'
        raise FieldError(msg)
    return _clean(value)


def _clean(value: str) -> str:
    """Lone surrogates cannot be written as UTF-8; one character stands for one, so that spans hold."""
    return (
        value
        if value.isascii()
        else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )


def _bounded(given: str) -> str:
    if len(given) <= MAX_ID_CHARS:
        return given
    return hashlib.blake2b(given.encode("utf-8", "replace"), digest_size=_ID_BYTES).hexdigest()

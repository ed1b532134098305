"""RSS 0.9x to 2.0, Atom and RDF by ``feedparser``, with what it leaves undone: entities, dates, plain text.

What reaches ``feedparser`` is text made harmless first: no document type but short entities, no characters that XML
forbids, UTF-8.
"""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

import feedparser
import feedparser.mixin

from monitor.feeds.dates import clamp, plausible, read_date
from monitor.feeds.entries import Dialect, Document, Entry
from monitor.feeds.markup import harmless

MAX_ENTRIES = 5000
"""Of a longer document the first and the last half of so many are read: the newest stand at one of its ends.
``feedparser`` needs about a millisecond for each, and a child has 20 s."""

MAX_DEPTH = 1000
"""Elements in elements; ``feedparser`` takes a time that grows with the square of it."""

_RELATIVE = re.compile(
    r"""(?:href|src|xml:base)\s*=\s*(?:["']|&quot;|&\#3[49];)(?!\w+:|//|\#|["'&])""", re.IGNORECASE
)
"""A link in an entry's markup that needs its base. Most feeds have none, and looking for them takes a third of the time."""

_ITEM = re.compile(r"<(?:\w+:)?(item|entry)[\s>]", re.IGNORECASE)
_ITEMS_END = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_OPAQUE = re.compile(r"<!\[CDATA\[.*?\]\]>|<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]*)[^<>]*?(/?)>")
_VOID = frozenset("br hr img input meta link area base col embed source track wbr".split())

_PERIOD_S = {
    "hourly": 3600,
    "daily": 86_400,
    "weekly": 604_800,
    "monthly": 2_592_000,
    "yearly": 31_536_000,
}
"""RSS 1.0 syndication module, sy:updatePeriod."""

_VERSIONS = (("atom", Dialect.ATOM), ("rss10", Dialect.RDF), ("rss090", Dialect.RDF))
_WEB = ("http://", "https://")
_DATES = ("published", "updated", "created", "modified")
"""In this order: feedparser files pubDate and dcterms:issued as published, dc:date as updated."""


def parse(text: str, *, url: str, now: datetime) -> Document | None:
    """Return what the document says, ``None`` where it is no feed."""
    source = unbroken(harmless(text))
    if too_deep(source):
        return None
    _keep_ids()
    # feedparser's results are dicts of many shapes; what is taken from them is checked here.
    found: Any = feedparser.parse(
        thinned(source).encode("utf-8", "replace"),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": url,
        },
        sanitize_html=False,
        resolve_relative_uris=bool(_RELATIVE.search(source)),
    )
    # Left out by the parser where the namespaces are too broken.
    version = found.get("version", "")
    if not version and not found.entries:
        return None
    meta = found.feed
    links = _links(meta)
    return Document(
        dialect=next((d for prefix, d in _VERSIONS if version.startswith(prefix)), Dialect.RSS),
        title=_html(meta, "title"),
        language=_text(meta, "language"),
        site=_text(meta, "link"),
        ttl_s=ttl_s(meta),
        hub=links.get("hub", ""),
        topic=links.get("self", ""),
        entries=tuple(_entries(found.entries, url, now)),
        flaw=str(found.get("bozo_exception", ""))[:200] if found.bozo else "",
    )


def _keep_ids() -> None:
    """Have ids left as they are written: feedparser makes ``<guid>4711</guid>`` an address of the feed's host."""
    feedparser.mixin._FeedParserMixin.can_be_relative_uri.discard("id")  # noqa: SLF001 -- there is no setting for it


def too_deep(source: str) -> bool:
    """Return whether elements are nested deeper than any feed's."""
    if source.count("<") <= MAX_DEPTH:
        return False
    depth = 0
    for found in _TAG.finditer(_OPAQUE.sub("", source)):
        close, name, alone = found.groups()
        if alone or name.lower() in _VOID:
            continue
        depth = max(0, depth - 1) if close else depth + 1
        if depth > MAX_DEPTH:
            return True
    return False


def unbroken(source: str) -> str:
    """Return the document without the half of an entry in which it breaks off: the whole of it comes with the next poll."""
    bare = _OPAQUE.sub(lambda found: " " * len(found[0]), source)
    ends = [found.end() for found in _ITEMS_END.finditer(bare)]
    last = next((found.start() for found in _ITEM.finditer(bare, ends[-1])), None) if ends else None
    return source if last is None else source[:last]


def thinned(source: str) -> str:
    """Return the document with at most ``MAX_ENTRIES`` entries: those at its beginning and at its end."""
    starts = [found.start() for found in _ITEM.finditer(source)]
    if len(starts) <= MAX_ENTRIES:
        return source
    half = MAX_ENTRIES // 2
    return source[: starts[half]] + source[starts[-half] :]


def ttl_s(meta: Mapping[str, Any]) -> float | None:
    """Return how long the feed itself asks to be left alone: ``ttl`` in minutes, or ``sy:updatePeriod``."""
    minutes = _text(meta, "ttl").strip()
    asked = [float(minutes[:9]) * 60] if minutes.isascii() and minutes.isdigit() else []
    period = _PERIOD_S.get(_text(meta, "sy_updateperiod").strip().lower())
    if period is not None:
        times = _text(meta, "sy_updatefrequency").strip()
        asked.append(period / max(1, int(times[:6]) if times.isascii() and times.isdigit() else 1))
    return max(asked) if asked else None


def _links(meta: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for link in meta.get("links") or ():
        found.setdefault(str(link.get("rel", "")).lower(), str(link.get("href", "")))
    return found


def _entries(raw: list[Any], url: str, now: datetime) -> Iterator[Entry]:
    for item in raw:
        published, written = _date(item, now)
        link = _link(item, url)
        entry = Entry(
            id=_text(item, "id"),
            link=link if link.lower().startswith(_WEB) else "",
            title=_html(item, "title"),
            content=_content(item),
            published=clamp(published, now),
            published_raw=written,
            language=_text(item, "language") or _detail_language(item),
            author=_text(item, "author")[:200],
        )
        if entry.id or entry.link or entry.title or entry.content:
            yield entry


def _link(item: Any, url: str) -> str:
    """Return where an entry links to: its link, else its guid where that is an address or a path."""
    link = _text(item, "feedburner_origlink") or _text(item, "link")
    if link.startswith("/") and not link.startswith("//"):
        link = urljoin(url, link)
    return link.replace(" ", "%20")


def _date(item: Any, now: datetime) -> tuple[datetime | None, str]:
    """Return the first readable date and how it is written; where none is readable, the first as it is written."""
    written = [(name, _text(item, name)) for name in _DATES]
    for name, text in written:
        if text and (at := read_date(text, now) or _feedparsers(item, name, text)):
            return at, text
    return None, next((text for _, text in written if text), "")


def _feedparsers(item: Any, name: str, text: str) -> datetime | None:
    """Take feedparser's reading (it knows Korean, Greek and Hungarian forms) of what does not begin with a year."""
    parsed = dict.get(item, f"{name}_parsed")
    if parsed is None or text.strip()[:4].isdigit():
        return None
    try:
        at = datetime(*time.struct_time(parsed)[:6], tzinfo=UTC)
    except (ValueError, TypeError):
        return None
    return at if plausible(at) else None


def _content(item: Any) -> str:
    """Return the longest text that the entry has: some feeds put the article in one element, some in another."""
    parts = [part for part in item.get("content") or () if part.get("value")]
    texts = [_as_html(str(p["value"]), str(p.get("type", ""))) for p in parts]
    return max((*texts, _html(item, "summary")), key=len, default="")


def _html(item: Any, name: str) -> str:
    # Without a detail the value is feedparser's copy of another field's markup.
    detail = dict.get(item, f"{name}_detail") or {"type": "text/html"}
    return _as_html(_text(item, name), str(detail.get("type", "")))


def _as_html(value: str, kind: str) -> str:
    """Plain text is escaped, so that who reads it as HTML decodes its entities once and not twice."""
    return value if "html" in kind else html.escape(value, quote=False)


def _text(item: Any, name: str) -> str:
    # The plain dict's get: feedparser's own falls back from one field to another, which would swap dates.
    value = dict.get(item, name)
    return value if isinstance(value, str) else ""


def _detail_language(item: Any) -> str:
    detail = dict.get(item, "title_detail") or {}
    value = detail.get("language")
    return value if isinstance(value, str) else ""

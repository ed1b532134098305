"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1), read leniently: one bad item loses no other."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

import msgspec

from monitor.feeds.dates import clamp, read_date
from monitor.feeds.entries import Dialect, Document, Entry


def parse(text: str, *, url: str, now: datetime) -> Document | None:
    """Return what the document says, ``None`` where it is no JSON feed."""
    try:
        found: Any = msgspec.json.decode(text.lstrip("\ufeff \t\r\n"))
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None
    if not isinstance(found, dict) or not isinstance(found.get("items"), list):
        return None
    hubs = found.get("hubs")
    told = [h for h in hubs if isinstance(h, dict)] if isinstance(hubs, list) else []
    return Document(
        dialect=Dialect.JSON_FEED,
        title=html.escape(_text(found, "title"), quote=False),
        language=_text(found, "language"),
        site=_text(found, "home_page_url"),
        hub=next((_text(h, "url") for h in told if _text(h, "url")), ""),
        topic=_text(found, "feed_url"),
        entries=tuple(_entries(found["items"], url, now)),
    )


def _entries(items: list[Any], base: str, now: datetime) -> Iterator[Entry]:
    for item in items:
        if not isinstance(item, dict):
            continue
        written = _text(item, "date_published") or _text(item, "date_modified")
        entry = Entry(
            id=_text(item, "id"),
            link=_link(base, _text(item, "url") or _text(item, "external_url")),
            title=html.escape(_text(item, "title"), quote=False),
            content=_content(item),
            published=clamp(read_date(written, now), now),
            published_raw=written,
            language=_text(item, "language"),
        )
        if entry.id or entry.link or entry.title or entry.content:
            yield entry


def _content(item: dict[str, Any]) -> str:
    plain = _text(item, "content_text") or _text(item, "summary")
    return max(_text(item, "content_html"), html.escape(plain, quote=False), key=len)


def _link(base: str, given: str) -> str:
    try:
        found = urljoin(base, given) if given else ""
    except ValueError:
        return ""
    return found if found.lower().startswith(("http://", "https://")) else ""


def _text(item: dict[str, Any], name: str) -> str:
    """Ids are numbers in some feeds, which the format allows to be read as strings."""
    value = item.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""

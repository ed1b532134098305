"""Pure: what a feed's document says, and which of its entries are new.

Entries are known again by several keys at once. A guid counts only where no other entry of the document has the same
one, a link likewise: feeds exist in which all entries share one guid, or all link to the front page. A third key, made
of title, text and date, knows an entry whose guid and link are made up anew with each request.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec.structs import replace

from monitor.articles.address import canonical
from monitor.articles.text import one_line
from schemas.base import Record

KEY_BYTES = 8
"""64 bits: among a feed's 20,000 remembered entries two meet by chance once in 10^11 feeds."""

MAX_SEEN = 20_000
"""Rows kept for one feed: with all keys about 1 MB of JSON, below the limit of the topic's card (2 MiB)."""

MAX_ID_CHARS = 4096
MAX_TITLE_CHARS = 8000
MAX_CONTENT_CHARS = 2_000_000
MAX_DATE_CHARS = 200
MAX_LANGUAGE_CHARS = 35
"""Limits of single fields of an entry; RFC 5646, section 4.4.1 gives the last one."""

SEEN_FACTOR = 4
MIN_SEEN = 500
"""Rows kept besides those in the document: feeds shuffle, and drop entries to bring them back later."""

RATE_WINDOW = timedelta(days=7)
"""A week evens out weekends."""

MIN_SPAN = timedelta(hours=1)


class Dialect(StrEnum):
    """What a document is."""

    RSS = "rss"
    ATOM = "atom"
    RDF = "rdf"
    JSON_FEED = "json_feed"
    SITEMAP = "sitemap"
    SITEMAP_INDEX = "sitemap_index"


class Entry(Record, frozen=True, kw_only=True):
    """What a feed gives. ``title`` and ``content`` are HTML: what was plain text is escaped.

    ``published`` has the offset that the feed wrote; ``None`` where no date was readable. ``content`` is the
    longest text that the entry has. ``row`` is the content's hash and the keys, see ``FeedState.seen``.
    """

    id: str = ""
    link: str = ""
    title: str = ""
    content: str = ""
    published: datetime | None = None
    published_raw: str = ""
    language: str = ""
    author: str = ""
    row: tuple[str, ...] = ()


class Document(Record, frozen=True, kw_only=True):
    """A feed's document, read. ``children`` are the sitemaps of an index; ``ttl_s`` is the feed's own wish."""

    dialect: Dialect
    title: str = ""
    language: str = ""
    site: str = ""
    ttl_s: float | None = None
    hub: str = ""
    topic: str = ""
    entries: tuple[Entry, ...] = ()
    children: tuple[str, ...] = ()
    flaw: str = ""


class Selection(Record, frozen=True, kw_only=True):
    """Which entries are to be sent, oldest first, and what is to be remembered once they were."""

    new: tuple[Entry, ...] = ()
    changed: tuple[Entry, ...] = ()
    seen: tuple[tuple[str, ...], ...] = ()
    total: int = 0


def key(kind: str, *parts: str) -> str:
    """Return the short hash of one thing by which an entry is known."""
    raw = "\0".join((kind, *parts)).encode("utf-8", "surrogatepass")
    return b64encode(hashlib.blake2b(raw, digest_size=KEY_BYTES).digest()).decode().rstrip("=")


def bounded(entry: Entry) -> Entry:
    """Return an entry whose fields a topic will take: a long id is replaced by its hash, long markup is cut."""
    return replace(
        entry,
        id=entry.id if len(entry.id) <= MAX_ID_CHARS else f"hash:{key('id', entry.id)}",
        link=_address(entry.link),
        title=entry.title[:MAX_TITLE_CHARS],
        content=entry.content[:MAX_CONTENT_CHARS],
        published_raw=entry.published_raw[:MAX_DATE_CHARS],
        language=entry.language[:MAX_LANGUAGE_CHARS],
    )


def bounded_document(document: Document) -> Document:
    """Return a document without its entries, its own words cut and over-long addresses left out: they are remembered."""
    return replace(
        document,
        title=document.title[:MAX_TITLE_CHARS],
        language=document.language[:MAX_LANGUAGE_CHARS],
        site=_address(document.site),
        hub=_address(document.hub),
        topic=_address(document.topic),
        flaw=document.flaw[:MAX_DATE_CHARS],
        entries=(),
    )


def _address(given: str) -> str:
    return given if len(given) <= MAX_ID_CHARS else ""


def with_rows(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the entries with their rows: hash of the content, then every key that can be trusted."""
    links = [canonical(e.link) or e.link for e in entries]
    guids = Counter(e.id for e in entries if e.id)
    addresses = Counter(link for link in links if link)
    return tuple(
        _with_row(e, link, guids[e.id] == 1, addresses[link] == 1)
        for e, link in zip(entries, links, strict=True)
    )


def _with_row(entry: Entry, link: str, guid_fits: bool, link_fits: bool) -> Entry:
    content = key("content", one_line(entry.title), one_line(entry.content))
    keys = [key("guid", entry.id)] if entry.id and guid_fits else []
    keys += [key("link", link)] if link and link_fits else []
    told = entry.published_raw and (entry.title or entry.content)
    if told or not keys:
        keys.append(_text_key(entry))
    return replace(entry, row=(content, *keys))


def _text_key(entry: Entry) -> str:
    return key("text", entry.title, entry.content, entry.published_raw)


def select(entries: Sequence[Entry], seen: Sequence[tuple[str, ...]]) -> Selection:
    """Return which entries are new or changed against what was seen, and what is seen now.

    Each entry of the document is judged once, also where the document holds it twice.
    """
    known = {name: row for row in seen for name in row[1:]}
    here = {name for entry in entries for name in entry.row[1:]}
    new: list[Entry] = []
    changed: list[Entry] = []
    rows: dict[tuple[str, ...], None] = {}
    for entry in entries:
        if entry.row in rows:
            continue
        rows[entry.row] = None
        before = _before(entry, known, here)
        if before is None:
            new.append(entry)
        elif before != entry.row[0]:
            changed.append(entry)
    return Selection(
        new=oldest_first(new),
        changed=oldest_first(changed),
        seen=_remembered(seen, rows),
        total=len(entries),
    )


def _before(entry: Entry, known: dict[str, tuple[str, ...]], here: set[str]) -> str | None:
    """Return the hash of the content that an entry had when it was seen, ``None`` where it was not.

    By its words alone it is known only if what had them is not in the document too: two flashes of a minute may be equal.
    """
    own = entry.row[1:]
    for name in own:
        row = known.get(name)
        if row is None:
            continue
        others = here.intersection(row[1:]).difference(own)
        if not others or name != _text_key(entry):
            return row[0]
    return None


def _remembered(
    seen: Sequence[tuple[str, ...]], rows: dict[tuple[str, ...], None]
) -> tuple[tuple[str, ...], ...]:
    """Return the rows to keep, newest last: all of the document, and a bounded number of older ones.

    An older row that shares a key with one of the document is replaced by it.
    """
    current = {name for row in rows for name in row[1:]}
    older = [row for row in seen if row not in rows and current.isdisjoint(row[1:])]
    room = min(MAX_SEEN, max(MIN_SEEN, SEEN_FACTOR * len(rows))) - len(rows)
    kept = older[-room:] if room > 0 else []
    return (*kept, *tuple(rows)[:MAX_SEEN])


def oldest_first(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return entries in the order in which they were published; undated ones last, as the document has them reversed."""
    given = tuple(entries)
    dated = [(e.published, n) for n, e in enumerate(given) if e.published is not None]
    undated = [e for e in given if e.published is None]
    return (*(given[n] for _, n in sorted(dated)), *reversed(undated))


def items_a_day(entries: Sequence[Entry], now: datetime) -> float | None:
    """Return how many entries a day the feed publishes, by the dates of its document; ``None`` without dates.

    A document that reaches back over a week is counted over the week, a shorter one over what it spans.
    """
    dates = [e.published for e in entries if e.published is not None and e.published <= now]
    if not dates:
        return None
    recent = [at for at in dates if now - at <= RATE_WINDOW]
    span = RATE_WINDOW if len(recent) < len(dates) else max(now - min(dates), MIN_SPAN)
    return len(recent) / (span / timedelta(days=1))

"""Google News sitemaps: a ``urlset`` with news tags, and indexes of sitemaps (sitemaps.org, protocol 0.9)."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import UTC, datetime

from lxml import etree

from monitor.feeds.dates import clamp, read_date
from monitor.feeds.entries import Dialect, Document, Entry

MAX_CHILDREN = 5
"""Of an index, so many of the newest sitemaps are read in one round; the rest is archive."""

_NEVER = datetime.min.replace(tzinfo=UTC)


def parse(text: str, *, now: datetime) -> Document | None:
    """Return what the document says, ``None`` where it is no sitemap."""
    root = _root(text)
    if root is None:
        return None
    name = _local(root)
    if name == "sitemapindex":
        return Document(dialect=Dialect.SITEMAP_INDEX, children=_children(root, now))
    if name != "urlset":
        return None
    return Document(dialect=Dialect.SITEMAP, entries=tuple(_entries(root, now)))


def _root(text: str) -> etree._Element | None:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _local(node: etree._Element) -> str:
    # Not etree.QName: it raises on the names of broken documents that the parser mended.
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _fields(node: etree._Element) -> dict[str, str]:
    """Return the texts of a node's children by local name, those of ``news:news`` with its prefix."""
    found: dict[str, str] = {}
    for child in node.iterchildren():
        name = _local(child)
        if name == "news":
            found |= {f"news:{k}": v for k, v in _fields(child).items()}
        elif name == "publication":
            found |= _fields(child)
        elif name:
            found.setdefault(name, (child.text or "").strip())
    return found


def _children(root: etree._Element, now: datetime) -> tuple[str, ...]:
    """Return the newest sitemaps of an index; where it tells no dates, the first ones."""
    rows = [_fields(node) for node in root.iterchildren() if _local(node) == "sitemap"]
    dated = [(read_date(r.get("lastmod", ""), now) or _NEVER, r.get("loc", "")) for r in rows]
    newest = sorted(dated, key=lambda row: row[0], reverse=True)
    return tuple(url for _, url in newest if _web(url))[:MAX_CHILDREN]


def _entries(root: etree._Element, now: datetime) -> Iterator[Entry]:
    for node in root.iterchildren():
        row = _fields(node) if _local(node) == "url" else {}
        link = row.get("loc", "")
        if not _web(link):
            continue
        written = row.get("news:publication_date") or row.get("lastmod", "")
        yield Entry(
            id=link,
            link=link,
            title=html.escape(row.get("news:title", ""), quote=False),
            published=clamp(read_date(written, now), now),
            published_raw=written,
            language=row.get("news:language", ""),
        )


def _web(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))

"""Pure: the feeds that a web page names (autodiscovery: ``<link rel="alternate">``, then plain links that look it)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from lxml import etree
from lxml import html as lxml_html

from monitor.feeds.tasks import Found

FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/rdf+xml",
        "application/json",
        "application/xml",
        "text/xml",
    }
)
MAX_FOUND = 20
_COMMENTS = re.compile(r"comment|kommentar|تعليق", re.IGNORECASE)
_LOOKS = re.compile(
    r"(?:/(?:feed|rss|atom)(?:/|$|\.)|\.(?:rss|atom|rdf)$|rss\.xml|feed\.xml|feed\.json)",
    re.IGNORECASE,
)


def candidates(page: str, url: str) -> tuple[Found, ...]:
    """Return the feeds that a page names, the most likely first. Feeds of comments come last."""
    root = _root(page)
    if root is None:
        return ()
    base = root.find(".//base[@href]")
    home = _joined(url, base.get("href") if base is not None else "") or url
    found: dict[str, Found] = {}
    for one in (*_links(root, home), *_anchors(root, home)):
        found.setdefault(one.url, one)
    ranked = sorted(found.values(), key=lambda f: bool(_COMMENTS.search(f.title + f.url)))
    return tuple(ranked[:MAX_FOUND])


def _root(page: str) -> etree._Element | None:
    try:
        return lxml_html.document_fromstring(
            page.encode("utf-8", "replace"), parser=lxml_html.HTMLParser(encoding="utf-8")
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None


def _links(root: etree._Element, home: str) -> Iterator[Found]:
    for node in root.iter("link"):
        rels = (node.get("rel") or "").lower().split()
        kind = (node.get("type") or "").split(";")[0].strip().lower()
        target = _joined(home, node.get("href"))
        if target and "alternate" in rels and kind in FEED_TYPES:
            yield Found(url=target, title=(node.get("title") or "")[:200], type=kind)


def _anchors(root: etree._Element, home: str) -> Iterator[Found]:
    for node in root.iter("a"):
        target = _joined(home, node.get("href"))
        if target and _LOOKS.search(target.partition("?")[0]):
            yield Found(url=target, title="".join(map(str, node.itertext())).strip()[:200])


def _joined(home: str, href: str | None) -> str:
    if not href:
        return ""
    try:
        found = urljoin(home, href.strip())
    except ValueError:
        return ""
    return found if found.startswith(("http://", "https://")) else ""

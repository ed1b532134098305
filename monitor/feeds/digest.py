"""What a child process does with a feed's body: read it, and say which entries are new.

Only new and changed entries travel back, so a poll that brings nothing costs little. The whole module is pure: what
it needs comes in the task.
"""

from __future__ import annotations

import re

import msgspec

from monitor.articles.text import plain
from monitor.feeds import jsonfeed, rss, sitemap
from monitor.feeds.charset import decode
from monitor.feeds.discover import candidates
from monitor.feeds.entries import (
    Document,
    Entry,
    bounded,
    bounded_document,
    items_a_day,
    select,
    with_rows,
)
from monitor.feeds.language import code, language_of
from monitor.feeds.markup import harmless
from monitor.feeds.tasks import Digest, Task
from schemas.feed import FetchResult

_HTML = re.compile(
    r"^\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_SITEMAP = re.compile(r"<(?:\w+:)?(?:urlset|sitemapindex)\b")
_HEAD_CHARS = 4096
MAX_HEARD = 200
MAX_SAMPLE = 6000
"""So much of an entry's markup is turned to text to hear its language."""


def read(task: Task) -> Digest:
    """Return what the body says and which of its entries are new."""
    text = decode(task.body, task.content_type)
    document = _document(text, task)
    if document is None:
        return _no_feed(text, task)
    entries = with_rows([bounded(entry) for entry in document.entries])
    chosen = select(entries, task.seen)
    return Digest(
        document=bounded_document(document),
        selection=msgspec.structs.replace(
            chosen,
            new=_spoken(chosen.new, document.language),
            changed=_spoken(chosen.changed, document.language),
        ),
        items_a_day=items_a_day(entries, task.now),
    )


def _spoken(entries: tuple[Entry, ...], feeds: str) -> tuple[Entry, ...]:
    """Return entries with their languages; of a very long document the last ones speak as most of the others do."""
    heard = [_language(entry, feeds) for entry in entries[:MAX_HEARD]]
    usual = max(set(heard), key=heard.count, default="")
    rest = [code(entry.language) or usual for entry in entries[MAX_HEARD:]]
    return tuple(
        msgspec.structs.replace(entry, language=language)
        for entry, language in zip(entries, (*heard, *rest), strict=True)
    )


def _language(entry: Entry, feeds: str) -> str:
    sample = plain(f"{entry.title}\n{entry.content}"[:MAX_SAMPLE])
    return language_of(sample, entry.language, feeds)


def _document(text: str, task: Task) -> Document | None:
    head = text[:_HEAD_CHARS].lstrip("\ufeff \t\r\n")
    if head.startswith(("{", "[")):
        return jsonfeed.parse(text, url=task.url, now=task.now)
    if _SITEMAP.search(head):
        return sitemap.parse(harmless(text), now=task.now)
    if _HTML.match(head):
        return None
    return rss.parse(text, url=task.url, now=task.now)


def _no_feed(text: str, task: Task) -> Digest:
    if not text.strip():
        return Digest(problem=FetchResult.EMPTY, detail="the body is empty")
    if not _HTML.match(text[:_HEAD_CHARS]) and "html" not in task.content_type:
        return Digest(problem=FetchResult.NOT_A_FEED, detail=f"begins with {text.strip()[:40]!r}")
    found = candidates(text, task.url)
    detail = f"a web page; it names {found[0].url}" if found else "a web page that names no feed"
    return Digest(problem=FetchResult.HTML_PAGE, detail=detail, found=found)

"""The hashes under which an article is remembered, and the row that is kept of it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import xxhash

from monitor.articles.normalise import UNKNOWN_SOURCE
from monitor.dedupe.sketch import Sketch, sketch
from schemas.article import Article

_EPOCH_ORDINAL = 719_163
"""date(1970, 1, 1).toordinal()"""

MAX_DAY = 65_535
MAX_WORDS = 65_535


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What an article is known by. Hashes are 64 bits, 0 where there is nothing to hash; days count from 1970-01-01.

    ``outlet`` is empty where it is not known: two such articles are not of one outlet. ``day`` is 0 where the article has
    no date at all. The sketch is made when it is first asked for, unless it was given: what is exact needs none.
    """

    article: Article

    content: int
    address: int
    guid: int
    cluster: int
    day: int
    published_day: int
    outlet: str
    text_words: int
    given: Sketch | None = None

    @cached_property
    def sketch(self) -> Sketch:
        """The sketch of title and text."""
        return self.given or sketch(self.article.title, self.article.text)


def identify(article: Article, given: Sketch | None = None) -> Identity:
    """Return what an article is known by; ``given`` is its sketch where it was made already."""
    title, text = _plain(article.title), _plain(article.text)
    outlet = article.source.strip().casefold()
    outlet = "" if outlet == UNKNOWN_SOURCE else outlet
    content = _hash64(f"{title}\0{text}")
    address = article.url or ""
    guid = article.guid or article.article_id
    published = day_of(article.published)
    return Identity(
        article=article,
        content=content,
        address=_hash64(address) if address else 0,
        guid=_hash64(f"{outlet}\0{guid}") if guid else 0,
        cluster=_hash64(f"{article.article_id}\0{content}"),
        day=day_of(article.fetched_at) or published,
        published_day=published,
        outlet=outlet,
        text_words=text.count(" ") + 1 if text else 0,
        given=given,
    )


def day_of(at: datetime | None) -> int:
    """Return the day (UTC) as a number from 1970-01-01, within 1 and MAX_DAY; 0 for no time."""
    if at is None:
        return 0
    try:
        day = at.astimezone(UTC).toordinal() - _EPOCH_ORDINAL
    except (ValueError, OverflowError):
        return 0
    return min(max(day, 1), MAX_DAY)


def _plain(text: str) -> str:
    """Only what cannot carry a fact is levelled: the kind and amount of white space, and how characters are composed."""
    flat = text.replace("\n", " ")
    if flat.isascii() and flat.isprintable() and "  " not in flat:
        return flat.strip()
    return " ".join((text if text.isascii() else unicodedata.normalize("NFC", text)).split())


def _hash64(text: str) -> int:
    return xxhash.xxh3_64_intdigest(text.encode("utf-8", "replace")) or 1

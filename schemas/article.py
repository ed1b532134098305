"""Articles: what the poller makes of an entry, and what dedupe says of it."""

from __future__ import annotations

from datetime import datetime

from schemas.base import ArticleId, ClusterId, Record
from schemas.reasons import DedupeReason, Outcome, TextOrigin


class Article(Record, frozen=True, kw_only=True):
    """An entry of a feed, normalised, with its text. Topic ``articles.raw``.

    ``published`` is aware UTC, ``None`` where the feed gave no readable date. ``utc_offset_minutes``
    is the offset that the feed's own date carried, ``None`` where it was UTC by convention or absent.
    ``fetched_at`` is ``None`` in archives that are played; such an article is never stale.
    """

    article_id: ArticleId
    source: str
    title: str
    text: str
    feed: str | None = None
    url: str | None = None
    given_url: str | None = None
    guid: str | None = None
    language: str | None = None
    published: datetime | None = None
    published_raw: str | None = None
    utc_offset_minutes: int | None = None
    fetched_at: datetime | None = None
    text_origin: TextOrigin = TextOrigin.FEED
    known_at_start: bool = False
    source_country: str | None = None
    source_kind: str | None = None
    lane: str = "live"


class UniqueArticle(Record, frozen=True, kw_only=True):
    """An article with what dedupe decided. Topics ``articles.unique`` and ``articles.backlog``; ``exact`` ones end there.

    ``duplicate_of`` is the id of the article it repeats, ``None`` for ``new``. ``origin`` is the
    outlet whose text it is: the first outlet of the cluster, this article's own source for ``new``.
    """

    article: Article
    outcome: Outcome
    reason: DedupeReason
    cluster_id: ClusterId
    duplicate_of: ArticleId | None = None
    origin: str = ""
    changed_facts: bool = False


class ArticleRef(Record, frozen=True, kw_only=True):
    """What later stages need of an article: everything but its text."""

    article_id: ArticleId
    source: str
    origin: str
    title: str
    url: str | None = None
    published: datetime | None = None
    fetched_at: datetime | None = None
    language: str | None = None
    outcome: Outcome = Outcome.NEW
    cluster_id: ClusterId = ClusterId("")
    known_at_start: bool = False
    revision_hash: str = ""

"""Pure: what the poller saw, as an article for the topic ``articles.raw``."""

from __future__ import annotations

import html

from monitor.articles.normalise import article_from_entry
from monitor.feeds.sighting import Sighting
from schemas.article import Article


def article_of(sighting: Sighting) -> Article:
    """Return the article of an entry. An entry without a date leaves ``published`` empty: the fetch counts then."""
    entry, feed = sighting.entry, sighting.feed
    return article_from_entry(
        feed=feed.url,
        source=feed.name or sighting.title,
        title=entry.title,
        content=html.escape(sighting.text, quote=False) or entry.content,
        link=sighting.reached or entry.link or None,
        canonical_link=sighting.canonical or None,
        guid=entry.id or None,
        published=entry.published,
        published_raw=entry.published_raw or None,
        fetched_at=sighting.fetched_at,
        text_origin=sighting.text_origin,
        language=sighting.spoken or None,
        known_at_start=sighting.known_at_start,
        source_country=feed.country,
        source_kind=feed.kind,
    )

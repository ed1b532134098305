"""An entry that is to be sent: what the poller hands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.feeds.entries import Entry
from monitor.feeds.feed import Feed
from schemas.reasons import TextOrigin


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An entry to be sent. ``revision`` is set where an entry sent before has changed.

    ``fetched_at`` stands for the date of an entry without one, and ``published`` never lies after it.
    ``known_at_start`` is set for what was old when its feed was first read: to be known, not to be told.
    ``text`` and ``canonical`` are the page's and ``reached`` is its address, where it was fetched.
    """

    feed: Feed
    entry: Entry
    fetched_at: datetime
    revision: bool = False
    known_at_start: bool = False
    title: str = ""
    language: str = ""
    text: str = ""
    text_origin: TextOrigin = TextOrigin.FEED
    canonical: str = ""
    reached: str = ""

    @property
    def published(self) -> datetime:
        """When it was published, as far as is known."""
        return self.entry.published or self.fetched_at

    @property
    def spoken(self) -> str:
        """The language: the entry's (by a detector, or its own word), the feed's, the operator's."""
        return self.entry.language or self.language or self.feed.language or ""

"""What a reader of articles may be told to do otherwise, passed in with the extractor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Settings of extraction.

    ``novelty_window``: an incident that happened longer before publication is background
    (ARCHITECTURE.md, "Words": 7 days). ``max_chars`` of an article's text are read; what is beyond is left out and the
    report says ``truncated``. 16,000 characters are about 2,700 words, twice a long wire story,
    and parse within a second. ``max_incidents`` bounds what one report may carry.
    """

    novelty_window: timedelta = timedelta(days=7)
    max_chars: int = 16_000
    max_title_chars: int = 600
    max_sentences: int = 300
    max_incidents: int = 24
    min_language_chars: int = 40
    languages: tuple[str, ...] = ("en",)

"""Decides when failures are no longer about single records, and which articles wait for others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from monitor.alerts.policy import AlertPolicy
from schemas.article import Article

MOST_IN_A_ROW = 500
"""Failures without one success between them, after which a stage is held.

A bad deploy fails on every record and would empty a topic into quarantine within minutes; hostile or
broken records come between good ones, or in dozens. Held loses nothing: the records stay where they are.
Compare Sentry's arroyo, which limits invalid messages in a row and by ratio.
"""


@dataclass(slots=True, kw_only=True)
class QuarantineLimit:
    """Counts failures in a row of one stage in one worker."""

    most: int = MOST_IN_A_ROW
    in_a_row: int = 0

    def failed(self) -> None:
        """Note a record that was quarantined."""
        self.in_a_row += 1

    def passed(self) -> None:
        """Note a record that was worked on."""
        self.in_a_row = 0

    def is_over(self) -> bool:
        """Tell whether the stage is to be held."""
        return self.in_a_row >= self.most


RAW, PAST = "articles.raw", "articles.past"
"""Where the poller's articles go: from the second a few a second are let into the first (``agents.past``)."""
LIVE, BACKLOG = "articles.unique", "articles.backlog"
"""Where dedupe's articles go: the second is read when nothing of the first waits."""

_CLOCKS = timedelta(days=1)
"""Days of incidents and dates of feeds are told in time zones that may be unknown."""


def lane_of(article: Article, policy: AlertPolicy) -> str:
    """Return the topic on which an article goes on: the backlog where it can neither alert nor silence an alert.

    What it tells of is no younger than itself. A live article alerts while it is younger than ``max_age``, of
    an incident younger than ``novelty`` then; so what is older than both together is background to every
    article that can still alert, whichever of the two is read first. Where staleness is off an archive is
    played, and its order is kept.
    """
    if policy.max_age is None or article.published is None or article.fetched_at is None:
        return LIVE
    age = article.fetched_at - article.published
    return BACKLOG if age > policy.max_age + policy.novelty + _CLOCKS else LIVE


def entrance_of(article: Article, policy: AlertPolicy) -> str:
    """Return the topic by which an article comes in: what goes to the backlog waits here too."""
    return PAST if lane_of(article, policy) == BACKLOG else RAW

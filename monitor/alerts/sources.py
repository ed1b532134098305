"""The sources of an alert."""

from __future__ import annotations

from schemas.alert import Alert


def link_of(alert: Alert) -> str | None:
    """Return the address of the article that the alert is from, else of another of its sources."""
    own = [s.url for s in alert.sources if s.url and s.article_id == alert.article_id]
    return next(iter(own or [s.url for s in alert.sources if s.url]), None)

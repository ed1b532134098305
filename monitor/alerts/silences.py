"""Why nothing is told of an article or of an incident, whoever watches."""

from __future__ import annotations

from monitor.alerts.policy import AlertPolicy
from schemas.delta import Delta, IncidentSnapshot
from schemas.reasons import DeltaReason, Silence


def article_silence(delta: Delta, policy: AlertPolicy) -> Silence | None:
    """Return why nothing that an article says alerts: fetched too late, or known when its feed was first read."""
    article = delta.article
    if article is None:
        return None
    if policy.cold_start and article.known_at_start:
        return Silence.KNOWN_AT_START
    if policy.max_age is None or article.fetched_at is None or article.published is None:
        return None
    return Silence.STALE if article.fetched_at - article.published > policy.max_age else None


def is_background(incident: IncidentSnapshot, delta: Delta, policy: AlertPolicy) -> bool:
    """Return whether an incident is older than the news: told so, or by its day.

    An editor's word on what was announced is news however old the incident is.
    """
    if incident.background:
        return True
    if delta.reason is DeltaReason.EDITOR:
        return False
    published = delta.article.published if delta.article else None
    if incident.date is None or published is None:
        return False
    return published.date() - incident.date.last > policy.novelty

"""Does an editor's silence keep this from being told? Its time is when the monitor learned of a thing.

That is a field of the record and not the clock, so that a replay gives the same answer: ``fetched_at``, or ``published``
where an archive is played that was never fetched.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from monitor.alerts.policy import Watch
from monitor.alerts.watches import Matter, is_inside, names_actor
from schemas.alert import Alert
from schemas.delta import Delta
from schemas.reasons import AlertKind
from schemas.silence import Mute


def is_muted(mutes: Iterable[Mute], matter: Matter, delta: Delta) -> bool:
    """Return whether nobody is told of a matter. Silences for single sinks are applied where those are told."""
    article = delta.article
    at = (article.fetched_at or article.published) if article else None
    source = article.source if article else None
    return any(
        not mute.sinks and _matches(mute, matter, delta.incident_id, at, source) for mute in mutes
    )


def sink_mute(mutes: Iterable[Mute], alert: Alert, sink: str) -> Mute | None:
    """Return the silence that keeps an alert from one sink, ``None`` where there is none. Tests and notices pass."""
    if alert.status != "actual":
        return None
    matter = Matter(
        kind=alert.kind, article=None, incident=alert.incident, statement=alert.statement
    )
    at = alert.fetched_at or alert.published
    source = next((s.source for s in alert.sources if s.article_id == alert.article_id), None)
    for mute in mutes:
        if sink in mute.sinks and _matches(mute, matter, alert.incident_id, at, source):
            return mute
    return None


def _matches(
    mute: Mute, matter: Matter, incident: str | None, at: datetime | None, source: str | None
) -> bool:
    if at is None or not mute.starts_at <= at < mute.ends_at:
        return False
    if mute.incidents and incident not in mute.incidents:
        return False
    if mute.sources and source not in mute.sources:
        return False
    if mute.kinds and not _kinds_of(matter) & set(mute.kinds):
        return False
    where = Watch(name="", countries=mute.countries, places=mute.places)
    return is_inside(where, matter) and names_actor(mute.actors, matter)


def _kinds_of(matter: Matter) -> set[AlertKind]:
    if matter.kind is not AlertKind.UPDATE or matter.incident is None:
        return {matter.kind}
    return {matter.kind, AlertKind(matter.incident.kind)}

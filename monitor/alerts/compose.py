"""An alert put together from a delta: its id, its words, whom it goes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.alerts import text
from monitor.alerts.policy import AlertPolicy, Watch
from monitor.incidents.figures import value_of
from monitor.incidents.ids import digest
from monitor.incidents.snapshot import MEASURES
from schemas.alert import Alert, FigureChange
from schemas.base import AlertId
from schemas.delta import Delta, IncidentSnapshot, SourceClaim
from schemas.reasons import AlertKind, AlertReason
from schemas.report import Statement
from schemas.state import AnnouncedRow, Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was decided on a delta before the row is closed over it."""

    row: AnnouncedRow
    alerts: tuple[Alert, ...] = ()
    reasons: tuple[str, ...] = ()


def alert_id(about: str, reason: AlertReason, step: str) -> AlertId:
    """Return the id of an alert (ARCHITECTURE.md, "Ids and time")."""
    return AlertId("alr-" + digest(about, reason, step))


def told_of(watch: str, incident: IncidentSnapshot) -> Told:
    """Return that a watch knows the incident's figures as they are."""
    return Told(
        watch=watch,
        killed=incident.killed,
        injured=incident.injured,
        casualties=incident.casualties,
    )


def alert_of(
    row: AnnouncedRow,
    delta: Delta,
    *,
    kind: AlertKind,
    reason: AlertReason,
    step: str,
    watches: Sequence[Watch],
    policy: AlertPolicy,
    title: str = "",
    changes: tuple[FigureChange, ...] = (),
) -> Alert:
    """Return the alert of a delta for the watches that want it."""
    incident, article = delta.incident, delta.article
    about = delta.incident_id or delta.subject
    return Alert(
        alert_id=alert_id(about, reason, step),
        kind=kind,
        reason=reason,
        subject=delta.subject,
        article_id=delta.article_id,
        title=title or (text.headline(incident) if incident else ""),
        text=text.body(delta.quote, incident),
        incident_id=delta.incident_id,
        speaker=_speaker(delta.statement),
        statement=delta.statement,
        incident=incident,
        changes=changes,
        sources=sources_of(delta),
        evidence=delta.evidence,
        revision=row.revision + 1,
        references=row.alerts[-policy.max_references :],
        msg_type="update" if row.alerts else "alert",
        published=article.published if article else None,
        fetched_at=article.fetched_at if article else None,
        watches=tuple(watch.name for watch in watches),
        sinks=sinks_of(watches),
        quote=delta.quote,
    )


def sinks_of(watches: Sequence[Watch]) -> tuple[str, ...]:
    """Return the sinks of the watches; none means all, as soon as one watch names none."""
    if not all(watch.sinks for watch in watches):
        return ()
    return tuple(dict.fromkeys(sink for watch in watches for sink in watch.sinks))


def sources_of(delta: Delta) -> tuple[SourceClaim, ...]:
    """Return on whose word the alert is: the incident's sources, and the delta's own article if it is none of them."""
    known = delta.incident.sources if delta.incident else ()
    article = delta.article
    if article is None or any(s.article_id == article.article_id for s in known):
        return known
    own = SourceClaim(
        source=article.source,
        article_id=article.article_id,
        title=article.title,
        url=article.url,
        published=article.published,
        quote=delta.quote,
        copy_of=article.origin if article.origin not in ("", article.source) else None,
    )
    return (*known, own)


def update_alert(
    row: AnnouncedRow,
    delta: Delta,
    reason: AlertReason,
    *,
    before: Told,
    watches: Sequence[Watch],
    policy: AlertPolicy,
) -> Alert:
    """Return the alert of a change, measured from what the watches were told last."""
    incident = delta.incident
    assert incident is not None
    changes = tuple(_changes(before, incident))
    step = f"{delta.measure}:{value_of(delta.after)}:{delta.merged_from or ''}:{row.revision}"
    title = text.update(reason, incident, changes)
    return alert_of(
        row,
        delta,
        kind=AlertKind.UPDATE,
        reason=reason,
        step=step,
        watches=watches,
        policy=policy,
        title=title,
        changes=changes,
    )


def _changes(before: Told, incident: IncidentSnapshot) -> list[FigureChange]:
    pairs = [(m, getattr(before, m), getattr(incident, m)) for m in MEASURES]
    return [
        FigureChange(measure=measure, before=was, after=now)
        for measure, was, now in pairs
        if value_of(was) != value_of(now)
    ]


def _speaker(statement: Statement | None) -> dict[str, str | None] | None:
    if statement is None:
        return None
    who = statement.speaker
    return {
        "name": who.name,
        "role": who.role,
        "affiliation": who.affiliation,
        "country": who.country,
        "principal": who.principal or None,
    }

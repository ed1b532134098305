"""Is this worth waking somebody for? A delta becomes an alert, or a reason for silence.

Each watch is told of an incident once, then of its changes measured from what it was told last. So a watch whose
threshold is reached later is told then, and a change of configuration loses nothing that was announced.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from monitor.alerts.book import AlertBook
from monitor.alerts.compose import Draft, alert_of, told_of, update_alert
from monitor.alerts.condemnations import decide_statement
from monitor.alerts.dismissals import dismissed, reinstated
from monitor.alerts.mutes import is_muted
from monitor.alerts.policy import AlertPolicy, Watch
from monitor.alerts.silences import article_silence, is_background
from monitor.alerts.updates import claimants, merged, update_of
from monitor.alerts.watches import Matter, refusal
from monitor.stage import Step
from schemas.alert import Alert
from schemas.delta import Delta, IncidentSnapshot
from schemas.reasons import AlertKind, AlertReason, DeltaReason, Kind, Silence
from schemas.state import AnnouncedRow

NEWS = frozenset({DeltaReason.CREATED, DeltaReason.SPLIT})
"""Deltas that make an incident known."""


def decide(book: AlertBook, delta: Delta, policy: AlertPolicy) -> Step[AnnouncedRow, Alert]:
    """Return the alerts of a delta, what was announced after it, and the reasons of each decision."""
    key = delta.incident_id or delta.subject
    row = book.get(key) or AnnouncedRow(subject=delta.subject, incident_id=delta.incident_id)
    if delta.delta_id in row.applied:
        return Step(reasons=(Silence.KNOWN,))
    if delta.reason is DeltaReason.CLOSED:
        return Step(rows=((key, None),), reasons=(Silence.CLOSED,))
    if delta.tally is not None or delta.tally_id is not None:
        return Step(reasons=(Silence.TALLY,))
    if delta.statement is not None:
        return _finish(key, delta, decide_statement(row, delta, policy), policy)
    assert delta.incident is not None
    gone = book.get(delta.merged_from) if delta.merged_from else None
    draft = _decide_incident(_opened(row, delta, policy), gone, delta, policy)
    step = _finish(key, delta, draft, policy)
    ended = ((str(delta.merged_from), None),) if gone is not None else ()
    return Step(rows=(*ended, *step.rows), outputs=step.outputs, reasons=step.reasons)


def _opened(row: AnnouncedRow, delta: Delta, policy: AlertPolicy) -> AnnouncedRow:
    """Return the row, silent for good where the report that made the incident known may not alert."""
    if delta.reason not in NEWS or row.alerts:
        return row
    return replace(
        row,
        muted=row.muted or article_silence(delta, policy),
        claimed=claimants(row, delta.incident) if delta.incident else row.claimed,
    )


def _decide_incident(
    row: AnnouncedRow, gone: AnnouncedRow | None, delta: Delta, policy: AlertPolicy
) -> Draft:
    incident = delta.incident
    assert incident is not None
    if gone is not None:
        row = merged(row, gone)
    if incident.dismissed:
        return dismissed(row, delta, policy)
    if row.muted == Silence.DISMISSED:
        row = replace(row, muted=None)
        if row.told:
            return reinstated(row, incident, delta, policy)
    silence = _silence(row, incident, delta, policy)
    if silence is not None:
        return Draft(row=row, reasons=(silence,))
    told = {t.watch for t in row.told}
    draft = _announce(
        row, [w for w in policy.watches if w.name not in told], delta, incident, policy
    )
    known = [w for w in policy.watches if w.name in told]
    if delta.reason is DeltaReason.MERGED and (gone is None or not gone.told):
        known = []
    return _tell_change(draft, known, delta, incident, policy) if known else draft


def _silence(
    row: AnnouncedRow, incident: IncidentSnapshot, delta: Delta, policy: AlertPolicy
) -> Silence | None:
    if row.muted is not None:
        return Silence(row.muted) if delta.reason in NEWS else Silence.NOT_ANNOUNCED
    if is_background(incident, delta, policy):
        return Silence.BACKGROUND
    return article_silence(delta, policy)


def _announce(
    row: AnnouncedRow,
    watches: Sequence[Watch],
    delta: Delta,
    incident: IncidentSnapshot,
    policy: AlertPolicy,
) -> Draft:
    """Tell those watches of the incident that want it and were not told yet, in one alert."""
    kind = AlertKind.STRIKE if incident.kind is Kind.STRIKE else AlertKind.ATTACK
    reason = AlertReason.NEW_STRIKE if kind is AlertKind.STRIKE else AlertReason.NEW_ATTACK
    matter = Matter(kind=kind, article=delta.article, incident=incident)
    refused = {watch.name: refusal(watch, matter) for watch in watches}
    wanting = [watch for watch in watches if refused[watch.name] is None]
    silences = tuple(dict.fromkeys(s for s in refused.values() if s is not None))
    if not wanting:
        return Draft(row=row, reasons=silences)
    if is_muted(policy.mutes, matter, delta):
        return Draft(row=row, reasons=(Silence.SILENCED, *silences))
    step = "" if not row.told else ",".join(sorted(w.name for w in wanting))
    alert = alert_of(
        row, delta, kind=kind, reason=reason, step=step, watches=wanting, policy=policy
    )
    told = tuple(told_of(watch.name, incident) for watch in wanting)
    return Draft(
        row=replace(row, told=(*row.told, *told)),
        alerts=(alert,),
        reasons=(reason, *silences),
    )


def _tell_change(
    draft: Draft,
    watches: Sequence[Watch],
    delta: Delta,
    incident: IncidentSnapshot,
    policy: AlertPolicy,
) -> Draft:
    """Tell the watches that were told of the incident of its change, those told the same in one alert."""
    row = draft.row
    outcomes = {
        watch.name: update_of(delta, incident, told, watch, row)
        for watch in watches
        for told in row.told
        if told.watch == watch.name
    }
    matter = Matter(kind=AlertKind.UPDATE, article=delta.article, incident=incident)
    reasons = list(dict.fromkeys(o for o in outcomes.values() if isinstance(o, AlertReason)))
    if reasons and is_muted(policy.mutes, matter, delta):
        return Draft(row=row, alerts=draft.alerts, reasons=(*draft.reasons, Silence.SILENCED))
    alerts: list[Alert] = []
    for reason in reasons:
        wanting = [w for w in watches if outcomes[w.name] is reason]
        before = next(t for t in row.told if t.watch == wanting[0].name)
        alerts.append(
            update_alert(row, delta, reason, before=before, watches=wanting, policy=policy)
        )
    names = {w.name for w in watches if isinstance(outcomes[w.name], AlertReason)}
    told = tuple(told_of(t.watch, incident) if t.watch in names else t for t in row.told)
    # A toll told from the same report must not swallow the claim of responsibility, whose delta comes after it.
    claimed = claimants(row, incident) if delta.measure == "claimed_by" else row.claimed
    return Draft(
        row=replace(row, told=told, claimed=claimed),
        alerts=(*draft.alerts, *alerts),
        reasons=(*draft.reasons, *dict.fromkeys(outcomes.values())),
    )


def _finish(key: str, delta: Delta, draft: Draft, policy: AlertPolicy) -> Step[AnnouncedRow, Alert]:
    """Return the step: the row knows its alerts and the delta, and alerts are numbered."""
    row = draft.row
    ids = tuple(alert.alert_id for alert in draft.alerts)
    seen = delta.article.published if delta.article else None
    times = [t for t in (row.seen_at, seen) if t]
    row = replace(
        row,
        alerts=tuple(dict.fromkeys((*row.alerts, *ids)))[-policy.max_references :],
        revision=row.revision + len(ids),
        applied=(*row.applied, delta.delta_id)[-policy.max_applied :],
        seen_at=max(times, default=None),
    )
    reasons = draft.reasons or (Silence.KNOWN,)
    return Step(rows=((key, row),), outputs=draft.alerts, reasons=reasons)

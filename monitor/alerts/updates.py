"""Which changes of a known incident a watch is told, measured from what it was told last."""

from __future__ import annotations

from msgspec.structs import replace

from monitor.alerts.policy import Updates, Watch
from monitor.alerts.watches import Matter, refusal
from monitor.incidents.figures import value_of
from monitor.incidents.snapshot import MEASURES
from monitor.incidents.wording import fold
from schemas.delta import Delta, IncidentSnapshot
from schemas.reasons import AlertKind, AlertReason, DeltaReason, Silence
from schemas.report import Count
from schemas.state import AnnouncedRow, Condemned, Told


def update_of(
    delta: Delta, incident: IncidentSnapshot, told: Told, watch: Watch, row: AnnouncedRow
) -> AlertReason | Silence:
    """Return what a watch that knows the incident is told of a delta, or why it is told nothing."""
    found = _change(delta, incident, told, watch.updates, row)
    if isinstance(found, Silence):
        return found
    if found not in watch.updates.reasons:
        return Silence.UPDATES_OFF
    if delta.reason is DeltaReason.EDITOR:
        return found
    matter = Matter(kind=AlertKind.UPDATE, article=delta.article, incident=incident)
    refused = refusal(watch, matter)
    return found if refused in (None, Silence.BELOW_THRESHOLD, Silence.UNCONFIRMED) else refused


def claimants(row: AnnouncedRow, incident: IncidentSnapshot) -> tuple[str, ...]:
    """Return all who are known to have claimed the incident."""
    return tuple(sorted({*row.claimed, *(fold(actor.name) for actor in incident.claimed_by)}))


def _change(
    delta: Delta, incident: IncidentSnapshot, told: Told, updates: Updates, row: AnnouncedRow
) -> AlertReason | Silence:
    if delta.reason is DeltaReason.MERGED:
        return AlertReason.MERGED
    if delta.reason is DeltaReason.DISPUTED:
        return Silence.DISPUTE
    if delta.measure == "claimed_by":
        new = set(claimants(row, incident)) - set(row.claimed)
        return AlertReason.RESPONSIBILITY_CLAIMED if new else Silence.KNOWN
    if delta.reason is DeltaReason.EDITOR and delta.measure in MEASURES:
        return AlertReason.TOLL_CORRECTED
    if delta.measure in MEASURES:
        return _figure(delta.measure, told, incident, updates)
    return Silence.KNOWN


def _figure(
    measure: str, told: Told, incident: IncidentSnapshot, updates: Updates
) -> AlertReason | Silence:
    was, now = value_of(getattr(told, measure)), value_of(getattr(incident, measure))
    if now is None or was == now:
        return Silence.KNOWN
    if was is None:
        return _first(measure, now, told)
    if now < was:
        return AlertReason.TOLL_CORRECTED
    step, share = _steps(measure, updates)
    is_enough = now - was >= step or now - was >= share * was
    return AlertReason.TOLL_RAISED if is_enough else Silence.SMALL_STEP


def _first(measure: str, now: int, told: Told) -> AlertReason | Silence:
    """Return whether the first figure of a measure is news: the dead are, the injured where no toll was told."""
    if now == 0:
        return Silence.SMALL_STEP
    if measure != "killed" and any(map(_has_people, (told.killed, told.injured, told.casualties))):
        return Silence.SMALL_STEP
    return AlertReason.FIRST_FIGURE


def _has_people(count: Count | None) -> bool:
    return bool(value_of(count))


def _steps(measure: str, updates: Updates) -> tuple[int, float]:
    if measure == "killed":
        return updates.killed_step, updates.killed_share
    return updates.injured_step, updates.injured_share


def merged(row: AnnouncedRow, gone: AnnouncedRow) -> AnnouncedRow:
    """Return what was announced of two incidents that are one: nobody is told again what either was told."""
    told = {t.watch: t for t in (*gone.told, *row.told)}
    condemned: dict[str, Condemned] = {c.principal: c for c in (*gone.condemned, *row.condemned)}
    return replace(
        row,
        muted=row.muted if gone.muted or not gone.told else None,
        told=tuple(told.values()),
        condemned=tuple(condemned.values()),
        claimed=tuple(sorted({*row.claimed, *gone.claimed})),
        alerts=tuple(dict.fromkeys((*gone.alerts, *row.alerts))),
        revision=row.revision + gone.revision,
    )

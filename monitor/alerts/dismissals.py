"""An editor says that it is no incident: what was announced is cancelled, and nothing more is told of it.

When the dismissal is lifted, those who were told of the incident are told that it stands again.
"""

from __future__ import annotations

from msgspec.structs import replace

from monitor.alerts.compose import Draft, told_of, update_alert
from monitor.alerts.policy import AlertPolicy
from schemas.alert import Alert
from schemas.delta import Delta, IncidentSnapshot
from schemas.reasons import AlertReason, Silence
from schemas.state import AnnouncedRow, Told


def dismissed(row: AnnouncedRow, delta: Delta, policy: AlertPolicy) -> Draft:
    """Return what is told of a dismissed incident: once, that it is withdrawn."""
    if row.muted is not None:
        return Draft(row=row, reasons=(Silence.DISMISSED,))
    row = replace(row, muted=Silence.DISMISSED)
    alerts = _alerts(row, AlertReason.DISMISSED, delta, policy)
    cancels = tuple(replace(alert, msg_type="cancel") for alert in alerts)
    return Draft(row=row, alerts=cancels, reasons=_reasons(cancels))


def reinstated(
    row: AnnouncedRow, incident: IncidentSnapshot, delta: Delta, policy: AlertPolicy
) -> Draft:
    """Return what is told where a dismissal is lifted, to those who were told of the incident."""
    alerts = _alerts(row, AlertReason.REINSTATED, delta, policy)
    told = tuple(told_of(one.watch, incident) for one in row.told)
    return Draft(row=replace(row, told=told), alerts=alerts, reasons=_reasons(alerts))


def _reasons(alerts: tuple[Alert, ...]) -> tuple[str, ...]:
    return tuple(alert.reason for alert in alerts) or (Silence.DISMISSED,)


def _alerts(
    row: AnnouncedRow, reason: AlertReason, delta: Delta, policy: AlertPolicy
) -> tuple[Alert, ...]:
    """Return the alert for each watch that was told of the incident or of its condemnation, whatever it asks for."""
    names = {told.watch for told in row.told} | {w for c in row.condemned for w in c.watches}
    watches = [watch for watch in policy.watches if watch.name in names]
    if not watches:
        return ()
    before = row.told[0] if row.told else Told(watch=watches[0].name)
    return (update_alert(row, delta, reason, before=before, watches=watches, policy=policy),)

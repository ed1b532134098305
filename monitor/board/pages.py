"""The page of one incident, put together from the view."""

from __future__ import annotations

from monitor.alerts.policy import AlertPolicy
from monitor.board import build, queries, shapes, verdicts
from monitor.board.store import Store


def incident_page(
    store: Store, incident_id: str, policy: AlertPolicy
) -> shapes.IncidentPage | None:
    """Return all that the view holds of an incident, ``None`` where it is not known.

    ``policy`` is that of the alert stage: why it alerted or did not is asked of its rules.
    """
    found = queries.one_incident(store, incident_id)
    if found is None:
        return None
    known = found.incident
    merged = queries.merged_into(store, incident_id)
    names = (incident_id, *merged)
    row = queries.row_of(store, incident_id)
    told = queries.history(store, names)
    why = verdicts.decisions((kept.doc for kept in told), policy)
    return shapes.IncidentPage(
        incident=build.incident_of(found),
        merged_into=found.merged_into,
        merged_from=merged,
        perpetrators=known.perpetrators,
        claimed_by=known.claimed_by,
        targets=known.targets,
        reports=build.reports_of(known, row, [kept.doc for kept in told]),
        changes=tuple(build.change_of(kept, why) for kept in told),
        statements=tuple(map(build.said_of, queries.said_of(store, names))),
        alerts=tuple(map(build.alert_of, queries.alerts_of(store, names))),
        edits=tuple(map(build.edit_of, row.edits)) if row else (),
    )

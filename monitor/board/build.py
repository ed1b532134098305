"""Records of the monitor as the API answers them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from monitor.alerts.text import headline
from monitor.board import evidence, rows, shapes
from monitor.board.queries import FoundIncident, Kept
from schemas.alert import Alert
from schemas.correction import Correction
from schemas.delta import Delta, IncidentSnapshot
from schemas.report import Evidence, Named
from schemas.state import Claim, IncidentRow


def incident_of(found: FoundIncident) -> shapes.Incident:
    """Return an incident as lists show it."""
    known = found.incident
    return shapes.Incident(
        incident_id=known.incident_id,
        headline=headline(known),
        title=next((s.title for s in reversed(known.sources) if s.title), ""),
        kind=str(known.kind),
        event_type=str(known.event_type),
        date=known.date,
        place=known.place,
        killed=known.killed,
        injured=known.injured,
        casualties=known.casualties,
        perpetrators=_names(known.perpetrators),
        claimed_by=_names(known.claimed_by),
        targets=_names(known.targets),
        weapon=known.weapon,
        victims=known.victims,
        background=known.background,
        dismissed=known.dismissed,
        corrected=known.corrected,
        closed=found.closed,
        sources=tuple(dict.fromkeys(source.source for source in known.sources)),
        independent_sources=known.independent_sources,
        first_published=known.first_published or rows.time_of_number(found.num),
        updated=found.updated,
        alerts=found.alerts,
    )


def _names(given: Iterable[Named]) -> tuple[str, ...]:
    return tuple(named.name for named in given)


def reports_of(
    known: IncidentSnapshot, row: IncidentRow | None, told: Sequence[Delta]
) -> tuple[shapes.SourceReport, ...]:
    """Return what each article says: from the track stage's row while the incident is open, else its sources.

    ``told`` are the incident's changes, which have evidence of their own.
    """
    claims = tuple(map(_report, row.claims)) if row is not None else _sources(known)
    return tuple(
        replace(claim, facts=facts_of(evidence.marks_of(claim.article_id, row, told)))
        for claim in claims
    )


def facts_of(marks: Iterable[Evidence]) -> tuple[str, ...]:
    """Return the facts that are marked, alphabetically."""
    return tuple(sorted({mark.fact for mark in marks}))


def _sources(known: IncidentSnapshot) -> tuple[shapes.SourceReport, ...]:
    return tuple(
        shapes.SourceReport(
            article_id=source.article_id,
            source=source.source,
            title=source.title,
            url=source.url,
            published=source.published,
            quote=source.quote,
            copy_of=source.copy_of,
        )
        for source in known.sources
    )


def _report(claim: Claim) -> shapes.SourceReport:
    return shapes.SourceReport(
        article_id=claim.article_id,
        source=claim.source,
        title=claim.title,
        url=claim.url,
        published=claim.at,
        quote=claim.quote,
        copy_of=claim.origin if claim.copy else None,
        killed=claim.killed,
        injured=claim.injured,
        casualties=claim.casualties,
    )


def change_of(kept: Kept, decisions: Mapping[str, Sequence[str]] | None = None) -> shapes.Change:
    """Return a delta as the API tells it; ``decisions`` are the alert rules' by delta."""
    delta: Delta = kept.doc
    article = delta.article
    return shapes.Change(
        seq=kept.seq,
        delta_id=delta.delta_id,
        at=kept.at,
        incident_id=delta.incident_id,
        tally_id=delta.tally_id or (delta.tally.tally_id if delta.tally else None),
        measure=delta.measure,
        reason=str(delta.reason),
        link=str(delta.link) if delta.link else None,
        before=delta.before,
        after=delta.after,
        source=delta.source,
        article_id=delta.article_id,
        title=article.title if article else "",
        url=article.url if article else None,
        quote=delta.quote,
        merged_from=delta.merged_from,
        decisions=tuple((decisions or {}).get(delta.delta_id, ())),
    )


def said_of(kept: Kept) -> shapes.Said:
    """Return a statement with where it stands."""
    delta: Delta = kept.doc
    assert delta.statement is not None
    return shapes.Said(
        seq=kept.seq,
        delta_id=delta.delta_id,
        at=kept.at,
        incident_id=delta.incident_id,
        source=delta.source,
        article_id=delta.article_id,
        url=delta.article.url if delta.article else None,
        statement=delta.statement,
    )


def alert_of(kept: Kept) -> shapes.AlertNote:
    """Return an alert in short."""
    alert: Alert = kept.doc
    return shapes.AlertNote(
        seq=kept.seq,
        alert_id=alert.alert_id,
        at=kept.at,
        kind=str(alert.kind),
        reason=str(alert.reason),
        title=alert.title,
        text=alert.text,
        incident_id=alert.incident_id,
        status=alert.status,
        msg_type=alert.msg_type,
        watches=alert.watches,
    )


def edit_of(correction: Correction) -> shapes.Edit:
    """Return an editor's correction in force."""
    return shapes.Edit(
        act=str(correction.act),
        by=correction.by,
        at=correction.at,
        note=correction.note,
        measure=correction.measure,
        count=correction.count,
    )


def tally_of(kept: Kept, points: Iterable[Kept]) -> shapes.TallySeries:
    """Return a tally with its course."""
    return shapes.TallySeries(
        tally=kept.doc, updated=kept.at, points=tuple(_point(point) for point in points)
    )


def _point(kept: Kept) -> shapes.TallyPoint:
    delta: Delta = kept.doc
    value = delta.after or (delta.tally.value if delta.tally else None)
    assert value is not None
    return shapes.TallyPoint(
        at=kept.at,
        value=value,
        source=delta.source,
        article_id=delta.article_id,
        url=delta.article.url if delta.article else None,
        quote=delta.quote,
    )

"""What is known of an incident, summed up from the claims of its reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from monitor.incidents.figures import Figure, fold_figures
from monitor.incidents.wording import fold
from schemas.delta import IncidentSnapshot, SourceClaim
from schemas.reasons import CorrectionAct, EventType, Kind, PlacePrecision
from schemas.report import Count, DayRange, Named, Place
from schemas.state import Claim, IncidentRow

T = TypeVar("T")
H = TypeVar("H", bound=Hashable)

MEASURES = ("killed", "injured", "casualties")

MAX_SOURCES = 20
"""Sources named in a snapshot; bounds what travels with each delta."""

MAX_NAMES = 12
"""Actors, targets, victims named in a snapshot."""

_PRECISION = {p: n for n, p in enumerate(PlacePrecision)}


def snapshot_of(row: IncidentRow) -> IncidentSnapshot:
    """Return what is known of an incident; an editor's figure outranks those of all sources."""
    claims = row.claims
    figures = {e.measure: e.count for e in row.edits if e.act is CorrectionAct.FIGURE}
    acts = {edit.act for edit in row.edits}
    return IncidentSnapshot(
        incident_id=row.incident_id,
        kind=_kind(claims),
        event_type=_event_type(claims),
        date=_date(claims),
        place=_place(claims),
        killed=figures.get("killed", figure(claims, "killed")),
        injured=figures.get("injured", figure(claims, "injured")),
        casualties=figures.get("casualties", figure(claims, "casualties")),
        perpetrators=_names(claims, lambda c: c.perpetrators),
        claimed_by=_names(claims, lambda c: c.claimed_by),
        targets=_names(claims, lambda c: c.targets),
        weapon=_commonest([c.weapon for c in claims if c.weapon]),
        victims=_words(claims),
        background=CorrectionAct.BACKGROUND in acts or all(c.background for c in claims),
        first_published=min((c.at for c in claims if c.at), default=None),
        sources=_sources(claims),
        independent_sources=len({c.origin for c in claims}),
        dismissed=CorrectionAct.DISMISS in acts,
        corrected=tuple(measure for measure in MEASURES if measure in figures),
    )


def figure(claims: Sequence[Claim], measure: str) -> Count | None:
    """Return what is known of one figure from claims in order of time."""
    stated: list[Figure] = []
    for claim in claims:
        count: Count | None = getattr(claim, measure)
        if count is not None:
            stated.append(
                Figure(
                    count=count,
                    source=claim.source,
                    origin=claim.origin,
                    copy=claim.copy,
                    correction=claim.correction,
                )
            )
    return fold_figures(stated)


def evidence_place(places: Iterable[Place]) -> Place | None:
    """Return the most exact place, the one that most reports name where several are as exact."""
    given = list(places)
    finest = min((_PRECISION[p.precision] for p in given), default=None)
    return _commonest([p for p in given if _PRECISION[p.precision] == finest])


def _place(claims: Sequence[Claim]) -> Place | None:
    return evidence_place(claim.place for claim in claims if claim.place)


def _kind(claims: Sequence[Claim]) -> Kind:
    return _commonest([c.kind for c in claims]) or claims[0].kind


def _event_type(claims: Sequence[Claim]) -> EventType:
    exact = [c.event_type for c in claims if c.event_type is not EventType.OTHER_VIOLENCE]
    return _commonest(exact) or claims[0].event_type


def _date(claims: Sequence[Claim]) -> DayRange | None:
    """Return the narrowest range of days, the one that most reports give where several are as narrow."""
    dates = [c.date for c in claims if c.date]
    narrowest = min(((d.last - d.first).days for d in dates), default=None)
    return _commonest([d for d in dates if (d.last - d.first).days == narrowest])


def _commonest(values: Sequence[H]) -> H | None:
    """Return the value that occurs most, the earliest one among equals."""
    counts = Counter(values)
    return max(counts, key=lambda v: counts[v]) if counts else None


def _names(claims: Sequence[Claim], of: Callable[[Claim], tuple[Named, ...]]) -> tuple[Named, ...]:
    found: dict[str, Named] = {}
    counts: Counter[str] = Counter()
    for claim in claims:
        for named in of(claim):
            key = fold(named.name)
            found.setdefault(key, named)
            counts[key] += 1
    order = {key: n for n, key in enumerate(found)}
    ranked = sorted(found, key=lambda key: (-counts[key], order[key]))
    return tuple(found[key] for key in ranked[:MAX_NAMES])


def _words(claims: Sequence[Claim]) -> tuple[str, ...]:
    found = {fold(word): word for claim in reversed(claims) for word in reversed(claim.victims)}
    return tuple(reversed(found.values()))[:MAX_NAMES]


def _sources(claims: Sequence[Claim]) -> tuple[SourceClaim, ...]:
    """Return each source's latest part, the latest sources where there are more than fit."""
    latest: dict[str, Claim] = {}
    for claim in claims:
        latest.pop(claim.source, None)
        latest[claim.source] = claim
    return tuple(
        SourceClaim(
            source=claim.source,
            article_id=claim.article_id,
            title=claim.title,
            url=claim.url,
            published=claim.at,
            quote=claim.quote,
            copy_of=claim.origin if claim.copy else None,
        )
        for claim in list(latest.values())[-MAX_SOURCES:]
    )

"""Deltas: changes of what is known of an incident, a tally or a class of attacks."""

from __future__ import annotations

from datetime import date, datetime

from schemas.article import ArticleRef
from schemas.base import IncidentId, Record, Subject, TallyId
from schemas.reasons import DeltaReason, EventType, Kind, LinkReason, TallyMeasure
from schemas.report import Count, DayRange, Evidence, Named, Place, Statement, TallyPart


class SourceClaim(Record, frozen=True, kw_only=True):
    """A source's part in what is known: ``copy_of`` names the outlet whose text it repeats."""

    source: str
    article_id: str
    title: str = ""
    url: str | None = None
    published: datetime | None = None
    quote: str = ""
    copy_of: str | None = None


class IncidentSnapshot(Record, frozen=True, kw_only=True):
    """What is known of an incident after a delta.

    ``dismissed`` and ``corrected`` are editors' doing: it is no such incident, and the measures whose figure is theirs.
    """

    incident_id: IncidentId
    kind: Kind
    event_type: EventType
    date: DayRange | None = None
    place: Place | None = None
    killed: Count | None = None
    injured: Count | None = None
    casualties: Count | None = None
    perpetrators: tuple[Named, ...] = ()
    claimed_by: tuple[Named, ...] = ()
    targets: tuple[Named, ...] = ()
    weapon: str | None = None
    victims: tuple[str, ...] = ()
    background: bool = False
    first_published: datetime | None = None
    sources: tuple[SourceClaim, ...] = ()
    independent_sources: int = 0
    merged_into: IncidentId | None = None
    dismissed: bool = False
    corrected: tuple[str, ...] = ()


class TallySnapshot(Record, frozen=True, kw_only=True):
    """What is known of a tally after a delta."""

    tally_id: TallyId
    series: str
    what: TallyMeasure
    value: Count
    victims: str | None = None
    area: tuple[str, ...] = ()
    since: date | None = None
    parts: tuple[TallyPart, ...] = ()
    sources: tuple[SourceClaim, ...] = ()


class Delta(Record, frozen=True, kw_only=True, tag_field="type", tag="delta"):
    """One change. Topic ``incident.deltas``, keyed by ``subject``.

    ``measure`` is ``killed``, ``injured``, ``casualties``, ``tally``, ``claimed_by``, ``incident``
    (creation, merge), ``statement``, or the name of another field that was filled in. ``before`` and
    ``after`` are ``None`` where the measure is no figure; ``before`` also for a first figure.
    """

    delta_id: str
    subject: Subject
    article_id: str
    measure: str
    reason: DeltaReason
    incident_id: IncidentId | None = None
    tally_id: TallyId | None = None
    before: Count | None = None
    after: Count | None = None
    source: str = ""
    evidence: tuple[Evidence, ...] = ()
    quote: str = ""
    link: LinkReason | None = None
    article: ArticleRef | None = None
    incident: IncidentSnapshot | None = None
    tally: TallySnapshot | None = None
    statement: Statement | None = None
    merged_from: IncidentId | None = None

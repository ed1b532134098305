"""What the API answers: records of its own, so that a change inside the monitor is no change for its readers."""

from __future__ import annotations

from datetime import datetime

from schemas.base import Record
from schemas.delta import TallySnapshot
from schemas.report import Count, DayRange, Named, Place, Statement


class Incident(Record, frozen=True, kw_only=True):
    """One incident as lists show it. ``title`` is its latest report's; ``alerts`` counts those that were sent of it."""

    incident_id: str
    headline: str
    title: str
    kind: str
    event_type: str
    date: DayRange | None
    place: Place | None
    killed: Count | None
    injured: Count | None
    casualties: Count | None
    perpetrators: tuple[str, ...]
    claimed_by: tuple[str, ...]
    targets: tuple[str, ...]
    weapon: str | None
    victims: tuple[str, ...]
    background: bool
    dismissed: bool
    corrected: tuple[str, ...]
    closed: bool
    sources: tuple[str, ...]
    independent_sources: int
    first_published: datetime
    updated: datetime
    alerts: int


class SourceReport(Record, frozen=True, kw_only=True):
    """What one article says of an incident.

    ``copy_of`` names the outlet whose text it is, ``None`` where it is its own; ``facts`` are those that were read
    from it at known places, which its evidence shows.
    """

    article_id: str
    source: str
    title: str
    url: str | None
    published: datetime | None
    quote: str
    copy_of: str | None
    killed: Count | None = None
    injured: Count | None = None
    casualties: Count | None = None
    facts: tuple[str, ...] = ()


class Change(Record, frozen=True, kw_only=True):
    """One change of what is known. ``decisions`` say why it alerted or did not, under the present configuration."""

    seq: int
    delta_id: str
    at: datetime
    incident_id: str | None
    tally_id: str | None
    measure: str
    reason: str
    link: str | None
    before: Count | None
    after: Count | None
    source: str
    article_id: str
    title: str
    url: str | None
    quote: str
    merged_from: str | None
    decisions: tuple[str, ...] = ()


class Said(Record, frozen=True, kw_only=True):
    """A statement with where it stands."""

    seq: int
    delta_id: str
    at: datetime
    incident_id: str | None
    source: str
    article_id: str
    url: str | None
    statement: Statement


class AlertNote(Record, frozen=True, kw_only=True):
    """An alert that was sent, in short; its CAP message has an address of its own."""

    seq: int
    alert_id: str
    at: datetime
    kind: str
    reason: str
    title: str
    text: str
    incident_id: str | None
    status: str
    msg_type: str
    watches: tuple[str, ...]


class Edit(Record, frozen=True, kw_only=True):
    """An editor's correction that is in force."""

    act: str
    by: str
    at: datetime
    note: str
    measure: str | None = None
    count: Count | None = None


class IncidentPage(Record, frozen=True, kw_only=True):
    """All that the view holds of one incident; ``merged_into`` names the one that it is now part of."""

    incident: Incident
    merged_into: str | None
    merged_from: tuple[str, ...]
    perpetrators: tuple[Named, ...]
    claimed_by: tuple[Named, ...]
    targets: tuple[Named, ...]
    reports: tuple[SourceReport, ...]
    changes: tuple[Change, ...]
    statements: tuple[Said, ...]
    alerts: tuple[AlertNote, ...]
    edits: tuple[Edit, ...]


class Segment(Record, frozen=True, kw_only=True):
    """A piece of a text and the facts that were read from it; none: it is there for reading on."""

    text: str
    facts: tuple[str, ...] = ()


class ArticlePage(Record, frozen=True, kw_only=True):
    """An article with what was read from it for one incident."""

    article_id: str
    source: str
    url: str | None
    published: datetime | None
    language: str | None
    outcome: str
    title: tuple[Segment, ...]
    text: tuple[Segment, ...]


class TallyPoint(Record, frozen=True, kw_only=True):
    """A tally's value from a time on, and on whose word."""

    at: datetime
    value: Count
    source: str
    article_id: str
    url: str | None
    quote: str


class TallySeries(Record, frozen=True, kw_only=True):
    """A running count and how it went, oldest point first."""

    tally: TallySnapshot
    updated: datetime
    points: tuple[TallyPoint, ...]


class Day(Record, frozen=True, kw_only=True):
    """What became known on one day (UTC)."""

    day: str
    incidents: int
    killed: int
    injured: int


class Spot(Record, frozen=True, kw_only=True):
    """Incidents at one place on the map."""

    name: str
    lat: float
    lon: float
    incidents: int
    killed: int
    strikes: int
    latest: str
    precision: str
    country: str | None


class CountryCount(Record, frozen=True, kw_only=True):
    """Incidents in one country (ISO 3166-1 alpha-2)."""

    code: str
    incidents: int


class Summary(Record, frozen=True, kw_only=True):
    """The timeline and the map of what a filter finds. ``complete`` is false where only the newest were counted."""

    days: tuple[Day, ...]
    spots: tuple[Spot, ...]
    countries: tuple[CountryCount, ...]
    incidents: int
    complete: bool


class Incidents(Record, frozen=True, kw_only=True):
    """A page of incidents, newest first; ``next`` is the cursor of the page after it."""

    items: tuple[Incident, ...]
    next: str | None


class Changes(Record, frozen=True, kw_only=True):
    """A page of changes, newest first."""

    items: tuple[Change, ...]
    next: str | None


class Statements(Record, frozen=True, kw_only=True):
    """A page of statements, newest first."""

    items: tuple[Said, ...]
    next: str | None


class Alerts(Record, frozen=True, kw_only=True):
    """A page of alerts, newest first."""

    items: tuple[AlertNote, ...]
    next: str | None


class Tallies(Record, frozen=True, kw_only=True):
    """Tallies, those that changed last first."""

    items: tuple[TallySeries, ...]
    next: str | None


class Accepted(Record, frozen=True, kw_only=True):
    """A correction that is on its way; the incident changes when the rules have taken it."""

    correction_id: str
    act: str


class Viewer(Record, frozen=True, kw_only=True):
    """Who asks, and what the view is: for the page."""

    name: str | None
    editor: bool
    version: int
    view: str


class Problem(Record, frozen=True, kw_only=True, omit_defaults=True):
    """An error (RFC 9457)."""

    title: str
    status: int
    detail: str = ""
    type: str = "about:blank"
    reason: str = ""

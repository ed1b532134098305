"""Reports: all that one article says, each fact with the span it was read from.

The JSON form is a line of `news-monitor extract`; ``null`` is unknown and a stated zero is 0.
"""

from __future__ import annotations

from datetime import date

from schemas.base import Record
from schemas.reasons import (
    EventType,
    Factuality,
    Kind,
    PlacePrecision,
    ReportReason,
    Stance,
    TallyMeasure,
)


class Evidence(Record, frozen=True, kw_only=True):
    """A half-open character span ``[start, end)`` of ``field`` (``title`` or ``text``) that a fact was read from.

    ``fact`` names what was read there: ``trigger``, ``killed``, ``injured``, ``date``, ``place`` ...
    """

    start: int
    end: int
    field: str = "text"
    fact: str = ""


class Count(Record, frozen=True, kw_only=True):
    """How many people. ``best`` is ``None`` for a vague word, ``high`` is ``None`` where there is no bound.

    N: low = best = high = N. "at least N", "more than N": low = best = N, high None.
    "dozens": low 12, best None (bounds of ACLED's codebook).
    """

    low: int | None
    best: int | None
    high: int | None


class DayRange(Record, frozen=True, kw_only=True, rename={"first": "from", "last": "to"}):
    """The days on which it may have happened, both ends included; one day has equal ends."""

    first: date
    last: date


class Place(Record, frozen=True, kw_only=True):
    """Where. ``country`` and ``admin1`` are English names, ``country_code`` is ISO 3166-1 alpha-2 (XK for Kosovo)."""

    name: str
    admin1: str | None = None
    country: str | None = None
    country_code: str | None = None
    lat: float | None = None
    lon: float | None = None
    precision: PlacePrecision = PlacePrecision.TOWN


class Named(Record, frozen=True, kw_only=True):
    """Somebody or something by its canonical name, e.g. an actor or a target; ``text`` is the wording found."""

    name: str
    text: str = ""
    country_code: str | None = None


class ReportedIncident(Record, frozen=True, kw_only=True):
    """One incident as this article tells it. ``ordinal`` counts from 0 within the report.

    ``background`` is true for what the article tells as older than its news (ARCHITECTURE.md, "Words").
    ``quote`` is the sentence that tells it best, at most 400 characters.
    """

    ordinal: int
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
    names: tuple[str, ...] = ()
    background: bool = False
    factuality: Factuality = Factuality.ASSERTED
    correction: bool = False
    quote: str = ""
    evidence: tuple[Evidence, ...] = ()
    incident_id: str | None = None


class Speaker(Record, frozen=True, kw_only=True):
    """Who speaks. ``principal`` is the one identity behind all who speak for it (``state:IQ``, ``org:iraqi army``)."""

    name: str
    role: str | None = None
    affiliation: str | None = None
    country: str | None = None
    principal: str = ""


class StatementTarget(Record, frozen=True, kw_only=True):
    """What a statement is about: its words, and the ordinal of the report's incident if it is one.

    ``violent`` is false where the words name no violence: a law, a ruling, somebody's remarks.
    """

    text: str
    incident: int | None = None
    violent: bool = True


class Statement(Record, frozen=True, kw_only=True):
    """An official's (or another's) words about an incident or a class of them."""

    speaker: Speaker
    official: bool
    stance: Stance
    target: StatementTarget
    date: DayRange | None = None
    quote: str = ""
    evidence: tuple[Evidence, ...] = ()


class TallyPart(Record, frozen=True, kw_only=True):
    """A stated part of a tally, e.g. the share of one country."""

    name: str
    value: Count


class Tally(Record, frozen=True, kw_only=True):
    """A running count over a period. ``series`` is the key under which later values are compared."""

    what: TallyMeasure
    value: Count
    victims: str | None = None
    area: tuple[str, ...] = ()
    since: date | None = None
    since_text: str | None = None
    parts: tuple[TallyPart, ...] = ()
    source: str | None = None
    series: str = ""
    quote: str = ""
    evidence: tuple[Evidence, ...] = ()


class Report(Record, frozen=True, kw_only=True):
    """All that one article says. ``reason`` tells why it is empty, ``None`` where it was read in full."""

    id: str
    incidents: tuple[ReportedIncident, ...] = ()
    statements: tuple[Statement, ...] = ()
    tallies: tuple[Tally, ...] = ()
    reason: ReportReason | None = None
    language: str | None = None
    extractor: str = ""

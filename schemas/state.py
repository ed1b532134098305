"""State: the rows that track and alert keep, as they stand in Kafka's changelogs.

A row of track is an ``IncidentRow``, a ``TallyRow`` or a ``ClassRow``; one JSON form carries all three, told
apart by its ``row`` field. A row of alert is an ``AnnouncedRow``. ``version`` is that of the row's meaning: it
rises when older rows must be read in another way.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from schemas.base import AlertId, IncidentId, Record, Subject, TallyId
from schemas.codec import CodecError, data_of
from schemas.correction import Correction
from schemas.reasons import EventType, Kind, Stance, TallyMeasure
from schemas.report import Count, DayRange, Evidence, Named, Place, TallyPart


class Claim(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What one article says of one incident: all that linking and figures need of it, without the text.

    ``at`` is when the article was published, or fetched where that is missing. ``origin`` is the outlet whose
    text it is, ``copy`` whether that is another outlet. ``words`` are the content words of title and quote,
    ``proper`` the proper names and ``people`` the persons of the whole article.
    ``day_stated`` is false where the day was only assumed.
    ``pin`` is the incident in which an editor's act holds the claim, whatever the evidence.
    """

    article_id: str
    ordinal: int
    source: str
    origin: str
    at: datetime | None = None
    copy: bool = False
    cluster_id: str = ""
    title: str = ""
    url: str | None = None
    kind: Kind = Kind.ATTACK
    event_type: EventType = EventType.OTHER_VIOLENCE
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
    words: tuple[str, ...] = ()
    proper: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    day_stated: bool = True
    background: bool = False
    correction: bool = False
    spoken_of: bool = False
    pin: str = ""
    quote: str = ""
    evidence: tuple[Evidence, ...] = ()


class Stated(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A principal's stance towards an incident, and the claim (article, ordinal) that it came with."""

    principal: str
    stance: Stance
    official: bool
    article_id: str
    ordinal: int
    speaker: str = ""
    at: datetime | None = None
    quote: str = ""


class Absorbed(Record, frozen=True, kw_only=True):
    """An incident that turned out to be this one."""

    incident_id: IncidentId
    article_id: str


class IncidentRow(
    Record, frozen=True, kw_only=True, omit_defaults=True, tag_field="row", tag="incident"
):
    """One incident. ``claims`` are in order of time, at most one for each article and ordinal.

    ``made_by`` and ``made_ordinal`` name the claim that first made it known. ``seen_at`` is the time of the
    latest article applied, which tells when the row may leave the hot table. ``merged_at`` is the time of the
    latest claim that showed two incidents to be this one. ``edits`` are the editors' corrections in force (figures,
    dismissal, background). ``applied`` are mention ids.
    """

    incident_id: IncidentId
    subject: Subject
    made_by: str
    made_ordinal: int
    made_at: datetime | None = None
    seen_at: datetime | None = None
    merged_at: datetime | None = None
    claims: tuple[Claim, ...] = ()
    statements: tuple[Stated, ...] = ()
    absorbed: tuple[Absorbed, ...] = ()
    edits: tuple[Correction, ...] = ()
    applied: tuple[str, ...] = ()
    version: int = 1


class TallyClaim(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What one article says of a running count."""

    article_id: str
    source: str
    origin: str
    value: Count
    at: datetime | None = None
    copy: bool = False
    title: str = ""
    url: str | None = None
    said_by: str | None = None
    parts: tuple[TallyPart, ...] = ()
    quote: str = ""
    evidence: tuple[Evidence, ...] = ()
    correction: bool = False


class TallyRow(Record, frozen=True, kw_only=True, omit_defaults=True, tag_field="row", tag="tally"):
    """One running count over a period, matched by what, victims, area and since."""

    tally_id: TallyId
    subject: Subject
    series: str
    what: TallyMeasure
    victims: str | None = None
    area: tuple[str, ...] = ()
    since: date | None = None
    since_text: str | None = None
    claims: tuple[TallyClaim, ...] = ()
    applied: tuple[str, ...] = ()
    seen_at: datetime | None = None
    version: int = 1


class ClassStated(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A principal's words about a class of attacks, e.g. "these attacks on missions"."""

    article_id: str
    stance: Stance
    official: bool
    words: tuple[str, ...] = ()
    at: datetime | None = None


class ClassRow(Record, frozen=True, kw_only=True, omit_defaults=True, tag_field="row", tag="class"):
    """What one principal said about classes of attacks lately."""

    subject: Subject
    stated: tuple[ClassStated, ...] = ()
    applied: tuple[str, ...] = ()
    seen_at: datetime | None = None
    version: int = 1


TrackRow = IncidentRow | TallyRow | ClassRow
"""A row of the track stage, under its incident id, tally id or subject."""


class Told(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What a watch was last told of an incident: its figures then, to measure the next step from."""

    watch: str
    killed: Count | None = None
    injured: Count | None = None
    casualties: Count | None = None


class Condemned(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A principal whose condemnation was decided on; ``watches`` are those told of it."""

    principal: str
    speaker: str = ""
    words: tuple[str, ...] = ()
    at: datetime | None = None
    watches: tuple[str, ...] = ()


class AnnouncedRow(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What was announced of one incident, or of one principal's words about classes of attacks.

    ``muted`` is why an incident stays silent for good (it was stale or known at the start when first
    decided on), ``None`` otherwise. ``alerts`` are the ids sent so far, oldest first, bounded.
    """

    subject: Subject
    incident_id: IncidentId | None = None
    muted: str | None = None
    told: tuple[Told, ...] = ()
    condemned: tuple[Condemned, ...] = ()
    claimed: tuple[str, ...] = ()
    alerts: tuple[AlertId, ...] = ()
    revision: int = 0
    applied: tuple[str, ...] = ()
    seen_at: datetime | None = None
    version: int = 1


_rows: msgspec.json.Decoder[TrackRow] = msgspec.json.Decoder(TrackRow)


def decode_row(raw: bytes) -> TrackRow:
    """Return the row of track in a message that ``codec.encode`` wrote.

    Raises:
        WrongVersionError: the message is of another version.
        CodecError: it is no row.
    """
    data = data_of(raw)
    try:
        return _rows.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        msg = f"not a row: {exc}"
        raise CodecError(msg) from exc

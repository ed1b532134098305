"""An alert with all that one can tell, for tests; parts are replaced by name."""

from datetime import UTC, date, datetime

from schemas.alert import Alert
from schemas.delta import IncidentSnapshot, SourceClaim
from schemas.reasons import AlertKind, AlertReason, EventType, Kind
from schemas.report import Count, DayRange, Named, Place

PUBLISHED = datetime(2026, 3, 1, 12, tzinfo=UTC)
FETCHED = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)
KIRKUK = Place(
    name="Kirkuk", admin1="Kirkuk", country="Iraq", country_code="IQ", lat=35.47, lon=44.39
)


def exactly(n):
    return Count(low=n, best=n, high=n)


def known(**more):
    fields = {
        "incident_id": "inc-1",
        "kind": Kind.ATTACK,
        "event_type": EventType.IED,
        "date": DayRange(first=date(2026, 3, 1), last=date(2026, 3, 1)),
        "place": KIRKUK,
        "killed": exactly(4),
        "injured": exactly(11),
        "perpetrators": (Named(name="Islamic State"),),
        "sources": (SourceClaim(source="One", article_id="a1"),),
        "independent_sources": 1,
    }
    return IncidentSnapshot(**(fields | more))


def made(number=1, **more):
    fields = {
        "alert_id": f"alr-{number}",
        "kind": AlertKind.ATTACK,
        "reason": AlertReason.NEW_ATTACK,
        "subject": "country:IQ",
        "article_id": "a1",
        "incident_id": "inc-1",
        "title": "Bombing in Kirkuk (Iraq): 4 killed, 11 injured",
        "text": "“A bomb killed four.”\n1 independent source: One.",
        "incident": known(),
        "published": PUBLISHED,
        "fetched_at": FETCHED,
        "sources": (SourceClaim(source="One", article_id="a1", url="https://one.example/1"),),
    }
    return Alert(**(fields | more))

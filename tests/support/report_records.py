"""Reports and their articles for the tests of linking and alerts, with what most tests do not care about filled in."""

from datetime import UTC, date, datetime, timedelta

from schemas.article import Article, UniqueArticle
from schemas.reasons import (
    DedupeReason,
    EventType,
    Kind,
    Outcome,
    PlacePrecision,
    Stance,
    TallyMeasure,
)
from schemas.report import (
    Count,
    DayRange,
    Place,
    Report,
    ReportedIncident,
    Speaker,
    Statement,
    StatementTarget,
    Tally,
)

NOON = datetime(2025, 3, 4, 12, tzinfo=UTC)


def exact(n):
    """A figure; what is a count already stays."""
    return Count(low=n, best=n, high=n) if isinstance(n, int) else n


def one_day(day):
    """The range of one day; what is a range already stays."""
    return DayRange(first=day, last=day) if isinstance(day, date) else day


def town(name="Mosul", admin1="Nineveh", code="IQ", precision=PlacePrecision.TOWN):
    return Place(name=name, admin1=admin1, country=code, country_code=code, precision=precision)


def place(name, admin1=None, precision=PlacePrecision.TOWN, lat=None, lon=None, *, code="IQ"):
    """A place, in Iraq unless a country's ``code`` is given."""
    return Place(
        name=name,
        admin1=admin1,
        country="Iraq" if code == "IQ" else code,
        country_code=code,
        lat=lat,
        lon=lon,
        precision=precision,
    )


def incident(ordinal=0, *, code=None, name="Mosul", day=date(2025, 3, 4), killed=None, **more):
    """An incident in a town of country ``code``, or at ``more["place"]``."""
    fields = {"kind": Kind.ATTACK, "event_type": EventType.IED} | more
    fields.setdefault("place", town(name, code=code) if code else None)
    return ReportedIncident(ordinal=ordinal, date=one_day(day), killed=exact(killed), **fields)


def report(incidents=(), statements=(), tallies=(), report_id="a"):
    return Report(
        id=report_id,
        incidents=tuple(incidents),
        statements=tuple(statements),
        tallies=tuple(tallies),
    )


def statement(*, about=None, principal="state:IQ", name="A Speaker", stance=Stance.CONDEMN, **more):
    return Statement(
        speaker=Speaker(
            name=name, principal=principal, country=more.get("country"), role=more.get("role")
        ),
        official=more.get("official", True),
        stance=stance,
        target=StatementTarget(text=more.get("text", "the attack"), incident=about),
        quote=more.get("quote", ""),
        evidence=more.get("evidence", ()),
    )


def tally(value=55, what=TallyMeasure.ATTACKS, **more):
    fields = {"victims": "US forces", "since": date(2023, 10, 17)} | more
    return Tally(what=what, value=exact(value), **fields)


def unique(article_id="a", source="Gulf Wire", at=NOON, *, hours=0, **more):
    """An article after dedupe; its own text's unless ``more`` names another ``cluster_id`` and ``origin``."""
    article = Article(
        article_id=article_id,
        source=source,
        title=more.get("title", ""),
        text=more.get("text", "text"),
        language=more.get("language"),
        published=at and at + timedelta(hours=hours),
        fetched_at=more.get("fetched_at"),
        known_at_start=more.get("known_at_start", False),
    )
    return UniqueArticle(
        article=article,
        outcome=more.get("outcome", Outcome.NEW),
        reason=DedupeReason.FIRST_SEEN,
        cluster_id=more.get("cluster_id", "c" + article_id),
        origin=more.get("origin", source),
    )

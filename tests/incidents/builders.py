"""Records for the tests of linking and alerts, each with what most tests do not care about filled in."""

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
    return None if n is None else Count(low=n, best=n, high=n)


def town(name="Mosul", admin1="Nineveh", code="IQ", precision=PlacePrecision.TOWN):
    return Place(name=name, admin1=admin1, country=code, country_code=code, precision=precision)


def incident(ordinal=0, *, code=None, name="Mosul", day=date(2025, 3, 4), killed=None, **more):
    place = town(name, code=code) if code else None
    fields = {"kind": Kind.ATTACK, "event_type": EventType.IED} | more
    return ReportedIncident(
        ordinal=ordinal,
        date=day and DayRange(first=day, last=day),
        place=place,
        killed=exact(killed),
        **fields,
    )


def report(incidents=(), statements=(), tallies=()):
    return Report(id="a", incidents=incidents, statements=statements, tallies=tallies)


def statement(*, about=None, principal="state:IQ", name="A Speaker", stance=Stance.CONDEMN, **more):
    return Statement(
        speaker=Speaker(name=name, principal=principal),
        official=more.get("official", True),
        stance=stance,
        target=StatementTarget(text=more.get("text", "the attack"), incident=about),
    )


def tally(value=55, what=TallyMeasure.ATTACKS, **more):
    fields = {"victims": "US forces", "since": date(2023, 10, 17)} | more
    return Tally(what=what, value=exact(value), **fields)


def unique(
    article_id="a", source="Gulf Wire", at=NOON, *, text="text", cluster="c", hours=0, **more
):
    article = Article(
        article_id=article_id,
        source=source,
        title="",
        text=text,
        published=at and at + timedelta(hours=hours),
        fetched_at=more.get("fetched_at"),
        known_at_start=more.get("known_at_start", False),
    )
    return UniqueArticle(
        article=article,
        outcome=more.get("outcome", Outcome.NEW),
        reason=DedupeReason.FIRST_SEEN,
        cluster_id=cluster + article_id,
        origin=more.get("origin", source),
    )

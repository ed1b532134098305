"""A report without reading the text: for measuring everything but extraction. The article's number tells all.

One article in three tells of an incident, six in all of each, in sixteen towns of each of eight countries: about
what a day of the world's news is like, and more than any country had.
"""

from datetime import UTC, datetime, timedelta

from press import TOWNS

from monitor import heartbeat
from schemas import codec
from schemas.article import Article
from schemas.reasons import EventType, Kind, PlacePrecision
from schemas.report import Count, DayRange, Place, Report, ReportedIncident

REPORTS = 6
EACH = 3
COUNTRIES = ("IQ", "SY", "YE", "LB", "PS", "AF", "PK", "SO")


def report_of(article):
    """One incident or none: its town, day and figures follow from the number at the end of the address."""
    if article.url is None:
        return Report(id=article.article_id)
    number = int(article.url.rpartition("/")[2])
    if number % EACH:
        return Report(id=article.article_id)
    which = number // EACH // REPORTS
    country, where = COUNTRIES[which % len(COUNTRIES)], which // len(COUNTRIES)
    days = timedelta(days=where // len(TOWNS))
    day = (article.published or datetime.now(UTC)).date() - days
    place = Place(
        name=f"{TOWNS[where % len(TOWNS)]} {country}",
        country=country,
        country_code=country,
        precision=PlacePrecision.TOWN,
    )
    dead = 2 + which % 7
    incident = ReportedIncident(
        ordinal=0,
        kind=Kind.ATTACK,
        event_type=EventType.IED,
        date=DayRange(first=day, last=day),
        place=place,
        killed=Count(low=dead, best=dead, high=dead),
        quote=article.title,
    )
    return Report(id=article.article_id, incidents=(incident,))


class QuickPool:
    """Stands where the pool of children stands. ``tell`` makes an article's report."""

    tell = staticmethod(report_of)

    def __init__(self, *_):
        pass

    async def start(self):
        pass

    async def aclose(self):
        pass

    async def run(self, raw):
        article = codec.decode(raw, Article)
        beats = heartbeat.is_heartbeat(article)
        return codec.encode(Report(id=article.article_id) if beats else self.tell(article))


def told_apart(article):
    """An incident of its own for each article, in a town of its own; none where the address says ``/silent/``."""
    if article.url is None or "/silent/" in article.url:
        return Report(id=article.article_id)
    number = int(article.url.rpartition("/")[2])
    country = COUNTRIES[number % len(COUNTRIES)]
    town = Place(
        name=f"Town {number}",
        country=country,
        country_code=country,
        precision=PlacePrecision.TOWN,
    )
    day = (article.published or datetime.now(UTC)).date()
    dead = 2 + number % 7
    incident = ReportedIncident(
        ordinal=0,
        kind=Kind.ATTACK,
        event_type=EventType.IED,
        date=DayRange(first=day, last=day),
        place=town,
        killed=Count(low=dead, best=dead, high=dead),
        quote=article.title,
    )
    return Report(id=article.article_id, incidents=(incident,))


class ApartPool(QuickPool):
    """The same with ``told_apart``; also reads for ``replay``."""

    tell = staticmethod(told_apart)

    def read_many(self, articles):
        return map(self.tell, articles)

"""A report without reading the text: for measuring everything but extraction. The article's number tells all."""

from datetime import UTC, datetime

from press import TOWNS

from schemas import codec
from schemas.article import Article
from schemas.reasons import EventType, Kind, PlacePrecision
from schemas.report import Count, DayRange, Place, Report, ReportedIncident


def report_of(article):
    """One incident: its town, day and figures follow from the number at the end of the address."""
    number = int(article.url.rpartition("/")[2])
    day = (article.published or datetime.now(UTC)).date()
    place = Place(
        name=TOWNS[number % len(TOWNS)],
        country="Iraq",
        country_code="IQ",
        precision=PlacePrecision.TOWN,
    )
    dead = 2 + number % 7
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
    """Stands where the pool of children stands."""

    def __init__(self, *_):
        pass

    async def start(self):
        pass

    async def aclose(self):
        pass

    async def run(self, raw):
        return codec.encode(report_of(codec.decode(raw, Article)))

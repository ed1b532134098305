"""A small newsroom: articles with what they say, taken through the real stages to the records that Kafka would hold."""

import zlib
from collections import Counter
from datetime import UTC, date, datetime, timedelta

from monitor.board.arrivals import ALERTS, ARTICLES, DELTAS, ROWS, Arrived
from monitor.incidents.subjects import split
from monitor.replay import Player
from schemas import codec
from schemas.article import Article, UniqueArticle
from schemas.reasons import DedupeReason, EventType, Kind, Outcome, Stance, TallyMeasure
from schemas.report import (
    Count,
    DayRange,
    Evidence,
    Named,
    Place,
    Report,
    ReportedIncident,
    Speaker,
    Statement,
    StatementTarget,
    Tally,
)

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
PARTITIONS = 3
KIRKUK = Place(name="Kirkuk", admin1="Kirkuk", country="Iraq", country_code="IQ", lat=35.47, lon=44.39)  # fmt: skip
AITAROUN = Place(name="Aitaroun", admin1="South Lebanon", country="Lebanon", country_code="LB", lat=33.12, lon=35.47)  # fmt: skip
MOGADISHU = Place(name="Mogadishu", admin1="Banaadir", country="Somalia", country_code="SO", lat=2.04, lon=45.34)  # fmt: skip


def exactly(n):
    return None if n is None else Count(low=n, best=n, high=n)


def span(text, words, fact):
    """The evidence that a fact was read from these words of a text."""
    start = text.index(words)
    return Evidence(start=start, end=start + len(words), fact=fact)


def happened(text, place=KIRKUK, *, killed=None, injured=None, marks=(), **more):
    """What one article tells of one incident."""
    day = more.pop("day", date(2026, 3, 4))
    fields = {
        "ordinal": 0,
        "kind": Kind.ATTACK,
        "event_type": EventType.IED,
        "date": DayRange(first=day, last=day),
        "place": place,
        "killed": exactly(killed),
        "injured": exactly(injured),
        "quote": text.split(". ")[0] + ".",
        "evidence": tuple(span(text, words, fact) for fact, words in marks),
    }
    return ReportedIncident(**(fields | more))


def condemned(words, name="Turkey", about=0, **more):
    """An official's condemnation of the article's incident."""
    who = Speaker(name=name, role="Foreign Ministry", country="TR", principal=f"state:{name}")
    target = StatementTarget(text="the bombing", incident=about)
    fields = {"speaker": who, "official": True, "stance": Stance.CONDEMN, "target": target}
    return Statement(**(fields | {"quote": words} | more))


def running(value, **more):
    """A running count."""
    fields = {"what": TallyMeasure.ATTACKS, "victims": "US forces", "since": date(2025, 10, 17)}
    return Tally(value=exactly(value), **(fields | more))


class Newsroom:
    """Takes articles through split, track and alert, and gives the records as they would stand in Kafka."""

    def __init__(self):
        self.player = Player(reader=None)
        self.records = []
        self.ends = Counter()
        self.count = 0

    def publish(self, source, title, text="", *, incidents=(), statements=(), tallies=(), hours=0, **more):  # fmt: skip
        """Publish one article; return the records that it adds, in the order of their writing."""
        self.count += 1
        at = NOON + timedelta(hours=hours)
        name = more.get("name", f"art-{self.count}")
        article = Article(
            article_id=name,
            source=source,
            title=title,
            text=text,
            url=more.get("url", f"https://{source.lower().replace(' ', '-')}.example/{self.count}"),
            published=at,
            fetched_at=at,
            language="en",
        )
        unique = UniqueArticle(
            article=article,
            outcome=more.get("outcome", Outcome.NEW),
            reason=DedupeReason.FIRST_SEEN,
            cluster_id=f"clu-{name}",
            origin=more.get("origin", source),
        )
        report = Report(
            id=name,
            incidents=tuple(incidents),
            statements=tuple(statements),
            tallies=tuple(tallies),
        )
        return self._take(unique, report, at)

    def correct(self, mention):
        """Take an editor's correction through the stages; return the records that it adds."""
        before = len(self.records)
        self._mention(mention, mention.article.published)
        return self.records[before:]

    def _take(self, unique, report, at):
        before = len(self.records)
        self._add(ARTICLES[0], "all", unique.article.article_id, codec.encode(unique), at)
        for mention in split(report, unique):
            self._mention(mention, at)
        return self.records[before:]

    def _mention(self, mention, at):
        step = self.player.track_step(mention)
        for key, row in step.rows:
            self._add(ROWS, mention.subject, f"r:{key}", row and codec.encode(row), at)
        for delta in step.outputs:
            self._add(DELTAS, delta.subject, delta.subject, codec.encode(delta), at)
            for alert in self.player.decide(delta):
                self._add(ALERTS, alert.subject, alert.subject, codec.encode(alert), at)

    def _add(self, topic, subject, key, value, at):
        partition = 0 if topic in ARTICLES else zlib.crc32(subject.encode()) % PARTITIONS
        place = (topic, partition)
        self.records.append(
            Arrived(
                topic=topic,
                partition=partition,
                offset=self.ends[place],
                at=at,
                key=key.encode(),
                value=value,
            )
        )
        self.ends[place] += 1


BOMBING = (
    "KIRKUK - A car bomb exploded at a vegetable market in Kirkuk on Wednesday, killing four people "
    "and wounding 11 others, police said. Several shops were badly damaged."
)
TOLL = (
    "The toll of the car bomb at a market in Kirkuk on Wednesday rose to six killed, the hospital said. "
    "Two of the wounded died overnight."
)
CONDEMNING = "Turkey's Foreign Ministry said on Thursday: We condemn in the strongest terms the bombing in Kirkuk."
STRIKE = "An Israeli air strike hit a house in Aitaroun on Wednesday and killed three people, the state agency said."


def told():
    """The newsroom after its usual day: a bombing with its copy, toll and condemnation, a strike, an old case, a tally."""
    room = Newsroom()
    marks = (("killed", "killing four people"), ("injured", "wounding 11 others"), ("place", "Kirkuk"), ("trigger", "car bomb exploded"))  # fmt: skip
    bombing = happened(BOMBING, killed=4, injured=11, marks=marks, weapon="car bomb")
    title = "Car bomb kills four in Kirkuk market"
    room.publish("Tigris Wire", title, BOMBING, incidents=[bombing], name="market")
    room.publish("Copy Post", title, BOMBING, incidents=[bombing], outcome=Outcome.COPY, origin="Tigris Wire", hours=1)  # fmt: skip
    toll = happened(TOLL, killed=6, marks=(("killed", "six killed"),))
    room.publish(
        "Zagros Monitor", "Kirkuk market toll rises to six", TOLL, incidents=[toll], hours=6
    )
    again = happened(CONDEMNING, quote="the bombing in Kirkuk")
    room.publish("Anka Desk", "Turkey condemns Kirkuk bombing", CONDEMNING, incidents=[again], statements=[condemned(CONDEMNING)], hours=20)  # fmt: skip
    strike = happened(STRIKE, AITAROUN, killed=3, kind=Kind.STRIKE, event_type=EventType.AIR_STRIKE, perpetrators=(Named(name="Israel", text="Israeli"),))  # fmt: skip
    room.publish("Levant Post", "Air strike kills three in Aitaroun", STRIKE, incidents=[strike], hours=3)  # fmt: skip
    old = happened("In 2017 a truck bomb killed hundreds in Mogadishu.", MOGADISHU, killed=500, background=True, day=date(2017, 10, 14))  # fmt: skip
    room.publish("Banaadir Times", "Mogadishu remembers", "In 2017 a truck bomb killed hundreds in Mogadishu.", incidents=[old], hours=4)  # fmt: skip
    for hours, value in ((5, 55), (8, 70), (30, 103)):
        room.publish("Gulf Wire", f"{value} attacks on US forces", tallies=[running(value)], hours=hours)  # fmt: skip
    return room

"""The cost of linking and of alert decisions as open incidents go from 100 to 100,000, and with history behind them.

    python benchmarks/track.py [--reports 2000] [--sizes 100 1000 10000 100000] [--history 1000000]

For each size a book is filled with that many open incidents over 60 days in 40 countries, a third of them in
three busy ones, with one to eight reports each. Then reports are tracked and their deltas decided: follow-ups
of recent incidents, new ones, one in four out of order (``late``). Printed are processor times for a report, rows put into the
books and encoded for Kafka included. The peer is a linear scan, which compares a report with every open
incident of its country on any day (the same evidence, no index).

``--history`` then evicts: so many incidents pass through one book, and the cost of a fresh report is measured
against a book that never held them, in turns.
"""

from __future__ import annotations

import argparse
import gc
import random
import resource
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from monitor.alerts.book import AlertBook
from monitor.alerts.policy import REPLAY
from monitor.alerts.rules import decide
from monitor.incidents.book import IncidentBook
from monitor.incidents.claims import claims_of
from monitor.incidents.evidence import weigh
from monitor.incidents.ids import mention_id
from monitor.incidents.policy import TrackPolicy
from monitor.incidents.profile import profile_of
from monitor.incidents.rules import track
from schemas.article import ArticleRef
from schemas.base import ClusterId, Subject
from schemas.codec import encode
from schemas.mention import Mention
from schemas.reasons import EventType, Kind
from schemas.report import Count, DayRange, Named, Place, ReportedIncident
from schemas.state import IncidentRow

clock = time.thread_time
"""Processor time: the figures hold on a busy machine too."""

START = datetime(2025, 1, 1, tzinfo=UTC)
COUNTRIES = [f"{a}{b}" for a in "ABCDE" for b in "ABCDEFGH"]
BUSY = COUNTRIES[:3]
TYPES = list(EventType)[:9]
WORDS = [f"word{n}" for n in range(4000)]
ACTORS = ["Group " + chr(65 + n) * 3 for n in range(20)]


def country(rng: random.Random) -> str:
    return rng.choice(BUSY) if rng.random() < 1 / 3 else rng.choice(COUNTRIES)


def place(rng: random.Random, code: str) -> Place:
    number = rng.randrange(60)
    lat, lon = 10 + number % 8, 20 + number // 8
    return Place(
        name=f"Town {code} {number}",
        admin1=f"Province {code} {number % 12}",
        country=code,
        country_code=code,
        lat=float(lat),
        lon=float(lon),
    )


def happening(rng: random.Random, days: int) -> tuple[str, datetime, ReportedIncident, list[str]]:
    """Return a country, a time and what happened, with words of its own."""
    code = country(rng)
    at = START + timedelta(seconds=rng.randrange(days * 86_400))
    killed = rng.choice([None, 0, 1, 2, 3, 5, 8, 13, 40])
    incident = ReportedIncident(
        ordinal=0,
        kind=Kind.ATTACK,
        event_type=rng.choice(TYPES),
        date=DayRange(first=at.date(), last=at.date()),
        place=place(rng, code),
        killed=None if killed is None else Count(low=killed, best=killed, high=killed),
        perpetrators=(Named(name=rng.choice(ACTORS)),) if rng.random() < 0.5 else (),
        targets=(Named(name=rng.choice(WORDS)),) if rng.random() < 0.5 else (),
        quote=" ".join(rng.sample(WORDS, 12)),
    )
    return code, at, incident, []


def mention(code: str, at: datetime, incident: ReportedIncident, number: int) -> Mention:
    article = ArticleRef(
        article_id=f"a{number}",
        source=f"outlet {number % 300}",
        origin=f"outlet {number % 300}",
        title=incident.quote[:80],
        published=at,
        cluster_id=ClusterId(f"c{number}"),
    )
    subject = Subject(f"country:{code}")
    return Mention(
        mention_id=mention_id(article.article_id, "", subject),
        subject=subject,
        article=article,
        incidents=(incident,),
    )


def fill(
    size: int, rng: random.Random
) -> tuple[IncidentBook, list[tuple[str, datetime, ReportedIncident]]]:
    """Return a book with about ``size`` open incidents, filled in order of time."""
    book, policy = IncidentBook(), TrackPolicy()
    happenings = sorted((happening(rng, 60)[:3] for _ in range(size)), key=lambda h: h[1])
    number = 0
    for code, at, incident in happenings:
        for copy in range(rng.choice([1, 1, 1, 2, 3, 8])):
            number += 1
            step = track(
                book, mention(code, at + timedelta(minutes=copy), incident, number), policy
            )
            for key, row in step.rows:
                book.put(key, row)
    return book, happenings


def reports(
    happenings: list[tuple[str, datetime, ReportedIncident]], count: int, rng: random.Random
) -> Iterator[Mention]:
    """Yield follow-ups of recent incidents, new incidents and late reports, in the mix of a busy day."""
    recent = happenings[-max(50, len(happenings) // 60) :]
    now = happenings[-1][1]
    for n in range(count):
        code, _at, incident = rng.choice(recent)
        if rng.random() < 0.4:
            code, _, incident, _ = happening(rng, 1)
            today = DayRange(first=now.date(), last=now.date())
            incident = ReportedIncident(
                ordinal=0,
                kind=incident.kind,
                event_type=incident.event_type,
                date=today,
                place=incident.place,
                killed=incident.killed,
                quote=incident.quote,
            )
        yield mention(code, now + timedelta(minutes=3 * n) - late(rng), incident, 10_000_000 + n)


def late(rng: random.Random) -> timedelta:
    """Return how late a report comes: one in four by a poll or so, one in fifty by up to two days."""
    draw = rng.random()
    if draw < 0.02:
        return timedelta(hours=rng.random() * 48)
    return timedelta(minutes=rng.expovariate(1 / 30)) if draw < 0.27 else timedelta()


def measure(book: IncidentBook, given: list[Mention]) -> list[float]:
    """Return the milliseconds of each report: track, decide, rows into the books and encoded."""
    announced, policy = AlertBook(), TrackPolicy()
    times = []
    for one in given:
        began = clock()
        step = track(book, one, policy)
        for key, row in step.rows:
            book.put(key, row)
            if row is not None:
                encode(row)
        for delta in step.outputs:
            encode(delta)
            told = decide(announced, delta, REPLAY)
            for key, row in told.rows:
                announced.put(key, row)
                if row is not None:
                    encode(row)
            for alert in told.outputs:
                encode(alert)
        times.append((clock() - began) * 1000)
    return times


def scan(book: IncidentBook, given: list[Mention]) -> list[float]:
    """Return the milliseconds of a linear scan of each report over its country's open incidents."""
    rows = [row for row in (book.get(key) for key in book) if isinstance(row, IncidentRow)]
    times = []
    for one in given:
        began = clock()
        claim = profile_of(claims_of(one)[0])
        for row in rows:
            if row.subject == one.subject:
                weigh(book.profile(row.incident_id), claim)
        times.append((clock() - began) * 1000)
    return times


def shares(times: list[float]) -> str:
    cut = statistics.quantiles(times, n=100)
    return f"median {cut[49]:7.2f} ms   p95 {cut[94]:7.2f} ms   p99 {cut[98]:7.2f} ms   max {max(times):7.2f} ms"


def memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def history(total: int, rng: random.Random) -> None:
    """Let incidents of many years pass through one book, and compare a fresh report's cost with a young book's."""
    book, policy = IncidentBook(), TrackPolicy()
    began = time.perf_counter()
    a_day = 160
    for n in range(total):
        code, _, incident, _ = happening(rng, 1)
        at = START + timedelta(days=n / a_day)
        today = DayRange(first=at.date(), last=at.date())
        fresh = ReportedIncident(
            ordinal=0,
            kind=incident.kind,
            event_type=incident.event_type,
            date=today,
            place=incident.place,
            killed=incident.killed,
            quote=incident.quote,
        )
        for key, row in track(book, mention(code, at, fresh, n), policy).rows:
            book.put(key, row)
    passed = time.perf_counter() - began
    print(f"{total} incidents passed in {passed:.0f} s; {len(book)} are hot; {memory_mb():.0f} MB")
    last = START + timedelta(days=total / a_day)
    young, rng2 = IncidentBook(), random.Random(5)
    for n in range(64 * a_day):
        code, _, incident, _ = happening(rng2, 1)
        at = last - timedelta(days=64 - n / a_day)
        made = mention(code, at, _dated(incident, at.date()), n)
        for key, row in track(young, made, policy).rows:
            young.put(key, row)
    # As a worker does once its books are loaded.
    gc.collect()
    gc.freeze()
    given = [_fresh(rng, last, n) for n in range(2000)]
    # In turns, so that neither has the quieter minutes.
    turns = [given[n : n + 100] for n in range(0, len(given), 100)]
    measured = [(measure(book, turn), measure(young, turn)) for turn in turns]
    print(f"  a fresh report after them:   {shares([t for old, _ in measured for t in old])}")
    print(
        f"  the same, no history ({len(young)}): {shares([t for _, new in measured for t in new])}"
    )


def _fresh(rng: random.Random, at: datetime, n: int) -> Mention:
    code, _, incident, _ = happening(rng, 1)
    return mention(code, at + timedelta(seconds=n), _dated(incident, at.date()), 20_000_000 + n)


def _dated(incident: ReportedIncident, day: date) -> ReportedIncident:
    return ReportedIncident(
        ordinal=0,
        kind=incident.kind,
        event_type=incident.event_type,
        date=DayRange(first=day, last=day),
        place=incident.place,
        killed=incident.killed,
        quote=incident.quote,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=2000)
    parser.add_argument("--sizes", type=int, nargs="*", default=[100, 1000, 10_000, 100_000])
    parser.add_argument("--history", type=int, default=0)
    args = parser.parse_args()
    for size in args.sizes:
        rng = random.Random(7)
        book, happenings = fill(size, rng)
        given = list(reports(happenings, args.reports, rng))
        peer = scan(book, given[:100])
        print(f"{size:7d} asked, {len(book):7d} open   {shares(measure(book, given))}", end="")
        print(f"   linear scan: median {statistics.median(peer):.2f} ms")
    if args.history:
        history(args.history, random.Random(3))


if __name__ == "__main__":
    main()

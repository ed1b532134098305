"""How quickly the board's first pages come, with a million incidents.

``python benchmarks/board.py --incidents 1000000 [--url postgresql+pg8000://...]`` fills a view through the same
function as the running board, then asks for the first page under each filter and each mix of filters, several
times, and prints the median and the worst time, and the median of this process's own processor time, which a busy machine
does not change (SQLite works in it, PostgreSQL beside it). The peer is the same table with an ordinary index for each column.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

from sqlalchemy import select, text

from monitor.board import queries
from monitor.board.arrivals import DELTAS, Arrived
from monitor.board.queries import Filters
from monitor.board.store import Store, local_url, open_store
from monitor.board.summary import summary
from monitor.board.tables import incidents
from schemas import codec
from schemas.article import ArticleRef
from schemas.base import ArticleId, IncidentId, Subject
from schemas.delta import Delta, IncidentSnapshot, SourceClaim
from schemas.reasons import DeltaReason, EventType, Kind
from schemas.report import Count, DayRange, Named, Place

START = datetime(2016, 1, 1, tzinfo=UTC)
BATCH = 2000
TRIES = 9
COUNTRIES = "IQ SY YE AF UA SD SO NG ML BF PK IN MM LB IL PS LY ET CD CO".split()
ACTORS = [f"Group {n}" for n in range(400)]
OUTLETS = [f"Outlet {n}" for n in range(300)]
WORDS = (
    "market mosque checkpoint convoy village school patrol bridge border camp hospital road".split()
)


def skewed(rng: random.Random, things: list[str]) -> str:
    """Few of them often, most of them seldom."""
    return things[min(int(rng.expovariate(5 / len(things))), len(things) - 1)]


def deltas(count: int) -> Iterator[Arrived]:
    rng = random.Random(7)
    for number in range(count):
        at = START + timedelta(seconds=number * 300)
        delta = made(rng, number, at)
        yield Arrived(
            topic=DELTAS, partition=0, offset=number, at=at, key=None, value=codec.encode(delta)
        )


def made(rng: random.Random, number: int, at: datetime) -> Delta:
    country = skewed(rng, COUNTRIES)
    actor, site = skewed(rng, ACTORS), rng.choice(WORDS)
    killed = int(rng.paretovariate(1.1)) - 1
    where = rng.randrange(2000)
    town = f"Town {where}"
    outlets = {skewed(rng, OUTLETS) for _ in range(rng.randrange(1, 5))}
    title = f"{actor} attack on {site} in {town} kills {killed}"
    source = [
        SourceClaim(source=o, article_id=f"a{number}-{o}", title=title, quote=title, published=at)
        for o in sorted(outlets)
    ]
    known = IncidentSnapshot(
        incident_id=IncidentId(f"inc-{number:x}"),
        kind=Kind.STRIKE if rng.random() < 0.2 else Kind.ATTACK,
        event_type=rng.choice(list(EventType)),
        date=DayRange(first=at.date(), last=at.date()),
        place=Place(
            name=town, country=country, country_code=country,
            lat=where % 40, lon=where // 40,
        ),
        killed=Count(low=killed, best=killed, high=killed),
        perpetrators=(Named(name=actor),),
        background=rng.random() < 0.1,
        first_published=at,
        sources=tuple(source),
        independent_sources=len(source),
    )  # fmt: skip
    article = ArticleRef(
        article_id=ArticleId(f"a{number}"), source="Wire", origin="Wire", title=title, published=at
    )
    return Delta(
        delta_id=f"del-{number:x}", subject=Subject(f"country:{country}"), article_id=f"a{number}",
        measure="incident", reason=DeltaReason.CREATED, incident_id=known.incident_id, source="Wire",
        article=article, incident=known,
    )  # fmt: skip


def fill(store: Store, count: int) -> None:
    begun = time.perf_counter()
    rest = deltas(count)
    while batch := list(islice(rest, BATCH)):
        store.apply(batch)
    took = time.perf_counter() - begun
    print(f"filled with {count:,} incidents in {took:.0f} s, {count / took:,.0f} a second")
    with store.writing() as connection:
        connection.execute(text("ANALYZE"))


LAST = START + timedelta(days=1000)
CASES: dict[str, Filters] = {
    "all": Filters(),
    "background too": Filters(background=True),
    "kind strike": Filters(kinds=("strike",)),
    "a usual country": Filters(countries=("IQ",)),
    "a rare country": Filters(countries=("CO",)),
    "three countries": Filters(countries=("IQ", "SY", "CO")),
    "a rare actor": Filters(actors=("Group 399",)),
    "a rare source": Filters(sources=("Outlet 299",)),
    "killed 1": Filters(least_killed=1),
    "killed 10": Filters(least_killed=10),
    "killed 700": Filters(least_killed=700),
    "before day 1000": Filters(until=LAST),
    "before day 1000, killed 100": Filters(until=LAST, least_killed=100),
    "text, usual": Filters(text="attack"),
    "text, two usual": Filters(text="market attack"),
    "text, rare": Filters(text="1234"),
    "text, none": Filters(text="nowhere"),
    "text usual, rare country": Filters(text="attack market", countries=("CO",)),
    "strike, usual country, killed 50": Filters(
        kinds=("strike",), countries=("IQ",), least_killed=50
    ),
    "country, actor, source, killed": Filters(
        countries=("IQ",), actors=("Group 3",), sources=("Outlet 5",), least_killed=5
    ),
    "rare country, rare actor": Filters(countries=("CO",), actors=("Group 399",)),
}


def timed(work: Callable[[], object]) -> tuple[float, float, float]:
    took, worked = [], []
    for _ in range(TRIES):
        begun, before = time.perf_counter(), time.process_time()
        work()
        took.append((time.perf_counter() - begun) * 1000)
        worked.append((time.process_time() - before) * 1000)
    return statistics.median(took), max(took), statistics.median(worked)


def peer(store: Store, filters: Filters) -> Callable[[], object]:
    """The columns' own indexes, for the filters that columns can tell."""
    c = incidents.c
    query = select(incidents).order_by(c.num.desc()).limit(50)
    if filters.countries:
        query = query.where(c.country.in_(filters.countries))
    if filters.kinds:
        query = query.where(c.kind.in_(filters.kinds))
    if filters.least_killed:
        query = query.where(c.killed >= filters.least_killed)

    def run() -> object:
        with store.reading() as connection:
            return connection.execute(query).all()

    return run


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--incidents", type=int, default=1_000_000)
    parser.add_argument("--url", default="")
    parser.add_argument(
        "--keep", type=Path, help="A folder for the view, used again if it is full."
    )
    given = parser.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp())
    store = open_store(given.url or local_url(folder))
    store.prepare(f"benchmark {given.incidents}")
    if not store.next_offsets():
        fill(store, given.incidents)
    print(f"{'first page of 50':36} {'median ms':>10} {'worst ms':>9} {'cpu ms':>8}")
    for name, filters in CASES.items():
        tell(name, partial(queries.incident_page, store, filters, after=None, limit=50))
    for name in ("all", "a usual country", "text, usual"):
        tell(f"timeline and map: {name}", partial(summary, store, CASES[name]))
    with store.writing() as connection:
        for column in ("country", "kind", "killed"):
            connection.execute(
                text(f"CREATE INDEX IF NOT EXISTS peer_{column} ON incidents ({column})")
            )
        connection.execute(text("ANALYZE"))
    for name in ("strike, usual country, killed 50", "killed 700", "kind strike"):
        tell(f"peer, an index a column: {name}", peer(store, CASES[name]))


def tell(name: str, work: Callable[[], object]) -> None:
    median, worst, cpu = timed(work)
    print(f"{name:36} {median:10.1f} {worst:9.1f} {cpu:8.1f}")


if __name__ == "__main__":
    main()

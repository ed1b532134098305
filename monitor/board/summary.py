"""The timeline and the map of what a filter finds: days and places, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.board import queries, rows, shapes
from monitor.board.queries import MAX_COUNTED, Counted, Filters
from monitor.board.store import Store
from schemas.delta import IncidentSnapshot
from schemas.reasons import Kind

Point = tuple[float, float]
"""Latitude and longitude, to about a kilometre."""

MAX_SPOTS = 400
"""Places on a map, those with most incidents; more cannot be told apart on a screen."""


@dataclass(slots=True)
class _Sum:
    incidents: int = 0
    killed: int = 0
    injured: int = 0
    strikes: int = 0

    def add(self, one: Counted) -> None:
        self.incidents += 1
        self.killed += one.killed or 0
        self.injured += one.injured or 0
        self.strikes += one.kind == Kind.STRIKE


def summary(store: Store, filters: Filters) -> shapes.Summary:
    """Return days and places of what the filters let through, the newest incidents where there are too many."""
    found = queries.counted(store, filters)
    return shapes.Summary(
        days=days(found),
        spots=_spots(store, found),
        countries=_countries(found),
        incidents=len(found),
        complete=len(found) < MAX_COUNTED,
    )


def days(found: Iterable[Counted]) -> tuple[shapes.Day, ...]:
    """Return what became known on each day that has anything, in their order."""
    sums: dict[int, _Sum] = {}
    for one in found:
        sums.setdefault(_day_number(one.num), _Sum()).add(one)
    return tuple(
        shapes.Day(day=_day(n), incidents=s.incidents, killed=s.killed, injured=s.injured)
        for n, s in sorted(sums.items())
    )


def _countries(found: Iterable[Counted]) -> tuple[shapes.CountryCount, ...]:
    """Return the countries, those with most incidents first."""
    counts = Counter(one.country for one in found if one.country)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(shapes.CountryCount(code=code, incidents=n) for code, n in ranked)


_DAY_MS = 86_400_000


def _day_number(num: int) -> int:
    return (num >> rows.ID_BITS) // _DAY_MS


def _day(number: int) -> str:
    return datetime.fromtimestamp(number * 86_400, UTC).date().isoformat()


def _spots(store: Store, found: Sequence[Counted]) -> tuple[shapes.Spot, ...]:
    sums: dict[Point, _Sum] = {}
    latest: dict[Point, int] = {}
    for one in found:
        if one.lat is None or one.lon is None:
            continue
        point = (round(one.lat, 2), round(one.lon, 2))
        sums.setdefault(point, _Sum()).add(one)
        latest.setdefault(point, one.num)
    most = sorted(sums, key=lambda point: (-sums[point].incidents, point))[:MAX_SPOTS]
    named = queries.snapshots(store, [latest[point] for point in most])
    return tuple(_spot(point, sums[point], named[latest[point]]) for point in most)


def _spot(point: Point, told: _Sum, known: IncidentSnapshot) -> shapes.Spot:
    place = known.place
    assert place is not None
    return shapes.Spot(
        name=place.name,
        lat=point[0],
        lon=point[1],
        incidents=told.incidents,
        killed=told.killed,
        strikes=told.strikes,
        latest=known.incident_id,
        precision=str(place.precision),
    )

"""The timeline and the map of what a filter finds: days and places, counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.board import queries, rows, shapes
from monitor.board.queries import MAX_COUNTED, Counted, Filters
from monitor.board.store import Store
from schemas.reasons import Kind

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


_DAY_MS = 86_400_000


def _day_number(num: int) -> int:
    return (num >> rows.ID_BITS) // _DAY_MS


def _day(number: int) -> str:
    return datetime.fromtimestamp(number * 86_400, UTC).date().isoformat()


def _spots(store: Store, found: Sequence[Counted]) -> tuple[shapes.Spot, ...]:
    sums: dict[tuple[float, float], _Sum] = {}
    latest: dict[tuple[float, float], int] = {}
    for one in found:
        if one.lat is None or one.lon is None:
            continue
        point = (round(one.lat, 2), round(one.lon, 2))
        sums.setdefault(point, _Sum()).add(one)
        latest.setdefault(point, one.num)
    most = sorted(sums, key=lambda point: (-sums[point].incidents, point))[:MAX_SPOTS]
    named = queries.snapshots(store, [latest[point] for point in most])
    spots = []
    for point in most:
        place = named[latest[point]].place
        assert place is not None
        told = sums[point]
        spots.append(
            shapes.Spot(
                name=place.name,
                lat=point[0],
                lon=point[1],
                incidents=told.incidents,
                killed=told.killed,
                strikes=told.strikes,
                latest=named[latest[point]].incident_id,
                precision=str(place.precision),
            )
        )
    return tuple(spots)

"""The timeline and the map of what a filter finds: days, places and countries, counted by the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    RowMapping,
    Select,
    Subquery,
    Text,
    case,
    cast,
    func,
    literal_column,
    null,
    select,
    union_all,
)

from monitor.board import queries, rows, shapes
from monitor.board.queries import Filters
from monitor.board.store import Store
from monitor.board.tables import incidents
from schemas.reasons import Kind

MAX_COUNTED = 12_000
"""Incidents that a summary counts at most, the newest; keeps it within a tenth of a second."""
MAX_SPOTS = 400
"""Places on a map, those with most incidents; more cannot be told apart on a screen."""
_DAY_MS = 86_400_000
_COUNTED = tuple(
    incidents.c[name] for name in ("kind", "country", "killed", "injured", "lat", "lon")
)


def summary(store: Store, filters: Filters) -> shapes.Summary:
    """Return days and places of what the filters let through, the newest incidents where there are too many."""
    counted = queries.numbers(
        store.index, filters, after=None, limit=MAX_COUNTED, also=_COUNTED
    ).subquery()
    with store.reading() as connection:
        found = connection.execute(_sums(counted)).mappings().all()
        spots = [row for row in found if row["told"] == "spot"]
        latest = select(incidents).where(incidents.c.num.in_([row["latest"] for row in spots]))
        named = {row["num"]: row for row in connection.execute(latest).mappings()}
    days = [row for row in found if row["told"] == "day"]
    total = sum(row["incidents"] for row in days)
    return shapes.Summary(
        days=tuple(map(_day, sorted(days, key=lambda row: row["x"]))),
        spots=tuple(_spot(row, named[row["latest"]]) for row in spots),
        countries=_countries([row for row in found if row["told"] == "country"]),
        incidents=total,
        complete=total < MAX_COUNTED,
    )


def _sums(counted: Subquery) -> Any:
    """Return the query that counts incidents by day, by place (to about a kilometre) and by country.

    One statement, so that what is counted is looked up once: the wide rows of a million incidents are what
    takes time. It is a compound select, for which SQLAlchemy has no type of its rows.
    """
    found = _found(counted)
    days = _by(found, "day", found.c.day, None, None).group_by(found.c.day)
    spots = _by(found, "spot", found.c.lat, found.c.lon, None)
    spots = spots.where(found.c.lat.is_not(None), found.c.lon.is_not(None))
    spots = spots.group_by(found.c.lat, found.c.lon)
    most = spots.order_by(func.count().desc(), found.c.lat, found.c.lon).limit(MAX_SPOTS)
    countries = _by(found, "country", None, None, found.c.country)
    countries = countries.where(found.c.country.is_not(None)).group_by(found.c.country)
    return union_all(days, select(most.subquery()), countries)


def _found(counted: Subquery) -> CTE:
    one = counted.c
    return select(
        one.num,
        (one.num // literal_column(str(_DAY_MS << rows.ID_BITS))).label("day"),
        _hundredths(one.lat).label("lat"),
        _hundredths(one.lon).label("lon"),
        one.country,
        one.killed,
        one.injured,
        case((one.kind == Kind.STRIKE, 1), else_=0).label("strike"),
    ).cte("found")


def _hundredths(degrees: ColumnElement[float]) -> ColumnElement[int]:
    return cast(func.round(degrees * literal_column("100")), BigInteger)


def _by(
    found: CTE,
    told: str,
    x: ColumnElement[int] | None,
    y: ColumnElement[int] | None,
    country: ColumnElement[str] | None,
) -> Select[Any]:
    """Return the sums of groups; all kinds of groups have the same columns, those that say nothing of them null."""
    whole, text = cast(null(), BigInteger), cast(null(), Text)
    columns: list[ColumnElement[Any]] = [
        literal_column(f"'{told}'").label("told"),
        (whole if x is None else x).label("x"),
        (whole if y is None else y).label("y"),
        (text if country is None else country).label("country"),
        func.count().label("incidents"),
        func.sum(found.c.killed).label("killed"),
        func.sum(found.c.injured).label("injured"),
        func.sum(found.c.strike).label("strikes"),
        func.max(found.c.num).label("latest"),
    ]
    return select(*columns)


def _day(row: RowMapping) -> shapes.Day:
    return shapes.Day(
        day=datetime.fromtimestamp(row["x"] * 86_400, UTC).date().isoformat(),
        incidents=row["incidents"],
        killed=row["killed"] or 0,
        injured=row["injured"] or 0,
    )


def _countries(found: Sequence[RowMapping]) -> tuple[shapes.CountryCount, ...]:
    """Return the countries, those with most incidents first."""
    ranked = sorted(found, key=lambda row: (-row["incidents"], row["country"]))
    return tuple(
        shapes.CountryCount(code=row["country"], incidents=row["incidents"]) for row in ranked
    )


def _spot(row: RowMapping, known: RowMapping) -> shapes.Spot:
    return shapes.Spot(
        name=known["place"],
        lat=row["x"] / 100,
        lon=row["y"] / 100,
        incidents=row["incidents"],
        killed=row["killed"] or 0,
        strikes=row["strikes"],
        latest=known["incident_id"],
        precision=known["precision"],
        country=known["country"],
    )

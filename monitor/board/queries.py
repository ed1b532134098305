"""Questions to the view: pages of each kind, newest first, and what belongs to one incident."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Table,
    and_,
    func,
    select,
    tuple_,
)

from monitor.board import rows
from monitor.board.store import Store
from monitor.board.tables import (
    alerts,
    articles,
    claims,
    deltas,
    incidents,
    snapshots,
    statements,
    tallies,
)
from monitor.board.textindex import TextIndex, terms_of
from schemas.alert import Alert
from schemas.article import UniqueArticle
from schemas.delta import Delta, IncidentSnapshot, TallySnapshot
from schemas.state import IncidentRow

MAX_PAGE = 500
"""Rows of a page at most."""
MAX_HISTORY = 400
"""Changes of one incident that its page shows, the newest; few incidents have more than twenty."""
MAX_POINTS = 200
"""Points of a tally's chart, the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What of the incidents is asked for. Within a field any value will do, and all fields must agree.

    ``background`` also lists what is background or dismissed. ``since`` and ``until`` are about when an
    incident became known; ``since`` is included, ``until`` is not.
    """

    text: str = ""
    kinds: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    least_killed: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    background: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundIncident:
    """An incident with what the list says of it beside its snapshot."""

    num: int
    incident: IncidentSnapshot
    updated: datetime
    closed: bool
    merged_into: str | None
    alerts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A record of a list with its number there, and when it was published or written."""

    seq: int
    at: datetime
    doc: Any  # a record of the kind that the list holds


def incident_page(
    store: Store, filters: Filters, *, after: int | None, limit: int
) -> tuple[FoundIncident, ...]:
    """Return incidents that the filters let through, newest first, from below ``after``."""
    page = numbers(store.index, filters, after=after, limit=limit).subquery()
    query = _whole().join(page, page.c.num == incidents.c.num).order_by(incidents.c.num.desc())
    with store.reading() as connection:
        return tuple(_found(row) for row in connection.execute(query).mappings())


def changed_since(
    store: Store, version: int, limit: int
) -> tuple[tuple[FoundIncident, ...], tuple[Kept, ...]]:
    """Return the incidents and alerts that were written after a version, oldest first."""
    changed = _whole().where(incidents.c.version > version).order_by(incidents.c.version)
    told = select(alerts).where(alerts.c.version > version).order_by(alerts.c.seq)
    with store.reading() as connection:
        found = connection.execute(changed.limit(limit)).mappings().all()
        new = connection.execute(told.limit(limit)).mappings().all()
    return tuple(map(_found, found)), tuple(_kept(row, Alert) for row in new)


def one_incident(store: Store, incident_id: str) -> FoundIncident | None:
    """Return an incident by its id, merged ones too."""
    query = _whole().where(incidents.c.incident_id == incident_id)
    with store.reading() as connection:
        row = _one(connection, query)
    return None if row is None else _found(row)


def merged_into(store: Store, incident_id: str) -> tuple[str, ...]:
    """Return the ids of all incidents that ended in this one, over any number of steps."""
    found: list[str] = []
    waiting = [incident_id]
    with store.reading() as connection:
        while waiting:
            query = select(incidents.c.incident_id).where(incidents.c.merged_into.in_(waiting))
            waiting = [n for n in connection.execute(query).scalars() if n not in found]
            found += waiting
    return tuple(found)


def row_of(store: Store, incident_id: str) -> IncidentRow | None:
    """Return the track stage's row of an incident, ``None`` where it is closed or not known."""
    with store.reading() as connection:
        query = select(claims.c.doc).where(claims.c.incident_id == incident_id)
        doc = connection.execute(query).scalar_one_or_none()
    return None if doc is None else rows.unpack(doc, IncidentRow)


def history(store: Store, names: Iterable[str]) -> tuple[Kept, ...]:
    """Return the deltas of incidents, oldest first."""
    query = select(deltas).where(deltas.c.incident_id.in_(list(names)))
    return _last(store, query.order_by(deltas.c.seq.desc()).limit(MAX_HISTORY), Delta)


def said_of(store: Store, names: Iterable[str]) -> tuple[Kept, ...]:
    """Return the statements about incidents, oldest first, as deltas without a snapshot."""
    query = select(statements).where(statements.c.incident_id.in_(list(names)))
    return _last(store, query.order_by(statements.c.seq.desc()).limit(MAX_HISTORY), Delta)


def alerts_of(store: Store, names: Iterable[str]) -> tuple[Kept, ...]:
    """Return the alerts of incidents, oldest first."""
    query = select(alerts).where(alerts.c.incident_id.in_(list(names)))
    return _last(store, query.order_by(alerts.c.seq.desc()).limit(MAX_HISTORY), Alert)


def article(store: Store, article_id: str) -> UniqueArticle | None:
    """Return an article with its text, ``None`` where it is not kept."""
    with store.reading() as connection:
        query = select(articles.c.doc).where(articles.c.article_id == article_id)
        doc = connection.execute(query).scalar_one_or_none()
    return None if doc is None else rows.unpack(doc, UniqueArticle)


def delta_page(
    store: Store, *, reasons: Sequence[str], incident: str | None, after: int | None, limit: int
) -> tuple[Kept, ...]:
    """Return deltas, newest first."""
    query = _newest(deltas, after, limit)
    if reasons:
        query = query.where(deltas.c.reason.in_(reasons))
    if incident:
        query = query.where(deltas.c.incident_id == incident)
    return _all(store, query, Delta)


def statement_page(
    store: Store,
    *,
    stances: Sequence[str] = (),
    official: bool | None = None,
    between: tuple[datetime, datetime] | None = None,
    after: int | None = None,
    limit: int,
) -> tuple[Kept, ...]:
    """Return statements, newest first, as deltas without a snapshot; ``between`` holds the first time and the last."""
    query = _newest(statements, after, limit)
    if between is not None:
        since, until = map(rows.to_ms, between)
        query = query.where(statements.c.at >= since, statements.c.at < until)
    if stances:
        query = query.where(statements.c.stance.in_(stances))
    if official is not None:
        query = query.where(statements.c.official == official)
    return _all(store, query, Delta)


def alert_page(
    store: Store, *, kinds: Sequence[str], after: int | None, limit: int
) -> tuple[Kept, ...]:
    """Return alerts, newest first."""
    query = _newest(alerts, after, limit)
    if kinds:
        query = query.where(alerts.c.kind.in_(kinds))
    return _all(store, query, Alert)


def one_alert(store: Store, alert_id: str) -> Kept | None:
    """Return an alert by its id."""
    with store.reading() as connection:
        row = _one(connection, select(alerts).where(alerts.c.alert_id == alert_id))
    return None if row is None else _kept(row, Alert)


def tally_page(
    store: Store, *, after: tuple[int, str] | None, limit: int
) -> tuple[tuple[Kept, tuple[Kept, ...]], ...]:
    """Return tallies, those that changed last first, each with its deltas, oldest first; ``seq`` is a time."""
    place = (tallies.c.updated, tallies.c.tally_id)
    query = select(tallies).order_by(*(column.desc() for column in place))
    if after is not None:
        query = query.where(tuple_(*place) < tuple_(*after))
    with store.reading() as connection:
        found = connection.execute(query.limit(limit)).mappings().all()
    return tuple((_tally(row), _points(store, row["tally_id"])) for row in found)


def _points(store: Store, tally_id: str) -> tuple[Kept, ...]:
    query = select(deltas).where(deltas.c.tally_id == tally_id)
    return _last(store, query.order_by(deltas.c.seq.desc()).limit(MAX_POINTS), Delta)


def _tally(row: RowMapping) -> Kept:
    doc = msgspec.json.decode(row["doc"], type=TallySnapshot)
    return Kept(seq=row["updated"], at=rows.from_ms(row["updated"]), doc=doc)


def numbers(
    index: TextIndex,
    filters: Filters,
    *,
    after: int | None,
    limit: int,
    also: Sequence[Column[Any]] = (),
) -> Select[Any]:
    """Return the query for the numbers of incidents that the filters let through, newest first.

    It touches the index alone where it can, so that what else is asked of them is asked of ``limit`` rows.
    ``also`` are columns of incidents to have with thousands of numbers: joined to them afterwards, PostgreSQL
    would read the whole table.
    """
    terms, groups = terms_of(filters.text), _groups(filters)
    if not terms and not groups:
        number: ColumnElement[int] = incidents.c.num
        query, conditions = select(number, *also), _unindexed(filters)
    else:
        if not filters.background:
            groups.append((rows.facet("shown", "yes"),))
        number = index.table.c.num.label("num")
        query, conditions = select(number, *also), [index.match(terms, groups)]
        between = filters.least_killed and filters.least_killed not in rows.KILLED_STEPS
        if between:
            conditions.append(incidents.c.killed >= filters.least_killed)
        if also or between:
            both = index.table.join(incidents, index.table.c.num == incidents.c.num)
            query = query.select_from(both)
    conditions += _number_conditions(filters, number, after)
    return query.where(and_(*conditions)).order_by(number.desc()).limit(limit)


def _unindexed(filters: Filters) -> list[ColumnElement[bool]]:
    """Return which incidents are listed where nothing is asked for that the index knows."""
    if filters.background:
        return [incidents.c.merged_into.is_(None)]
    return [incidents.c.shown.is_(True)]


def _groups(filters: Filters) -> list[tuple[str, ...]]:
    """Return the facets that are asked for: of each group one must be there."""
    named = (
        ("kind", filters.kinds),
        ("type", filters.types),
        ("country", filters.countries),
        ("actor", filters.actors),
        ("source", filters.sources),
    )
    groups = [tuple(rows.facet(name, v) for v in values) for name, values in named if values]
    step = rows.killed_step(filters.least_killed) if filters.least_killed else None
    return [*groups, (rows.facet("killed", str(step)),)] if step else groups


def _number_conditions(
    filters: Filters, number: ColumnElement[int], after: int | None
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.since is not None:
        found.append(number >= rows.least_number(filters.since))
    if filters.until is not None:
        found.append(number < rows.least_number(filters.until))
    if after is not None:
        found.append(number < after)
    return found


def _whole() -> Select[Any]:
    """Return the query for incidents with all that a list tells of them."""
    count = select(func.count()).where(alerts.c.incident_id == incidents.c.incident_id)
    alerted = count.correlate(incidents).scalar_subquery().label("alerted")
    return select(incidents, snapshots.c.doc, alerted).join(
        snapshots, snapshots.c.num == incidents.c.num
    )


def _newest(table: Table, after: int | None, limit: int) -> Select[Any]:
    query = select(table).order_by(table.c.seq.desc()).limit(limit)
    return query if after is None else query.where(table.c.seq < after)


def _one(connection: Connection, query: Select[Any]) -> RowMapping | None:
    return connection.execute(query).mappings().one_or_none()


def _all(store: Store, query: Select[Any], kind: type[Any]) -> tuple[Kept, ...]:
    with store.reading() as connection:
        return tuple(_kept(row, kind) for row in connection.execute(query).mappings())


def _last(store: Store, query: Select[Any], kind: type[Any]) -> tuple[Kept, ...]:
    """Return what a query finds from the newest to older ones, the other way round."""
    return _all(store, query, kind)[::-1]


def _kept(row: RowMapping, kind: type[Any]) -> Kept:
    doc = row["doc"]
    read = rows.unpack(doc, kind) if isinstance(doc, bytes) else msgspec.json.decode(doc, type=kind)
    return Kept(seq=row["seq"], at=rows.from_ms(row["at"]), doc=read)


def _found(row: RowMapping) -> FoundIncident:
    return FoundIncident(
        num=row["num"],
        incident=rows.snapshot(row["doc"]),
        updated=rows.from_ms(row["updated"]),
        closed=row["closed"],
        merged_into=row["merged_into"],
        alerts=row["alerted"],
    )

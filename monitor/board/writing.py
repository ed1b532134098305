"""Puts a batch of records into the tables, inside a transaction of the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, Table, delete, select

from monitor.board import rows
from monitor.board.arrivals import Batch
from monitor.board.tables import (
    alerts,
    articles,
    cited,
    claims,
    deltas,
    incidents,
    snapshots,
    statements,
    tallies,
)
from monitor.board.textindex import TextIndex
from monitor.incidents.figures import value_of
from monitor.incidents.subjects import principal_of
from schemas.alert import Alert
from schemas.article import ArticleRef, UniqueArticle
from schemas.base import IncidentId
from schemas.codec import to_json
from schemas.delta import Delta, IncidentSnapshot
from schemas.reasons import DeltaReason
from schemas.state import IncidentRow

MAX_TEXT = 40_000
"""Characters of an article that are kept; extraction reads fewer."""

_Row = Mapping[str, Any]  # a row of any table, values of its columns' types


@dataclass(slots=True, kw_only=True)
class _Known:
    """An incident as the view has it, or will have it after this batch."""

    num: int
    incident: IncidentSnapshot
    updated: int
    closed: bool
    merged_into: IncidentId | None


@dataclass(slots=True)
class Writer:
    """Writes batches as one version of the view."""

    connection: Connection
    index: TextIndex
    version: int
    _touched: dict[IncidentId, _Known] = field(default_factory=dict)

    def write(self, batch: Batch) -> None:
        """Write a batch. What is there already, by its id, is not written again."""
        self._write_articles(batch.articles)
        self._write_alerts(batch.alerts)
        self._write_claims(batch.rows)
        self._write_deltas(self._new(deltas, "delta_id", batch.deltas))

    def _new(
        self, table: Table, name: str, given: Sequence[tuple[datetime, Any]]
    ) -> dict[str, tuple[datetime, Any]]:
        """Return what is not in the table yet, by id (records of the kind that the table holds)."""
        wanted = {str(getattr(record, name)): (at, record) for at, record in reversed(given)}
        column = table.c[name]
        there = self.connection.execute(select(column).where(column.in_(wanted))).scalars()
        for known in there:
            del wanted[known]
        return dict(reversed(wanted.items()))

    def _insert(self, table: Table, made: Sequence[_Row]) -> None:
        if made:
            self.connection.execute(self.index.insert(table).on_conflict_do_nothing(), made)

    def _upsert(self, table: Table, made: Sequence[_Row]) -> None:
        if not made:
            return
        statement = self.index.insert(table)
        keys = [column.name for column in table.primary_key]
        new = {n: statement.excluded[n] for n in made[0] if n not in keys}
        self.connection.execute(
            statement.on_conflict_do_update(index_elements=keys, set_=new), made
        )

    def _write_articles(self, given: Sequence[tuple[datetime, UniqueArticle]]) -> None:
        latest = {unique.article.article_id: (at, unique) for at, unique in given}
        made = [
            {"article_id": name, "at": rows.to_ms(at), "doc": rows.pack(_shortened(unique))}
            for name, (at, unique) in latest.items()
        ]
        self._upsert(articles, made)

    def _write_alerts(self, given: Sequence[tuple[datetime, Alert]]) -> None:
        made = [
            {
                "alert_id": alert.alert_id,
                "incident_id": alert.incident_id,
                "version": self.version,
                "at": rows.to_ms(at),
                "kind": str(alert.kind),
                "doc": to_json(alert).decode(),
            }
            for at, alert in self._new(alerts, "alert_id", given).values()
        ]
        self._insert(alerts, made)

    def _write_claims(self, given: Mapping[str, IncidentRow | None]) -> None:
        gone = [name for name, row in given.items() if row is None]
        if gone:
            self.connection.execute(delete(claims).where(claims.c.incident_id.in_(gone)))
        kept = {name: row for name, row in given.items() if row is not None}
        self._upsert(claims, [{"incident_id": n, "doc": rows.pack(r)} for n, r in kept.items()])
        self._cite(claim.article_id for row in kept.values() for claim in row.claims)

    def _cite(self, names: Iterable[str]) -> None:
        self._insert(cited, [{"article_id": name} for name in sorted(set(names))])

    def _write_deltas(self, new: Mapping[str, tuple[datetime, Delta]]) -> None:
        told = list(new.values())
        self._insert(deltas, [_delta_row(at, delta) for at, delta in told])
        self._insert(statements, [_statement_row(at, d) for at, d in told if d.statement])
        self._write_tallies(told)
        self._cite(delta.article_id for _, delta in told)
        self._load(told)
        for at, delta in told:
            self._fold(at, delta)
        self._write_incidents()

    def _write_tallies(self, told: Iterable[tuple[datetime, Delta]]) -> None:
        latest = {
            delta.tally.tally_id: {
                "tally_id": delta.tally.tally_id,
                "version": self.version,
                "updated": rows.to_ms(_told_at(at, delta.article)),
                "doc": to_json(delta.tally).decode(),
            }
            for at, delta in told
            if delta.tally is not None
        }
        self._upsert(tallies, list(latest.values()))

    def _load(self, told: Iterable[tuple[datetime, Delta]]) -> None:
        """Have the incidents that are about to change, as the view has them."""
        names = {n for _, d in told for n in (d.incident_id, d.merged_from) if n is not None}
        query = select(incidents, snapshots.c.doc).join(
            snapshots, snapshots.c.num == incidents.c.num
        )
        found = self.connection.execute(query.where(incidents.c.incident_id.in_(names)))
        for row in found.mappings():
            self._touched[IncidentId(row["incident_id"])] = _Known(
                num=row["num"],
                incident=rows.snapshot(row["doc"]),
                updated=row["updated"],
                closed=row["closed"],
                merged_into=row["merged_into"],
            )

    def _fold(self, at: datetime, delta: Delta) -> None:
        if delta.incident is None or delta.incident_id is None:
            return
        told_at = _told_at(at, delta.article)
        known = self._touched.get(delta.incident_id)
        closed = delta.reason is DeltaReason.CLOSED
        first = delta.incident.first_published or told_at
        self._touched[delta.incident_id] = _Known(
            num=known.num if known else rows.number_of(delta.incident_id, first),
            incident=delta.incident,
            updated=known.updated if known and closed else rows.to_ms(told_at),
            closed=closed,
            merged_into=None,
        )
        gone = self._touched.get(delta.merged_from) if delta.merged_from else None
        if gone is not None:
            gone.merged_into = delta.incident_id

    def _write_incidents(self) -> None:
        if not self._touched:
            return
        self._part()
        self._upsert(
            incidents,
            [_incident_row(name, k, self.version) for name, k in self._touched.items()],
        )
        self._upsert(snapshots, [_snapshot_row(known) for known in self._touched.values()])
        self.index.put(self.connection, [_entry(known) for known in self._touched.values()])

    def _part(self) -> None:
        """Give incidents whose numbers are taken the next free ones."""
        while clashing := self._clashing():
            for known in clashing:
                known.num += 1

    def _clashing(self) -> list[_Known]:
        """Return the incidents whose number another one has, here or in the table."""
        column = incidents.c.num
        numbers = [known.num for known in self._touched.values()]
        query = select(column, incidents.c.incident_id).where(column.in_(numbers))
        taken = dict(self.connection.execute(query).tuples().all())
        return [
            known
            for name, known in self._touched.items()
            if taken.setdefault(known.num, name) != name
        ]


def _shortened(unique: UniqueArticle) -> UniqueArticle:
    if len(unique.article.text) <= MAX_TEXT:
        return unique
    return replace(unique, article=replace(unique.article, text=unique.article.text[:MAX_TEXT]))


def _told_at(at: datetime, article: ArticleRef | None) -> datetime:
    """Return when it was published, else when the record was written."""
    return (article.published if article else None) or at


def _delta_row(at: datetime, delta: Delta) -> _Row:
    return {
        "delta_id": delta.delta_id,
        "incident_id": delta.incident_id,
        "tally_id": delta.tally_id or (delta.tally.tally_id if delta.tally else None),
        "at": rows.to_ms(_told_at(at, delta.article)),
        "reason": str(delta.reason),
        "doc": rows.pack(delta),
    }


def _statement_row(at: datetime, delta: Delta) -> _Row:
    statement = delta.statement
    assert statement is not None
    return {
        "delta_id": delta.delta_id,
        "incident_id": delta.incident_id,
        "at": rows.to_ms(_told_at(at, delta.article)),
        "principal": principal_of(statement),
        "stance": str(statement.stance),
        "official": statement.official,
        "doc": to_json(replace(delta, incident=None)).decode(),
    }


def _incident_row(name: IncidentId, known: _Known, version: int) -> _Row:
    incident = known.incident
    place = incident.place
    return {
        "num": known.num,
        "incident_id": name,
        "version": version,
        "updated": known.updated,
        "kind": str(incident.kind),
        "country": place.country_code if place else None,
        "killed": rows.killed_of(incident),
        "injured": value_of(incident.injured),
        "place": place.name if place else None,
        "precision": str(place.precision) if place else None,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "shown": _is_shown(known),
        "closed": known.closed,
        "merged_into": known.merged_into,
    }


def _snapshot_row(known: _Known) -> _Row:
    return {"num": known.num, "doc": to_json(known.incident).decode()}


def _is_shown(known: _Known) -> bool:
    hidden = known.incident.background or known.incident.dismissed
    return known.merged_into is None and not hidden


def _entry(known: _Known) -> tuple[int, str, Sequence[str]]:
    """Return what an incident is found by; one that is part of another, by nothing."""
    if known.merged_into is not None:
        return known.num, "", ()
    facets = rows.facets_of(known.incident, shown=_is_shown(known))
    return known.num, rows.words_of(known.incident), facets

"""Takes out of the view what need not stay: texts that nothing rests on, and what is older than ``keep_days``."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Delete, Table, delete, or_, select

from monitor.board import rows
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

AT_ONCE = 1000
"""Incidents of one transaction; readers see each step whole, and a writer waits a fraction of a second."""


def let_go(connection: Connection, before: datetime) -> int:
    """Drop the texts of older articles that nothing known rests on; return how many."""
    used = select(cited.c.article_id)
    old = (articles.c.at < rows.to_ms(before)) & articles.c.article_id.not_in(used)
    return connection.execute(delete(articles).where(old)).rowcount


def drop_incidents(connection: Connection, index: TextIndex, until: datetime) -> int:
    """Drop some of the incidents that have not changed since a time; return how many, 0 where none are left."""
    old = select(incidents.c.num, incidents.c.incident_id)
    old = old.where(incidents.c.updated < rows.to_ms(until)).limit(AT_ONCE)
    found = connection.execute(old).tuples().all()
    if not found:
        return 0
    numbers = [num for num, _ in found]
    connection.execute(delete(index.table).where(index.table.c.num.in_(numbers)))
    connection.execute(delete(snapshots).where(snapshots.c.num.in_(numbers)))
    names = [incident_id for _, incident_id in found]
    connection.execute(delete(claims).where(claims.c.incident_id.in_(names)))
    connection.execute(delete(incidents).where(incidents.c.num.in_(numbers)))
    return len(found)


def drop_records(connection: Connection, until: datetime) -> int:
    """Drop older changes, statements and alerts of incidents that are gone, and older tallies and texts; return how many."""
    before = rows.to_ms(until)
    old = select(articles.c.article_id).where(articles.c.at < before)
    dropping = (
        *(_without_incident(table, before) for table in (deltas, statements, alerts)),
        delete(tallies).where(tallies.c.updated < before),
        delete(cited).where(cited.c.article_id.in_(old)),
        delete(articles).where(articles.c.at < before),
    )
    return sum(connection.execute(drop).rowcount for drop in dropping)


def _without_incident(table: Table, before: int) -> Delete:
    kept = select(incidents.c.incident_id)
    alone = or_(table.c.incident_id.is_(None), table.c.incident_id.not_in(kept))
    return delete(table).where(table.c.at < before, alone)

"""Gathers from the view what a digest tells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from monitor.board import build, queries
from monitor.board.digest import Digest
from monitor.board.queries import MAX_PAGE, Filters
from monitor.board.shapes import Incident, Said
from monitor.board.store import Store


def between(since: datetime, until: datetime) -> Filters:
    """Return the filters of what became known in a time."""
    return Filters(since=since, until=until)


def digest_of(
    store: Store,
    incidents: Sequence[Incident],
    since: datetime,
    until: datetime,
    most_tallies: int,
) -> Digest:
    """Return the digest of a time, given its incidents."""
    return Digest(
        since=since,
        until=until,
        incidents=incidents,
        statements=_statements(store, since, until),
        tallies=tuple(
            build.tally_of(kept, points)
            for kept, points in queries.tally_page(store, after=None, limit=most_tallies)
            if since <= kept.at < until
        ),
    )


def _statements(store: Store, since: datetime, until: datetime) -> tuple[Said, ...]:
    """Return officials' latest statements of a time, as many as fit a page."""
    page = queries.statement_page(store, official=True, between=(since, until), limit=MAX_PAGE)
    return tuple(map(build.said_of, page))

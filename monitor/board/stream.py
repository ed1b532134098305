"""Server-sent events (WHATWG HTML, section 9.2): what changed, as it changes.

An event's id is the view's name and its version, so a reader that comes back with ``Last-Event-ID`` gets what it
missed. Each reader asks the view for itself, so a slow one holds up nobody and nothing piles up for it.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from itertools import chain

import msgspec
from starlette.concurrency import run_in_threadpool

from monitor.board import build, queries
from monitor.board.api import Board
from schemas.base import Record

MAX_STREAMS = 200
"""Readers at once in one process; each holds a connection and asks when something changed."""
MAX_EVENTS = 200
"""Events told one by one after a break; who missed more is told to load anew."""
KEEP_ALIVE_S = 15.0
"""Proxies close silent connections, most after 30 to 60 s."""


_ID = re.compile(r"([0-9a-f]{12})-([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Mark:
    """Up to where a reader knows a view: the view's name, which one that was made anew has not, and its version."""

    view: str
    version: int

    def __str__(self) -> str:
        """Return it as the id of an event."""
        return f"{self.view}-{self.version}"


def mark_of(told: str) -> Mark | None:
    """Return the mark that an event's id is, ``None`` where it is none."""
    read = _ID.fullmatch(told)
    return Mark(read[1], int(read[2])) if read else None


async def events(board: Board, since: Mark | None) -> AsyncIterator[bytes]:
    """Yield the events after a mark, of changes to come where it is ``None``, for as long as the reader stays."""
    standing = await run_in_threadpool(board.store.standing)
    view, now = standing.view, standing.version
    known = since.version if since and since.view == view and since.version <= now else now
    yield _event("hello", Mark(view, known), {"version": known, "view": view})
    if since and since.view != view:
        yield _event("reset", Mark(view, now), {"version": now})
    while True:
        for piece in await run_in_threadpool(_news, board, known, Mark(view, now)):
            yield piece
        known = now
        now = await board.pulse.after(known, KEEP_ALIVE_S)
        if now == known:
            yield b": still here\n\n"


def _news(board: Board, known: int, now: Mark) -> list[bytes]:
    if now.version == known:
        return []
    found, alerts = queries.changed_since(board.store, known, MAX_EVENTS + 1)
    if len(found) + len(alerts) > MAX_EVENTS:
        return [_event("reset", now, {"version": now.version})]
    told: Iterable[tuple[str, Record]] = chain(
        (("merged" if f.merged_into else "incident", build.incident_of(f)) for f in found),
        (("alert", build.alert_of(kept)) for kept in alerts),
    )
    return [_event(name, now, record) for name, record in told]


def _event(name: str, mark: Mark, data: object) -> bytes:
    said = msgspec.json.encode(data)
    return b"event: %s\nid: %s\ndata: %s\n\n" % (name.encode(), str(mark).encode(), said)

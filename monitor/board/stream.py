"""Server-sent events (WHATWG HTML, section 9.2): what changed, as it changes.

An event's id is the version of the view, so a reader that comes back with ``Last-Event-ID`` gets what it
missed. Each reader asks the view for itself, so a slow one holds up nobody and nothing piles up for it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
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


async def events(board: Board, since: int | None) -> AsyncIterator[bytes]:
    """Yield the events after a version, of changes to come where it is ``None``, for as long as the reader stays."""
    now = (await run_in_threadpool(board.store.standing)).version
    known = now if since is None or since > now else since
    yield _event("hello", known, {"version": known})
    while True:
        for piece in await run_in_threadpool(_news, board, known, now):
            yield piece
        known = now
        now = await board.pulse.after(known, KEEP_ALIVE_S)
        if now == known or now < 0:
            now = known
            yield b": still here\n\n"


def _news(board: Board, known: int, now: int) -> list[bytes]:
    if now == known:
        return []
    found, alerts = queries.changed_since(board.store, known, MAX_EVENTS + 1)
    if len(found) + len(alerts) > MAX_EVENTS:
        return [_event("reset", now, {"version": now})]
    told: Iterable[tuple[str, Record]] = chain(
        (("merged" if f.merged_into else "incident", build.incident_of(f)) for f in found),
        (("alert", build.alert_of(kept)) for kept in alerts),
    )
    return [_event(name, now, record) for name, record in told]


def _event(name: str, version: int, data: object) -> bytes:
    return b"event: %s\nid: %d\ndata: %s\n\n" % (name.encode(), version, msgspec.json.encode(data))

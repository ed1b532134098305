"""Where the states of feeds are kept: a Protocol, and one SQLite file for polling without Kafka."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Protocol

import structlog

from schemas.codec import CodecError, decode, encode
from schemas.feed import FeedState

log = structlog.get_logger(__name__)

FILE = "feeds.sqlite3"
BUSY_S = 10.0


class FeedStore(Protocol):
    """What keeps the states of feeds. ``save`` returns when the state would survive a crash."""

    async def load(self) -> dict[str, FeedState]:
        """Return all states by the feed's address."""
        ...

    async def save(self, state: FeedState) -> None:
        """Keep one state."""
        ...


class SqliteStore:
    """Keeps states in one file, one transaction a state. A state that cannot be read is begun anew, and told."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / FILE
        with closing(self._open()) as db, db:
            db.execute(
                "CREATE TABLE IF NOT EXISTS feeds (url TEXT PRIMARY KEY, state BLOB NOT NULL)"
            )

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=BUSY_S)
        db.execute("PRAGMA journal_mode=WAL")
        # A power cut may lose the last states, which are then polled again; it does not break the file.
        db.execute("PRAGMA synchronous=NORMAL")
        return db

    def read(self) -> dict[str, FeedState]:
        """Return all states by the feed's address."""
        with closing(self._open()) as db:
            rows = db.execute("SELECT url, state FROM feeds").fetchall()
        found: dict[str, FeedState] = {}
        for url, raw in rows:
            try:
                found[url] = decode(raw, FeedState)
            except CodecError as exc:
                log.warning("state of a feed cannot be read, begun anew", feed=url, error=str(exc))
        return found

    def write(self, *states: FeedState) -> None:
        """Keep states in one transaction."""
        rows = [(state.url, encode(state)) for state in states]
        with closing(self._open()) as db, db:
            db.executemany("INSERT OR REPLACE INTO feeds (url, state) VALUES (?, ?)", rows)

    async def load(self) -> dict[str, FeedState]:
        """Return all states by the feed's address."""
        return await asyncio.to_thread(self.read)

    async def save(self, state: FeedState) -> None:
        """Keep one state."""
        await asyncio.to_thread(self.write, state)

"""The view's database: opened, made anew where its form or its Kafka is another one, written in whole batches.

Each batch is one transaction that holds the records and the offsets they came from, so a restart goes on
where it was, nothing is applied twice, and several processes may write into one view: the first takes the
batch, the others find its offsets there. SQLite by default, PostgreSQL by its address.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import Connection, Engine, create_engine, event, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from monitor.board.arrivals import Arrived, sort_out
from monitor.board.letting_go import drop_incidents, drop_records, let_go
from monitor.board.tables import SCHEMA, meta, metadata, offsets
from monitor.board.textindex import TextIndex, index_of
from monitor.board.writing import Writer
from monitor.errors import MonitorError

log = structlog.get_logger(__name__)

Place = tuple[str, int]
"""A topic's name and a partition."""

BUSY_S = 30.0
"""How long a writer of SQLite waits for another one."""
PAGE_CACHE_KIB = 65_536
"""SQLite's cache of pages for each connection; a quarter of the default index of a million incidents."""

KEEP_UNCITED = timedelta(days=3)
"""How long the text of an article waits for something known to rest on it; extraction takes seconds."""

_WRITING = "board_writing"


class StoreError(MonitorError):
    """The view's database cannot be opened or written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the view is: its form, the Kafka that it is of, its own name, and how often it was written."""

    schema: str
    origin: str
    view: str
    version: int


class Store:
    """A view in a database. Safe to use from threads."""

    def __init__(self, engine: Engine) -> None:
        """Use ``open_store``."""
        self.engine = engine
        self.index: TextIndex = index_of(engine.dialect.name)

    def prepare(self, origin: str) -> bool:
        """Make the view ready for the Kafka named by ``origin``; return whether it was made anew.

        Raises:
            StoreError: the database refuses.
        """
        with self.writing() as connection:
            now = _standing(connection)
            if now and (now.schema, now.origin) == (SCHEMA, origin):
                return False
            self._make(connection, origin)
        log.info("view made anew", schema=SCHEMA, origin=origin)
        return True

    def forget(self) -> None:
        """Empty the view, so that it is read anew from the beginning of every topic."""
        with self.writing() as connection:
            now = _standing(connection)
            assert now is not None
            self._make(connection, now.origin)

    def _make(self, connection: Connection, origin: str) -> None:
        self.index.drop(connection)
        metadata.drop_all(connection)
        metadata.create_all(connection)
        self.index.create(connection)
        said = {"schema": SCHEMA, "origin": origin, "view": uuid.uuid4().hex[:12], "version": "0"}
        connection.execute(meta.insert(), [{"name": n, "value": v} for n, v in said.items()])

    def standing(self) -> Standing:
        """Return what the view is.

        Raises:
            StoreError: it was never made.
        """
        with self.reading() as connection:
            now = _standing(connection)
        if now is None:
            msg = "the board has no view yet; run `news-monitor board` or `news-monitor up` first"
            raise StoreError(msg)
        return now

    def next_offsets(self) -> dict[Place, int]:
        """Return from where each partition is to be read on; one that is not there, from its beginning."""
        with self.reading() as connection:
            found = connection.execute(select(offsets)).tuples()
            return {(topic, partition): following for topic, partition, following in found}

    def apply(self, records: Sequence[Arrived]) -> int | None:
        """Write records and their offsets; return the new version, ``None`` where nothing was new to it.

        Records must come in the order of their offsets within a partition.
        """
        with self.writing() as connection:
            version = _lock(connection)
            known = _offsets(connection, {(r.topic, r.partition) for r in records})
            fresh = [r for r in records if r.offset >= known.get((r.topic, r.partition), 0)]
            if not fresh:
                return None
            batch = sort_out(fresh)
            Writer(connection, self.index, version + 1).write(batch)
            self._move(connection, fresh)
            if not batch:
                return None
            _set_version(connection, version + 1)
        return version + 1

    def tidy(self, now: datetime) -> int:
        """Let go of texts that nothing rests on; return how many. Only for a view that is up to date.

        While topics are still being read, what rests on an article may not have been met yet.
        """
        with self.writing() as connection:
            return let_go(connection, now - KEEP_UNCITED)

    def forget_before(self, until: datetime) -> int:
        """Drop what has not changed since a time, in steps that keep no other writer waiting; return how many incidents."""
        dropped = 0
        while True:
            with self.writing() as connection:
                version = _lock(connection)
                gone = drop_incidents(connection, self.index, until)
                if gone or drop_records(connection, until):
                    _set_version(connection, version + 1)
            if not gone:
                return dropped
            dropped += gone

    def _move(self, connection: Connection, records: Sequence[Arrived]) -> None:
        ends = {(r.topic, r.partition): r.offset + 1 for r in records}
        made = [{"topic": t, "partition": p, "next": n} for (t, p), n in ends.items()]
        statement = self.index.insert(offsets)
        moved = statement.on_conflict_do_update(
            index_elements=["topic", "partition"], set_={"next": statement.excluded.next}
        )
        connection.execute(moved, made)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection whose reads are of one moment."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except SQLAlchemyError as exc:
            raise StoreError(_told(exc)) from exc

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection that writes, all or nothing."""
        try:
            with self.engine.connect() as connection:
                connection.execution_options(**{_WRITING: True})
                with connection.begin():
                    yield connection
        except SQLAlchemyError as exc:
            raise StoreError(_told(exc)) from exc

    def close(self) -> None:
        """Let go of the connections."""
        self.engine.dispose()


def open_store(url: str) -> Store:
    """Return the store at an address of SQLAlchemy's, ``sqlite:///PATH`` or ``postgresql+pg8000://...``.

    Raises:
        StoreError: there is no such database, or no driver for it.
    """
    try:
        engine = create_engine(url, pool_pre_ping=True)
    except (SQLAlchemyError, ImportError) as exc:
        raise StoreError(_told(exc)) from exc
    if engine.dialect.name not in ("sqlite", "postgresql"):
        msg = f"the board keeps its view in SQLite or PostgreSQL, not in {engine.dialect.name}"
        raise StoreError(msg)
    if engine.dialect.name == "sqlite":
        _tune(engine)
    return Store(engine)


def local_url(state_dir: Path) -> str:
    """Return the address of the view that is kept beside the rest of the monitor's state."""
    state_dir.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{state_dir / 'board.sqlite'}"


def _told(exc: Exception) -> str:
    """Return what a database said, without the statement, its values or a password."""
    reason = getattr(exc, "orig", None) or exc
    # pg8000 gives the fields of PostgreSQL's answer; M is the message (protocol, "Error and Notice Message Fields").
    fields = reason.args[0] if reason.args else None
    said = fields.get("M") if isinstance(fields, dict) else None
    return f"the board's database: {str(said or reason).splitlines()[0][:300]}"


def _tune(engine: Engine) -> None:
    """Have SQLite write ahead, wait for others, and begin transactions when told (SQLAlchemy, dialects/sqlite)."""

    @event.listens_for(engine, "connect")
    def _connect(raw: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        raw.isolation_level = None
        for setting in (
            "journal_mode = WAL",
            "synchronous = NORMAL",
            f"busy_timeout = {int(BUSY_S * 1000)}",
            f"cache_size = -{PAGE_CACHE_KIB}",
        ):
            raw.execute(f"PRAGMA {setting}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _standing(connection: Connection) -> Standing | None:
    if not connection.dialect.has_table(connection, meta.name):
        return None
    said: Mapping[str, str] = dict(connection.execute(select(meta)).tuples().all())
    try:
        return Standing(
            schema=said["schema"],
            origin=said["origin"],
            view=said["view"],
            version=int(said["version"]),
        )
    except (KeyError, ValueError):
        return None


def _lock(connection: Connection) -> int:
    """Return the version, and keep other writers out until the end of the transaction."""
    row = select(meta.c.value).where(meta.c.name == "version").with_for_update()
    return int(connection.execute(row).scalar_one())


def _set_version(connection: Connection, version: int) -> None:
    row = update(meta).where(meta.c.name == "version").values(value=str(version))
    connection.execute(row)


def _offsets(connection: Connection, places: set[Place]) -> dict[Place, int]:
    topics = {topic for topic, _ in places}
    found = connection.execute(select(offsets).where(offsets.c.topic.in_(topics))).tuples()
    return {(topic, partition): following for topic, partition, following in found}

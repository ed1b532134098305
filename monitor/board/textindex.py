"""Finds incidents by words and facets: FTS5 in SQLite, a GIN index in PostgreSQL. All that differs between the two.

Every selective filter is a token of this index and not a column with an index of its own, so that any
mix of filters is one intersection of posting lists in the order of the list, and no mix is slow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Delete,
    Integer,
    MetaData,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR

MAX_TERMS = 16
"""Words of a question that are looked for."""

_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def terms_of(asked: str) -> tuple[str, ...]:
    """Return the words of a question; everything else in it (quotes, operators) is nothing."""
    return tuple(_WORD.findall(asked.casefold()))[:MAX_TERMS]


class TextIndex(Protocol):
    """An index of incidents by words and facets. ``table`` has a column ``num``."""

    table: Table

    def create(self, connection: Connection) -> None:
        """Make the index, empty."""

    def drop(self, connection: Connection) -> None:
        """Remove it where it is there."""

    def put(
        self, connection: Connection, entries: Sequence[tuple[int, str, Sequence[str]]]
    ) -> None:
        """Set the words and facets of incidents, given by number."""

    def match(self, terms: Sequence[str], facets: Sequence[Sequence[str]]) -> ColumnElement[bool]:
        """Return the condition that all terms are there, and of each group of facets one; not both may be empty."""

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """Return the dialect's insert, which knows ``ON CONFLICT``."""


class SqliteIndex:
    """FTS5. Its row number is the incident's, and it yields rows in that order without sorting."""

    def __init__(self) -> None:
        """Describe the virtual table as one with a column for its row number."""
        self.table = Table(
            "incident_words",
            MetaData(),
            Column("rowid", Integer, primary_key=True, key="num"),
            Column("words", Text),
            Column("facets", Text),
        )

    def create(self, connection: Connection) -> None:
        """Make the index, empty."""
        connection.execute(
            text(
                "CREATE VIRTUAL TABLE incident_words USING fts5("
                "words, facets, tokenize = 'porter unicode61 remove_diacritics 2')"
            )
        )

    def drop(self, connection: Connection) -> None:
        """Remove it where it is there."""
        connection.execute(text("DROP TABLE IF EXISTS incident_words"))

    def put(
        self, connection: Connection, entries: Sequence[tuple[int, str, Sequence[str]]]
    ) -> None:
        """Set the words and facets of incidents, given by number."""
        connection.execute(_without(self.table, entries))
        rows = [{"num": num, "words": w, "facets": " ".join(f)} for num, w, f in entries]
        connection.execute(insert(self.table), rows)

    def match(self, terms: Sequence[str], facets: Sequence[Sequence[str]]) -> ColumnElement[bool]:
        """Return the condition that all terms are there, and of each group of facets one."""
        groups = (" OR ".join(f'facets : "{facet}"' for facet in group) for group in facets)
        asked = [*(f"({group})" for group in groups), *(f'words : "{term}"' for term in terms)]
        return literal_column("incident_words").op("MATCH")(" AND ".join(asked))

    def insert(self, table: Table) -> sqlite.Insert:
        """Return the dialect's insert, which knows ``ON CONFLICT``."""
        return sqlite.insert(table)


class PostgresIndex:
    """One GIN index over words and facets."""

    def __init__(self) -> None:
        """Describe the table."""
        self.table = Table(
            "incident_words",
            MetaData(),
            Column("num", BigInteger, primary_key=True, autoincrement=False),
            Column("words", TSVECTOR, nullable=False),
            Column("facets", ARRAY(Text), nullable=False),
        )

    def create(self, connection: Connection) -> None:
        """Make the index, empty."""
        self.table.create(connection)
        made = "CREATE INDEX incident_words_found ON incident_words USING gin (words, facets)"
        connection.execute(text(made))

    def drop(self, connection: Connection) -> None:
        """Remove it where it is there."""
        connection.execute(text("DROP TABLE IF EXISTS incident_words"))

    def put(
        self, connection: Connection, entries: Sequence[tuple[int, str, Sequence[str]]]
    ) -> None:
        """Set the words and facets of incidents, given by number."""
        connection.execute(_without(self.table, entries))
        rows: list[Mapping[str, Any]] = [  # a number, a text and a list
            {"num": num, "text": words, "facets": list(facets)} for num, words, facets in entries
        ]
        connection.execute(self._inserted(), rows)

    def _inserted(self) -> postgresql.Insert:
        words = func.to_tsvector("english", bindparam("text"))
        return self.insert(self.table).values(words=words)

    def match(self, terms: Sequence[str], facets: Sequence[Sequence[str]]) -> ColumnElement[bool]:
        """Return the condition that all terms are there, and of each group of facets one."""
        columns = self.table.c
        single = [group[0] for group in facets if len(group) == 1]
        found = [columns.facets.overlap(list(group)) for group in facets if len(group) > 1]
        if single:
            found.append(columns.facets.contains(single))
        if terms:
            asked = func.plainto_tsquery("english", " ".join(terms))
            found.append(columns.words.bool_op("@@")(asked))
        return and_(*found)

    def insert(self, table: Table) -> postgresql.Insert:
        """Return the dialect's insert, which knows ``ON CONFLICT``.

        With ``RETURNING`` SQLAlchemy sends many rows in one statement; without, pg8000 waits for an
        answer after each row.
        """
        statement = postgresql.insert(table).returning(*table.primary_key)
        # Typed as another class, which it is not.
        return cast("postgresql.Insert", statement)


def _without(table: Table, entries: Sequence[tuple[int, str, Sequence[str]]]) -> Delete:
    """Return the statement that removes entries, to be set anew."""
    return delete(table).where(table.c.num.in_([num for num, _, _ in entries]))


def index_of(dialect: str) -> TextIndex:
    """Return the index for a dialect of SQLAlchemy's."""
    return PostgresIndex() if dialect == "postgresql" else SqliteIndex()

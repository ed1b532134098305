"""The tables of the view. They are never migrated: another ``SCHEMA`` drops all and reads Kafka anew.

Times are milliseconds since 1970 UTC. ``num`` of an incident is its time, then bits of its id, so that the
primary key is the order of the list, and is the same after every rebuild. ``version`` is the number of the
transaction that last touched a row; streams and ETags live on it.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

SCHEMA = "2"
"""Raise it with every change of a table, of what is indexed, or of how records are folded."""

_BIG = BigInteger().with_variant(Integer(), "sqlite")
"""Only ``INTEGER PRIMARY KEY`` is SQLite's own row number (sqlite.org/lang_createtable.html#rowid)."""

metadata = MetaData()

meta = Table(
    "board_meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

offsets = Table(
    "board_offsets",
    metadata,
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("next", BigInteger, nullable=False),
)

incidents = Table(
    "incidents",
    metadata,
    Column("num", _BIG, primary_key=True, autoincrement=False),
    Column("incident_id", Text, nullable=False, unique=True),
    Column("version", BigInteger, nullable=False, index=True),
    Column("updated", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("country", Text),
    Column("killed", Integer),
    Column("injured", Integer),
    Column("place", Text),
    Column("precision", Text),
    Column("lat", Float),
    Column("lon", Float),
    Column("shown", Boolean, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("merged_into", Text),
)
"""``shown`` is false for what only ``background=on`` lists: background, dismissed, merged.

Narrow, as a summary reads thousands of rows: what is known is in ``snapshots``.
"""

snapshots = Table(
    "snapshots",
    metadata,
    Column("num", _BIG, primary_key=True, autoincrement=False),
    Column("doc", Text, nullable=False),
)
"""What is known of each incident, under its number."""

claims = Table(
    "claims",
    metadata,
    Column("incident_id", Text, primary_key=True),
    Column("doc", LargeBinary, nullable=False),
)
"""The rows of track, while an incident is open: what each source says of it."""

deltas = Table(
    "deltas",
    metadata,
    Column("seq", _BIG, primary_key=True),
    Column("delta_id", Text, nullable=False, unique=True),
    Column("incident_id", Text, index=True),
    Column("tally_id", Text, index=True),
    Column("at", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("doc", LargeBinary, nullable=False),
    Index("deltas_reason", "reason", "seq"),
)

statements = Table(
    "statements",
    metadata,
    Column("seq", _BIG, primary_key=True),
    Column("delta_id", Text, nullable=False, unique=True),
    Column("incident_id", Text, index=True),
    Column("at", BigInteger, nullable=False),
    Column("principal", Text, nullable=False),
    Column("stance", Text, nullable=False),
    Column("official", Boolean, nullable=False),
    Column("doc", Text, nullable=False),
    Index("statements_stance", "stance", "seq"),
)

tallies = Table(
    "tallies",
    metadata,
    Column("tally_id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False, index=True),
    Column("updated", BigInteger, nullable=False, index=True),
    Column("doc", Text, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    Column("seq", _BIG, primary_key=True),
    Column("alert_id", Text, nullable=False, unique=True),
    Column("incident_id", Text, index=True),
    Column("version", BigInteger, nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("doc", Text, nullable=False),
    Index("alerts_kind", "kind", "seq"),
)

articles = Table(
    "articles",
    metadata,
    Column("article_id", Text, primary_key=True),
    Column("at", BigInteger, nullable=False, index=True),
    Column("doc", LargeBinary, nullable=False),
)

cited = Table("cited", metadata, Column("article_id", Text, primary_key=True))
"""Articles that something known rests on; the text of others is let go after some days."""

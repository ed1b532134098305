"""Topic cards: one TOML file a topic in ``schemas/topics``; the only place that says which topics exist.

A card tells the key and why it is the key, since a topic's key is a correctness decision.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

QUARANTINE = ".quarantine"
"""What is appended to a topic's name for the topic in which its failed records wait."""

_QUARANTINE_CONFIG = {"retention.ms": str(90 * 86_400_000), "max.message.bytes": "8388608"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a topic is. ``config`` are Kafka topic settings; ``partitions`` is the default count.

    ``like`` names the topic whose partition count this one shares whatever is configured: a stage's
    rows are in the partition of the records that made them.
    """

    name: str
    about: str
    key: str
    why_key: str
    record: str
    producer: str
    consumers: tuple[str, ...]
    partitions: int
    quarantine: bool
    config: dict[str, str]
    like: str | None = None


def _read(text: str) -> Card:
    data = tomllib.loads(text)
    return Card(
        name=data["name"],
        about=data["about"],
        key=data["key"],
        why_key=data["why_key"],
        record=data["record"],
        producer=data["producer"],
        consumers=tuple(data["consumers"]),
        partitions=int(data["partitions"]),
        quarantine=bool(data.get("quarantine", True)),
        config={k: str(v) for k, v in data.get("config", {}).items()},
        like=data.get("like"),
    )


@cache
def cards() -> dict[str, Card]:
    """Return all cards by topic name, in order of the names, without the quarantine topics."""
    folder = resources.files("schemas") / "topics"
    files = [f for f in folder.iterdir() if f.name.endswith(".toml")]
    read = [_read(f.read_text(encoding="utf-8")) for f in files]
    return {c.name: c for c in sorted(read, key=lambda c: c.name)}


def quarantine_of(card: Card) -> Card:
    """Return the card of the topic in which failed records of ``card``'s topic wait."""
    return Card(
        name=card.name + QUARANTINE,
        about=f"Records of {card.name} that failed, with the reason.",
        key="topic, partition and offset of the failed record",
        why_key="the same failed record, read twice, stays one",
        record="schemas.quarantine.Quarantined",
        producer="any stage that reads " + card.name,
        consumers=("news-monitor quarantine",),
        partitions=1,
        quarantine=False,
        config=dict(_QUARANTINE_CONFIG),
    )


@cache
def all_topics() -> dict[str, Card]:
    """Return every topic that must exist before a worker starts, quarantine topics included."""
    own = cards()
    waiting = [quarantine_of(c) for c in own.values() if c.quarantine]
    return own | {c.name: c for c in waiting}

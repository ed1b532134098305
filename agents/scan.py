"""Reads whole topics from their beginning to their present end, for commands."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

import structlog
from aiokafka import ConsumerRecord, TopicPartition

from agents.kafka import admin, batches, reader
from agents.settings import KafkaSettings
from monitor import heartbeat
from schemas import codec

log = structlog.get_logger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A record as it stands in Kafka. ``topic`` is the card's name; ``at`` is when it was written."""

    topic: str
    partition: int
    offset: int
    at: datetime
    key: bytes | None
    value: bytes | None


async def places_of(kafka: KafkaSettings, topic: str) -> list[TopicPartition]:
    """Return the partitions of a topic, in order; none where it does not exist."""
    name = kafka.topic(topic)
    async with admin(kafka) as client:
        described = await client.describe_topics([name])
    numbers = [p["partition"] for d in described for p in d["partitions"]]
    return [TopicPartition(name, number) for number in sorted(numbers)]


async def scan(kafka: KafkaSettings, topic: str) -> AsyncIterator[Scanned]:
    """Yield the records of a topic, partition by partition, in their order; heartbeats are nobody's news."""
    places = await places_of(kafka, topic)
    if not places:
        return
    async with reader(kafka) as consumer:
        ends = await consumer.end_offsets(places)
        for place in places:
            async for records in batches(consumer, place, ends[place]):
                for record in records:
                    if not heartbeat.is_key(record.key):
                        yield _scanned(topic, record)


def _scanned(topic: str, record: ConsumerRecord[bytes, bytes]) -> Scanned:
    return Scanned(
        topic=topic,
        partition=record.partition,
        offset=record.offset,
        at=datetime.fromtimestamp(record.timestamp / 1000, UTC),
        key=record.key,
        value=record.value,
    )


def read_from(scanned: Scanned, read: Callable[[bytes], T]) -> T | None:
    """Return what ``read`` makes of a value; ``None`` where it was deleted, or where it is not understood, which is told."""
    if scanned.value is None:
        return None
    try:
        return read(scanned.value)
    except codec.CodecError as exc:
        log.warning(
            "not understood, left out",
            topic=scanned.topic,
            partition=scanned.partition,
            offset=scanned.offset,
            error=str(exc),
        )
        return None

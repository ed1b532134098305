"""Reads the topics of rows in bulk when a worker gets a partition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition

from agents.kafka import batches, reader
from agents.settings import KafkaSettings
from monitor.errors import MonitorError
from schemas import codec

_MAX_RECORDS = 2000
"""Records taken between two turns of the event loop: a few milliseconds of decoding."""


class UnreadableRowError(MonitorError):
    """A row is of another version of the monitor, or damaged; the text says where it stands.

    Going on without it would tell again what was told, so the process leaves and nothing is read.
    """


class Loadable(Protocol):
    """What the rows of a partition are read into."""

    topic: str
    partition: int
    position: int

    def load(self, key: bytes, value: bytes | None) -> None:
        """Take one record of the topic of rows, in its order there."""

    def loaded(self, source_end: int) -> None:
        """Finish loading; ``source_end`` is the next offset of the topic that the stage reads."""


class Rows:
    """Access to the topics of rows of one Kafka."""

    def __init__(self, kafka: KafkaSettings) -> None:
        self._kafka = kafka

    async def end(self, topic: str, partition: int) -> int:
        """Return the offset that the next record there will get."""
        place = TopicPartition(self._kafka.topic(topic), partition)
        async with reader(self._kafka) as consumer:
            ends = await consumer.end_offsets([place])
        return int(ends[place])

    async def load(self, ledger: Loadable, *, source: str) -> int:
        """Read a partition of rows from its beginning to its end into the ledger; return how many records."""
        place = TopicPartition(self._kafka.topic(ledger.topic), ledger.partition)
        read = TopicPartition(self._kafka.topic(source), ledger.partition)
        async with reader(self._kafka, max_poll_records=_MAX_RECORDS) as consumer:
            # Before the first fetch: the broker answers one request of a connection after the other.
            ends = await consumer.end_offsets([place, read])
            count = await each(consumer, place, ends[place], ledger.load)
        ledger.position = ends[place]
        ledger.loaded(ends[read])
        return count


async def each(
    consumer: AIOKafkaConsumer,
    place: TopicPartition,
    end: int,
    take: Callable[[bytes, bytes | None], None],
) -> int:
    """Give the records of a partition up to an offset to ``take``, in order; return how many.

    Raises:
        UnreadableRowError: ``take`` cannot read one of them.
    """
    count = 0
    async for records in batches(consumer, place, end):
        for record in records:
            try:
                take(record.key, record.value)
            except codec.CodecError as exc:
                msg = f"{place.topic}, partition {place.partition}, offset {record.offset}: {exc}"
                raise UnreadableRowError(msg) from exc
            count += 1
    return count

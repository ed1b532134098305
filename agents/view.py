"""Kafka to the board's view: reads the topics on from where the view stands, without a consumer group.

The offsets are in the view itself, so it is the view that says what it has, and any number of readers, the
board and the commands, may bring one view up to date: whoever comes second finds the work done.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from agents.emptied import cluster_id
from agents.kafka import reader
from agents.scan import places_of
from agents.settings import KafkaSettings
from monitor.board.arrivals import TOPICS, Arrived
from monitor.board.store import Place, Store

log = structlog.get_logger(__name__)

MAX_RECORDS = 1000
"""Records of one transaction: a fraction of a second of writing, and of what a crash has to read again."""


async def origin_of(kafka: KafkaSettings) -> str:
    """Return the name of a Kafka as views know it: its cluster's id, which a new one has not, and the topics' names."""
    return "/".join((await cluster_id(kafka), *names_of(kafka)))


def names_of(kafka: KafkaSettings) -> dict[str, str]:
    """Return the cards' names of the view's topics by the names that they have in this Kafka."""
    return {kafka.topic(topic): topic for topic in TOPICS}


@dataclass(slots=True, kw_only=True)
class Follower:
    """Brings a view up to date, batch after batch. ``names`` are those of the cards by those in Kafka."""

    names: dict[str, str]
    store: Store
    consumer: AIOKafkaConsumer
    places: list[TopicPartition]

    async def step(self, within_s: float) -> int:
        """Take what comes within a time into the view; return how many records that were."""
        found = await self.consumer.getmany(
            timeout_ms=int(within_s * 1000), max_records=MAX_RECORDS
        )
        records = [self._arrived(r) for place in found.values() for r in place]
        if records:
            await asyncio.to_thread(self.store.apply, records)
        return len(records)

    async def behind(self) -> int:
        """Return how many records wait in Kafka."""
        ends = await self.consumer.end_offsets(self.places)
        return sum([ends[p] - await self.consumer.position(p) for p in self.places])

    def _arrived(self, record: ConsumerRecord[bytes, bytes]) -> Arrived:
        return Arrived(
            topic=self.names[record.topic],
            partition=record.partition,
            offset=record.offset,
            at=datetime.fromtimestamp(record.timestamp / 1000, UTC),
            key=record.key,
            value=record.value,
        )


@asynccontextmanager
async def following(kafka: KafkaSettings, store: Store) -> AsyncIterator[Follower]:
    """Yield what follows Kafka into the view, made ready for this Kafka; a view of another one is made anew."""
    await asyncio.to_thread(store.prepare, await origin_of(kafka))
    found = await asyncio.gather(*(places_of(kafka, topic) for topic in TOPICS))
    places = [place for topic in found for place in topic]
    async with reader(kafka) as consumer:
        consumer.assign(places)
        names = names_of(kafka)
        await _seek(names, consumer, places, store)
        yield Follower(names=names, store=store, consumer=consumer, places=places)


async def _seek(
    names: dict[str, str], consumer: AIOKafkaConsumer, places: list[TopicPartition], store: Store
) -> None:
    """Go where the view stands. One that is ahead of a topic knows another topic of that name."""
    ends, begins = await consumer.end_offsets(places), await consumer.beginning_offsets(places)
    known = await asyncio.to_thread(store.next_offsets)
    if any(known.get(_place(names, place), 0) > ends[place] for place in places):
        log.warning("a topic was made anew, and so is the view")
        await asyncio.to_thread(store.forget)
        known = {}
    for place in places:
        consumer.seek(place, max(known.get(_place(names, place), 0), begins[place]))


def _place(names: dict[str, str], place: TopicPartition) -> Place:
    return names[place.topic], place.partition


async def catch_up(kafka: KafkaSettings, store: Store) -> None:
    """Bring a view up to date with what is in Kafka now."""
    async with following(kafka, store) as follower:
        while await follower.behind():
            await follower.step(1.0)

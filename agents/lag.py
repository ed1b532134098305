"""Tells how far consumer groups are behind, from outside of Faust."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka import TopicPartition

from agents.kafka import admin, reader
from agents.settings import KafkaSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """How far a group is in one partition: the next offset to read, and the end."""

    committed: int
    end: int

    @property
    def waiting(self) -> int:
        """Return how many records are still to be read."""
        return max(0, self.end - self.committed)


async def lags(
    kafka: KafkaSettings, group: str, topics: Sequence[str]
) -> dict[tuple[str, int], Lag]:
    """Return the lag of a group by topic (the card's name) and partition."""
    names = {kafka.topic(topic): topic for topic in topics}
    async with admin(kafka) as client:
        places = [
            TopicPartition(topic["topic"], partition["partition"])
            for topic in await client.describe_topics(list(names))
            for partition in topic["partitions"]
        ]
        committed = await client.list_consumer_group_offsets(group, partitions=places)
    async with reader(kafka) as consumer:
        ends = await consumer.end_offsets(places)
        begins = await consumer.beginning_offsets(places)
    return {
        (names[place.topic], place.partition): Lag(
            # A group that never committed there (-1) starts at the beginning.
            committed=max(committed[place].offset, begins[place]),
            end=ends[place],
        )
        for place in places
    }

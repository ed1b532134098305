"""Tells how far consumer groups are behind, from outside of Faust."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError

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
    return (await all_lags(kafka, {group: topics}))[group]


async def all_lags(
    kafka: KafkaSettings, wanted: Mapping[str, Sequence[str]]
) -> dict[str, dict[tuple[str, int], Lag]]:
    """Return the lags of groups in their topics. All are asked for by the same two clients, which cost a start each.

    Raises:
        GroupCoordinatorNotAvailableError: Kafka has just started, and does not know yet what was committed.
    """
    names = {kafka.topic(topic): topic for topics in wanted.values() for topic in topics}
    async with admin(kafka) as client:
        every = [
            TopicPartition(topic["topic"], partition["partition"])
            for topic in await client.describe_topics(list(names))
            for partition in topic["partitions"]
        ]
        places = {g: [p for p in every if names[p.topic] in topics] for g, topics in wanted.items()}
        committed = {
            group: await _committed(client, group, of_group) for group, of_group in places.items()
        }
    async with reader(kafka) as consumer:
        ends = await consumer.end_offsets(every)
        begins = await consumer.beginning_offsets(every)
    return {
        group: {
            (names[place.topic], place.partition): Lag(
                # A group that never committed there (-1) starts at the beginning.
                committed=max(committed[group][place], begins[place]),
                end=ends[place],
            )
            for place in of_group
        }
        for group, of_group in places.items()
    }


async def _committed(
    client: AIOKafkaAdminClient, group: str, places: list[TopicPartition]
) -> dict[TopicPartition, int]:
    found = await client.list_consumer_group_offsets(group, partitions=places)
    if any(place not in found for place in places):
        # The client passes over an error that is told of the group as a whole.
        raise GroupCoordinatorNotAvailableError(group)
    return {place: found[place].offset for place in places}

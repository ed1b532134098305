"""Creates every topic of the cards before any worker starts.

A Faust agent on a topic that is not there stays silent for ever ("Ignoring missing topic",
faust-streaming 0.15.3), and the local Kafka creates none by itself.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

import structlog
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    GroupCoordinatorNotAvailableError,
    KafkaError,
    NotCoordinatorForGroupError,
    TopicAlreadyExistsError,
    for_code,
)

from agents.kafka import admin
from agents.settings import KafkaSettings, Settings
from monitor.errors import NotReachableError
from schemas.cards import Card, all_topics

log = structlog.get_logger(__name__)

_LOOK_S = 0.1
_RETRY_S = 1.0
_TELL_EVERY = 10


class ProvisionError(NotReachableError):
    """The topics are not there, or are not as they must be; the text says which and why."""


def partitions_of(settings: Settings, card: Card) -> int:
    """Return how many partitions a topic gets when it is created."""
    if card.like:
        return partitions_of(settings, all_topics()[card.like])
    return settings.partitions.get(card.name, card.partitions)


def _new_topic(settings: Settings, card: Card) -> NewTopic:
    return NewTopic(
        settings.kafka.topic(card.name),
        partitions_of(settings, card),
        settings.kafka.replication_factor,
        topic_configs=dict(card.config),
    )


async def _counts(client: AIOKafkaAdminClient, names: list[str]) -> dict[str, int]:
    described = await client.describe_topics(names)
    return {d["topic"]: len(d["partitions"]) for d in described if not d.get("error_code")}


async def _create(client: AIOKafkaAdminClient, topics: list[NewTopic]) -> None:
    answer = await client.create_topics(topics)
    for name, code, *rest in answer.topic_errors:
        if code and for_code(code) is not TopicAlreadyExistsError:
            msg = f"topic {name} cannot be created: {for_code(code).__name__} {rest[0] if rest else ''}"
            raise ProvisionError(msg)


async def _await_topics(
    client: AIOKafkaAdminClient, want: Mapping[str, NewTopic], end: float
) -> Mapping[str, int]:
    while set(have := await _counts(client, list(want))) != set(want):
        if time.monotonic() > end:
            msg = f"topics do not appear: {', '.join(sorted(set(want) - set(have)))}"
            raise ProvisionError(msg)
        await asyncio.sleep(_LOOK_S)
    return have


async def _await_coordinator(client: AIOKafkaAdminClient, group: str, end: float) -> None:
    """Have a new Kafka make its own topic for groups now, and not when each stage asks for it at once."""
    while True:
        try:
            await client.find_coordinator(group)
        except (GroupCoordinatorNotAvailableError, NotCoordinatorForGroupError):
            if time.monotonic() > end:
                raise
            await asyncio.sleep(_LOOK_S)
        else:
            return


def _check(have: Mapping[str, int], want: Mapping[str, NewTopic]) -> None:
    """Refuse other partition counts: keys would move, and rows would be sought where they are not."""
    wrong = [
        f"{name} has {have[name]} partitions and not {topic.num_partitions}"
        for name, topic in want.items()
        if name in have and have[name] != topic.num_partitions
    ]
    if wrong:
        raise ProvisionError("; ".join(wrong))


async def provision(settings: Settings, timeout_s: float = 30.0) -> tuple[str, ...]:
    """Create the topics that are missing, wait until the broker serves all, and return the new ones.

    Raises:
        ProvisionError: a topic cannot be made, has another partition count, or does not appear in time.
        KafkaError: the broker cannot be reached or refuses.
    """
    wanted = [_new_topic(settings, card) for card in all_topics().values()]
    want = {topic.name: topic for topic in wanted}
    async with admin(settings.kafka) as client:
        existing = set(await client.list_topics())
        missing = [topic for name, topic in want.items() if name not in existing]
        if missing:
            await _create(client, missing)
        end = time.monotonic() + timeout_s
        have = await _await_topics(client, want, end)
        _check(have, want)
        await _await_coordinator(client, settings.kafka.group("any"), end)
    return tuple(sorted(topic.name for topic in missing))


async def await_kafka(kafka: KafkaSettings) -> None:
    """Return when Kafka can be reached, however long that takes; tell every ten seconds that it cannot."""
    tries = 0
    while True:
        try:
            async with admin(kafka):
                return
        except (KafkaError, OSError) as exc:
            if tries % _TELL_EVERY == 0:
                servers = ",".join(kafka.bootstrap_servers)
                log.warning("Kafka cannot be reached", servers=servers, error=repr(exc))
            tries += 1
            await asyncio.sleep(_RETRY_S)

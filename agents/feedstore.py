"""Keeps the states of feeds in the compacted topic ``feeds``, and shares feeds among pollers by its partitions.

A feed belongs to the partition of its host, so that all feeds of a host are polled by one process, which
alone can be polite to it. The consumer group says which process has which partitions.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from urllib.parse import urlsplit

import structlog
from aiokafka import TopicPartition

from agents.kafka import reader
from agents.rows import each
from agents.settings import KafkaSettings
from agents.wire import Outbound, Sender, check_size
from schemas import codec
from schemas.feed import FeedState

log = structlog.get_logger(__name__)

TOPIC = "feeds"
BY = "by"
"""The header that names who wrote a state: a poller knows its own, and heeds those of others."""


def partition_of(url: str, partitions: int) -> int:
    """Return the partition of a feed: that of its host, the same on every machine."""
    host = (urlsplit(url).hostname or "").lower()
    return int.from_bytes(sha256(host.encode()).digest()[:4], "big") % partitions


class KafkaFeedStore:
    """``monitor.feeds.store.FeedStore`` on Kafka. ``take`` says which partitions are ours."""

    def __init__(self, kafka: KafkaSettings, sender: Sender, partitions: int) -> None:
        self.by = uuid.uuid4().bytes
        self.partitions = partitions
        self._kafka = kafka
        self._sender = sender
        self._saved: dict[str, int] = {}
        self._saving: Counter[str] = Counter()

    async def load(self) -> dict[str, FeedState]:
        """Return nothing: states are read when partitions are assigned."""
        return {}

    async def save(self, state: FeedState) -> None:
        """Keep one state.

        Raises:
            Refused: it is larger than the topic takes. That is this feed's trouble, and no reason to end the process.
        """
        message = message_of(state, self.partitions, self.by)
        check_size([message])
        self._saving[state.url] += 1
        try:
            (self._saved[state.url],) = await self._sender.send([message])
        finally:
            self._saving.subtract([state.url])
            if not self._saving[state.url]:
                del self._saving[state.url]

    def may_have_saved_over(self, url: str, offset: int) -> bool:
        """Return whether a state of ours stands behind this record of the topic, or is on its way there."""
        return self._saving[url] > 0 or self._saved.get(url, -1) > offset

    async def read(self, partitions: Iterable[int]) -> dict[str, FeedState]:
        """Return the states in partitions, by address; one that cannot be read is begun anew."""
        self._saved.clear()
        found: dict[str, FeedState] = {}

        def take(key: bytes, value: bytes | None) -> None:
            state = state_of(value)
            if state is not None:
                found[state.url] = state
            else:
                found.pop(key.decode("utf-8", "replace"), None)

        async with reader(self._kafka) as consumer:
            places = [TopicPartition(self._kafka.topic(TOPIC), number) for number in partitions]
            ends = await consumer.end_offsets(places)
            for place in places:
                await each(consumer, place, ends[place], take)
        return found


def message_of(state: FeedState, partitions: int, by: bytes) -> Outbound:
    """Return the message that keeps a state."""
    return Outbound(
        topic=TOPIC,
        key=state.url.encode(),
        value=codec.encode(state),
        partition=partition_of(state.url, partitions),
        headers=((BY, by),),
    )


def state_of(value: bytes | None) -> FeedState | None:
    """Return the state in a message, ``None`` where it was deleted or cannot be read."""
    if value is None:
        return None
    try:
        return codec.decode(value, FeedState)
    except codec.CodecError as exc:
        log.warning("state of a feed cannot be read, begun anew", error=str(exc))
        return None

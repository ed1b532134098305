"""Follows a small compacted topic whole: what every worker must know, whichever partitions it has.

Silences and the states of sinks are such. The topic is read to its end before the stage that needs it takes a record,
and then followed, so that a silence is in force within a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from agents.kafka import batches, reader
from agents.leaving import LeaveOnError
from agents.settings import KafkaSettings
from schemas import codec
from schemas.base import Record

log = structlog.get_logger(__name__)

R = TypeVar("R", bound=Record)

MAX_KEYS = 20_000
"""Keys that are kept in memory at most; the ones that came first are dropped."""


@dataclass(slots=True, kw_only=True)
class Tail(Generic[R]):
    """The latest record under each key of a topic with one partition. ``told`` hears of each record as it comes."""

    kafka: KafkaSettings
    topic: str
    kind: type[R]
    told: Callable[[R], None] = lambda _: None
    latest: dict[str, R] = field(default_factory=dict)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _following: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Read the topic to its end, and begin to follow it."""
        place = TopicPartition(self.kafka.topic(self.topic), 0)
        consumer = await self._stack.enter_async_context(reader(self.kafka))
        ends = await consumer.end_offsets([place])
        async for records in batches(consumer, place, ends[place]):
            self._take(records)
        self._following = asyncio.create_task(self._follow(consumer))

    async def stop(self) -> None:
        """Follow no more."""
        if self._following is not None:
            self._following.cancel()
            await asyncio.wait([self._following])
        await self._stack.aclose()

    async def _follow(self, consumer: AIOKafkaConsumer) -> None:
        with LeaveOnError(f"following {self.topic}"):
            while True:
                for records in (await consumer.getmany(timeout_ms=1000)).values():
                    self._take(records)

    def _take(self, records: Iterable[ConsumerRecord[bytes, bytes]]) -> None:
        for record in records:
            self._note((record.key or b"").decode("utf-8", "replace"), record.value)

    def _note(self, key: str, value: bytes | None) -> None:
        self.latest.pop(key, None)
        if value is None:
            return
        try:
            found = codec.decode(value, self.kind)
        except codec.CodecError as exc:
            log.warning("not understood", topic=self.topic, key=key, error=str(exc))
            return
        self.latest[key] = found
        if len(self.latest) > MAX_KEYS:
            del self.latest[next(iter(self.latest))]
        self.told(found)

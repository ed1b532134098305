"""Turns bytes to records and failures to quarantine; the one place with a broad ``except``.

What an agent raises, Faust acknowledges and forgets (faust-streaming, docs/userguide/agents), so a
record that cannot be read or on which a stage raises becomes a quarantine record, and its neighbours go on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from agents.kafka import make_producer
from agents.leaving import leave
from agents.settings import KafkaSettings
from monitor.children import ChildDied, DeadlineExceeded
from schemas import codec
from schemas.base import Record
from schemas.cards import QUARANTINE, all_topics
from schemas.quarantine import Quarantined
from schemas.reasons import QuarantineReason

Headers = tuple[tuple[str, bytes], ...]

R = TypeVar("R", bound=Record)
T = TypeVar("T")

MAX_KEPT_BYTES = 5 << 20
"""Bytes of a failed record that are kept: in base 64 they fit the quarantine topic's 8 MiB."""
MAX_ERROR_CHARS = 2000
OVERHEAD_BYTES = 1024
"""Head of a batch and of a record in it (106 bytes), key and headers, generously."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """A record as it stands in Kafka. ``topic`` is the card's name, without the prefix."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """A record to send. ``value`` ``None`` deletes; ``partition`` ``None`` is chosen by the key."""

    topic: str
    key: bytes
    value: bytes | None
    partition: int | None = None
    headers: Headers = ()


def message(topic: str, key: str, record: Record) -> Outbound:
    """Return the message of a record."""
    return Outbound(topic=topic, key=key.encode(), value=codec.encode(record))


class Refused(Exception):  # noqa: N818 - it reads as what happened
    """A record that is not worked on, with the reason."""

    def __init__(self, reason: QuarantineReason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def utc_now() -> datetime:
    """Return the time, aware UTC."""
    return datetime.now(UTC)


def read(message: Inbound, kind: type[R]) -> R:
    """Return the record in a message.

    Raises:
        Refused: it is deleted, of another version, or no such record.
    """
    if message.value is None:
        raise Refused(QuarantineReason.TOMBSTONE, f"no value, a {kind.__name__} was expected")
    try:
        return codec.decode(message.value, kind)
    except codec.WrongVersionError as exc:
        raise Refused(QuarantineReason.WRONG_VERSION, str(exc)) from exc
    except codec.CodecError as exc:
        raise Refused(QuarantineReason.NOT_DECODED, str(exc)) from exc


def _reason(exc: Exception) -> QuarantineReason:
    if isinstance(exc, Refused):
        return exc.reason
    if isinstance(exc, DeadlineExceeded):
        return QuarantineReason.DEADLINE
    if isinstance(exc, ChildDied):
        return QuarantineReason.CHILD_DIED
    return QuarantineReason.STAGE_RAISED


def attempt(work: Callable[[], T], message: Inbound, *, stage: str) -> T | Quarantined:
    """Return what ``work`` makes of a message, or the quarantine record where it raises anything at all."""
    try:
        return work()
    except Exception as exc:  # noqa: BLE001 - the one broad except: nothing may stop the neighbours
        kept = None if message.value is None else message.value[:MAX_KEPT_BYTES]
        return Quarantined(
            topic=message.topic,
            partition=message.partition,
            offset=message.offset,
            stage=stage,
            reason=_reason(exc),
            error=f"{type(exc).__name__}: {exc}"[:MAX_ERROR_CHARS],
            at=utc_now(),
            key=None if message.key is None else message.key[:MAX_KEPT_BYTES],
            value=kept,
            truncated=kept is not None and kept != message.value,
        )


def quarantine_key(failed: Quarantined) -> bytes:
    """Return the key of a quarantine record: the same failed record, read twice, stays one."""
    return f"{failed.topic}/{failed.partition}/{failed.offset}".encode()


def to_quarantine(failed: Quarantined) -> Outbound:
    """Return the message that sets a failed record aside."""
    topic = failed.topic + QUARANTINE
    return Outbound(topic=topic, key=quarantine_key(failed), value=codec.encode(failed))


def check_size(messages: Sequence[Outbound]) -> None:
    """Look at sizes before anything is sent: a batch fails as a whole for one record that is too large.

    Raises:
        Refused: the topic of one of them would not take it.
    """
    for message in messages:
        limit = int(all_topics()[message.topic].config.get("max.message.bytes", 1 << 20))
        size = len(message.key) + len(message.value or b"") + OVERHEAD_BYTES
        if size > limit:
            text = f"{size} bytes for {message.topic}, which takes {limit}"
            raise Refused(QuarantineReason.TOO_LARGE, text)


class Sender:
    """Sends records and returns when Kafka has them. What Kafka does not take ends the process."""

    def __init__(self, kafka: KafkaSettings) -> None:
        self._kafka = kafka
        self._producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connect."""
        self._producer = make_producer(self._kafka)
        await self._producer.start()

    async def stop(self) -> None:
        """Send what waits and disconnect."""
        if self._producer is not None:
            await self._producer.stop()

    async def send(self, messages: Sequence[Outbound]) -> list[int]:
        """Send all and return the offsets that they got, in order. Order holds within a partition."""
        assert self._producer is not None
        try:
            waiting = [
                await self._producer.send(
                    self._kafka.topic(message.topic),
                    key=message.key,
                    value=message.value,
                    partition=message.partition,
                    headers=list(message.headers),
                )
                for message in messages
            ]
            return [done.offset for done in await asyncio.gather(*waiting)]
        except KafkaError as exc:
            topics = sorted({message.topic for message in messages})
            leave(f"not produced: {exc!r}", topics=topics)
            raise

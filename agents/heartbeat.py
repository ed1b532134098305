"""Sends heartbeats beside the poller's articles, and notes those that arrive at the alert stage."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache

from aiokafka.partitioner import murmur2

from agents.wire import Outbound, Sender, utc_now
from monitor import heartbeat, metrics
from monitor.stage import Step
from schemas import codec
from schemas.alert import Alert
from schemas.base import Subject
from schemas.delta import Delta
from schemas.state import AnnouncedRow

EVERY_S = 30.0
"""Three are missed before ``HeartbeatStale`` wakes somebody, within two minutes; 2,880 small records a day."""

ARRIVED: dict[str, datetime] = {}
"""When this process last saw a heartbeat, by partition of the deltas: what its health is told from."""


@cache
def subjects(partitions: int) -> tuple[Subject, ...]:
    """Return a subject for each partition: the first of its kind that Kafka's own hash puts there."""
    return tuple(_subject(number, partitions) for number in range(partitions))


def _subject(number: int, partitions: int) -> Subject:
    salt = 0
    while True:
        subject = f"{heartbeat.PREFIX}{number}:{salt}"
        if (murmur2(subject.encode()) & 0x7FFFFFFF) % partitions == number:
            return Subject(subject)
        salt += 1


def outbound(now: datetime, sender: str, key: str) -> Outbound:
    """Return the message of one heartbeat."""
    record = heartbeat.article(now, sender)
    return Outbound(topic="articles.raw", key=key.encode(), value=codec.encode(record))


async def beat(
    sender: Sender,
    partitions: int,
    *,
    every_s: float = EVERY_S,
    now: Callable[[], datetime] = utc_now,
    sent: Callable[[datetime], None] = lambda _: None,
) -> None:
    """Send a heartbeat to each partition of the raw articles, at once and then every few seconds, until cancelled.

    ``sent`` is told when Kafka had the latest.
    """
    name = f"{socket.gethostname()}-{os.getpid()}"
    while True:
        at = now()
        beats = [
            outbound(at, f"{name}-{number}", subject)
            for number, subject in enumerate(subjects(partitions))
        ]
        await sender.send(beats)
        sent(at)
        metrics.heartbeats_sent.inc(len(beats))
        metrics.heartbeat_sent.set(at.timestamp())
        await asyncio.sleep(every_s)


def age_s(partitions: Iterable[int], now: datetime) -> float | None:
    """Return the age of the oldest last heartbeat among partitions, ``None`` where this process saw none yet."""
    seen = [ARRIVED[str(p)] for p in partitions if str(p) in ARRIVED]
    return max(((now - at).total_seconds() for at in seen), default=None)


def arrived(
    delta: Delta, now: Callable[[], datetime] = utc_now
) -> Step[AnnouncedRow, Alert] | None:
    """Note a heartbeat and return the step of the alert stage on it, ``None`` where the delta is of something else."""
    begun = heartbeat.sent_at(delta)
    if begun is None:
        return None
    at = now()
    partition = heartbeat.partition(delta)
    ARRIVED[partition] = at
    metrics.heartbeat_arrived.labels(partition).set(at.timestamp())
    metrics.heartbeat_seconds.observe(max(0.0, (at - begun).total_seconds()))
    return Step(reasons=(heartbeat.NAME,))

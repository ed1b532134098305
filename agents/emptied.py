"""Ends a process under which Kafka was emptied or replaced: what it has in memory is of the past.

A process that went on would take new records for those that it knows by their offsets, or stay for ever the member
of a group that owns nothing. Its next start makes the topics and begins anew.
"""

from __future__ import annotations

import asyncio

import structlog
from aiokafka.errors import KafkaError

from agents.kafka import admin
from agents.leaving import leave
from agents.settings import KafkaSettings

log = structlog.get_logger(__name__)

LOOK_S = 5.0


async def cluster_id(kafka: KafkaSettings) -> str:
    """Return the name that a Kafka gave itself when it was made; one made anew has another."""
    async with admin(kafka) as client:
        return str((await client.describe_cluster())["cluster_id"])


async def leave_if_emptied(kafka: KafkaSettings, every_s: float = LOOK_S) -> None:
    """Look every few seconds whether the same Kafka answers, until cancelled; leave where another one does."""
    first = ""
    while True:
        try:
            now = await cluster_id(kafka)
        except (KafkaError, OSError) as exc:
            # Whether that lasts is told by others.
            log.debug("Kafka does not answer", error=repr(exc))
        else:
            first = first or now
            if now != first:
                leave("another Kafka answers than before", was=first, now=now)
        await asyncio.sleep(every_s)

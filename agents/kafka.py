"""Makes clients of Kafka: the same security settings and limits for all of them.

Everything is sent by one idempotent producer a process (KIP-98): no record twice after a broken
connection, none out of order within a partition. Faust's own producer is left idle: it confirms
nothing to the sender and costs ten times the processor time for each record (250 us, measured).
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.helpers import create_ssl_context

from agents.settings import KafkaSettings

MAX_REQUEST_BYTES = 9 << 20
"""Above the largest ``max.message.bytes`` of any card (8 MiB, quarantine), with room for the protocol."""
REQUEST_TIMEOUT_MS = 30_000
"""A batch that is not taken within this fails, and the worker leaves and starts anew."""
LINGER_MS = 5
"""Records of one batch of a stage travel in one request."""


def tls(kafka: KafkaSettings) -> ssl.SSLContext | None:
    """Return the TLS context, ``None`` for protocols without TLS."""
    if not kafka.security_protocol.endswith("SSL"):
        return None
    files = (kafka.ssl_cafile, kafka.ssl_certfile, kafka.ssl_keyfile)
    cafile, certfile, keyfile = (str(f) if f else None for f in files)
    context: ssl.SSLContext = create_ssl_context(cafile=cafile, certfile=certfile, keyfile=keyfile)
    return context


def client_options(kafka: KafkaSettings) -> dict[str, Any]:
    """Return the arguments that every aiokafka client takes (values of many types)."""
    options: dict[str, Any] = {
        "bootstrap_servers": list(kafka.bootstrap_servers),
        "security_protocol": kafka.security_protocol,
        "ssl_context": tls(kafka),
    }
    if kafka.security_protocol.startswith("SASL"):
        options |= {
            "sasl_mechanism": kafka.sasl_mechanism,
            "sasl_plain_username": kafka.sasl_username,
            "sasl_plain_password": kafka.sasl_password,
        }
    return options


def make_producer(kafka: KafkaSettings) -> AIOKafkaProducer:
    """Return the producer of a process, not yet started."""
    return AIOKafkaProducer(
        **client_options(kafka),
        acks="all",
        enable_idempotence=True,
        linger_ms=LINGER_MS,
        max_batch_size=1 << 17,
        max_request_size=MAX_REQUEST_BYTES,
        request_timeout_ms=REQUEST_TIMEOUT_MS,
    )


@asynccontextmanager
async def reader(kafka: KafkaSettings, **options: Any) -> AsyncIterator[AIOKafkaConsumer]:
    """Yield a started consumer without a group; ``options`` are aiokafka's."""
    consumer = AIOKafkaConsumer(
        **client_options(kafka),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=MAX_REQUEST_BYTES,
        **options,
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


async def batches(
    consumer: AIOKafkaConsumer, place: TopicPartition, end: int
) -> AsyncIterator[Sequence[ConsumerRecord[bytes, bytes]]]:
    """Yield the records of a partition from its beginning up to an offset, as many at once as the consumer gives."""
    consumer.assign([place])
    await consumer.seek_to_beginning(place)
    while await consumer.position(place) < end:
        yield (await consumer.getmany(timeout_ms=1000)).get(place, ())


@asynccontextmanager
async def admin(kafka: KafkaSettings) -> AsyncIterator[AIOKafkaAdminClient]:
    """Yield a started admin client."""
    client = AIOKafkaAdminClient(**client_options(kafka))
    await client.start()
    try:
        yield client
    finally:
        await client.close()

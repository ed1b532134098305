"""One real Kafka for all tests that need it; each test has topics of its own through a prefix."""

import asyncio
import itertools
import random
import socket
import time

import pytest
from aiokafka import TopicPartition

from agents.kafka import make_producer, reader
from agents.settings import KafkaSettings, Settings
from monitor.broker import LocalBroker

_numbers = itertools.count(1)


def _is_free(port):
    with socket.socket() as sock:
        try:
            sock.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port():
    """A port below the ephemeral range whose neighbour is free too, for Kafka's controller."""
    tried = (random.randrange(20_000, 32_000) for _ in range(200))
    return next(p for p in tried if _is_free(p) and _is_free(p + 1))


@pytest.fixture(scope="session")
def broker(tmp_path_factory):
    with LocalBroker(tmp_path_factory.mktemp("kafka"), free_port()) as running:
        yield running


@pytest.fixture
def settings(broker, tmp_path):
    kafka = KafkaSettings(bootstrap_servers=(broker.bootstrap,), topic_prefix=f"t{next(_numbers)}.")
    return Settings(kafka=kafka, state_dir=tmp_path, session_timeout_s=3.0, commit_interval_s=0.2)


class Client:
    """What a test does with Kafka from outside."""

    def __init__(self, kafka):
        self.kafka = kafka

    async def send(self, topic, messages, partition=None):
        """Send (key, value) pairs in order."""
        async with make_producer(self.kafka) as producer:
            waiting = [
                await producer.send(
                    self.kafka.topic(topic), key=key, value=value, partition=partition
                )
                for key, value in messages
            ]
            await asyncio.gather(*waiting)

    async def read(self, topic, count=None, within=30):
        """All records now there as (key, value), by partition and offset; with ``count`` wait for so many."""
        end = time.monotonic() + within
        while True:
            found = await self._read_all(topic)
            if count is None or len(found) >= count:
                return found
            assert time.monotonic() < end, f"{len(found)} of {count} records in {topic}"
            await asyncio.sleep(0.1)

    async def _read_all(self, topic):
        name = self.kafka.topic(topic)
        async with reader(self.kafka) as consumer:
            metadata = await consumer._client.fetch_all_metadata()
            places = [TopicPartition(name, n) for n in metadata.partitions_for_topic(name)]
            ends = await consumer.end_offsets(places)
            consumer.assign(places)
            await consumer.seek_to_beginning(*places)
            found = []
            while any([await consumer.position(p) < ends[p] for p in places]):
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    found += records
        found.sort(key=lambda r: (r.partition, r.offset))
        return [(r.key, r.value) for r in found]


@pytest.fixture
def client(settings):
    return Client(settings.kafka)


async def until(condition, within=30, every=0.05):
    """Wait until ``condition()`` (sync or async) holds; fail after ``within`` seconds."""
    end = time.monotonic() + within
    while True:
        held = condition()
        held = await held if asyncio.iscoroutine(held) else held
        if held:
            return
        assert time.monotonic() < end, "it did not come to pass in time"
        await asyncio.sleep(every)

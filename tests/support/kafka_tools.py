"""What tests do with a real Kafka and real processes from outside."""

import asyncio
import itertools
import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from aiokafka import TopicPartition

from agents.kafka import make_producer, reader
from monitor import heartbeat
from monitor.broker.probe import is_free

SUPPORT = Path(__file__).parent

numbers = itertools.count(1)


def free_port():
    """A port below the ephemeral range whose neighbour is free too, for Kafka's controller."""
    tried = (random.randrange(20_000, 32_000) for _ in range(200))
    return next(p for p in tried if is_free(p) and is_free(p + 1))


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
        """All records now there but heartbeats, by partition and offset; with ``count`` wait for so many."""
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
        return [(r.key, r.value) for r in found if not heartbeat.is_key(r.key)]


class Process:
    """A worker or poller process that can be killed and started again."""

    def __init__(self, script, settings, folder, **more):
        self.script = script
        given = {
            "bootstrap": settings.kafka.bootstrap_servers[0],
            "prefix": settings.kafka.topic_prefix,
            "state_dir": str(folder),
            "session_timeout_s": settings.session_timeout_s,
            **more,
        }
        number = next(numbers)
        self.config = folder / f"{script}-{number}.json"
        self.config.write_text(json.dumps(given))
        self.log = folder / f"{script}-{number}.log"
        self.process = None

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(SUPPORT / self.script), str(self.config)],
                stdout=log,
                stderr=log,
            )
        return self

    def kill(self):
        """kill -9: nothing is cleaned up."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        """SIGTERM, as a supervisor does; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def logged(self, text):
        """How many lines of its log hold the text."""
        return self.log.read_text().count(text)


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

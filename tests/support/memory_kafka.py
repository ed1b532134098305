"""Kafka as far as a stage can see it, in memory, with a crash at any record that is written.

``MemoryKafka.left`` counts down the writes until the process "dies": what is written before stays, what comes after
never happens.
"""

import asyncio
import contextlib
import random
from collections import Counter, defaultdict
from types import SimpleNamespace

from agents.wire import Inbound
from schemas import codec


class Died(BaseException):
    """The process is gone: no handler may catch it."""


class MemoryKafka:
    def __init__(self):
        self.topics = defaultdict(list)
        self.headers = {}
        self.left = None

    async def send(self, messages):
        """Write all; or, when the count is down, a beginning of what goes to each partition, and die.

        Kafka keeps the order within a partition and none between partitions.
        """
        if self.left is not None and len(messages) > self.left:
            self._write(self._beginnings(messages))
            raise Died
        if self.left is not None:
            self.left -= len(messages)
        return self._write(messages)

    def _beginnings(self, messages):
        rng = random.Random(self.left * 31 + len(messages))
        lengths = Counter((m.topic, m.partition) for m in messages)
        left = {place: rng.randint(0, count) for place, count in lengths.items()}
        for message in messages:
            place = (message.topic, message.partition)
            if left[place]:
                left[place] -= 1
                yield message

    def _write(self, messages):
        offsets = []
        for message in messages:
            place = (message.topic, message.partition or 0)
            offsets.append(len(self.topics[place]))
            self.headers[*place, offsets[-1]] = message.headers
            self.topics[place].append((message.key, message.value))
        return offsets

    async def end(self, topic, partition):
        return len(self.topics[topic, partition])

    async def load(self, ledger, *, source):
        records = self.topics[ledger.topic, ledger.partition]
        for key, value in compacted(records):
            ledger.load(key, value)
        ledger.position = len(records)
        ledger.loaded(len(self.topics[source, ledger.partition]))
        return len(records)

    def inbound(self, topic, start, partition=0):
        """The records from an offset on."""
        records = self.topics[topic, partition]
        return [
            Inbound(
                topic=topic,
                partition=partition,
                offset=n,
                key=key,
                value=value,
                headers=self.headers.get((topic, partition, n), ()),
            )
            for n, (key, value) in enumerate(records)
            if n >= start
        ]

    def put(self, topic, record, key=b"k", partition=0):
        value = record if record is None or isinstance(record, bytes) else codec.encode(record)
        self.topics[topic, partition].append((key, value))


def compacted(records):
    """The latest record under each key, as a compacted topic may have it."""
    latest = {key: n for n, (key, _) in enumerate(records)}
    return [record for n, record in enumerate(records) if latest[record[0]] == n]


def one_life(kafka, runner, source, *, committed, batch, left=None):
    """Run one life of a worker from the committed offset; return the next committed offset, and the runner."""
    kafka.left = left

    async def live():
        nonlocal committed
        await runner.assigned([0])
        waiting = kafka.inbound(source, committed)
        while waiting:
            now, waiting = waiting[:batch], waiting[batch:]
            await runner.batch(now)
            committed = now[-1].offset + 1

    with contextlib.suppress(Died):
        asyncio.run(live())
    kafka.left = None
    return committed, runner


class Books:
    """Counts what becomes of records, to check that books balance."""

    def __init__(self):
        self.entered = 0
        self.outcomes = defaultdict(int)
        self.sent_on = 0

    def received(self, stage):
        self.entered += 1

    def ended(self, stage, outcome, reason, seconds):
        self.outcomes[outcome, str(reason)] += 1

    def decided(self, stage, reason):
        pass

    def sent(self, stage, count):
        self.sent_on += count

    def count(self, outcome):
        return sum(n for (what, _), n in self.outcomes.items() if what == outcome)


def tools(kafka):
    return SimpleNamespace(sender=kafka, rows=kafka, metrics=Books())

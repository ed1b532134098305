"""Attempts: each sink by itself, in order for an incident, the same id every time."""

import asyncio
from collections import deque
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from delivery_records import pending

from agents.deliveries import DeliveryBook, note
from agents.dispatch import Dispatcher
from agents.lanes import Lane
from monitor.sinks.base import SendResult
from schemas import codec
from schemas.delivery import Delivery
from schemas.reasons import Attempt
from schemas.sink import SinkState

EVER = datetime.min.replace(tzinfo=UTC)


class FakeSink:
    """Answers by a script of results; each attempt waits for ``go``."""

    def __init__(self, *results):
        self.name = "desk"
        self.results = deque(results)
        self.seen = []
        self.go = asyncio.Event()
        self.go.set()
        self.at_once = 0
        self.most_at_once = 0
        self.closed = False

    async def send(self, event, now):
        self.seen.append((event.webhook_id, event.body))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await self.go.wait()
        self.at_once -= 1
        return self.results.popleft() if self.results else SendResult(ok=True)

    async def close(self):
        self.closed = True


def a_lane(sink, most=4, **more):
    return Lane(sink=sink, most=most, state=SinkState(sink=sink.name, at=EVER), **more)


class Loop:
    """The topic ``deliveries`` in one: what is sent is noted at once."""

    def __init__(self, *sinks, most=4):
        self.now = datetime(2025, 3, 1, 12, tzinfo=UTC)
        self.book = DeliveryBook()
        self.sent = []
        self.others = []
        self.lanes = {s.name: a_lane(s, most) for s in sinks}
        self.dispatcher = Dispatcher(
            lanes=self.lanes,
            books=lambda: [self.book],
            sender=self,
            now=lambda: self.now,
            chance=lambda: 0.5,
        )

    def put(self, delivery):
        for key, row in note(self.book, delivery).rows:
            self.book.put(key, row)

    async def send(self, messages):
        for one in messages:
            if one.topic != "deliveries":
                self.others.append(one)
                continue
            delivery = codec.decode(one.value, Delivery)
            self.sent.append(delivery)
            self.put(delivery)

    async def until(self, condition):
        async with asyncio.timeout(5):
            while not condition():
                self.dispatcher.wake()
                await asyncio.sleep(0)


@pytest.fixture
async def desk():
    sink = FakeSink()
    loop = Loop(sink)
    await loop.dispatcher.start()
    yield loop, sink
    sink.go.set()
    await loop.dispatcher.stop()


async def test_delivered_once(desk):
    loop, sink = desk
    loop.put(pending())
    await loop.until(lambda: loop.sent)
    assert [d.outcome for d in loop.sent] == [Attempt.DELIVERED]
    assert len(sink.seen) == 1


async def test_retries_have_the_same_id_and_the_same_bytes(desk):
    loop, sink = desk
    sink.results.extend([SendResult(ok=False), SendResult(ok=False, status_code=503)])
    loop.put(pending())
    for count in (1, 2):
        await loop.until(lambda n=count: len(loop.sent) == n)
        loop.now = loop.sent[-1].next_at
    await loop.until(lambda: len(loop.sent) == 3)
    assert [d.outcome for d in loop.sent] == [Attempt.RETRY, Attempt.RETRY, Attempt.DELIVERED]
    assert [d.attempts for d in loop.sent] == [1, 2, 3]
    assert len(set(sink.seen)) == 1


async def test_nothing_is_tried_before_its_time(desk):
    loop, sink = desk
    later = loop.now + timedelta(seconds=30)
    loop.put(msgspec.structs.replace(pending(), next_at=later))
    for _ in range(20):
        loop.dispatcher.wake()
        await asyncio.sleep(0)
    assert sink.seen == []
    loop.now = later
    await loop.until(lambda: loop.sent)


async def test_first_attempts_of_one_incident_go_one_after_the_other(desk):
    loop, sink = desk
    sink.go.clear()
    for number in range(3):
        loop.put(pending(number))
    await loop.until(lambda: sink.seen)
    for _ in range(20):
        loop.dispatcher.wake()
        await asyncio.sleep(0)
    assert [webhook for webhook, _ in sink.seen] == ["msg_0"]
    sink.go.set()
    await loop.until(lambda: len(loop.sent) == 3)
    assert [webhook for webhook, _ in sink.seen] == ["msg_0", "msg_1", "msg_2"]


async def test_attempts_at_once_are_bounded(desk):
    loop, sink = desk
    sink.go.clear()
    for number in range(12):
        one = pending(number)
        loop.put(msgspec.structs.replace(one, incident_id=f"inc-{number}"))
    await loop.until(lambda: sink.at_once == 4)
    sink.go.set()
    await loop.until(lambda: len(loop.sent) == 12)
    assert sink.most_at_once == 4


async def test_sink_that_hangs_delays_no_other():
    hanging, quick = FakeSink(), FakeSink()
    hanging.name, quick.name = "hanging", "quick"
    hanging.go.clear()
    loop = Loop(hanging, quick)
    await loop.dispatcher.start()
    for number in range(20):
        loop.put(msgspec.structs.replace(pending(number), sink="hanging"))
        loop.put(msgspec.structs.replace(pending(100 + number), sink="quick"))
    await loop.until(lambda: len(quick.seen) == 20)
    assert {d.sink for d in loop.sent} == {"quick"}
    hanging.go.set()
    await loop.dispatcher.stop()


async def test_receiver_that_is_gone_is_asked_no_more(desk):
    loop, sink = desk
    sink.results.append(SendResult(ok=False, status_code=410, gone=True))
    loop.put(pending(1))
    await loop.until(lambda: loop.sent)
    loop.put(pending(2))
    await loop.until(lambda: len(loop.sent) == 2)
    assert [d.outcome for d in loop.sent] == [Attempt.DISABLED, Attempt.DISABLED]
    assert len(sink.seen) == 1


async def test_sink_that_is_no_longer_configured_fails_and_is_kept(desk):
    loop, _ = desk
    loop.put(msgspec.structs.replace(pending(), sink="former"))
    await loop.until(lambda: loop.sent)
    assert loop.sent[0].outcome is Attempt.FAILED
    assert loop.book.whole("msg_1").alert is not None


async def test_stop_awaits_what_is_under_way_and_begins_no_more(desk):
    loop, sink = desk
    sink.go.clear()
    loop.put(pending(1))
    loop.put(pending(2))
    await loop.until(lambda: sink.seen)
    stopping = asyncio.create_task(loop.dispatcher.stop())
    await asyncio.sleep(0)
    sink.go.set()
    await stopping
    assert [d.webhook_id for d in loop.sent] == ["msg_1"]
    assert sink.closed

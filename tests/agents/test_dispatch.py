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
from schemas.alert import Alert
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


async def test_clock_that_is_set_back_holds_up_neither_retries_nor_what_is_new(desk):
    loop, sink = desk
    sink.results.append(SendResult(ok=False, status_code=503, retry_after_s=30))
    loop.put(pending())
    await loop.until(lambda: loop.sent)
    loop.now -= timedelta(days=1)
    loop.put(pending(2))
    for later in (0, 29):
        loop.now += timedelta(seconds=later)
        for _ in range(20):
            loop.dispatcher.wake()
            await asyncio.sleep(0)
        assert len(sink.seen) == 1
    loop.now += timedelta(seconds=1)
    await loop.until(lambda: len(loop.sent) == 3)
    assert {d.outcome for d in loop.sent[1:]} == {Attempt.DELIVERED}


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


GONE = SendResult(ok=False, status_code=410, gone=True)
DOWN = SendResult(ok=False, status_code=500)


def states(loop):
    return [codec.decode(m.value, SinkState) for m in loop.others if m.topic == "sinks"]


def notices(loop):
    return [codec.decode(m.value, Alert) for m in loop.others if m.topic == "alerts"]


async def test_receiver_that_is_gone_is_asked_no_more(desk):
    loop, sink = desk
    sink.results.append(GONE)
    loop.put(pending(1))
    await loop.until(lambda: loop.sent)
    loop.put(pending(2))
    await loop.until(lambda: len(loop.sent) == 2)
    assert [d.outcome for d in loop.sent] == [Attempt.DISABLED, Attempt.DISABLED]
    assert len(sink.seen) == 1
    assert states(loop)[-1].reason == "gone"
    # There is no other sink to say it on.
    assert notices(loop) == []


async def test_what_was_taken_while_another_attempt_was_told_to_stop_was_taken(desk):
    loop, sink = desk
    sink.go.clear()
    for number in (1, 2):
        loop.put(msgspec.structs.replace(pending(number), incident_id=f"inc-{number}"))
    await loop.until(lambda: sink.at_once == 2)
    sink.results.extend([GONE, SendResult(ok=True)])
    sink.go.set()
    await loop.until(lambda: len(loop.sent) == 2)
    assert [d.outcome for d in loop.sent] == [Attempt.DISABLED, Attempt.DELIVERED]
    assert loop.lanes["desk"].disabled


async def test_that_a_receiver_is_gone_is_said_on_the_other_sinks():
    gone, other = FakeSink(GONE), FakeSink()
    other.name = "other"
    loop = Loop(gone, other)
    await loop.dispatcher.start()
    loop.put(pending())
    await loop.until(lambda: notices(loop))
    (notice,) = notices(loop)
    assert (notice.sinks, notice.status, notice.reason) == (("other",), "system", "sink_gone")
    assert "deliveries enable desk" in notice.text
    await loop.dispatcher.stop()


async def test_what_an_earlier_worker_knew_of_a_sink_holds(desk):
    loop, sink = desk
    disabled = SinkState(sink="desk", at=loop.now, disabled_at=loop.now, reason="worn_out")
    loop.dispatcher.learn(disabled)
    loop.put(pending())
    await loop.until(lambda: loop.sent)
    assert (loop.sent[0].outcome, loop.sent[0].reason) == (Attempt.DISABLED, "worn_out")
    assert sink.seen == []


async def test_a_sink_that_is_enabled_gets_alerts_again(desk):
    loop, sink = desk
    sink.results.append(GONE)
    loop.put(pending(1))
    await loop.until(lambda: loop.sent)
    loop.dispatcher.learn(SinkState(sink="desk", at=loop.now + timedelta(seconds=1)))
    loop.put(pending(2))
    await loop.until(lambda: len(loop.sent) == 2)
    assert loop.sent[1].outcome is Attempt.DELIVERED


async def test_a_waiting_retry_ends_when_its_sink_is_disabled(desk):
    loop, sink = desk
    sink.results.append(DOWN)
    loop.put(pending())
    await loop.until(lambda: loop.sent)
    loop.dispatcher.learn(SinkState(sink="desk", at=loop.now, disabled_at=loop.now, reason="gone"))
    loop.now = loop.sent[0].next_at
    await loop.until(lambda: len(loop.sent) == 2)
    assert loop.book.get("msg_1").outcome is Attempt.DISABLED


async def test_a_sink_that_fails_for_five_days_is_disabled(desk):
    loop, sink = desk
    sink.results.extend([DOWN] * 99)
    for day in range(6):
        assert not loop.lanes["desk"].disabled
        loop.put(pending(day))
        await loop.until(lambda n=day: any(d.webhook_id == f"msg_{n}" for d in loop.sent))
        loop.now += timedelta(days=1)
    assert loop.lanes["desk"].disabled
    assert states(loop)[-1].reason == "worn_out"


async def test_a_sink_that_takes_again_is_no_longer_failing(desk):
    loop, sink = desk
    sink.results.append(DOWN)
    loop.put(pending(1))
    await loop.until(lambda: loop.sent)
    loop.put(pending(2))
    await loop.until(lambda: len(loop.sent) == 2)
    assert [bool(state.failing_since) for state in states(loop)] == [True, False]


async def test_a_receiver_that_asks_to_wait_gets_no_other_alert_until_then(desk):
    loop, sink = desk
    sink.results.append(SendResult(ok=False, status_code=429, retry_after_s=30))
    loop.put(pending(1))
    await loop.until(lambda: loop.sent)
    loop.put(msgspec.structs.replace(pending(2), incident_id="inc-2"))
    for _ in range(20):
        loop.dispatcher.wake()
        await asyncio.sleep(0)
    assert len(sink.seen) == 1
    loop.now += timedelta(seconds=30)
    await loop.until(lambda: len(loop.sent) == 3)


async def test_the_bytes_are_those_that_were_made_when_it_was_fanned_out(desk):
    loop, sink = desk
    loop.put(msgspec.structs.replace(pending(), body="made by an older version"))
    await loop.until(lambda: loop.sent)
    assert sink.seen == [("msg_1", b"made by an older version")]


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


async def test_what_is_queued_for_a_sink_that_is_taken_out_ends_and_an_attempt_under_way_counts(
    desk,
):
    loop, sink = desk
    sink.go.clear()
    for number in (1, 2):
        loop.put(pending(number))
    await loop.until(lambda: sink.seen)
    loop.dispatcher.part_with([loop.lanes.pop("desk")], [])
    await loop.until(lambda: loop.sent)
    assert (loop.sent[0].webhook_id, loop.sent[0].outcome) == ("msg_2", Attempt.FAILED)
    assert not sink.closed
    sink.go.set()
    await loop.until(lambda: sink.closed)
    assert (loop.sent[1].webhook_id, loop.sent[1].outcome) == ("msg_1", Attempt.DELIVERED)


async def test_a_sink_that_is_configured_otherwise_takes_what_is_queued(desk):
    loop, old = desk
    new = FakeSink()
    old.go.clear()
    for number in (1, 2):
        loop.put(pending(number))
    await loop.until(lambda: old.seen)
    assert loop.lanes["desk"].refit(a_lane(new, most=2)) is old
    loop.dispatcher.part_with([], [old])
    assert loop.lanes["desk"].most == 2
    old.go.set()
    await loop.until(lambda: len(loop.sent) == 2 and old.closed)
    assert [[webhook for webhook, _ in sink.seen] for sink in (old, new)] == [["msg_1"], ["msg_2"]]
    assert {d.outcome for d in loop.sent} == {Attempt.DELIVERED}

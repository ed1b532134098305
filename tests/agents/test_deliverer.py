"""A real deliverer over days: real posts to receivers on loopback, its clock moved from one due time to the next."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from itertools import pairwise

import pytest
from delivery_records import T0, an_alert
from endpoints import Endpoint, answer, say, takes
from memory_kafka import Books, MemoryKafka
from msgspec.structs import replace
from standardwebhooks import Webhook as Verifier

from agents.deliver import Receivers, make_stage
from agents.dispatch import Dispatcher
from agents.fanout import FanningOut, as_message, deliveries_of
from agents.stage import Runner
from monitor.sinks.rules import QUICK_S
from monitor.sinks.webhook import WebhookConfig
from schemas import codec
from schemas.alert import Alert
from schemas.delivery import Delivery
from schemas.reasons import Attempt
from schemas.sink import SinkState

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


async def fails(post):
    await say(post, answer(500))
    return False


def a_sink(name, endpoint, **more):
    given = {"secrets": [SECRET], "allow_private": ["127.0.0.0/8"], "timeout_s": 5}
    return WebhookConfig(name=name, url=endpoint.url, **given | more)


class Deliverer:
    """The deliver agent's own parts over a Kafka in memory; only the clock is ours."""

    def __init__(self, configs):
        self.now, self.kafka, self.configs = T0, MemoryKafka(), configs
        receivers = Receivers()
        receivers.take(configs)
        self.lanes = receivers.lanes
        self.runner = Runner(
            stage=make_stage(receivers.tellings),
            rows=self.kafka,
            sender=self.kafka,
            metrics=Books(),
        )
        self.dispatcher = Dispatcher(
            lanes=self.lanes,
            books=self.runner.books,
            sender=self.kafka,
            now=lambda: self.now,
            chance=lambda: 0.5,
        )
        self.fanning = FanningOut(
            sinks=configs, sender=self.kafka, metrics=Books(), now=lambda: self.now
        )
        self.read = {"alerts": 0, "deliveries": 0}

    async def tell(self, number):
        """Have an alert fanned out at our own time."""
        alert = replace(an_alert(number), incident_id=f"inc-{number}")
        await self.kafka.send(list(map(as_message, deliveries_of(alert, self.configs, self.now))))

    async def turn(self):
        """Take what is in the topics, and let attempts that are under way end."""
        for topic, stage in (("alerts", self.fanning), ("deliveries", self.runner)):
            came = self.kafka.inbound(topic, self.read[topic])
            self.read[topic] += len(came)
            if came:
                await stage.batch(came)
        self.dispatcher.wake()
        await asyncio.sleep(0.001)

    async def settle(self):
        """Go on until nothing is to be done at this time."""
        quiet = 0
        while quiet < 4:
            before = (dict(self.read), len(self.kafka.topics["deliveries", 0]))
            await self.turn()
            busy = any(lane.under_way for lane in self.lanes.values())
            same = before == (self.read, len(self.kafka.topics["deliveries", 0]))
            quiet = quiet + 1 if same and not busy else 0

    def next_time(self):
        times = [at for book in self.runner.books() if (at := book.next_due()) is not None]
        times += [at for lane in self.lanes.values() if (at := lane.next_at(self.now)) is not None]
        return min(times, default=None)

    async def until(self, end):
        """Move the clock from one due time to the next, up to ``end``."""
        await self.settle()
        while (at := self.next_time()) is not None and at <= end:
            self.now = max(at, self.now)
            await self.settle()
        self.now = end
        await self.settle()

    def records(self, topic, kind):
        return [codec.decode(value, kind) for _, value in self.kafka.topics[topic, 0]]

    def outcomes(self, sink):
        return [d.outcome for d in self.records("deliveries", Delivery) if d.sink == sink]


@asynccontextmanager
async def delivering(*behaviours, **more):
    """A deliverer with a sink for each behaviour, by name."""
    async with AsyncExitStack() as stack:
        ends = [await stack.enter_async_context(Endpoint(behave)) for _, behave in behaviours]
        configs = [
            a_sink(name, end, **more) for (name, _), end in zip(behaviours, ends, strict=True)
        ]
        one = Deliverer(configs)
        await one.runner.assigned([0])
        await one.dispatcher.start()
        stack.push_async_callback(one.dispatcher.stop)
        yield one, *ends


async def test_the_whole_schedule_with_one_id_the_same_bytes_and_then_failed():
    """1, 2, 4, 8 s, 30 s, 2 min ... 24 h: about 75 h in all, each attempt signed anew."""
    async with delivering(("desk", fails)) as (one, desk):
        await one.tell(1)
        await one.until(T0 + timedelta(days=4))
    tried = [d for d in one.records("deliveries", Delivery) if d.attempts]
    assert [d.outcome for d in tried] == [Attempt.RETRY] * len(QUICK_S) + [Attempt.FAILED]
    waits = [(b.at - a.at).total_seconds() for a, b in pairwise(tried)]
    assert waits == list(QUICK_S)
    assert {(p.webhook_id, p.body) for p in desk.posts} == {
        (desk.posts[0].webhook_id, desk.posts[0].body)
    }
    assert len(desk.posts) == len(QUICK_S) + 1
    stamps = [int(p.headers["webhook-timestamp"]) for p in desk.posts]
    assert stamps == [int(T0.timestamp())] + [int(d.at.timestamp()) for d in tried[1:]]
    signature = Verifier(SECRET).sign(
        desk.posts[-1].webhook_id, tried[-1].at, desk.posts[-1].body.decode()
    )
    assert desk.posts[-1].headers["webhook-signature"] == signature


async def test_a_receiver_that_took_nothing_for_five_days_is_disabled_and_said_so_on_the_others():
    async with delivering(("dead", fails), ("well", takes)) as (one, dead, well):
        for day in range(5):
            await one.tell(day)
            await one.until(T0 + timedelta(days=day + 1) - timedelta(seconds=1))
            assert not one.lanes["dead"].disabled
        await one.until(T0 + timedelta(days=6))
        assert one.lanes["dead"].disabled
        last = one.records("sinks", SinkState)[-1]
        asked = len(dead.posts)
        await one.tell(99)
        await one.until(T0 + timedelta(days=7))
    assert (last.sink, last.reason) == ("dead", "worn_out")
    assert timedelta(days=5) <= last.disabled_at - T0 < timedelta(days=6)
    (notice,) = one.records("alerts", Alert)
    assert (notice.reason, notice.sinks) == ("sink_worn_out", ("well",))
    assert sum(b"sink.disabled" in post.body for post in well.posts) == 1
    assert len(dead.posts) == asked
    assert one.outcomes("dead")[-1] is Attempt.DISABLED
    assert one.outcomes("well").count(Attempt.DELIVERED) == 5 + 1 + 1


@pytest.mark.parametrize(("per_second", "seconds"), [(5, 19.8), (0.5, 198)])
async def test_no_more_is_sent_in_a_second_than_a_receiver_allows(per_second, seconds):
    """A hundred alerts at five a second: the first at once, the last after twenty seconds; none is lost."""
    async with delivering(("slow", takes), max_per_second=per_second) as (one, slow):
        sent = []
        original = one.lanes["slow"].sink.send

        async def send(event, now):
            sent.append(now)
            return await original(event, now)

        one.lanes["slow"].sink.send = send
        for number in range(100):
            await one.tell(number)
        await one.until(T0 + timedelta(minutes=10))
    assert len(slow.taken) == len(sent) == 100
    took = (sent[-1] - sent[0]).total_seconds()
    assert seconds - max(1, per_second) / per_second <= took <= seconds + 1
    burst = max(1, per_second)
    for at in sent:
        within = sum(at <= other < at + timedelta(seconds=1) for other in sent)
        assert within <= burst + per_second


async def test_each_endpoint_has_its_own_number_of_posts_at_once():
    """A receiver that is slow holds as many posts as it may have, and the other goes on."""
    held = asyncio.Event()
    open_now, most = 0, 0

    async def slow(post):
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await held.wait()
        open_now -= 1
        return await takes(post)

    async with delivering(("slow", slow), ("quick", takes), max_concurrent=3) as (
        one,
        first,
        second,
    ):
        for number in range(20):
            await one.tell(number)
        while len(second.taken) < 20 or open_now < 3:
            await one.turn()
        assert most == 3
        held.set()
        await one.until(T0 + timedelta(minutes=1))
        assert (len(first.taken), most) == (20, 3)


async def test_a_receiver_that_asks_to_wait_gets_nothing_new_until_then():
    async def busy(post):
        if one.now >= T0 + timedelta(seconds=120):
            return await takes(post)
        await say(post, answer(429, "Retry-After: 120"))
        return False

    async with delivering(("busy", busy)) as (one, endpoint):
        await one.tell(1)
        await one.settle()
        await one.tell(2)
        await one.until(T0 + timedelta(seconds=119))
        assert len(endpoint.posts) == 1
        await one.until(T0 + timedelta(seconds=121))
        assert len(endpoint.taken) == 2

"""What was measured of Faust and Kafka, held against our wiring: nothing lost, nothing made twice.

The stage is a small one that counts; the broker, the processes and the faults are real.
"""

import asyncio
import os
import random
from dataclasses import replace

import pytest
import tiny_stage
from aiokafka.admin import NewTopic
from kafka_tools import Client, free_port, until

from agents import worker
from agents.kafka import admin
from agents.lag import lags
from agents.provision import ProvisionError, provision
from agents.service import make_service
from monitor.broker import LocalBroker
from schemas import codec
from schemas.cards import all_topics
from schemas.delta import Delta
from schemas.quarantine import Quarantined

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]

SOURCE, OUT = "incident.mentions", "incident.deltas"


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    monkeypatch.setattr(worker, "make_services", lambda tools, _: [tiny_stage.build(tools)])


async def distinct(client, count):
    """The distinct deltas once there are so many; more than that is a record counted twice."""
    found = set()

    async def enough():
        found.update(value for _, value in await client.read(OUT))
        return len(found) >= count

    await until(enough, within=60, every=0.3)
    return {codec.decode(value, Delta).delta_id for value in found}


def expected(count, subjects=("country:IQ",)):
    return {f"{subject}/{n}" for subject in subjects for n in range(1, count + 1)}


async def test_topics_are_there_before_any_stage_and_again_nothing_is_made(settings):
    names = {settings.kafka.topic(name) for name in all_topics()}
    assert set(await provision(settings)) == names
    assert await provision(settings) == ()


async def test_topic_with_other_partitions_is_refused(settings):
    async with admin(settings.kafka) as client:
        await client.create_topics([NewTopic(settings.kafka.topic(SOURCE), 2, 1)])
    with pytest.raises(ProvisionError, match="has 2 partitions and not 4"):
        await provision(settings)


async def test_poison_is_set_aside_and_neighbours_go_on(settings, client):
    """A decode error in stock Faust skips the record and crashes every agent of the topic."""
    poison = [b"{", b"\xff\xfe", b"[]", b'"text"', b'{"v":9,"data":{}}', b'{"v":1,"data":{}}', None]
    messages = [tiny_stage.message(1), *((b"country:IQ", p) for p in poison), tiny_stage.message(2)]
    async with worker.working(settings, ("track",)):
        await client.send(SOURCE, messages)
        assert await distinct(client, 2) == expected(2)
        aside = await client.read(f"{SOURCE}.quarantine", len(poison))
    records = [codec.decode(value, Quarantined) for _, value in aside]
    assert [r.value for r in records] == poison
    assert [r.offset for r in records] == [1, 2, 3, 4, 5, 6, 7]


class Taking:
    """Takes records of a topic, and where it is ``stuck`` is done with none of them until it may go on."""

    held = False

    def __init__(self, *, stuck=False):
        self.taken = 0
        self.may_go_on = asyncio.Event()
        if not stuck:
            self.may_go_on.set()

    async def assigned(self, _partitions):
        pass

    async def batch(self, messages):
        self.taken += len(messages)
        await self.may_go_on.wait()


async def test_topic_that_stands_still_holds_up_no_other_topic_of_its_stage(
    settings, client, monkeypatch
):
    """Faust puts all that a fetch brought into one topic's buffer, and waits where that is full."""
    live, past = Taking(), Taking(stuck=True)
    takers = {"articles.unique": live, "articles.backlog": past}
    monkeypatch.setattr(
        worker, "make_services", lambda tools, _: [make_service(tools, "extract", takers)]
    )
    await provision(settings)
    await client.send("articles.backlog", [(b"key", b"{}")] * 6000)
    async with worker.working(settings, ("extract",)):
        try:
            await until(lambda: past.taken)
            for number in range(1, 4):
                await client.send("articles.unique", [(b"key", b"{}")])
                await until(lambda n=number: live.taken >= n)
        finally:
            past.may_go_on.set()
        await until(lambda: past.taken == 6000)


async def test_restart_in_good_order_loses_nothing_and_repeats_nothing(settings, client):
    """Stock Faust with tables loses records on restarts with a backlog (faust-streaming #596)."""
    total, lives = 4000, 5
    await provision(settings)
    await client.send(SOURCE, [tiny_stage.message(n) for n in range(total)])
    for life in range(lives):
        async with worker.working(settings, ("track",)) as services:
            await until(lambda: services[0].ready)
            so_far = total * (life + 1) // (lives + 1)
            await until(lambda n=so_far: _high(services[0]) >= n, every=0.01)
    async with worker.working(settings, ("track",)):
        await client.read(OUT, total)
    found = await client.read(OUT)
    assert len(found) == total
    assert {codec.decode(v, Delta).delta_id for _, v in found} == expected(total)


def _high(service):
    runner = service.takers[SOURCE]
    return max((ledger.high for ledger in runner.ledgers.values()), default=-1)


async def test_kill_9_at_random_moments_loses_nothing_and_counts_nothing_twice(
    settings, client, start_worker
):
    rng = random.Random(20)
    total, kills = 3000, 5
    await provision(settings)
    process = start_worker(tiny=True)

    async def load():
        for start in range(0, total, 50):
            await client.send(SOURCE, [tiny_stage.message(n) for n in range(start, start + 50)])
            await asyncio.sleep(0.25)

    sending = asyncio.create_task(load())
    for _ in range(kills):
        await asyncio.sleep(rng.uniform(1.0, 4.0))
        process.kill()
        process.start()
    await sending
    assert await distinct(client, total) == expected(total)
    assert process.stop() == 0


async def test_kill_9_of_the_broker_is_ridden_out(settings, tmp_path):
    """The worker's clients wait for the broker or the worker leaves; both end well."""
    port = free_port()
    kafka = replace(settings.kafka, bootstrap_servers=(f"127.0.0.1:{port}",))
    settings = replace(settings, kafka=kafka)
    client = Client(kafka)
    broker = LocalBroker(tmp_path / "own", port).start()
    try:
        async with worker.working(settings, ("track",)):
            await client.send(SOURCE, [tiny_stage.message(n) for n in range(300)])
            await distinct(client, 300)
            os.kill(broker.pid, 9)
            await asyncio.to_thread(broker._guard.wait)
            broker.stop()
            await asyncio.to_thread(broker.start)
            await client.send(SOURCE, [tiny_stage.message(n) for n in range(300, 600)])
            assert await distinct(client, 600) == expected(600)
    finally:
        broker.stop()


async def test_workers_come_and_go(settings, client, start_worker):
    """Every partition has one owner at a time, whoever joins, stops or dies."""
    countries = ("IQ", "SY", "YE", "LB", "IL", "TR", "AF", "PK")
    subjects = [f"country:{code}" for code in countries]
    each = 250
    await provision(settings)
    sending = asyncio.create_task(_trickle(client, subjects, each))
    first = await _ready(start_worker(tiny=True))
    second = await _ready(start_worker(tiny=True))
    assert await asyncio.to_thread(first.stop) == 0
    third = await _ready(start_worker(tiny=True))
    second.kill()
    await sending
    assert await distinct(client, each * len(subjects)) == expected(each, subjects)
    assert third.logged("another worker writes") == 0


async def _trickle(client, subjects, each):
    for number in range(each):
        batch = [tiny_stage.message(n + 10_000 * number, s) for n, s in enumerate(subjects)]
        await client.send(SOURCE, batch)
        await asyncio.sleep(0.05)


async def _ready(process):
    await until(lambda: process.logged("stage runs"), within=60)
    return process


async def test_output_that_kafka_refuses_stops_the_worker_before_the_commit(
    settings, client, start_worker
):
    """Stock Faust logs a late produce failure and commits the source offset all the same.

    Sizes are checked against the cards; here the topic is smaller than its card says.
    """
    async with admin(settings.kafka) as making:
        small = {"max.message.bytes": "1500"}
        await making.create_topics([NewTopic(settings.kafka.topic(OUT), 4, 1, topic_configs=small)])
    process = start_worker(tiny=True)
    await until(lambda: process.logged("stage runs"))
    long_subject = "country:" + "X" * 2000
    await client.send(SOURCE, [tiny_stage.message(1, long_subject)])
    assert await asyncio.to_thread(process.process.wait, 60) == 70
    found = await lags(settings.kafka, settings.kafka.group("track"), (SOURCE,))
    assert sum(lag.waiting for lag in found.values()) == 1
    assert process.logged("not produced") == 1

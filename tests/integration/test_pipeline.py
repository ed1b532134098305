"""The whole path with real processes: feeds are polled, a webhook receives alerts, and processes are killed.

What must come out is told by ``replay`` of the same articles: the live system and the archive must agree.
"""

import asyncio
import os
import random
from collections import OrderedDict
from dataclasses import replace

import pytest
from kafka_tools import Client, free_port, until
from press import Press, Receiver

from agents.lag import lags
from monitor.alerts.policy import REPLAY
from monitor.broker import LocalBroker
from monitor.extract import Extractor
from monitor.replay import Player, ReplaySettings
from monitor.stage import STAGES
from schemas import codec
from schemas.article import Article

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(280)]


async def replayed(client):
    """Ids of the alerts that replay makes of the articles that were polled, in their order."""
    raw = [codec.decode(value, Article) for _, value in await client.read("articles.raw")]
    articles = OrderedDict((a.article_id, a) for a in raw).values()
    player = Player(Extractor.load(), ReplaySettings(alert=REPLAY))
    return {e["alert_id"] for e in player.play(articles) if e["type"] == "alert"}


async def drained(settings, stages=STAGES):
    """Whether no stage has anything left to read."""
    for stage in stages:
        topics = {
            "dedupe": "articles.raw",
            "extract": "articles.unique",
            "track": "incident.mentions",
        }
        topics |= {"alert": "incident.deltas", "deliver": "deliveries"}
        kafka = settings.kafka
        found = await lags(kafka, kafka.group(stage), (topics[stage],))
        if any(lag.waiting for lag in found.values()):
            return False
    return True


def sinks(receiver):
    return [{"name": "desk", "url": receiver.url + "/hook", "allow_private": ["127.0.0.0/8"]}]


async def test_feed_to_webhook_gives_the_alerts_of_replay(settings, client, start):
    with Press() as press, Receiver() as receiver:
        press.publish(6)
        worker = start("worker_main.py", sinks=sinks(receiver))
        poller = start("poller_main.py", feeds=[press.url])
        await until(lambda: len(press.articles) and receiver.came, within=60)
        for _ in range(6):
            press.publish()
            await asyncio.sleep(0.5)
        await until(lambda: client.read("articles.raw", 12), within=60)
        await until(lambda: drained(settings), within=60, every=0.5)
        expected = await replayed(client)
        await until(lambda: set(receiver.ids()) >= expected, within=30)
        assert set(receiver.ids()) == expected
        assert len(receiver.came) == len(expected) >= 8
        assert (poller.stop(), worker.stop()) == (0, 0)


async def test_kill_9_of_worker_poller_and_broker_loses_no_alert_and_makes_no_second_id(
    settings, tmp_path, start
):
    """At seeded moments; whoever dies is started again, as a supervisor does."""
    rng = random.Random(7)
    port = free_port()
    settings = replace(
        settings, kafka=replace(settings.kafka, bootstrap_servers=(f"127.0.0.1:{port}",))
    )
    client = Client(settings.kafka)
    broker = LocalBroker(tmp_path / "own", port).start()
    with Press() as press, Receiver() as receiver:
        worker = start("worker_main.py", settings, sinks=sinks(receiver))
        poller = start("poller_main.py", settings, feeds=[press.url])
        supervising = asyncio.create_task(supervise(worker, poller))
        try:
            await until(lambda: worker.logged("stage runs") == 5, within=90)
            for victim in (worker, broker, poller, worker):
                press.publish(4)
                await asyncio.sleep(rng.uniform(0.5, 3.0))
                press.publish(1)
                await killed(victim)
                await asyncio.sleep(rng.uniform(1.0, 4.0))
            await until(lambda: all_read(client, press), within=120, every=0.5)
            await until(lambda: drained(settings), within=120, every=0.5)
            expected = await replayed(client)
            await until(lambda: set(receiver.ids()) >= expected, within=60)
            assert set(receiver.ids()) == expected
            assert {len(webhooks) for webhooks in receiver.ids().values()} == {1}
            assert len(expected) >= 12
        finally:
            supervising.cancel()
            for process in (poller, worker):
                process.kill()
            broker.stop()


async def supervise(*processes):
    """Start again whatever has ended."""
    while True:
        for process in processes:
            if process.process.poll() is not None:
                process.start()
        await asyncio.sleep(0.2)


async def killed(victim):
    """kill -9; a broker is started again at once, the others by who supervises them."""
    if not isinstance(victim, LocalBroker):
        victim.kill()
        return
    os.kill(victim.pid, 9)
    await asyncio.to_thread(victim._guard.wait)
    victim.stop()
    await asyncio.to_thread(victim.start)


async def all_read(client, press):
    found = {codec.decode(value, Article).url for _, value in await client.read("articles.raw")}
    return len(found) == len(press.articles)

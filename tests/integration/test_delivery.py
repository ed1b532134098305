"""Delivery on a real Kafka, from outside: misbehaving receivers, held alerts, silences, sinks that are disabled."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from endpoints import Endpoint, hangs_once, is_gone
from kafka_tools import Client, until
from made_alerts import made
from misbehaving import Scene, play

from agents import admin, outgoing, worker
from agents.provision import provision
from monitor.sinks.webhook import WebhookConfig
from schemas import codec
from schemas.reasons import Attempt
from schemas.silence import Mute

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(280)]

HOUR = timedelta(hours=1)


def config(name, endpoint, **more):
    return WebhookConfig(name=name, url=endpoint.url, allow_private=("127.0.0.0/8",), **more)


async def send(settings, *alerts):
    given = [(alert.subject.encode(), codec.encode(alert)) for alert in alerts]
    await Client(settings.kafka).send("alerts", given)


def now_made(number, **more):
    now = datetime.now(UTC)
    return made(number, fetched_at=now, published=now, **more)


def headlines(endpoint):
    return [codec.msgspec.json.decode(post.body)["data"]["headline"] for post in endpoint.posts]


async def test_misbehaving_receivers_and_a_deliverer_that_is_killed(settings, tmp_path):
    await provision(settings)
    async with Scene(settings, tmp_path, patience=2) as scene:
        await play(scene, alerts=12, kills=2, seed=1)
        assert scene.endpoints["forgets"].taken.total() >= 2 * scene.sent


async def test_a_sink_that_is_gone_stays_so_until_it_is_enabled(settings):
    async with Endpoint(behave=is_gone) as gone, Endpoint() as other:
        settings = replace(settings, sinks=(config("gone", gone), config("other", other)))
        async with worker.working(settings, ("deliver",)):
            await send(settings, now_made(1))
            await until(lambda: len(other.posts) == 2)
        assert "The sink gone gets no alerts any more" in headlines(other)
        async with worker.working(settings, ("deliver",)):
            await send(settings, now_made(2))
            await until(lambda: len(other.posts) == 3)
            (told, _) = await outgoing.sink_summaries(settings.kafka, ["gone", "other"])
            assert (told.state.reason, len(gone.posts)) == ("gone", 1)
            gone.behave = other.behave
            assert await outgoing.enable(settings.kafka, "gone", datetime.now(UTC))
            assert not await outgoing.enable(settings.kafka, "gone", datetime.now(UTC))
            await asyncio.sleep(1)
            await send(settings, now_made(3))
            await until(lambda: len(gone.taken) == 1)
            missed = await admin.deliveries(settings.kafka, [Attempt.DISABLED])
            assert await admin.retry(settings.kafka, missed) == 2
            await until(lambda: len(gone.taken) == 3)


async def test_what_is_held_outlives_its_worker_and_is_told_together(settings):
    async with Endpoint() as desk:
        sink = config("desk", desk, min_interval_s=8)
        settings = replace(settings, sinks=(sink,))
        async with worker.working(settings, ("deliver",)):
            await send(settings, *(now_made(n) for n in range(3)))
            await until(lambda: len(desk.posts) == 1)
            held = await admin.deliveries(settings.kafka, [Attempt.HELD])
            assert [d.reason for d in held] == ["min_interval"] * 2
        async with worker.working(settings, ("deliver",)):
            await until(lambda: len(desk.posts) == 2, within=60)
            await until(lambda: _none_is(settings, Attempt.HELD))
    digest = codec.msgspec.json.decode(desk.posts[1].body)
    assert digest["type"] == "news.monitor.digest.v1"
    assert [part["alert_id"] for part in digest["data"]["alerts"]] == ["alr-1", "alr-2"]


async def _none_is(settings, outcome):
    return not await admin.deliveries(settings.kafka, [outcome])


async def test_a_silence_keeps_alerts_from_one_sink_and_is_ended_by_hand(settings):
    now = datetime.now(UTC)
    mute = Mute(
        mute_id="sil-1",
        starts_at=now - HOUR,
        ends_at=now + HOUR,
        made_at=now,
        countries=("IQ",),
        sinks=("desk",),
    )
    async with Endpoint() as desk, Endpoint() as other:
        settings = replace(settings, sinks=(config("desk", desk), config("other", other)))
        await provision(settings)
        await outgoing.silence(settings.kafka, mute)
        async with worker.working(settings, ("deliver",)):
            await send(settings, now_made(1))
            await until(lambda: len(other.posts) == 1)
            (kept,) = await admin.deliveries(settings.kafka, [Attempt.SILENCED])
            assert (kept.sink, kept.detail) == ("desk", "silence sil-1")
            (known,) = await outgoing.mutes(settings.kafka)
            await outgoing.expire(settings.kafka, known, datetime.now(UTC))
            await asyncio.sleep(1)
            await send(settings, now_made(2))
            await until(lambda: len(desk.posts) == 1)
        assert headlines(other) == headlines(desk) * 2


async def test_an_endpoint_that_hangs_delays_no_other(settings):
    """Twenty alerts for one that hangs for longer than the test: the other has all of them meanwhile."""
    async with Endpoint(behave=hangs_once) as hanging, Endpoint() as quick:
        sinks = (config("hanging", hanging, timeout_s=60), config("quick", quick))
        settings = replace(settings, sinks=sinks)
        async with worker.working(settings, ("deliver",)) as services:
            await until(lambda: services[0].ready)
            await send(settings, *(now_made(n, incident_id=f"inc-{n}") for n in range(20)))
            await until(lambda: len(quick.taken) == 20)
            assert len(hanging.posts) == sinks[0].max_concurrent
            services[0].stop = None

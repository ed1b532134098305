"""What commands ask of Kafka, beside a running worker; and deliveries that outlive it."""

from dataclasses import replace

import pytest
from kafka_tools import until
from press import Receiver

from agents import admin, worker
from monitor.sinks.webhook import WebhookConfig
from schemas.reasons import Attempt

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(120)]


def delivering_to(settings, *receivers):
    sinks = tuple(
        WebhookConfig(name=f"desk-{n}", url=r.url, allow_private=("127.0.0.0/8",))
        for n, r in enumerate(receivers)
    )
    return replace(settings, sinks=sinks)


async def test_test_alert_goes_the_whole_way_and_can_be_traced(settings):
    with Receiver() as first, Receiver() as second:
        settings = delivering_to(settings, first, second)
        async with worker.working(settings, ("deliver",)):
            alert = await admin.send_test_alert(settings.kafka, "All is well, ünïcode")
            found = await admin.await_delivered(settings.kafka, alert.alert_id, 2, 20)
            only = await admin.send_test_alert(settings.kafka, "For one", sinks=("desk-1",))
            await admin.await_delivered(settings.kafka, only.alert_id, 1, 20)
            await until(lambda: len(second.came) == 2)
    assert {(d.sink, d.outcome) for d in found} == {
        ("desk-0", Attempt.DELIVERED),
        ("desk-1", Attempt.DELIVERED),
    }
    assert [event["data"]["headline"] for _, event in first.came] == ["All is well, ünïcode"]
    assert first.came[0][1]["data"]["status"] == "test"
    assert first.came[0][0] != second.came[0][0]
    steps = await admin.trace(settings.kafka, alert.alert_id)
    assert [step.topic for step in steps] == ["alerts"] + ["deliveries"] * 4


async def test_delivery_that_waits_outlives_its_worker_under_the_same_id(settings):
    """The receiver is away; another worker delivers when it is back."""
    with Receiver() as receiver:
        away = delivering_to(settings, receiver)
    async with worker.working(away, ("deliver",)):
        alert = await admin.send_test_alert(settings.kafka, "Later")
        waiting = await admin.await_delivered(settings.kafka, alert.alert_id, 1, 20)
    assert [d.outcome for d in waiting] == [Attempt.RETRY]
    with Receiver() as back:
        async with worker.working(delivering_to(settings, back), ("deliver",)):
            await until(lambda: back.came, within=60)
    assert [webhook for webhook, _ in back.came] == [waiting[0].webhook_id]


async def test_stop_in_good_order_delivers_nothing_twice(settings):
    with Receiver() as receiver:
        settings = delivering_to(settings, receiver)
        for number in range(3):
            async with worker.working(settings, ("deliver",)) as services:
                await until(lambda: services[0].ready)
                for part in range(5):
                    await admin.send_test_alert(settings.kafka, f"alert {number}/{part}")
                await until(lambda n=number: len(receiver.came) >= 5 * n + 2)
        async with worker.working(settings, ("deliver",)):
            await until(lambda: len({w for w, _ in receiver.came}) == 15)
    assert len(receiver.came) == 15


async def test_delivery_is_made_again_on_demand_and_none_for_a_sink_that_is_not_there(settings):
    with Receiver() as receiver:
        settings = delivering_to(settings, receiver)
        async with worker.working(settings, ("deliver",)):
            gone = await admin.send_test_alert(settings.kafka, "For nobody", sinks=("other",))
            sent = await admin.send_test_alert(settings.kafka, "For the desk")
            await admin.await_delivered(settings.kafka, sent.alert_id, 1, 20)
            assert await admin.deliveries(settings.kafka, [Attempt.FAILED]) == ()
            assert not [
                d for d in await admin.deliveries(settings.kafka) if d.alert_id == gone.alert_id
            ]
            assert await admin.deliver_again(settings, [sent], settings.sinks[0]) == 1
            await until(lambda: len(receiver.came) == 2)
        assert receiver.came[0] == receiver.came[1]


async def test_quarantine_is_listed_and_sent_again(settings, client):
    async with worker.working(settings, ("alert",)):
        await client.send("incident.deltas", [(b"k", b"{"), (b"k", None)])
        await until(lambda: client.read("incident.deltas.quarantine", 2))
        found = await admin.quarantined(settings.kafka)
        assert {str(q.reason) for q in found.values()} == {"not_decoded", "tombstone"}
        number = next(n for n, q in found.items() if q.value == b"{")
        assert await admin.replay_quarantined(settings.kafka, [found[number]]) == 1
        await until(lambda: client.read("incident.deltas.quarantine", 4))
        again = await admin.quarantined(settings.kafka, "incident.deltas")
    assert number not in again
    assert len(again) == 2
    lag = await admin.group_lags(settings.kafka)
    assert set(lag) == set(admin.SOURCES)
    assert await admin.missing_topics(settings.kafka) == ()

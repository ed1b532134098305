"""What is past is let in a few a second, in its order and as it is."""

from datetime import UTC, datetime, timedelta

import pytest
from memory_kafka import MemoryKafka

from agents.past import A_SECOND, LettingIn
from agents.poll import fitting
from agents.rules import PAST, RAW, entrance_of
from agents.wire import Outbound
from monitor.alerts.policy import REPLAY, AlertPolicy
from schemas.article import Article

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def article(number, age=timedelta(0)):
    return Article(
        article_id=f"a{number}",
        source="s",
        title="t",
        text="",
        published=NOW - age,
        fetched_at=NOW,
    )


@pytest.mark.parametrize(
    ("age", "policy", "topic"),
    [
        (timedelta(0), AlertPolicy(), RAW),
        (timedelta(days=1), AlertPolicy(), RAW),
        (timedelta(days=60), AlertPolicy(), PAST),
        (timedelta(days=60), REPLAY, RAW),
    ],
    ids=["live", "yesterday", "past", "past where an archive is played"],
)
def test_only_what_can_alert_nobody_waits_outside(age, policy, topic):
    assert entrance_of(article(1, age), policy) == topic


async def test_records_go_on_in_their_order_as_they_are_at_their_pace():
    kafka, slept = MemoryKafka(), []

    async def sleep(seconds):
        slept.append(seconds)

    sent = [fitting(article(number), PAST) for number in range(105)]
    await kafka.send(sent)
    await kafka.send([Outbound(topic=PAST, key=b"s", value=None)])
    await LettingIn(sender=kafka, sleep=sleep).batch(kafka.inbound(PAST, 0))
    assert kafka.topics[RAW, 0] == kafka.topics[PAST, 0]
    assert sum(slept) == pytest.approx(106 / A_SECOND)

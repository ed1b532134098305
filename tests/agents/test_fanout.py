"""Alerts are fanned out to sinks; what cannot be read is set aside, up to a limit."""

import asyncio

import pytest
from delivery_records import an_alert
from memory_kafka import Books, MemoryKafka

from agents.fanout import FanningOut
from agents.rules import QuarantineLimit
from monitor.sinks.console import ConsoleConfig

ASIDE = "alerts.quarantine"


async def test_alerts_that_all_fail_stay_in_their_topic():
    """A release that can read or write no alert must not empty the topic: somebody would not be told."""
    kafka = MemoryKafka()
    for number in range(5):
        kafka.put("alerts", an_alert(number) if number == 1 else b"{")
    fanning = FanningOut(
        sinks=[ConsoleConfig(name="desk")],
        sender=kafka,
        metrics=Books(),
        limit=QuarantineLimit(most=3),
    )
    came = kafka.inbound("alerts", 0)
    await fanning.batch(came[:4])
    assert (len(kafka.topics["deliveries", 0]), len(kafka.topics[ASIDE, 0])) == (1, 3)
    assert not fanning.held
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(fanning.batch(came[4:]), 0.2)
    assert fanning.held
    assert len(kafka.topics[ASIDE, 0]) == 3

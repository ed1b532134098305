"""Kafka goes away, comes back, hangs, is slow, breaks connections: all is told once it is well again."""

import asyncio
import random

import pytest

pytestmark = pytest.mark.timeout(1800)


async def ridden_out(rig, table, fault, away, times=1, *, rate=3):
    """Load before, during and after what ``away`` does, and then the reckoning."""
    end = rig.load(rate)
    for _ in range(times):
        await asyncio.sleep(4)
        await away(rig)
    await asyncio.sleep(2)
    end()
    outcome = await rig.settle()
    table.add(fault, times, outcome)
    assert outcome.is_clean(), outcome
    return outcome


async def restarted(rig):
    await rig.restart_broker()


async def killed(rig):
    await rig.kill_broker()
    await rig.start_broker()


def mode(name, seconds):
    async def away(rig):
        rig.proxy.become(name)
        await asyncio.sleep(seconds)
        rig.proxy.become("open")

    return away


async def broken(rig):
    """Ten resets within ten seconds."""
    for _ in range(10):
        rig.proxy.reset()
        await asyncio.sleep(1)


@pytest.mark.chaos
async def test_kafka_killed_and_restarted(up, table, seed):
    rig = await up()
    rng = random.Random(seed)
    ways = [restarted, killed]
    rng.shuffle(ways)

    async def both(rig):
        for way in ways:
            await way(rig)
            await asyncio.sleep(rng.uniform(1, 4))

    await ridden_out(rig, table, "Kafka kill -9 and restart, short", both)


@pytest.mark.chaos
@pytest.mark.parametrize(
    ("fault", "away", "times"),
    [
        ("Kafka restarted", restarted, 10),
        ("Kafka kill -9", killed, 10),
    ],
)
async def test_kafka_goes_and_comes(up, table, fault, away, times):
    await ridden_out(await up(), table, fault, away, times)


@pytest.mark.chaos
@pytest.mark.parametrize(
    ("fault", "away", "times"),
    [
        ("connections reset", broken, 3),
        ("Kafka unreachable, 60 s", mode("closed", 60), 1),
        ("Kafka half open, 60 s", mode("silent", 60), 1),
        ("Kafka slow (2 s, 10 kB/s), 60 s", mode("slow", 60), 1),
        ("Kafka unreachable, 10 min", mode("closed", 600), 1),
    ],
)
async def test_network_to_kafka(up, table, fault, away, times):
    rig = await up(proxied=True, session_timeout_s=10.0)
    # In all fewer articles than there are places, or the last ones would tell of incidents that are known.
    await ridden_out(rig, table, fault, away, times, rate=1 if "10 min" in fault else 3)

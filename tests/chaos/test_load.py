"""More than usual: workers that come and go, thousands of articles at once, feeds that are all down."""

import asyncio
import time

import pytest
from rig import FRESH_S, PATIENCE, SHARE, Wire
from world import silent

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(2400)]

CHANGES = round(10 * SHARE)
AT_ONCE = 20_000
AT_ONCE_S = 300.0 * PATIENCE
FEEDS = 20


def crowd(wire, count, started, days_old=0):
    """Entries that say nothing, but for every hundredth; as many in each feed."""
    for number in range(count):
        entry = wire.made(10_000_000 + number, started, days_old)
        entry = silent(entry) if number % 100 else entry
        wire.add(entry, number % (len(wire.entries) - 1) + 1)


async def test_workers_one_three_two_ten_times(up, table):
    """Three workers are more than the one partition that articles have."""
    rig = await up()
    end = rig.load(3)
    for number in range(CHANGES):
        for name in ("second", "third"):
            if number:
                rig.revive(name)
            else:
                rig.start_worker(name)
        for name in ("second", "third"):
            await rig.until_ready(name, since=number)
        for name in ("third", "second"):
            await asyncio.sleep(10)
            assert (await rig.terminate(name))[1] == 0
    end()
    outcome = await rig.settle()
    table.add("workers 1 -> 3 -> 2", CHANGES, outcome)
    assert outcome.is_clean(repeated=0), outcome


async def test_twenty_thousand_items_at_once(up, table):
    wire = Wire(FEEDS + 1, listed=AT_ONCE // FEEDS)
    rig = await up(wire=wire, quick=True)
    crowd(wire, AT_ONCE, rig.started)
    await asyncio.sleep(5)
    outcome = await rig.settle(within=AT_ONCE_S, feeds=[0])
    table.add(f"{AT_ONCE} items at once", 1, outcome)
    assert outcome.is_clean(repeated=0), outcome


async def test_two_hundred_feeds_down_at_once(up, table):
    rig = await up(feeds=200)
    end = rig.load(2, [0])
    await asyncio.sleep(5)
    rig.wire.down = True
    await asyncio.sleep(30)
    rig.wire.down = False
    end()
    outcome = await rig.settle(feeds=[0])
    table.add("200 feeds down, 30 s", 1, outcome)
    assert outcome.is_clean(repeated=0), outcome


async def test_backfill_does_not_hold_up_what_is_live(up, table):
    """Articles of last month, which can alert nobody, are read when nothing live waits."""
    wire = Wire(FEEDS + 1, listed=AT_ONCE // FEEDS)
    rig = await up(wire=wire, stale=True, quick=True, faults=["slow"])
    crowd(wire, AT_ONCE, rig.started, days_old=30)
    begun, took = time.monotonic(), []
    while time.monotonic() < begun + 180:
        took.append(await rig.until_alerted(120, feeds=[0]))
        await asyncio.sleep(1)
    took.sort()
    await rig.replayed()
    outcome = await rig.reckoned(recovery_s=took[int(len(took) * 0.99)], fresh_s=took[-1])
    table.add(f"backfill of {AT_ONCE}: live p99 and slowest", 1, outcome)
    assert outcome.is_clean(repeated=0), outcome
    assert outcome.recovery_s < FRESH_S

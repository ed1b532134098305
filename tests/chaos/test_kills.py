"""``kill -9`` of poller, workers and deliverer at seeded moments under load, also while they start."""

import asyncio
import os
import random

import pytest

ROUNDS = int(os.environ.get("CHAOS_ROUNDS", "10"))
KILLS = 20
"""In one part, so that ten parts are the two hundred of the issue."""
WORKERS = {
    "reader": ["dedupe", "extract"],
    "tracker": ["track", "alert"],
    "deliverer": ["deliver"],
}


async def kills(rig, rng, count, longest_s):
    end = rig.load(3)
    await asyncio.sleep(2)
    for _ in range(count):
        rig.kill(rng.choice(["poller", *WORKERS]))
        await asyncio.sleep(rng.uniform(0.2, longest_s))
    end()


@pytest.mark.kafka
@pytest.mark.timeout(600)
async def test_killed_processes_lose_nothing_and_give_no_second_id(up, table, seed):
    rig = await up(workers=WORKERS)
    await kills(rig, random.Random(seed), 5, 4)
    outcome = await rig.settle()
    table.add("kill -9, short", 5, outcome)
    assert outcome.is_clean(), outcome


@pytest.mark.chaos
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("part", range(ROUNDS))
async def test_two_hundred_kills(up, table, seed, part):
    number = seed * 1000 + part
    if table.has("kill -9", number):
        pytest.skip("stands in the report")
    rig = await up(workers=WORKERS)
    await kills(rig, random.Random(number), KILLS, 6)
    outcome = await rig.settle()
    table.add("kill -9", KILLS, outcome, number)
    assert outcome.is_clean(), outcome

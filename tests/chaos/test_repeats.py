"""The same said again, late, out of order, changed: told once."""

import asyncio
import random
from datetime import timedelta

import pytest
from rig import Wire
from world import article

pytestmark = pytest.mark.timeout(900)


@pytest.mark.kafka
async def test_every_message_twice_and_every_article_in_three_feeds(up, table):
    wire = Wire(3, mirrored=True)
    rig = await up(wire=wire, faults=["twice"])
    end = rig.load(2)
    await asyncio.sleep(12)
    end()
    outcome = await rig.settle()
    table.add("every message twice, every article in three feeds", 3, outcome)
    assert outcome.is_clean(repeated=0), outcome
    assert outcome.alerts == len(wire.entries[0])


@pytest.mark.chaos
async def test_late_out_of_order_and_edited(up, table, seed):
    rng = random.Random(seed)
    rig = await up()
    entries = [article(number, rig.started) for number in range(100_000, 100_120)]
    late = [e | {"at": e["at"] - timedelta(hours=2)} for e in entries[::3]]
    by_link = {e["link"]: e for e in [*entries, *late]}
    shuffled = rng.sample(list(by_link.values()), len(by_link))
    for entry in shuffled:
        rig.wire.add(entry)
        await asyncio.sleep(0.2)
    for entry in rng.sample(shuffled, 40):
        number = rng.randrange(3)
        rig.wire.add(entry | EDITS[number](entry))
        await asyncio.sleep(0.2)
    outcome = await rig.settle()
    table.add("late by 2 h, out of order, edited", len(shuffled) + 40, outcome)
    assert outcome.is_clean(repeated=0), outcome


EDITS = (
    lambda entry: {"title": entry["title"] + " (updated)"},
    lambda entry: {"at": entry["at"] + timedelta(minutes=30)},
    lambda entry: {"text": entry["text"] + " The governor called for calm."},
)

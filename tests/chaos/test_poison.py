"""Records and articles that break what reads them: set aside, one by one, and their neighbours go on."""

import asyncio
import json

import pytest

from schemas.cards import cards

FORMS = {
    "bad JSON": b'{"v":1,"data":',
    "no JSON at all": b"\x00\xff\xfe",
    "wrong version": b'{"v":99,"data":{}}',
    "wrong shape": b'{"v":1,"data":{"article_id":[]}}',
    "nested": b'{"v":1,"data":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "tombstone": None,
}
LARGE = json.dumps({"v": 1, "data": {"text": "x" * 5_000_000}}).encode()
DEADLY = ("raises", "hangs", "eats memory", "dies")


def takes(topic, value):
    return len(value) < int(cards()[topic].config.get("max.message.bytes", 1 << 20)) - 1024


@pytest.mark.chaos
@pytest.mark.timeout(900)
async def test_poison_of_all_forms_is_set_aside_and_nothing_else(up, table):
    rig = await up(faults=["poisonous"], deadline_s=15.0, memory_mb=700)
    end = rig.load(2)
    read = ("articles.raw", "articles.unique", "incident.mentions", "incident.deltas", "alerts")
    read += ("deliveries",)
    count = 0
    for topic in read:
        poison = [(b"poison", value) for value in FORMS.values()]
        poison += [(b"", FORMS["bad JSON"]), (None, FORMS["bad JSON"])]
        poison += [(b"poison", LARGE)] if takes(topic, LARGE) else []
        await rig.client.send(topic, poison)
        count += len(poison)
    for way in DEADLY:
        link = f"https://press.example/deadly/{way.replace(' ', '-')}"
        text = f"The library opens on Monday. {way}"
        entry = {"link": link, "title": f"Extraction {way}", "text": text, "at": rig.started}
        rig.wire.add(entry)
        await asyncio.sleep(2)
    end()
    outcome = await rig.settle()
    table.add("poison", count + len(DEADLY), outcome)
    assert outcome.is_clean(quarantined=count + len(DEADLY)), outcome

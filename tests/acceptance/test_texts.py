"""Story lines in full text, through dedupe, extraction, linking and alerts, as ``news-monitor replay`` plays them."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from acceptance_story import changes, final_figures, stories, told

from monitor.extract import Extractor
from monitor.replay import Player, events_of

pytestmark = pytest.mark.slow

STORIES = stories("texts")


@pytest.fixture(scope="module")
def extractor():
    return Extractor.load()


def play(story, extractor):
    lines = [json.dumps(article, default=lambda at: at.isoformat()) for article in story.articles]
    return list(events_of([line.encode() for line in lines], Player(extractor)))


def case(story):
    """A story that waits for another stage to learn something may fail until then, and says for what."""
    waits_for = story.data.get("waits_for")
    marks = [pytest.mark.xfail(reason=waits_for)] if waits_for else []
    return pytest.param(story, id=story.name, marks=marks)


@pytest.mark.parametrize("story", [case(s) for s in STORIES])
def test_a_text_story_tells_what_it_must_and_nothing_else(story, extractor):
    events = play(story, extractor)
    expect = story.expect
    main = [" ".join(t.split()[:2]) for t in told(events, ("attack", "strike", "condemnation"))]
    assert main == expect.get("alerts", [])
    if "principals" in expect:
        told_by = [e["speaker"]["principal"] for e in events if e.get("kind") == "condemnation"]
        # Those of one article come in no order that would matter.
        assert sorted(told_by) == sorted(expect["principals"])
    for update in expect.get("updates", []):
        assert update in told(events, ("update",))
    for change in expect.get("deltas", []):
        assert change in changes(events)
    if "incidents" in expect:
        assert len(final_figures(events)) == expect["incidents"]


def test_a_replay_gives_the_same_events_every_time(extractor):
    every = [a | {"id": f"{n}-{a['id']}"} for n, s in enumerate(STORIES) for a in s.articles]
    lines = [json.dumps(a, default=lambda at: at.isoformat()).encode() for a in every]
    first = list(events_of(lines, Player(extractor)))
    assert list(events_of(lines, Player(extractor))) == first
    alerts = [event["alert_id"] for event in first if event["type"] == "alert"]
    assert len(alerts) == len(set(alerts))


def everyday(first, second):
    """Eight days of two outlets' reports from one city: nearly one text, another day and another toll each time."""
    for n in range(8):
        day = datetime(2025, 3, 3 + n, 10, tzinfo=UTC)
        words = {"day": day.strftime("%A"), "n": ["two", "three", "four", "five", "six"][n * 2 % 5]}
        yield {
            "id": f"{n}a",
            "source": "A",
            "title": "",
            "text": first.format(**words),
            "published": day,
        }
        later = day + timedelta(hours=2)
        yield {
            "id": f"{n}b",
            "source": "B",
            "title": "",
            "text": second.format(**words),
            "published": later,
        }


EVERYDAY = [
    (
        (
            "BAQUBAH - Gunmen shot dead {n} policemen at a checkpoint in Baqubah on {day}, police said. Diyala police "
            "spokesman Karim Rashid said the attackers fled towards Muqdadiyah. Governor Nabil Haddad sent reinforcements."
        ),
        (
            "Armed men killed {n} policemen at a checkpoint in Baqubah, north of Baghdad, on {day}, a security source in "
            "Diyala said. Karim Rashid, spokesman of Diyala police, confirmed it. Governor Nabil Haddad visited Muqdadiyah."
        ),
    ),
    (
        (
            "KABUL - A bomb exploded in Kabul on {day}, killing {n} people, the interior ministry said. Spokesman Omar "
            "Zadran said the device was attached to a vehicle in Paghman district."
        ),
        (
            "A blast in the Afghan capital Kabul killed {n} people on {day}, interior ministry spokesman Omar Zadran told "
            "reporters. The explosion took place near Paghman."
        ),
    ),
    (
        (
            "An Israeli air strike on a house in Rafah killed {n} people on {day}, medics said. The Israeli military said "
            "it targeted Hamas."
        ),
        (
            "Israel bombed a home in Rafah in the Gaza Strip on {day}, killing {n} people, according to the Red Crescent. "
            "The Israeli military said Hamas fighters were the target."
        ),
    ),
]


@pytest.mark.parametrize(("first", "second"), EVERYDAY, ids=["gunmen", "bombs", "air strikes"])
def test_one_city_with_one_kind_of_attack_every_day_does_not_drift_into_one(
    first, second, extractor
):
    lines = [json.dumps(a, default=lambda at: at.isoformat()) for a in everyday(first, second)]
    events = list(events_of([line.encode() for line in lines], Player(extractor)))
    alerts = told(events, ("attack", "strike", "condemnation"))
    assert [alert.split()[0] for alert in alerts] == [f"{n}a" for n in range(8)]

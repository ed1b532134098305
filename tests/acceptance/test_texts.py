"""Story lines in full text, through dedupe, extraction, linking and alerts, as ``news-monitor replay`` plays them."""

import json

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

"""What must be told of a story line, and nothing else; twice the same; and the same incidents in any order."""

import random
from datetime import timedelta

import pytest
from acceptance_story import changes, final_figures, pairs, play, player, stories, told

from monitor.incidents.snapshot import figure
from monitor.incidents.tally import value
from schemas.state import IncidentRow, TallyRow

STORIES = stories("stories")


@pytest.mark.parametrize("story", STORIES, ids=[s.name for s in STORIES])
def test_a_story_tells_what_it_must_and_nothing_else(story):
    events = play(story)
    expect = story.expect
    assert told(events, ("attack", "strike", "condemnation")) == expect.get("alerts", [])
    assert told(events, ("update",)) == expect.get("updates", [])
    assert changes(events) == expect.get("deltas", [])
    assert len(final_figures(events)) == expect["incidents"]
    reasons = [e["reason"] for e in events if e["type"] == "delta"]
    for reason in expect.get("reasons", []):
        assert reason in reasons
    for key, figures in expect.get("figures", {}).items():
        known = [i[key] for i in final_figures(events).values() if i.get(key)]
        assert [[k["low"], k["best"], k["high"]] for k in known] == figures


@pytest.mark.parametrize("story", STORIES, ids=[s.name for s in STORIES])
def test_reading_everything_twice_tells_nothing_new_and_the_same_ids(story):
    chain = player(story)
    given = pairs(story)
    first = [event for pair in given for event in chain.events(*pair)]
    again = [event for pair in given for event in chain.events(*pair)]
    assert again == [] or "evicts" in story.data  # what left the hot table is not remembered
    assert play(story) == first


HOURS = 72
"""The disorder that must change nothing (issue 5)."""


def _is_within(story):
    times = [unique.article.published for _, unique in pairs(story)]
    return len(times) > 1 and max(times) - min(times) <= timedelta(hours=HOURS)


SHUFFLED = [s for s in STORIES if _is_within(s)]


@pytest.mark.parametrize("story", SHUFFLED, ids=[s.name for s in SHUFFLED])
def test_any_order_of_arrival_gives_the_same_incidents_and_figures(story):
    given = pairs(story)
    expected = outcome(story, range(len(given)))
    for seed in range(6):
        order = random.Random(seed).sample(range(len(given)), len(given))
        assert outcome(story, order) == expected, order


def outcome(story, order):
    """The partition of the claims into incidents with the figures of each, and the values of the tallies."""
    chain = player(story)
    given = pairs(story)
    for n in order:
        for _ in chain.events(*given[n]):
            pass
    rows = [chain.incidents.get(key) for key in chain.incidents]
    incidents = [
        (
            tuple((c.article_id, c.ordinal) for c in row.claims),
            tuple(figure(row.claims, m) for m in ("killed", "injured", "casualties")),
        )
        for row in rows
        if isinstance(row, IncidentRow)
    ]
    tallies = [(row.what, value(row)) for row in rows if isinstance(row, TallyRow)]
    return sorted(incidents), sorted(tallies, key=str)

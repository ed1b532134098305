"""What may wait, and what may not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agents.rules import BACKLOG, LIVE, lane_of
from monitor.alerts.policy import REPLAY, AlertPolicy
from schemas.article import Article
from schemas.base import ArticleId

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


LIVE_POLICY = AlertPolicy()


def lane(published, fetched=NOW, policy=LIVE_POLICY):
    article = Article(
        article_id=ArticleId("a"),
        source="s",
        title="t",
        text="x",
        published=published,
        fetched_at=fetched,
    )
    return lane_of(article, policy)


@pytest.mark.parametrize(
    ("why", "published", "expected"),
    [
        ("it is fresh", NOW, LIVE),
        (
            "it is stale, but what it tells of may still be told as new",
            NOW - timedelta(days=3),
            LIVE,
        ),
        ("a live article may still be about what it tells of", NOW - timedelta(days=9), LIVE),
        ("nobody can be alerted of what it tells of", NOW - timedelta(days=9, seconds=1), BACKLOG),
        ("its date is not known, so it counts as fetched", None, LIVE),
    ],
)
def test_only_what_can_alert_nobody_waits(why, published, expected):
    assert lane(published) == expected, why


def test_an_archive_that_is_played_keeps_its_order():
    assert lane(NOW - timedelta(days=900), policy=REPLAY) == LIVE
    assert lane(NOW - timedelta(days=900), fetched=None) == LIVE


def test_a_longer_memory_makes_a_shorter_backlog():
    policy = replace(LIVE_POLICY, novelty=timedelta(days=30))
    assert lane(NOW - timedelta(days=20), policy=policy) == LIVE

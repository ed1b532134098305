"""A trace tells where each record stands, and how long after the first one it came."""

import json
from datetime import UTC, datetime, timedelta

from agents.admin import Step
from monitor.cli import trace
from schemas.article import Article
from schemas.mention import ArticleRef, Mention

T0 = datetime(2025, 3, 4, 10, tzinfo=UTC)
ARTICLE = Article(article_id="a", source="Outlet", title="Bomb kills four", text="")
MENTION = Mention(
    mention_id="m",
    subject="country:IQ",
    article=ArticleRef(article_id="a", source="Outlet", origin="Outlet", title="Bomb kills four"),
)
STEPS = (
    Step(topic="articles.raw", partition=0, offset=7, at=T0, record=ARTICLE),
    Step(
        topic="incident.mentions",
        partition=2,
        offset=9,
        at=T0 + timedelta(milliseconds=740),
        record=MENTION,
    ),
)


def test_lines_for_people():
    assert list(trace.rows(STEPS)) == [
        ("2025-03-04 10:00:00", "+0.000 s", "articles.raw", 0, 7, "Outlet Bomb kills four"),
        ("2025-03-04 10:00:00", "+0.740 s", "incident.mentions", 2, 9, "country:IQ"),
    ]


def test_lines_for_scripts():
    first, second = (json.loads(line) for line in trace.json_lines(STEPS))
    assert (first["topic"], first["offset"], first["at"]) == (
        "articles.raw",
        7,
        "2025-03-04T10:00:00Z",
    )
    assert first["record"]["article_id"] == "a"
    assert second["record"]["subject"] == "country:IQ"

"""The demo's feed: articles appear when they are due, and an unchanged feed says so."""

from datetime import UTC, datetime, timedelta

import feedparser
from starlette.testclient import TestClient

from monitor.demo.server import make_app, rss, samples

START = datetime(2026, 3, 4, 8, tzinfo=UTC)


def titles(seconds):
    feed = feedparser.parse(rss(samples(), START, START + timedelta(seconds=seconds)))
    return [entry.title for entry in feed.entries]


def test_articles_appear_one_after_another_newest_first():
    assert len(titles(0)) < len(titles(13)) < len(titles(60)) == len(samples())
    assert titles(13)[0] == "Kirkuk bombing toll rises to six"


def test_the_weekday_is_that_of_the_start():
    feed = feedparser.parse(rss(samples(), START, START))
    assert "on Wednesday" in feed.entries[0].description


def test_an_unchanged_feed_answers_not_modified_and_a_grown_one_does_not():
    now = [START]
    client = TestClient(make_app(lambda: now[0]))
    first = client.get("/zagros-monitor.xml")
    asked = {"if-none-match": first.headers["etag"]}
    now[0] = START + timedelta(seconds=1)
    again = client.get("/zagros-monitor.xml", headers=asked)
    now[0] = START + timedelta(seconds=40)
    grown = client.get("/zagros-monitor.xml", headers=asked)
    assert [r.status_code for r in (first, again, grown)] == [200, 304, 200]

"""Feeds of alerts: a feed reader that others wrote finds each alert once, newest first, with plain words."""

import json
from datetime import timedelta

import feedparser
from hypothesis import given
from hypothesis import strategies as st
from made_alerts import FETCHED, made

from monitor.alerts.syndication import Channel, atom, json_feed

CHANNEL = Channel(
    title="Alerts",
    self_url="https://board.example/alerts.atom",
    home_url="https://board.example/",
    page_of=lambda alert: f"https://board.example/incidents/{alert.incident_id}",
)
BARE = Channel(title="Alerts", self_url="https://b.example/f", home_url="https://b.example/")


def test_a_reader_finds_the_newest_alert_first():
    later = made(2, title="6 killed", fetched_at=FETCHED + timedelta(minutes=5))
    found = feedparser.parse(atom([made(), later], CHANNEL))
    assert not found.bozo
    assert found.version == "atom10"
    assert [e.id for e in found.entries] == [
        "urn:news-monitor:alert:alr-2",
        "urn:news-monitor:alert:alr-1",
    ]
    assert found.feed.updated == "2026-03-01T12:05:30Z"


def test_an_entry_links_the_page_of_its_incident_and_tells_what_it_is():
    (entry,) = feedparser.parse(atom([made()], CHANNEL)).entries
    assert entry.link == "https://board.example/incidents/inc-1"
    assert [t.term for t in entry.tags] == ["attack", "new_attack", "severe", "IQ"]


def test_without_a_page_the_source_is_linked():
    (entry,) = feedparser.parse(atom([made()], BARE)).entries
    assert entry.link == "https://one.example/1"


def test_the_json_feed_tells_the_same():
    feed = json.loads(json_feed([made(status="test")], CHANNEL))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    (item,) = feed["items"]
    assert item["url"] == "https://board.example/incidents/inc-1"
    assert item["external_url"] == "https://one.example/1"
    assert item["tags"][0] == "test"
    assert item["date_published"] == "2026-03-01T12:00:30Z"


@given(st.text(), st.text())
def test_no_words_of_a_source_break_a_feed_or_become_markup(title, words):
    alert = made(title=title, text=words + "<script>alert(1)</script>")
    found = feedparser.parse(atom([alert], CHANNEL), sanitize_html=False)
    assert not found.bozo
    assert len(found.entries) == 1
    assert b"<script" not in atom([alert], CHANNEL)
    assert json.loads(json_feed([alert], CHANNEL))["items"][0]["title"] == title


def test_an_empty_feed_is_a_feed():
    assert feedparser.parse(atom([], CHANNEL)).version == "atom10"

"""Feeds are shared by host, articles always fit, and what others say of a feed is heeded."""

from collections import Counter
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from aiokafka import TopicPartition
from memory_kafka import MemoryKafka

from agents.feedstore import BY, KafkaFeedStore, message_of, partition_of, state_of
from agents.poll import MAX_TEXT_CHARS, Share, fitting, poll_settings
from agents.wire import Refused, check_size
from monitor.config import Config
from monitor.feeds.feed import Feed
from schemas import codec
from schemas.article import Article
from schemas.feed import FeedState


def test_feeds_of_one_host_are_polled_by_one_process():
    numbers = {
        partition_of(url, 4)
        for url in (
            "https://news.example/a.xml",
            "http://NEWS.example:8080/b.xml",
            "https://news.example/c?d=e",
        )
    }
    assert len(numbers) == 1


def test_hosts_are_spread():
    spread = Counter(partition_of(f"https://site{n}.example/feed", 4) for n in range(400))
    assert set(spread) == {0, 1, 2, 3}
    assert max(spread.values()) < 150


def test_state_survives_its_message_in_the_partition_of_its_host():
    state = FeedState(url="https://news.example/a.xml", etag='"x"', failures=3)
    message = message_of(state, 4, b"me")
    assert state_of(message.value) == state
    assert message.partition == partition_of(state.url, 4)
    assert message.headers == ((BY, b"me"),)


@pytest.mark.parametrize("value", [None, b"", b"{", b'{"v":9,"data":{}}'])
def test_state_that_cannot_be_read_is_begun_anew(value):
    assert state_of(value) is None


async def test_a_state_that_its_topic_would_not_take_is_refused_and_ends_no_process():
    kafka = MemoryKafka()
    store = KafkaFeedStore(None, kafka, 4)
    with pytest.raises(Refused):
        await store.save(FeedState(url="https://a.example/", hub="x" * 3_000_000))
    await store.save(FeedState(url="https://b.example/"))
    assert sum(len(records) for records in kafka.topics.values()) == 1


def article(text):
    return Article(article_id="a", source="s", title="t", text=text)


def test_article_is_sent_whole_where_it_fits():
    whole = fitting(article("x" * 1_000_000))
    assert len(codec.decode(whole.value, Article).text) == 1_000_000


@pytest.mark.parametrize("letter", ["x", "\u0001", "\U0001f600"])
def test_text_of_an_article_that_does_not_fit_is_cut_until_it_does(letter):
    cut = fitting(article(letter * 6_000_000))
    check_size([cut])
    assert codec.decode(cut.value, Article).text == letter * MAX_TEXT_CHARS


@dataclass
class FakePoller:
    states: dict = field(default_factory=dict)
    feeds: tuple = ()
    updated: list = field(default_factory=list)
    settled: int = 0

    def set_feeds(self, feeds):
        self.feeds = tuple(feeds)

    def update(self, state):
        self.updated.append(state)

    @property
    def visitor(self):
        async def settle():
            self.settled += 1

        return SimpleNamespace(settle=settle)


class FakeStore:
    by = b"me"
    partitions = 4

    def __init__(self):
        self.saved = []

    async def read(self, partitions):
        return {f"read {p}": FeedState(url=f"read {p}") for p in partitions}

    async def save(self, state):
        self.saved.append(state)


class FakeConsumer:
    """Has its place where it was sent, else at the end at the first look, as Kafka's own."""

    def __init__(self, log):
        self.log, self.sought = log, None

    async def end_offsets(self, places):
        return dict.fromkeys(places, len(self.log))

    def seek(self, _place, offset):
        self.sought = offset

    @property
    def position(self):
        return len(self.log) if self.sought is None else self.sought


@pytest.fixture
def share():
    feeds = [Feed(url=f"https://site{n}.example/feed") for n in range(20)]
    return Share(poller=FakePoller(), store=FakeStore(), feeds=feeds)


def places(*numbers):
    return [TopicPartition("feeds", n) for n in numbers]


async def test_process_polls_the_feeds_of_its_partitions_with_what_is_known_of_them(share):
    await share.on_partitions_assigned(places(1, 3))
    assert {partition_of(f.url, 4) for f in share.poller.feeds} == {1, 3}
    assert set(share.poller.states) == {"read 1", "read 3"}
    assert share.assigned


async def test_what_is_ordered_while_feeds_are_taken_over_is_heeded(share):
    """An order that is written after the states were read and before the consumer has its place would be lost."""
    log = ["known"]
    share.consumer = FakeConsumer(log)

    async def read(partitions):
        states = list(log)
        log.append("paused meanwhile")
        return dict.fromkeys(states)

    share.store.read = read
    await share.on_partitions_assigned(places(0))
    assert log[share.consumer.position :] == ["paused meanwhile"]


async def test_partitions_of_two_processes_are_all_feeds_and_none_twice(share):
    found = []
    for mine in ((0, 1), (2, 3)):
        await share.on_partitions_assigned(places(*mine))
        found += share.poller.feeds
    assert sorted(f.url for f in found) == sorted(f.url for f in share.feeds)


async def test_feeds_are_given_back_after_what_was_fetched_is_saved(share):
    await share.on_partitions_assigned(places(0))
    await share.on_partitions_revoked(places(0))
    assert share.poller.feeds == ()
    assert share.poller.settled == 1
    assert not share.assigned


@pytest.mark.parametrize(("by", "heeded"), [(b"me", False), (b"a person", True), (None, True)])
async def test_only_what_others_say_of_a_feed_is_heeded(share, by, heeded):
    state = FeedState(url="https://site1.example/feed", paused=True)
    headers = [] if by is None else [(BY, by)]
    await share.heed(SimpleNamespace(value=codec.encode(state), headers=headers))
    assert share.poller.updated == ([state] if heeded else [])
    assert share.store.saved == ([state] if heeded else [])


def test_configured_intervals_reach_the_poller():
    how = poll_settings(Config())
    assert how.policy.default_s == 600
    assert how.policy.private_interval_s is None

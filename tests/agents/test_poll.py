"""Feeds are shared by host, articles always fit, and what others say of a feed is heeded."""

import asyncio
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
        self.saved_over = False

    def may_have_saved_over(self, _url, _offset):
        return self.saved_over

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


ORDER = FeedState(url="https://site1.example/feed", paused=True)


def order(*, by=b"a person", partition=0):
    headers = [] if by is None else [(BY, by)]
    return SimpleNamespace(
        value=codec.encode(ORDER), headers=headers, partition=partition, offset=7
    )


@pytest.mark.parametrize(("by", "heeded"), [(b"me", False), (b"a person", True), (None, True)])
async def test_only_what_others_say_of_a_feed_is_heeded(share, by, heeded):
    await share.on_partitions_assigned(places(0))
    await share.heed(order(by=by))
    assert share.poller.updated == ([ORDER] if heeded else [])


@pytest.mark.parametrize("saved_over", [False, True])
async def test_an_order_is_said_again_only_where_it_was_saved_over(share, saved_over):
    """Said without need it could stand behind the next order, and be what the next poller of the feed reads."""
    await share.on_partitions_assigned(places(0))
    share.store.saved_over = saved_over
    await share.heed(order())
    assert share.store.saved == ([ORDER] if saved_over else [])


async def test_an_order_waits_for_the_states_that_are_being_read(share):
    """What was read would take its place: it may have been read up to before the order."""
    goes_on = asyncio.Event()

    async def read(_partitions):
        await goes_on.wait()
        return {}

    share.store.read = read
    taking = asyncio.create_task(share.on_partitions_assigned(places(0)))
    heeding = asyncio.create_task(share.heed(order()))
    await asyncio.sleep(0)
    assert share.poller.updated == []
    goes_on.set()
    await asyncio.gather(taking, heeding)
    assert share.poller.updated == [ORDER]


async def test_an_order_for_a_feed_that_was_given_away_is_the_next_pollers(share):
    await share.on_partitions_assigned(places(1))
    share.store.saved_over = True
    await share.heed(order(partition=0))
    assert (share.poller.updated, share.store.saved) == ([], [])


class HeldUpKafka(MemoryKafka):
    """Takes what is sent when it is let."""

    def __init__(self):
        super().__init__()
        self.goes_on = asyncio.Event()
        self.goes_on.set()

    async def send(self, messages):
        await self.goes_on.wait()
        return await super().send(messages)


async def test_a_store_knows_which_records_its_own_may_stand_behind():
    kafka = HeldUpKafka()
    store = KafkaFeedStore(None, kafka, 4)
    assert not store.may_have_saved_over(ORDER.url, 0)
    await store.save(ORDER)
    await store.save(ORDER)
    assert [store.may_have_saved_over(ORDER.url, n) for n in (0, 1, 2)] == [True, False, False]
    assert not store.may_have_saved_over("https://site2.example/feed", 0)
    kafka.goes_on.clear()
    saving = asyncio.create_task(store.save(ORDER))
    await asyncio.sleep(0)
    assert store.may_have_saved_over(ORDER.url, 2)
    kafka.goes_on.set()
    await saving
    assert [store.may_have_saved_over(ORDER.url, n) for n in (1, 2)] == [True, False]


def test_configured_intervals_reach_the_poller():
    how = poll_settings(Config())
    assert how.policy.default_s == 600
    assert how.policy.private_interval_s is None

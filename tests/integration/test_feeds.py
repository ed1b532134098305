"""Pollers on the real Kafka: they heed what ``news-monitor feeds`` orders, share feeds out, and replace a dead one."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from itertools import groupby

import msgspec
import pytest
from feed_bench import until
from feed_server import Server, feed, item
from kafka_tools import until as came_to_pass

from agents import poll
from agents.settings import Settings
from monitor.cli.feedmemory import kafka_memory
from monitor.config import BrokerSection, Config, KafkaSection, PollSection
from monitor.feeds.feed import Feed

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]


@pytest.fixture
async def server():
    started = await Server().start()
    yield started
    await started.stop()


def config_of(settings, tmp_path):
    kafka = KafkaSection(
        bootstrap_servers=settings.kafka.bootstrap_servers, topic_prefix=settings.kafka.topic_prefix
    )
    return Config(
        state_dir=tmp_path,
        kafka=kafka,
        broker=BrokerSection(),
        poll=PollSection(
            lists=(), allow_private=("127.0.0.0/8",), min_interval_s=0.5, interval_s=3600
        ),
    )


async def test_a_paused_feed_is_not_polled_and_a_resumed_one_is(settings, server, tmp_path):
    config = config_of(settings, tmp_path)
    url = server.add("/feed", feed(item(1)), feed(item(2), item(1)))
    async with poll.polling(settings, poll.poll_settings(config), [Feed(url=url)]) as share:
        await until(lambda: share.poller.state(url).last_success_at)
        memory = kafka_memory(config)
        known = (await memory.load())[url]
        await memory.save(msgspec.structs.replace(known, paused=True))
        await until(lambda: share.poller.state(url).paused)
        before = len(server.requests)
        await memory.save(msgspec.structs.replace(known, paused=False, next_at=None))
        await until(lambda: len(server.requests) > before)
        await until(lambda: share.poller.state(url).last_attempt_at != known.last_attempt_at)
        assert (await memory.load())[url].last_attempt_at is not None


async def test_feeds_that_are_added_while_it_runs_are_polled(settings, server, tmp_path):
    config = config_of(settings, tmp_path)
    url = server.add("/feed", feed(item(1)))
    async with poll.polling(settings, poll.poll_settings(config), []) as share:
        await until(lambda: share.assigned)
        share.renew([Feed(url=url)])
        await until(lambda: share.poller.state(url).last_success_at)


HOSTS = [f"127.0.0.{n}" for n in range(2, 26)]
"""A feed is its host's poller's, so each of these feeds has a host of its own."""

INTERVAL_S = 1.0
DEFAULT_SESSION_S = next(f.default for f in fields(Settings) if f.name == "session_timeout_s")


class WallClock:
    def now(self):
        return datetime.now(UTC)


class Log:
    """What a server saw of pollers, which tell their names as their contact."""

    def __init__(self, server):
        self.server = server

    def askers(self, host):
        """Who asked for a host's feed, in order."""
        return [request.get("User-Agent").partition("(+")[2][:-1] for request in self.of(host)]

    def of(self, host):
        return [r for r in self.server.requests if r.get("Host").partition(":")[0] == host]

    def held_by(self, since):
        """Whose each feed is: all that asked for it after ``since``."""
        return {
            host: {
                who for who, r in zip(self.askers(host), self.of(host), strict=True) if r.at > since
            }
            for host in HOSTS
        }


@pytest.fixture
async def log():
    server = Server(clock=WallClock())
    await server.start(*HOSTS)
    server.add("/feed", feed(item(1)))
    yield Log(server)
    await server.stop()


@pytest.mark.slow
async def test_feeds_are_shared_out_and_a_killed_pollers_are_taken_over(
    settings, client, start, log
):
    """The session is the product's own: whoever is killed, his feeds are polled by another within 30 s."""
    using = replace(settings, session_timeout_s=DEFAULT_SESSION_S)
    feeds = [log.server.url(host=host) for host in HOSTS]
    first = start("poller_main.py", using, feeds=feeds, interval_s=INTERVAL_S, contact="first")
    await came_to_pass(lambda: all(log.askers(host) for host in HOSTS))

    second = start("poller_main.py", using, feeds=feeds, interval_s=INTERVAL_S, contact="second")
    await came_to_pass(lambda: any("second" in log.askers(host) for host in HOSTS))
    joined_at = datetime.now(UTC)
    await came_to_pass(lambda: all(log.held_by(joined_at).values()))
    shares = [host for host in HOSTS if "second" in log.askers(host)]
    assert len(HOSTS) / 4 <= len(shares) <= len(HOSTS) * 3 / 4

    first.kill()
    killed_at = datetime.now(UTC)
    await came_to_pass(
        lambda: all("second" in who for who in log.held_by(killed_at).values()), within=30
    )

    handed_over = first.logged("feeds assigned") + second.logged("feeds assigned")
    for host in HOSTS:
        holders = [who for who, _ in groupby(log.askers(host))]
        assert len(holders) - 1 <= handed_over, "a feed was polled by two at a time"
    sent = await client.read("articles.raw", count=len(HOSTS))
    assert len(sent) == len(HOSTS), "an entry was sent twice"

"""``news-monitor feeds`` beside a running poller: what it orders in Kafka is heeded at once."""

import msgspec
import pytest
from feed_bench import until
from feed_server import Server, feed, item

from agents import poll
from monitor.cli.feedmemory import kafka_memory
from monitor.config import BrokerSection, Config, KafkaSection, PollSection
from monitor.feeds.feed import Feed

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(120)]


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
        assert len(server.requests) == 1
        await memory.save(msgspec.structs.replace(known, paused=False, next_at=None))
        await until(lambda: len(server.requests) == 2)
        await until(lambda: share.poller.state(url).last_attempt_at != known.last_attempt_at)
        assert (await memory.load())[url].last_attempt_at is not None


async def test_feeds_that_are_added_while_it_runs_are_polled(settings, server, tmp_path):
    config = config_of(settings, tmp_path)
    url = server.add("/feed", feed(item(1)))
    async with poll.polling(settings, poll.poll_settings(config), []) as share:
        await until(lambda: share.assigned)
        share.renew([Feed(url=url)])
        await until(lambda: share.poller.state(url).last_success_at)

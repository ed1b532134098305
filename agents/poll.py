"""Feeds to raw articles: the poller as a process, its feeds shared with other pollers through Kafka."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

import msgspec
import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition

from agents.emptied import leave_if_emptied
from agents.feedstore import BY, TOPIC, KafkaFeedStore, partition_of, state_of
from agents.heartbeat import beat
from agents.kafka import client_options
from agents.leaving import LeaveOnError
from agents.measuring import measuring
from agents.provision import await_kafka, partitions_of, provision
from agents.rules import RAW, entrance_of
from agents.serving import beside, check_port, leave_if_failed, serving
from agents.settings import Settings, from_config
from agents.stage import told_of_outcome
from agents.stopping import run_until_signal
from agents.tracing import NO_TRACES, Tracer, tracing
from agents.wire import Outbound, Refused, Sender, check_size, message, utc_now
from monitor import metrics, web
from monitor.alerts.policy import AlertPolicy
from monitor.config import Config
from monitor.errors import InputError
from monitor.feeds import sources
from monitor.feeds.articles import article_of
from monitor.feeds.feed import Feed, FullText, WebsubSettings
from monitor.feeds.poller import Poller
from monitor.feeds.rules import PollPolicy
from monitor.feeds.setup import PollSettings, open_poller
from monitor.feeds.sighting import Sighting
from monitor.feeds.websub import listening
from monitor.health import rules
from monitor.reload import Reloading
from schemas.article import Article
from schemas.cards import cards
from schemas.feed import FeedStatus, FetchResult

log = structlog.get_logger(__name__)

NAME = "poll"

MAX_TEXT_CHARS = 300_000
"""Text beyond this is cut where a whole article does not fit its topic: twenty times what extraction reads."""

CLOCKS = 51
"""The clocks of so many latest answers are compared with ours, and their median is told."""

_UNHURRIED_S = 60.0
_LOOK_S = 1.0
_FILES_S = 2.0


def poll_settings(config: Config) -> PollSettings:
    """Return the poller's settings that a configuration asks for."""
    poll = config.poll
    hours = poll.cold_start_h
    policy = PollPolicy(
        default_s=poll.interval_s,
        fastest_s=poll.min_interval_s,
        private_floor_s=poll.min_interval_s,
        # Who goes below a minute has a feed of his own: it is polled as often as he says.
        private_interval_s=poll.interval_s if poll.min_interval_s < _UNHURRIED_S else None,
        cold_start=None if hours is None else timedelta(hours=hours),
    )
    return PollSettings(
        policy=policy,
        allow_private=poll.allow_private,
        contact=poll.user_agent_contact,
        proxy=poll.proxy,
        children=poll.workers,
        full_text=FullText(poll.full_text),
        websub=WebsubSettings(
            callback=poll.websub_callback,
            bind=poll.websub_bind,
            port=poll.websub_port,
            key_file=config.state_dir / "websub.key",
        )
        if poll.websub_callback
        else None,
    )


def run(reloading: Reloading) -> None:
    """Poll the configured feeds until SIGTERM or SIGINT."""
    asyncio.run(run_until_signal(_following(reloading), reloading.reload))


@asynccontextmanager
async def _following(reloading: Reloading) -> AsyncIterator[None]:
    """Poll the feeds of the configuration and of its files while the block runs, and follow both as they change."""
    config = reloading.config
    settings, feeds = from_config(config), sources.from_config(config)
    async with polling(settings, poll_settings(config), feeds) as share:
        reloading.on_change(partial(_renew, share))
        async with beside(_follow_files(reloading, share)):
            yield


def _renew(share: Share, config: Config) -> None:
    """Poll as a new configuration says. What it cannot do raises before anything is changed."""
    feeds, how = sources.from_config(config), poll_settings(config)
    visitor = share.poller.visitor
    visitor.policy = how.policy
    if visitor.pages is not None:
        visitor.pages.mode = how.full_text
    share.renew(feeds)


async def _follow_files(reloading: Reloading, share: Share) -> None:
    """Take over feeds that commands and people add to the OPML files, or take out of them."""
    seen = sources.stamp(reloading.config)
    while True:
        await asyncio.sleep(_FILES_S)
        now = sources.stamp(reloading.config)
        if now == seen:
            continue
        seen = now
        try:
            share.renew(sources.from_config(reloading.config))
        except InputError as exc:
            log.warning("feeds could not be read again, the old ones stay", error=str(exc))


@asynccontextmanager
async def polling(
    settings: Settings, how: PollSettings, feeds: Sequence[Feed]
) -> AsyncIterator[Share]:
    """Poll a share of the feeds while the block runs."""
    metrics.initialise("poller")
    check_port(settings)
    await await_kafka(settings.kafka)
    await provision(settings)
    async with AsyncExitStack() as stack:
        tracer = stack.enter_context(tracing(settings.tracing, "poller"))
        sender = Sender(settings.kafka)
        await sender.start()
        stack.push_async_callback(sender.stop)
        store = KafkaFeedStore(settings.kafka, sender, partitions_of(settings, cards()[TOPIC]))
        emit = Emitting(sender=sender, policy=settings.alert, tracer=tracer).emit
        poller = await stack.enter_async_context(
            open_poller(how, store=store, emit=emit, metrics=Counting())
        )
        share = Share(poller=poller, store=store, feeds=feeds, state_dir=settings.state_dir)
        await stack.enter_async_context(serving(settings, share.health))
        await stack.enter_async_context(listening(how.websub, poller))
        await stack.enter_async_context(_member(settings, share))
        work = asyncio.create_task(poller.run())
        work.add_done_callback(leave_if_failed)
        raw = partitions_of(settings, cards()["articles.raw"])
        async with (
            beside(beat(sender, raw, sent=share.sent)),
            beside(leave_if_emptied(settings.kafka)),
            beside(measuring("poller", settings, share.measure)),
        ):
            yield share
        poller.stop()
        await work


@dataclass(slots=True, kw_only=True)
class Emitting:
    """Sends what the poller saw as articles, in order."""

    sender: Sender
    policy: AlertPolicy = field(default_factory=AlertPolicy)
    tracer: Tracer = NO_TRACES

    async def emit(self, sightings: tuple[Sighting, ...]) -> None:
        """Return when Kafka has all of them."""
        articles = [article_of(sighting) for sighting in sightings]
        outputs = [
            self._traced(article, sighting)
            for article, sighting in zip(articles, sightings, strict=True)
        ]
        for sighting in sightings:
            if sighting.entry.published is not None:
                age = sighting.fetched_at - sighting.entry.published
                metrics.published_to_fetched.observe(max(0.0, age.total_seconds()))
        await self.sender.send(outputs)
        for article in articles:
            told_of_outcome(NAME, article.article_id, "passed", "")
        metrics.stage_received.labels(NAME).inc(len(outputs))
        metrics.stage_results.labels(NAME, "passed", "").inc(len(outputs))
        metrics.stage_sent.labels(NAME).inc(len(outputs))
        metrics.stage_last_item.labels(NAME).set_to_current_time()

    def _traced(self, article: Article, sighting: Sighting) -> Outbound:
        """Return the message of an article, with the beginning of its trace."""
        with self.tracer.begin(NAME, sighting.fetched_at) as span:
            whole = fitting(article, entrance_of(article, self.policy))
            (output,) = span.carried([whole], article=article.article_id)
            return output


def fitting(article: Article, topic: str = RAW) -> Outbound:
    """Return the message of an article, its text cut where the topic would not take the whole."""
    whole = message(topic, article.source, article)
    try:
        check_size([whole])
    except Refused:
        log.warning("text cut", article=article.article_id, chars=len(article.text))
        short = msgspec.structs.replace(article, text=article.text[:MAX_TEXT_CHARS])
        return message(topic, article.source, short)
    return whole


class Counting:
    """``monitor.feeds.visit.PollMetrics`` on top of ``monitor.metrics``."""

    def __init__(self) -> None:
        self._clocks: deque[float] = deque(maxlen=CLOCKS)

    def fetched(self, result: FetchResult, seconds: float, size: int) -> None:
        """Count one fetch."""
        metrics.fetches.labels(result).inc()
        metrics.fetch_seconds.observe(seconds)
        metrics.fetched_bytes.inc(size)
        metrics.last_fetch.set_to_current_time()

    def entries(self, *, new: int, changed: int, known: int) -> None:
        """Count the entries of one document."""
        for outcome, count in (("new", new), ("changed", changed), ("known", known)):
            metrics.entries.labels(outcome).inc(count)

    def late(self, seconds: float) -> None:
        """Tell how long after its time a feed was polled."""
        metrics.poll_late.observe(max(0.0, seconds))

    def asked(self, *, conditional: bool) -> None:
        """Count one request."""
        metrics.requests.labels("yes" if conditional else "no").inc()

    def clock_ahead(self, seconds: float) -> None:
        """Tell how far a server's clock is ahead of ours; one server may be wrong, most are not."""
        self._clocks.append(seconds)
        metrics.clock_skew.set(median(self._clocks))

    def waited(self, seconds: float) -> None:
        """Tell how long a fetch waited for its host's turn."""
        metrics.host_wait.observe(max(0.0, seconds))


@dataclass(slots=True, kw_only=True)
class Share(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """The feeds of this process: those whose partitions it has."""

    poller: Poller
    store: KafkaFeedStore
    feeds: Sequence[Feed]
    partitions: frozenset[int] = field(default_factory=frozenset)
    consumer: AIOKafkaConsumer | None = None
    state_dir: Path = Path()
    sent_at: datetime | None = None
    _taken: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def assigned(self) -> bool:
        """Whether feeds were taken and their states read."""
        return self._taken.is_set()

    def sent(self, at: datetime) -> None:
        """Note that Kafka has the heartbeat of a time."""
        self.sent_at = at

    async def on_partitions_revoked(self, _revoked: Iterable[TopicPartition]) -> None:
        """Let go of all feeds, and return when what was fetched is sent and saved."""
        with LeaveOnError("giving feeds back"):
            self.partitions = frozenset()
            self._taken.clear()
            self.poller.set_feeds(())
            await self.poller.visitor.settle()

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Take over the feeds of these partitions, with what is known of them."""
        with LeaveOnError("taking feeds"):
            places = list(assigned)
            self.partitions = frozenset(place.partition for place in places)
            # From here on it is heeded, before it is read up to here: else what comes in between would be lost.
            if self.consumer is not None and places:
                for place, end in (await self.consumer.end_offsets(places)).items():
                    self.consumer.seek(place, end)
            self.poller.states = await self.store.read(sorted(self.partitions))
            self.renew(self.feeds)
            self._taken.set()

    def renew(self, feeds: Sequence[Feed]) -> None:
        """Poll our share of these feeds from now on."""
        self.feeds = feeds
        count = self.store.partitions
        mine = [f for f in feeds if partition_of(f.url, count) in self.partitions]
        self.poller.set_feeds(mine)
        log.info("feeds assigned", feeds=len(mine), partitions=sorted(self.partitions))

    async def heed(self, record: ConsumerRecord) -> None:
        """Take over what somebody else says of a feed: paused, removed, or to be polled again.

        While states are being read it waits: what was read would take the place of what was heeded.
        """
        state = state_of(record.value)
        if state is None or dict(record.headers).get(BY) == self.store.by:
            return
        await self._taken.wait()
        if record.partition not in self.partitions:
            return
        self.poller.update(state)
        # Said again only where it was saved over: said without need it could stand behind the next order.
        if self.store.may_have_saved_over(state.url, record.offset):
            await self.store.save(state)

    def measure(self) -> None:
        """Bring the figures of feeds up to date."""
        states = self._states()
        for name in FeedStatus:
            metrics.feeds_by_state.labels(name).set(states[name])
        metrics.overdue.set(self.poller.overdue_s())

    def _states(self) -> Counter[str]:
        return Counter(str(self.poller.state(f.url).state) for f in self.poller.feeds)

    async def health(self) -> web.Health:
        """Return how the poller is."""
        sent = self.sent_at
        found = [
            *rules.of_poller(
                assigned=self.assigned,
                overdue_s=self.poller.overdue_s(),
                unsent_s=(utc_now() - sent).total_seconds() if sent else None,
            ),
            *rules.of_disk(metrics.free_bytes(self.state_dir)),
        ]
        states = self._states()
        details: dict[str, object] = {
            "feeds": len(self.poller.feeds),
            "states": dict(states),
            "under_way": self.poller.under_way,
        }
        return rules.judge(found, details)


@asynccontextmanager
async def _member(settings: Settings, share: Share) -> AsyncIterator[None]:
    """Be a member of the pollers' group while the block runs."""
    consumer = AIOKafkaConsumer(
        **client_options(settings.kafka),
        group_id=settings.kafka.group(NAME),
        enable_auto_commit=False,
        auto_offset_reset="latest",
        session_timeout_ms=int(settings.session_timeout_s * 1000),
        heartbeat_interval_ms=int(settings.session_timeout_s * 300),
    )
    share.consumer = consumer
    consumer.subscribe([settings.kafka.topic(TOPIC)], listener=share)
    await consumer.start()
    task = asyncio.create_task(_follow(consumer, share))
    task.add_done_callback(leave_if_failed)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
        await consumer.stop()


async def _follow(consumer: AIOKafkaConsumer, share: Share) -> None:
    while True:
        for records in (await consumer.getmany(timeout_ms=int(_LOOK_S * 1000))).values():
            for record in records:
                await share.heed(record)

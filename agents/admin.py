"""What commands ask of Kafka: quarantine, deliveries, traces, lag, test alerts.

Everything here reads topics as they are or sends ordinary records to them, so that it works beside
running workers, from any machine that reaches Kafka.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import msgspec

from agents.fanout import as_message, deliveries_of
from agents.feedstore import TOPIC as FEEDS
from agents.feedstore import KafkaFeedStore
from agents.lag import Lag, all_lags
from agents.ledger import ROW
from agents.scan import Scanned, places_of, read_from, scan
from agents.settings import KafkaSettings, Settings
from agents.wire import Outbound, Sender, message, quarantine_key, utc_now
from monitor.alerts.mutes import sink_mute
from monitor.alerts.rehearsal import rehearsal
from monitor.errors import NotReachableError
from monitor.sinks.base import SinkConfig
from schemas import codec
from schemas.alert import Alert
from schemas.article import Article, UniqueArticle
from schemas.base import Record
from schemas.cards import QUARANTINE, all_topics, cards
from schemas.correction import Correction
from schemas.delivery import Delivery
from schemas.delta import Delta
from schemas.feed import FeedState
from schemas.mention import Mention
from schemas.quarantine import Quarantined
from schemas.reasons import AlertKind, Attempt
from schemas.silence import Mute
from schemas.state import IncidentRow, decode_row

R = TypeVar("R", bound=Record)

SOURCES = {
    "dedupe": ("articles.raw", "articles.past"),
    "extract": ("articles.unique", "articles.backlog"),
    "track": ("incident.mentions", "incident.corrections"),
    "alert": ("incident.deltas",),
    "deliver": ("alerts", "deliveries"),
}
"""What each stage reads."""

_LOOK_S = 0.2

TRACED: dict[str, type[Record]] = {
    "articles.past": Article,
    "articles.raw": Article,
    "articles.unique": UniqueArticle,
    "articles.backlog": UniqueArticle,
    "incident.corrections": Correction,
    "incident.mentions": Mention,
    "incident.deltas": Delta,
    "alerts": Alert,
    "deliveries": Delivery,
}
"""The topics on an article's way, in order."""


@asynccontextmanager
async def sending(kafka: KafkaSettings) -> AsyncIterator[Sender]:
    """Yield a sender while the block runs."""
    sender = Sender(kafka)
    await sender.start()
    try:
        yield sender
    finally:
        await sender.stop()


async def quarantined(kafka: KafkaSettings, topic: str | None = None) -> dict[str, Quarantined]:
    """Return what waits in quarantine by its id (``topic/partition/offset``), oldest first.

    What was sent again is not among it. ``topic`` is that of the failed records, ``None`` for all.
    """
    topics = [topic] if topic else [card.name for card in cards().values() if card.quarantine]
    found: dict[str, Quarantined] = {}
    for name in topics:
        async for record in scan(kafka, name + QUARANTINE):
            number = (record.key or b"").decode("utf-8", "replace")
            found.pop(number, None)
            if (failed := _record(record, Quarantined)) is not None:
                found[number] = failed
    return dict(sorted(found.items(), key=lambda item: item[1].at))


async def replay_quarantined(kafka: KafkaSettings, failed: Iterable[Quarantined]) -> int:
    """Send records to their topics again, byte for byte, take them out of quarantine, and return how many.

    Records whose bytes were cut when they were set aside are left where they are.
    """
    whole = [one for one in failed if not one.truncated]
    async with sending(kafka) as sender:
        for one in whole:
            again = Outbound(
                topic=one.topic, key=one.key or b"", value=one.value, partition=one.partition
            )
            gone = Outbound(topic=one.topic + QUARANTINE, key=quarantine_key(one), value=None)
            # Only what is surely in its topic is taken out.
            await sender.send([again])
            await sender.send([gone])
    return len(whole)


async def deliveries(
    kafka: KafkaSettings, outcomes: Collection[Attempt] = tuple(Attempt)
) -> tuple[Delivery, ...]:
    """Return deliveries as they stand, oldest first, each with its alert where that is kept.

    Those that have ended are remembered for a while, the latest tens of thousands.
    """
    rows: dict[bytes, Delivery] = {}
    async for record in scan(kafka, "delivery.rows"):
        key = record.key or b""
        if not key.startswith(ROW):
            continue
        rows.pop(key, None)
        row = _record(record, Delivery)
        if row is not None and row.outcome in outcomes:
            rows[key] = row
    return tuple(sorted(rows.values(), key=lambda d: (d.first_at, d.webhook_id)))


async def retry(
    kafka: KafkaSettings, given: Iterable[Delivery], now: datetime | None = None
) -> int:
    """Have deliveries tried again now, under the same webhook id; return how many.

    Of what was delivered the alert is no longer kept: ``deliver_again`` makes it anew.
    """
    at = now or utc_now()
    return await _send_again(
        kafka, [again(d, d.attempts, at) for d in given if d.alert is not None]
    )


def again(delivery: Delivery, attempts: int, now: datetime) -> Delivery:
    """Return the record that has a delivery tried now, of which so many attempts are known.

    With fewer than are known it would be an old record read again, which changes nothing.
    """
    return msgspec.structs.replace(
        delivery,
        outcome=Attempt.PENDING,
        attempts=max(1, attempts),
        at=now,
        next_at=now,
        detail="",
        reason="",
    )


async def _send_again(kafka: KafkaSettings, wanted: Sequence[Delivery]) -> int:
    async with sending(kafka) as sender:
        await sender.send([as_message(delivery) for delivery in wanted])
    return len(wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A record on somebody's way, and where it stands."""

    topic: str
    partition: int
    offset: int
    at: datetime
    record: Record


async def trace(kafka: KafkaSettings, wanted: str) -> tuple[Step, ...]:
    """Return all records that an article, incident or alert went through, in the order of the flow.

    An incident leads to its articles, and those to all that was made of them.
    """
    steps = [step async for step in _all_steps(kafka)]
    articles = {
        article
        for step in steps
        if wanted in names_of(step.record)
        for article in articles_of(step.record)
    }
    ids = {wanted} | articles
    alerts = {
        step.record.alert_id
        for step in steps
        if isinstance(step.record, Alert) and ids & names_of(step.record)
    }
    return tuple(step for step in steps if (ids | alerts) & names_of(step.record))


async def _all_steps(kafka: KafkaSettings) -> AsyncIterator[Step]:
    for topic, kind in TRACED.items():
        async for scanned in scan(kafka, topic):
            record = _record(scanned, kind)
            if record is not None:
                yield Step(
                    topic=topic,
                    partition=scanned.partition,
                    offset=scanned.offset,
                    at=scanned.at,
                    record=record,
                )


def names_of(record: Record) -> set[str]:
    """Return the ids that a record bears: of its article, incident, alert and delivery."""
    given: tuple[str | None, ...] = tuple(articles_of(record))
    if isinstance(record, Delta):
        given += (record.incident_id, record.tally_id, record.delta_id)
    elif isinstance(record, Alert):
        given += (record.incident_id, record.tally_id, record.alert_id)
    elif isinstance(record, Delivery):
        given += (record.alert_id, record.webhook_id)
    elif isinstance(record, Mention):
        given += (record.mention_id,)
    elif isinstance(record, Correction):
        given += (record.incident_id, record.other_id)
    return {name for name in given if name}


def articles_of(record: Record) -> tuple[str, ...]:
    """Return the ids of the articles that a record is of."""
    if isinstance(record, Article):
        return (record.article_id,)
    if isinstance(record, Correction):
        return (record.correction_id,)
    if isinstance(record, UniqueArticle | Mention):
        return (record.article.article_id,)
    return (record.article_id,) if isinstance(record, Delta | Alert) else ()


async def group_lags(kafka: KafkaSettings) -> dict[str, dict[tuple[str, int], Lag]]:
    """Return how far each stage is behind, by topic and partition."""
    found = await all_lags(kafka, {kafka.group(s): topics for s, topics in SOURCES.items()})
    return {stage: found[kafka.group(stage)] for stage in SOURCES}


async def missing_topics(kafka: KafkaSettings) -> tuple[str, ...]:
    """Return the topics of the cards that are not there."""
    there = await asyncio.gather(*(places_of(kafka, name) for name in all_topics()))
    return tuple(name for name, places in zip(all_topics(), there, strict=True) if not places)


async def corrections(kafka: KafkaSettings) -> tuple[Correction, ...]:
    """Return all that editors have corrected, oldest first."""
    found = [_record(r, Correction) async for r in scan(kafka, "incident.corrections")]
    return tuple(sorted((c for c in found if c), key=lambda c: (c.at, c.correction_id)))


async def incidents(kafka: KafkaSettings) -> tuple[IncidentRow, ...]:
    """Return the incidents that are known now, by the time of their latest report."""
    rows: dict[bytes, IncidentRow] = {}
    async for record in scan(kafka, "track.rows"):
        key = record.key or b""
        if not key.startswith(ROW):
            continue
        row = read_from(record, decode_row)
        if isinstance(row, IncidentRow):
            rows[key] = row
        else:
            rows.pop(key, None)
    return tuple(sorted(rows.values(), key=lambda r: (str(r.seen_at or ""), r.incident_id)))


async def feed_states(kafka: KafkaSettings) -> dict[str, FeedState]:
    """Return what the pollers know of feeds, by address."""
    places = await places_of(kafka, FEEDS)
    store = KafkaFeedStore(kafka, Sender(kafka), len(places))
    return await store.read(place.partition for place in places)


async def save_feed_state(kafka: KafkaSettings, state: FeedState) -> None:
    """Keep what a person orders of a feed; the poller that has it heeds it within a second.

    Raises:
        NotReachableError: no poller has ever run on this Kafka.
    """
    places = await places_of(kafka, FEEDS)
    if not places:
        msg = f"this Kafka has no topic {kafka.topic(FEEDS)}: no poller has run on it"
        raise NotReachableError(msg)
    async with sending(kafka) as sender:
        await KafkaFeedStore(kafka, sender, len(places)).save(state)


async def alerts(kafka: KafkaSettings) -> tuple[tuple[datetime, Alert], ...]:
    """Return all alerts with when they were decided, oldest first."""
    found = [(r.at, _record(r, Alert)) async for r in scan(kafka, "alerts")]
    told = [(at, alert) for at, alert in found if alert is not None]
    return tuple(sorted(told, key=lambda pair: (pair[0], pair[1].alert_id)))


async def deliver_again(
    settings: Settings, given: Iterable[Alert], sink: SinkConfig, mutes: Collection[Mute] = ()
) -> int:
    """Have alerts delivered to a sink, those too that it took before, under the same webhook ids; return how many.

    ``mutes`` are the silences to respect.
    """
    now = utc_now()
    attempts = {d.webhook_id: d.attempts for d in await deliveries(settings.kafka)}
    return await _send_again(
        settings.kafka,
        [
            again(delivery, attempts.get(delivery.webhook_id, 0), now)
            for alert in given
            if sink_mute(mutes, alert, sink.name) is None
            for delivery in deliveries_of(alert, [sink], now, origin=settings.origin)
        ],
    )


async def send_test_alert(
    kafka: KafkaSettings,
    title: str,
    *,
    sinks: tuple[str, ...] = (),
    kind: AlertKind = AlertKind.ATTACK,
    at: datetime | None = None,
) -> Alert:
    """Send an alert of status ``test`` on the whole way to the sinks, and return it."""
    alert = rehearsal(title, kind, sinks, at or utc_now())
    async with sending(kafka) as sender:
        await sender.send([message("alerts", alert.subject, alert)])
    return alert


async def await_delivered(
    kafka: KafkaSettings, alert_id: str, count: int, within_s: float
) -> tuple[Delivery, ...]:
    """Return the deliveries of an alert once so many were attempted, or those there are when time is up."""
    found: tuple[Delivery, ...] = ()
    with suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            while len([d for d in found if d.attempts]) < count:
                await asyncio.sleep(_LOOK_S)
                found = tuple(d for d in await deliveries(kafka) if d.alert_id == alert_id)
    return found


def _record(scanned: Scanned, kind: type[R]) -> R | None:
    return read_from(scanned, lambda raw: codec.decode(raw, kind))

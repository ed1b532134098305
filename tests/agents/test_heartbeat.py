"""A heartbeat goes through every stage and every partition, and leaves nothing behind but figures."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from aiokafka.partitioner import murmur2
from memory_kafka import Books, MemoryKafka
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from agents import alert, dedupe, heartbeat, track
from agents import stage as stage_module
from agents.extract import Extracting
from agents.stage import Runner
from monitor import heartbeat as pulse
from monitor.alerts.policy import AlertPolicy
from monitor.dedupe.policy import DedupePolicy
from monitor.incidents.policy import TrackPolicy
from schemas import codec
from schemas.article import Article
from schemas.delta import Delta
from schemas.report import Report

T0 = datetime(2025, 3, 1, 12, tzinfo=UTC)
SETTINGS = SimpleNamespace(dedupe=DedupePolicy(), track=TrackPolicy(), alert=AlertPolicy())


async def through(kafka, stage):
    runner = Runner(stage=stage, rows=kafka, sender=kafka, metrics=Books())
    partitions = sorted({p for topic, p in kafka.topics if topic == stage.source})
    await runner.assigned(partitions)
    for partition in partitions:
        await runner.batch(kafka.inbound(stage.source, 0, partition))
    return runner


async def child(raw):
    return codec.encode(Report(id=codec.decode(raw, Article).article_id))


def value(name, **labels):
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_a_heartbeat_goes_through_all_stages_and_no_book_remembers_it():
    kafka, books = MemoryKafka(), Books()
    await kafka.send([heartbeat.outbound(T0, "here", "heartbeat:0:0")])
    first = await through(kafka, dedupe.make_stage(SETTINGS))
    extracting = Extracting(ask=child, sender=kafka, metrics=books, beats=heartbeat.subjects(4))
    await extracting.batch(kafka.inbound("articles.unique", 0))
    second = await through(kafka, track.make_stage(SETTINGS))
    third = await through(kafka, alert.make_stage(SETTINGS))
    assert [len(book) for run in (first, second, third) for book in run.books()] == [0, 0, 0]
    assert books.outcomes == {("passed", "heartbeat"): 1}
    assert kafka.topics["alerts", 0] == []
    assert len(kafka.topics["incident.deltas", 0]) == 4


async def test_each_stage_logs_one_line_with_the_article(monkeypatch):
    """An article can be followed through the log of all stages by its id; a heartbeat for those who look closely."""
    kafka, lines = MemoryKafka(), []
    log = SimpleNamespace(debug=lambda _, **fields: lines.append(fields))
    monkeypatch.setattr(stage_module, "log", log)
    await kafka.send([heartbeat.outbound(T0, "here", "heartbeat:0:0")])
    extracting = Extracting(ask=child, sender=kafka, metrics=Books(), beats=("heartbeat:0:0",))
    # Loading tells of itself too.
    monkeypatch.setattr(Runner, "assigned", bare)
    await through(kafka, dedupe.make_stage(SETTINGS))
    await extracting.batch(kafka.inbound("articles.unique", 0))
    await through(kafka, track.make_stage(SETTINGS))
    await through(kafka, alert.make_stage(SETTINGS))
    assert [line["stage"] for line in lines] == ["dedupe", "extract", "track", "alert"]
    assert {line["article"] for line in lines} == {f"heartbeat:here:{int(T0.timestamp() * 1000)}"}
    assert {line["reason"] for line in lines} == {"heartbeat"}


@pytest.mark.parametrize(("record", "level"), [("heartbeat:here:1", "debug"), ("a1", "info")])
def test_the_steady_state_is_quiet(record, level):
    with capture_logs() as logs:
        stage_module.told_of_outcome("track", record, "passed", "")
    assert [line["log_level"] for line in logs] == [level]


async def bare(self, partitions):
    for partition in partitions:
        self.ledgers[partition] = self.stage.ledger(partition)


async def test_what_arrives_is_measured_by_partition_and_is_silent():
    name = "news_monitor_heartbeat_duration_seconds_count"
    before = value(name)
    delta = Delta(
        delta_id="d",
        subject="heartbeat:3:17",
        article_id="heartbeat:x",
        measure="heartbeat",
        reason="confirmed",
        article=pulse.mentions(
            pulse.unique(pulse.article(T0, "here")).outputs[0], ("heartbeat:3:17",)
        )[0].article,
    )
    step = heartbeat.arrived(delta, lambda: T0 + timedelta(seconds=2))
    assert (step.outputs, step.rows, step.reasons) == ((), (), ("heartbeat",))
    assert value(name) == before + 1
    arrival = "news_monitor_heartbeat_last_arrival_timestamp_seconds"
    assert value(arrival, partition="3") == T0.timestamp() + 2


@pytest.mark.parametrize("partitions", [1, 3, 4, 12])
def test_there_is_a_subject_for_each_partition_where_kafka_puts_it(partitions):
    """The partitioner of Kafka's clients: murmur2, its sign cut off, by the count."""
    places = [
        (murmur2(subject.encode()) & 0x7FFFFFFF) % partitions
        for subject in heartbeat.subjects(partitions)
    ]
    assert places == list(range(partitions))


async def test_beats_are_sent_at_once_and_under_keys_that_scans_pass_over():
    kafka = MemoryKafka()
    task = asyncio.create_task(heartbeat.beat(kafka, 2, every_s=3600, now=lambda: T0))
    await asyncio.wait([task], timeout=0)
    task.cancel()
    records = kafka.topics["articles.raw", 0]
    assert len(records) == 2
    assert all(pulse.is_key(key) for key, _ in records)
    ids = {codec.decode(raw, Article).article_id for _, raw in records}
    assert len(ids) == 2


def test_an_article_of_a_feed_is_no_heartbeat_whatever_it_says():
    """Only the poller sets the lane; nothing that a feed gives reaches it."""
    given = Article(article_id="a", source="heartbeat", title="Heartbeat", text=pulse.TEXT)
    assert pulse.unique(given) is None

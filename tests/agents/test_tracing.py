"""One article is one trace, from its poll to its delivery; with traces off nothing of OpenTelemetry is even imported."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from memory_kafka import Books, MemoryKafka
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from quick_extract import report_of

from agents import alert, dedupe, deliver, otel, track
from agents.dispatch import Dispatcher
from agents.extract import Extracting
from agents.fanout import FanningOut
from agents.lanes import Lane
from agents.otel import Otel
from agents.poll import Emitting
from agents.stage import Runner
from agents.tracing import NO_TRACES, tracing
from agents.wire import Outbound
from monitor.alerts.policy import REPLAY
from monitor.dedupe.policy import DedupePolicy
from monitor.errors import InputError
from monitor.feeds.entries import Entry
from monitor.feeds.feed import Feed
from monitor.feeds.sighting import Sighting
from monitor.incidents.policy import TrackPolicy
from monitor.sections import TracingSection
from monitor.sinks.base import SendResult
from monitor.sinks.console import ConsoleConfig
from schemas import codec
from schemas.article import Article
from schemas.sink import SinkState

T0 = datetime(2025, 3, 1, 12, tzinfo=UTC)
SETTINGS = SimpleNamespace(dedupe=DedupePolicy(), track=TrackPolicy(), alert=REPLAY, silent=False)
WAY = ["poll", "dedupe", "extract", "track", "alert", "deliver", "deliveries", "attempt"]


def sighting(number):
    entry = Entry(
        id=str(number),
        link=f"https://press.example/{number}",
        title=f"Bomb kills {number} in Mosul",
        content=f"A bomb killed {number} people in Mosul. " * 5,
        published=T0,
    )
    return Sighting(feed=Feed(url="https://press.example/f"), entry=entry, fetched_at=T0)


class Desk:
    """Takes everything."""

    name = "desk"

    def __init__(self):
        self.seen = []
        self.came = asyncio.Event()

    async def send(self, event, now):
        self.seen.append(event)
        self.came.set()
        return SendResult(ok=True)

    async def close(self):
        pass


async def child(raw):
    return codec.encode(report_of(codec.decode(raw, Article)))


class Pipe:
    """All stages in one process, one after the other, over Kafka in memory."""

    def __init__(self, tracer):
        self.kafka, self.tracer = MemoryKafka(), tracer
        self.sink = Desk()

    async def through(self, stage):
        runner = Runner(
            stage=stage, rows=self.kafka, sender=self.kafka, metrics=Books(), tracer=self.tracer
        )
        for partition in sorted({p for topic, p in self.kafka.topics if topic == stage.source}):
            await runner.assigned([partition])
            await runner.batch(self.kafka.inbound(stage.source, 0, partition))
        return runner

    async def run(self, sightings):
        kafka, books, tracer = self.kafka, Books(), self.tracer
        await Emitting(sender=kafka, tracer=tracer).emit(sightings)
        await self.through(dedupe.make_stage(SETTINGS))
        extracting = Extracting(ask=child, sender=kafka, metrics=books, tracer=tracer)
        await extracting.batch(kafka.inbound("articles.unique", 0))
        await self.through(track.make_stage(SETTINGS))
        await self.through(alert.make_stage(SETTINGS))
        desk = ConsoleConfig(name="desk")
        fanning = FanningOut(sinks=[desk], sender=kafka, metrics=books, tracer=tracer)
        await fanning.batch(kafka.inbound("alerts", 0))
        delivering = await self.through(deliver.make_stage(tracer=tracer))
        if self.kafka.topics["alerts", 0]:
            await self.attempts(delivering.books)

    async def attempts(self, books):
        lanes = {"desk": Lane(sink=self.sink, most=4, state=SinkState(sink="desk", at=T0))}
        dispatcher = Dispatcher(lanes=lanes, books=books, sender=self.kafka, tracer=self.tracer)
        await dispatcher.start()
        async with asyncio.timeout(5):
            await self.sink.came.wait()
        await dispatcher.stop()


@pytest.fixture
def spans():
    return InMemorySpanExporter()


@pytest.fixture
def tracer(spans):
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    return Otel(provider)


async def test_an_article_is_one_trace_from_its_poll_to_its_delivery(tracer, spans):
    pipe = Pipe(tracer)
    await pipe.run((sighting(3),))
    found = spans.get_finished_spans()
    assert [span.name for span in found] == WAY
    assert len({span.context.trace_id for span in found}) == 1
    parents = [span.parent and span.parent.span_id for span in found]
    assert parents == [None, *(span.context.span_id for span in found[:-1])]
    assert len(pipe.sink.seen) == 1


async def test_two_articles_are_two_traces_and_each_span_tells_its_article(tracer, spans):
    await Pipe(tracer).run((sighting(3), sighting(4)))
    found = spans.get_finished_spans()
    ways = {}
    for span in found:
        ways.setdefault(span.context.trace_id, []).append(span)
    assert sorted(len(way) for way in ways.values()) == [3, len(WAY)]
    for way in ways.values():
        told = {s.attributes["news_monitor.article"] for s in way if s.name in WAY[:3]}
        assert len(told) == 1
    assert found[0].start_time == int(T0.timestamp() * 1e9)
    assert "mosul" not in str([dict(span.attributes) for span in found]).lower()


async def test_what_was_delivered_goes_on_in_the_trace_with_its_result(tracer):
    pipe = Pipe(tracer)
    await pipe.run((sighting(3),))
    heads = [dict(m.headers)["traceparent"] for m in pipe.kafka.inbound("deliveries", 0)]
    assert len({head.split(b"-")[1] for head in heads}) == 1
    assert len(heads) == 2


async def test_a_record_without_context_is_not_traced(tracer, spans):
    pipe = Pipe(tracer)
    pipe.kafka.put("articles.raw", b"no article")
    await pipe.through(dedupe.make_stage(SETTINGS))
    assert spans.get_finished_spans() == ()


async def test_a_record_set_aside_is_a_span_with_an_error(tracer, spans):
    pipe = Pipe(tracer)
    with tracer.begin("poll", T0) as span:
        bad = Outbound(topic="articles.raw", key=b"k", value=b"no article", partition=0)
        await pipe.kafka.send(span.carried([bad]))
    await pipe.through(dedupe.make_stage(SETTINGS))
    failed = spans.get_finished_spans()[-1]
    assert (failed.name, failed.status.status_code) == ("dedupe", StatusCode.ERROR)
    assert failed.attributes["news_monitor.reason"] == "not_decoded"


@pytest.mark.parametrize(
    "head", [b"", b"x", b"\xff\xfe", b"00-" + b"0" * 32 + b"-" + b"0" * 16 + b"-01", b"a" * 9000]
)
def test_a_forged_context_is_no_trace(tracer, spans, head):
    with tracer.span("dedupe", (("traceparent", head),)):
        pass
    assert spans.get_finished_spans() == ()


def test_what_is_remembered_of_deliveries_is_bounded(tracer, monkeypatch):
    monkeypatch.setattr(otel, "MAX_KEPT", 3)
    with tracer.begin("poll", T0):
        for number in range(10):
            tracer.keep(str(number))
    assert list(tracer._kept) == ["7", "8", "9"]


async def test_with_traces_off_records_go_as_they_are():
    pipe = Pipe(NO_TRACES)
    await pipe.run((sighting(3),))
    assert len(pipe.sink.seen) == 1
    assert set(pipe.kafka.headers.values()) == {()}


def test_spans_are_written_to_a_file_and_the_share_is_heeded(tmp_path):
    for ratio, lines in ((1.0, 1), (0.0, 0)):
        path = tmp_path / f"{ratio}.jsonl"
        section = TracingSection(file=path, ratio=ratio)
        with tracing(section, "worker") as tracer, tracer.begin("poll", T0 - timedelta(seconds=1)):
            pass
        assert len(path.read_text().splitlines()) == lines


def test_off_is_the_default_and_needs_no_extra():
    with tracing(TracingSection(), "worker") as tracer:
        assert tracer is NO_TRACES


@pytest.mark.slow
def test_off_imports_nothing_of_it():
    code = "import sys, agents.worker, agents.poll; sys.exit('opentelemetry' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_traces_without_the_extra_are_refused_in_words(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "agents.otel", None)
    monkeypatch.delattr("agents.otel")
    with (
        pytest.raises(InputError, match=r"pip install news-monitor\[otel\]"),
        tracing(TracingSection(file=tmp_path / "f"), "worker"),
    ):
        pass

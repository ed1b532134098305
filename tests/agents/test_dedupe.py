"""Dedupe on Kafka: what it said of an article it says again after a crash."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st
from memory_kafka import Books, MemoryKafka, one_life
from press import article

from agents.dedupe import FingerprintLedger, make_stage
from agents.stage import Runner
from monitor.alerts.policy import REPLAY
from monitor.articles.normalise import article_from_entry
from monitor.dedupe.policy import DedupePolicy
from schemas import codec
from schemas.article import UniqueArticle

SOURCE, OUT = "articles.raw", "articles.unique"
T0 = datetime(2025, 3, 1, tzinfo=UTC)


def raw(number, outlet, days=0):
    """The article of a number from an outlet: the same text from another outlet is a copy, from its own exact."""
    entry = article(number, T0 + timedelta(days=days))
    return article_from_entry(
        feed="f",
        source=f"Outlet {outlet}",
        title=entry["title"],
        content=entry["text"] * 3,
        link=f"https://outlet{outlet}.example/{number}",
        published=T0 + timedelta(days=days),
        fetched_at=T0 + timedelta(days=days),
    )


def run(kafka, committed, batch, left=None):
    stage = make_stage(SimpleNamespace(dedupe=DedupePolicy(), alert=REPLAY))
    runner = Runner(stage=stage, rows=kafka, sender=kafka, metrics=Books())
    return one_life(kafka, runner, SOURCE, committed=committed, batch=batch, left=left)


def said(kafka):
    return {value for _, value in kafka.topics[OUT, 0]}


@given(
    arriving=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=10),
    lives=st.lists(st.tuples(st.integers(0, 6), st.integers(1, 4), st.integers(0, 4)), max_size=4),
)
@settings(max_examples=30, deadline=None)
def test_crashes_change_no_outcome(arriving, lives):
    calm, rough = MemoryKafka(), MemoryKafka()
    for kafka in (calm, rough):
        for number, outlet in arriving:
            kafka.put(SOURCE, raw(number, outlet))
    run(calm, 0, batch=3)
    committed = 0
    for left, batch, late in lives:
        reached, _ = run(rough, committed, batch, left)
        committed = max(committed, reached - late)
    run(rough, committed, batch=2)
    assert said(rough) == said(calm)


def test_exact_ones_end_here():
    kafka = MemoryKafka()
    for number, outlet in ((0, 0), (0, 0), (0, 1)):
        kafka.put(SOURCE, raw(number, outlet))
    run(kafka, 0, batch=3)
    outcomes = [codec.decode(v, UniqueArticle).outcome for v in dict.fromkeys(said(kafka))]
    assert sorted(outcomes) == ["copy", "new"]


def test_a_broken_record_takes_nothing_from_its_batch():
    """Articles are looked up together: what cannot be read is set aside, the others are judged as ever."""
    kafka = MemoryKafka()
    for record in (raw(0, 0), b"{", raw(0, 1), raw(1, 0)):
        kafka.put(SOURCE, record)
    run(kafka, 0, batch=4)
    outcomes = [codec.decode(v, UniqueArticle).outcome for v in dict.fromkeys(said(kafka))]
    assert sorted(outcomes) == ["copy", "new", "new"]
    assert len(kafka.topics[f"{SOURCE}.quarantine", 0]) == 1


def test_articles_that_cannot_be_looked_up_together_are_judged_alone(monkeypatch):
    """A fault in what is done for a whole batch must not set the batch aside."""

    def fail(*_):
        raise MemoryError

    monkeypatch.setattr("agents.dedupe.preview", fail)
    kafka = MemoryKafka()
    for record in (raw(0, 0), raw(0, 1)):
        kafka.put(SOURCE, record)
    run(kafka, 0, batch=2)
    outcomes = [codec.decode(v, UniqueArticle).outcome for v in dict.fromkeys(said(kafka))]
    assert sorted(outcomes) == ["copy", "new"]
    assert not kafka.topics[f"{SOURCE}.quarantine", 0]


def days_later(kafka, old, later):
    """So many articles, and so many of a month later, in small batches."""
    for number in range(old):
        kafka.put(SOURCE, raw(number, 0))
    for number in range(old, old + later):
        kafka.put(SOURCE, raw(number, 0, days=DedupePolicy().exact_window_days + 2))
    return run(kafka, 0, batch=5)[1]


def test_days_that_have_gone_are_deleted_from_the_topic():
    """State is bounded: a tombstone for each row of a day beyond the window, in the topic and in memory."""
    kafka = MemoryKafka()
    runner = days_later(kafka, 25, 60)
    assert len(tombstones(kafka)) == 25
    assert len(runner.ledgers[0].book) == 60
    _, again = run(kafka, 85, batch=1)
    assert not again.ledgers[0].book.with_values({"offset": 0})["offset"]
    assert again.ledgers[0].book.with_values({"offset": 30})["offset"]


def test_what_has_gone_is_deleted_and_forgotten_in_parts(monkeypatch):
    """A day has 100,000 rows: all at once would hold up the news for seconds."""
    monkeypatch.setattr("agents.dedupe.TIDIED_AT_ONCE", 10)
    parts, forgotten = [], []
    tidy = FingerprintLedger.tidy

    def watched(ledger):
        part = tidy(ledger)
        parts.append(len(part))
        forgotten.append(ledger._forgetting is not None)
        return part

    monkeypatch.setattr(FingerprintLedger, "tidy", watched)
    kafka = MemoryKafka()
    runner = days_later(kafka, 25, 80)
    assert [size for size in parts if size] == [10, 10, 5]
    assert forgotten.count(True) > 5
    assert not forgotten[-1]
    assert len(runner.ledgers[0].book) == 80


def tombstones(kafka):
    return [key for key, value in kafka.topics["dedupe.fingerprints", 0] if value is None]

"""A crash at any record that is written, again and again, changes nothing that comes out."""

import asyncio
from collections import OrderedDict

import pytest
import tiny_stage
from hypothesis import given, settings
from hypothesis import strategies as st
from memory_kafka import Books, MemoryKafka, one_life

from agents.ledger import SLOTS
from agents.stage import Runner
from schemas import codec
from schemas.delta import Delta
from schemas.quarantine import Quarantined

SOURCE, ROWS, OUT = "incident.mentions", "track.rows", "incident.deltas"


def make_runner(kafka, books=None):
    return Runner(stage=tiny_stage.make_stage(), rows=kafka, sender=kafka, metrics=books or Books())


def fill(kafka, numbers):
    for number in numbers:
        subject = f"country:{'IQ' if number % 3 else 'SY'}"
        kafka.put(SOURCE, tiny_stage.mention(number, subject))


def run(kafka, committed, batch, left=None, books=None):
    """Run one life of a worker from the committed offset; return the next committed offset."""
    return one_life(
        kafka, make_runner(kafka, books), SOURCE, committed=committed, batch=batch, left=left
    )


def outputs(kafka):
    """What a reader that drops repeated ids sees, by partition order."""
    return list(OrderedDict.fromkeys(value for _, value in kafka.topics[OUT, 0]))


def book_of(runner):
    return runner.ledgers[0].book.rows


@given(
    numbers=st.lists(st.integers(0, 12), min_size=1, max_size=20),
    lives=st.lists(st.tuples(st.integers(0, 12), st.integers(1, 7), st.integers(0, 6)), max_size=8),
)
@settings(max_examples=100, deadline=None)
def test_outputs_and_book_are_those_of_a_run_without_crashes(numbers, lives):
    """Each life writes ``left`` records and dies; the commit may lie back by some records (it is late)."""
    calm, rough = MemoryKafka(), MemoryKafka()
    fill(calm, numbers)
    fill(rough, numbers)
    _, expected = run(calm, 0, batch=4)
    committed = 0
    for left, batch, late in lives:
        reached, _ = run(rough, committed, batch, left)
        committed = max(committed, reached - late)
    _, runner = run(rough, committed, batch=3)
    assert outputs(rough) == outputs(calm)
    assert book_of(runner) == book_of(expected)
    _, reloaded = run(rough, len(numbers), batch=1)
    assert book_of(reloaded) == book_of(expected)


def test_record_written_twice_is_worked_on_once():
    kafka, books = MemoryKafka(), Books()
    fill(kafka, [1, 2, 1, 2, 1])
    run(kafka, 0, batch=2, books=books)
    assert len(outputs(kafka)) == 2
    assert books.outcomes["dropped", "repeated"] == 3
    assert books.entered == books.count("passed") + books.count("dropped") == 5


def test_record_written_twice_is_known_after_a_restart():
    kafka = MemoryKafka()
    fill(kafka, [1, 2])
    committed, _ = run(kafka, 0, batch=2)
    fill(kafka, [2, 1, 3])
    run(kafka, committed, batch=1)
    assert len(outputs(kafka)) == 3


def test_failing_records_are_set_aside_and_neighbours_go_on():
    kafka, books = MemoryKafka(), Books()
    bad = tiny_stage.mention(7)
    bad = codec.encode(bad).replace(b"title 7", b"raise")
    for record in (tiny_stage.mention(1), b"{", None, bad, b'{"v":9,"data":{}}'):
        kafka.put(SOURCE, record)
    kafka.put(SOURCE, tiny_stage.mention(2))
    run(kafka, 0, batch=10, books=books)
    assert [codec.decode(v, Delta).article_id for v in outputs(kafka)] == ["a1", "a2"]
    aside = [codec.decode(v, Quarantined) for _, v in kafka.topics[f"{SOURCE}.quarantine", 0]]
    assert [(q.offset, q.reason) for q in aside] == [
        (1, "not_decoded"),
        (2, "tombstone"),
        (3, "stage_raised"),
        (4, "wrong_version"),
    ]
    assert aside[0].value == b"{"
    assert "m7" in aside[2].error
    assert books.entered == books.count("passed") + books.count("quarantined") == 6


def test_row_that_breaks_its_book_is_set_aside_and_the_book_is_read_anew(monkeypatch):
    """Else the worker would end and start for ever on one record."""

    class Brittle(tiny_stage.CountBook):
        def put(self, key, row):
            super().put(key, row)
            if row and row.last == "m2":
                raise KeyError(key)

    monkeypatch.setattr(tiny_stage, "CountBook", Brittle)
    kafka, books = MemoryKafka(), Books()
    for number in (1, 2, 3, 4):
        kafka.put(SOURCE, tiny_stage.mention(number))
    _, runner = run(kafka, 0, batch=10, books=books)
    assert [codec.decode(v, Delta).article_id for v in outputs(kafka)] == ["a1", "a3", "a4"]
    aside = [codec.decode(v, Quarantined) for _, v in kafka.topics[f"{SOURCE}.quarantine", 0]]
    assert [(q.offset, q.reason) for q in aside] == [(1, "stage_raised")]
    assert book_of(runner)["country:IQ"].count == 3
    assert books.entered == books.count("passed") + books.count("quarantined") == 4


@pytest.mark.parametrize("left", range(6))
def test_quarantine_survives_a_crash(left):
    """The log holds the quarantine record: what comes after it in the batch does not hide it."""
    kafka = MemoryKafka()
    kafka.put(SOURCE, b"{")
    fill(kafka, [1])
    committed, _ = run(kafka, 0, batch=2, left=left)
    run(kafka, committed, batch=2)
    assert {key for key, _ in kafka.topics[f"{SOURCE}.quarantine", 0]} == {b"incident.mentions/0/0"}


def test_topic_made_anew_is_read_from_its_beginning():
    """Offsets of the old topic must not make records of the new one look finished."""
    kafka = MemoryKafka()
    fill(kafka, range(20))
    run(kafka, 0, batch=5)
    kafka.topics[SOURCE, 0].clear()
    fill(kafka, range(30, 33))
    run(kafka, 0, batch=5)
    assert len(outputs(kafka)) == 23


def test_log_stays_bounded():
    kafka = MemoryKafka()
    fill(kafka, range(SLOTS + 50))
    run(kafka, 0, batch=100)
    keys = {key for key, _ in kafka.topics[ROWS, 0] if key.startswith(b"l:")}
    assert len(keys) == SLOTS


def test_rows_kept_in_memory_are_used_again_only_if_nobody_wrote():
    kafka = MemoryKafka()
    fill(kafka, [1, 2])
    _, runner = run(kafka, 0, batch=2)
    before = runner.ledgers[0]
    asyncio.run(runner.assigned([0]))
    assert runner.ledgers[0] is before
    fill(kafka, [4])
    run(kafka, 2, batch=1)
    asyncio.run(runner.assigned([0]))
    assert runner.ledgers[0] is not before
    assert book_of(runner)["total"].count == 3
    asyncio.run(runner.assigned([]))
    assert runner.ledgers == {}


def test_two_workers_on_one_partition_are_noticed(monkeypatch):
    left = []
    monkeypatch.setattr("agents.stage.leave", lambda why, **_: left.append(why) or 1 / 0)
    kafka = MemoryKafka()
    fill(kafka, [1])
    first = make_runner(kafka)
    asyncio.run(first.assigned([0]))
    run(kafka, 0, batch=1)
    with pytest.raises(ZeroDivisionError):
        asyncio.run(first.batch(kafka.inbound(SOURCE, 0)))
    assert left == ["another worker writes the rows of this partition"]


def test_stage_is_held_when_everything_fails(monkeypatch):
    """A bad deploy must not empty the topic into quarantine."""
    kafka = MemoryKafka()
    for _ in range(10):
        kafka.put(SOURCE, b"{")
    runner = make_runner(kafka)
    runner.limit.most = 5

    async def live():
        await runner.assigned([0])
        await asyncio.wait_for(runner.batch(kafka.inbound(SOURCE, 0)), 0.2)

    with pytest.raises(TimeoutError):
        asyncio.run(live())
    assert runner.held
    assert not kafka.topics[f"{SOURCE}.quarantine", 0]
    assert not kafka.topics[ROWS, 0]

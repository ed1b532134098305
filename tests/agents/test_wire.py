"""What goes out as quarantine, and what is too large to be sent."""

import pytest
from memory_kafka import Books, MemoryKafka
from tiny_stage import make_stage, mention

from agents.stage import Runner
from agents.wire import (
    MAX_ERROR_CHARS,
    MAX_KEPT_BYTES,
    Inbound,
    Outbound,
    Refused,
    attempt,
    check_size,
    read,
    to_quarantine,
)
from monitor.children import ChildDied, DeadlineExceeded, OutOfMemory, TaskFailed
from schemas import codec
from schemas.delta import Delta
from schemas.mention import Mention
from schemas.quarantine import Quarantined
from schemas.reasons import QuarantineReason as Why


def inbound(value, key=b"k"):
    return Inbound(topic="incident.mentions", partition=2, offset=9, key=key, value=value)


def failing(exc):
    def work():
        raise exc

    return work


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, Why.TOMBSTONE),
        (b"", Why.NOT_DECODED),
        (b"\xff", Why.NOT_DECODED),
        (b"[1]", Why.NOT_DECODED),
        (b'{"v":1}', Why.NOT_DECODED),
        (b'{"v":1,"data":{"mention_id":7}}', Why.NOT_DECODED),
        (b'{"v":2,"data":{}}', Why.WRONG_VERSION),
        (b'{"v":1,"data":' + b"[" * 100_000, Why.NOT_DECODED),
    ],
)
def test_what_is_no_record_is_refused(value, reason):
    with pytest.raises(Refused) as caught:
        read(inbound(value), Mention)
    assert caught.value.reason is reason


def test_record_is_read():
    assert read(inbound(codec.encode(mention(1))), Mention) == mention(1)


@pytest.mark.parametrize(
    ("exc", "reason"),
    [
        (ValueError("x"), Why.STAGE_RAISED),
        (RecursionError(), Why.STAGE_RAISED),
        (MemoryError(), Why.STAGE_RAISED),
        (Refused(Why.TOO_LARGE, "x"), Why.TOO_LARGE),
        (DeadlineExceeded("x"), Why.DEADLINE),
        (ChildDied("x"), Why.CHILD_DIED),
        (OutOfMemory("x"), Why.CHILD_DIED),
        (TaskFailed("x"), Why.STAGE_RAISED),
    ],
)
def test_failure_becomes_a_quarantine_record(exc, reason):
    failed = attempt(failing(exc), inbound(b"v"), stage="track")
    assert isinstance(failed, Quarantined)
    assert (failed.reason, failed.stage) == (reason, "track")
    assert (failed.topic, failed.partition, failed.offset) == ("incident.mentions", 2, 9)
    assert (failed.key, failed.value, failed.truncated) == (b"k", b"v", False)
    assert type(exc).__name__ in failed.error


@pytest.mark.parametrize("exc", [KeyboardInterrupt(), SystemExit()])
def test_what_ends_the_process_is_not_caught(exc):
    with pytest.raises(type(exc)):
        attempt(failing(exc), inbound(b"v"), stage="track")


def test_largest_failed_record_fits_its_quarantine():
    failed = attempt(
        failing(ValueError("\0" * 100_000)), inbound(b"\0" * (MAX_KEPT_BYTES + 1)), stage="track"
    )
    assert failed.truncated
    assert len(failed.value) == MAX_KEPT_BYTES
    assert len(failed.error) == MAX_ERROR_CHARS
    check_size([to_quarantine(failed)])


def test_same_failed_record_has_the_same_key_each_time():
    keys = {
        to_quarantine(attempt(failing(ValueError()), inbound(b"v"), stage="s")).key
        for _ in range(2)
    }
    assert keys == {b"incident.mentions/2/9"}


def test_message_beyond_its_topic_is_refused_before_it_is_sent():
    fits = Outbound(topic="alerts", key=b"k", value=b"v" * 1_000_000)
    check_size([fits])
    over = Outbound(topic="alerts", key=b"k", value=b"v" * 1_048_576)
    with pytest.raises(Refused) as caught:
        check_size([fits, over])
    assert caught.value.reason is Why.TOO_LARGE


async def test_stage_whose_output_is_too_large_sets_its_input_aside():
    kafka = MemoryKafka()
    runner = Runner(stage=make_stage(), rows=kafka, sender=kafka, metrics=Books())
    subject = "country:" + "X" * 3_000_000
    kafka.put("incident.mentions", mention(1, subject))
    kafka.put("incident.mentions", mention(2))
    await runner.assigned([0])
    await runner.batch(kafka.inbound("incident.mentions", 0))
    made = [codec.decode(v, Delta) for _, v in kafka.topics["incident.deltas", 0]]
    assert [delta.article_id for delta in made] == ["a2"]
    aside = codec.decode(kafka.topics["incident.mentions.quarantine", 0][0][1], Quarantined)
    assert aside.reason is Why.TOO_LARGE
    assert subject not in runner.ledgers[0].book.rows

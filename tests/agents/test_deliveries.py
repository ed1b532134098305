"""What is known of a delivery after each record, and in which order deliveries are due."""

from datetime import timedelta

import pytest
from delivery_records import T0, an_alert, attempted, pending
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agents import deliveries as module
from agents.admin import again
from agents.deliveries import DeliveryBook, note
from monitor.sinks.rules import DeliveryReason
from schemas.reasons import Attempt


def apply(book, *records):
    reasons = []
    for record in records:
        step = note(book, record)
        for key, row in step.rows:
            book.put(key, row)
        reasons.append(step.reasons[0])
    return reasons


RETRY = attempted(Attempt.RETRY, 1, next_at=T0 + timedelta(seconds=2))
DONE = attempted(Attempt.DELIVERED, 2)
FAILED = attempted(Attempt.FAILED, 2)


@pytest.mark.parametrize(
    ("before", "record", "reason"),
    [
        ([], pending(), "pending"),
        ([pending()], pending(at=T0 + timedelta(seconds=9)), "known"),
        ([pending()], RETRY, "retry"),
        ([pending(), RETRY], RETRY, "late"),
        ([pending(), RETRY], DONE, "delivered"),
        ([pending(), RETRY, DONE], attempted(Attempt.RETRY, 3), "late"),
        ([pending(), RETRY, DONE], pending(), "known"),
        ([], DONE, "unknown"),
        ([pending(), FAILED], pending(attempts=2, at=T0 + timedelta(days=1)), "pending"),
        ([pending(), RETRY], pending(attempts=1, at=T0 + timedelta(days=1)), "pending"),
    ],
    ids=[
        "a new delivery waits",
        "the same alert sent twice is one delivery",
        "a failed attempt is tried again later",
        "the same attempt told twice changes nothing",
        "an attempt ends it",
        "what comes after the end changes nothing",
        "an alert sent again after the end is not delivered again",
        "an attempt of what is not known changes nothing",
        "a person has a failed one tried again",
        "a person has a waiting one tried now",
    ],
)
def test_record_tells(before, record, reason):
    book = DeliveryBook()
    apply(book, *before)
    assert apply(book, record) == [reason]


@pytest.mark.parametrize("records", [[], [RETRY], [RETRY, DONE], [RETRY, FAILED]])
def test_what_a_person_wants_again_is_pending_however_often_it_was_tried(records):
    """`alerts replay` makes deliveries anew, and knows of attempts by their rows alone."""
    book = DeliveryBook()
    apply(book, pending(), *records)
    wanted = again(pending(), book.get("msg_1").attempts, T0 + timedelta(days=1))
    assert apply(book, wanted) == ["pending"]


def test_alert_stays_until_it_is_delivered():
    book = DeliveryBook()
    apply(book, pending(), RETRY)
    assert book.whole("msg_1").alert == an_alert()
    assert book.get("msg_1").first_at == T0
    apply(book, DONE)
    assert book.whole("msg_1").alert is None


def test_failed_one_keeps_its_alert_for_another_try():
    book = DeliveryBook()
    apply(book, pending(), FAILED)
    assert book.whole("msg_1").alert == an_alert()
    assert book.waiting() == ()


def test_each_is_due_once_until_its_row_changes():
    book = DeliveryBook()
    apply(book, pending())
    assert [d.webhook_id for d in book.take_due(T0)] == ["msg_1"]
    assert book.take_due(T0) == ()
    apply(book, RETRY)
    assert book.take_due(T0 + timedelta(seconds=1)) == ()
    assert book.next_due() == T0 + timedelta(seconds=2)
    assert [d.attempts for d in book.take_due(T0 + timedelta(seconds=2))] == [1]


def test_taken_ones_are_due_again_when_partitions_moved():
    book = DeliveryBook()
    apply(book, pending(1), pending(2))
    book.take_due(T0)
    book.renew_due()
    assert [d.webhook_id for d in book.take_due(T0)] == ["msg_1", "msg_2"]


DAY = timedelta(days=1)
QUIET = replace(
    pending(), outcome=Attempt.HELD, reason=DeliveryReason.QUIET_HOURS, next_at=T0 + DAY
)


@pytest.mark.parametrize(
    ("records", "wait_s"),
    [
        ([pending()], 0),
        ([pending(), RETRY], 1),
        ([pending(), attempted(Attempt.RETRY, 1, next_at=T0 + timedelta(hours=5))], 5 * 3600 - 1),
        ([pending(), RETRY, pending(attempts=1, at=T0 + timedelta(seconds=1))], 0),
    ],
    ids=["its first attempt", "a retry", "one that waits for hours", "one that a person sent"],
)
@pytest.mark.parametrize("back", [timedelta(minutes=5), DAY])
@pytest.mark.parametrize("restarted", [False, True])
def test_clock_that_is_set_back_keeps_nothing_waiting_longer_than_was_meant(
    records, wait_s, back, restarted
):
    book = DeliveryBook()
    apply(book, *records)
    if restarted:
        book.renew_due()
    now, wait = T0 - back, timedelta(seconds=wait_s)
    taken = book.take_due(now)
    if wait:
        assert not taken
        assert not book.take_due(now + wait - timedelta(seconds=1))
        taken = book.take_due(now + wait)
    assert [due.webhook_id for due in taken] == ["msg_1"]
    assert not book.take_due(T0 + DAY)


def test_clock_that_is_set_back_twice_keeps_no_retry_waiting():
    book = DeliveryBook()
    apply(book, pending(), RETRY)
    for now in (T0 - DAY, T0 - 2 * DAY):
        assert not book.take_due(now)
    assert len(book.take_due(T0 - 2 * DAY + timedelta(seconds=1))) == 1


def test_what_was_written_before_the_clock_was_set_back_and_came_after_it_is_due_too():
    book = DeliveryBook()
    assert not book.take_due(T0 - DAY)
    apply(book, pending())
    assert len(book.take_due(T0 - DAY)) == 1


def test_what_is_held_for_a_time_of_day_stays_held_when_the_clock_is_set_back():
    book = DeliveryBook()
    book.put("msg_1", QUIET)
    assert not book.take_due(T0 - timedelta(hours=1))
    assert not book.take_due(T0 + DAY - timedelta(seconds=1))
    assert len(book.take_due(T0 + DAY)) == 1


@given(st.permutations(range(6)))
def test_due_at_the_same_time_come_in_the_order_in_which_they_were_made(order):
    book = DeliveryBook()
    apply(book, *(pending(n) for n in order))
    assert [d.webhook_id for d in book.take_due(T0)] == [f"msg_{n}" for n in order]


def test_ended_ones_are_forgotten_beyond_a_number(monkeypatch):
    monkeypatch.setattr(module, "KEPT_ENDED", 3)
    book = DeliveryBook()
    for number in range(20):
        apply(book, pending(number), attempted(Attempt.DELIVERED, 1, number))
    assert book.get("msg_0") is None
    assert book.get("msg_19") is not None
    assert len(book._rows) <= 5

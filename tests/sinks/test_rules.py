"""What follows an attempt: the table of monitor.sinks.rules, and that its bounds hold for any sequence."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sinks.base import SendResult
from monitor.sinks.rules import (
    JITTER,
    MAX_RETRY_AFTER_S,
    QUICK_S,
    SLOW_S,
    DeliveryReason,
    after_attempt,
    webhook_id,
)
from schemas.reasons import Attempt

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def status(code, **more):
    return SendResult(ok=200 <= code < 300, status_code=code, **more)


CASES = [
    ("taken", status(200), Attempt.DELIVERED, DeliveryReason.TAKEN, None),
    ("accepted", status(202), Attempt.DELIVERED, DeliveryReason.TAKEN, None),
    ("redirects are failures", status(302), Attempt.RETRY, DeliveryReason.REFUSED, 30),
    ("a wrong secret may be mended", status(401), Attempt.RETRY, DeliveryReason.REFUSED, 30),
    ("not found may be mended", status(404), Attempt.RETRY, DeliveryReason.REFUSED, 30),
    ("server error", status(500), Attempt.RETRY, DeliveryReason.SERVER_ERROR, 1),
    ("too many", status(429), Attempt.RETRY, DeliveryReason.SERVER_ERROR, 1),
    ("no answer", SendResult(ok=False), Attempt.RETRY, DeliveryReason.NO_ANSWER, 1),
    ("told", status(503, retry_after_s=90), Attempt.RETRY, DeliveryReason.TOLD_TO_WAIT, 90),
    (
        "told too long",
        status(429, retry_after_s=1e9),
        Attempt.RETRY,
        DeliveryReason.TOLD_TO_WAIT,
        86_400,
    ),
    ("gone", status(410, gone=True), Attempt.DISABLED, DeliveryReason.GONE, None),
    (
        "impossible",
        SendResult(ok=False, permanent=True),
        Attempt.FAILED,
        DeliveryReason.NOT_POSSIBLE,
        None,
    ),
]


@pytest.mark.parametrize(
    ("_why", "result", "outcome", "reason", "wait_s"), CASES, ids=[c[0] for c in CASES]
)
def test_the_first_attempt(_why, result, outcome, reason, wait_s):
    verdict = after_attempt(result, attempts=1, now=NOW, chance=0.5)
    assert (verdict.outcome, verdict.reason) == (outcome, reason)
    assert verdict.next_at == (None if wait_s is None else NOW + timedelta(seconds=wait_s))


def test_the_schedule_lasts_about_three_days_and_ends():
    waits = [after_attempt(status(500), attempts=n, now=NOW, chance=0.5) for n in range(1, 20)]
    retries = [w for w in waits if w.outcome is Attempt.RETRY]
    total = sum((w.next_at - NOW for w in retries), timedelta())
    assert len(retries) == len(QUICK_S)
    assert timedelta(hours=74) < total < timedelta(hours=76)
    assert waits[len(QUICK_S)].reason is DeliveryReason.SCHEDULE_RAN_OUT


@given(
    code=st.one_of(st.none(), st.integers(100, 599)),
    attempts=st.integers(1, 100),
    chance=st.floats(0, 1, exclude_max=True),
    asked=st.one_of(st.none(), st.floats(0, 1e9)),
)
def test_a_wait_is_never_shorter_than_asked_nor_longer_than_a_day_and_its_jitter(
    code, attempts, chance, asked
):
    result = SendResult(ok=False, status_code=code, retry_after_s=asked)
    verdict = after_attempt(result, attempts=attempts, now=NOW, chance=chance)
    if verdict.outcome is not Attempt.RETRY:
        return
    wait_s = (verdict.next_at - NOW).total_seconds()
    assert wait_s >= min(asked or 0, MAX_RETRY_AFTER_S)
    assert 0.5 <= wait_s <= 86_400 * (1 + JITTER)


def test_the_slow_schedule_starts_where_the_quick_steps_end():
    assert QUICK_S[4:] == SLOW_S


def test_the_id_is_the_same_at_every_attempt_and_another_for_another_sink():
    assert webhook_id("a", "one") == webhook_id("a", "one") != webhook_id("a", "two")

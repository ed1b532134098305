"""When a receiver is told: at once, or held until a time that it chose; and how a sink is after an attempt."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_alerts import exactly, known, made

from monitor.alerts.policy import QuietHours
from monitor.sinks.base import SendResult
from monitor.sinks.rules import (
    DISABLE_AFTER,
    FAILURES_ARE_ONE,
    STATE_EVERY,
    DeliveryReason,
    Telling,
    after_attempt,
    hold,
    is_worth_writing,
    standing,
)
from monitor.sinks.times import Digest
from schemas.sink import SinkState

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SPACED = Telling(min_interval=10 * MINUTE)
NIGHT = Telling(quiet_hours=QuietHours(start=time(11), end=time(14)))
HOURLY = Telling(digest=Digest(every=60 * MINUTE))
GRAVE = QuietHours(start=time(11), end=time(14), unless_killed=4)
IN_A_MINUTE = NOW + MINUTE

CASES = [
    ("at once", made(), Telling(), None, None),
    ("first of an incident", made(), SPACED, None, None),
    ("told long ago", made(), SPACED, NOW - 11 * MINUTE, None),
    ("told just now", made(), SPACED, NOW - 4 * MINUTE, ("min_interval", NOW + 6 * MINUTE)),
    ("one is held already", made(), SPACED, IN_A_MINUTE, ("min_interval", IN_A_MINUTE)),
    ("clock set back", made(), SPACED, NOW + 24 * 60 * MINUTE, ("min_interval", NOW + 10 * MINUTE)),
    ("quiet", made(), NIGHT, None, ("quiet_hours", NOW + 120 * MINUTE)),
    ("grave in quiet hours", made(), Telling(quiet_hours=GRAVE), None, None),
    (
        "not grave",
        made(incident=known(killed=exactly(3))),
        Telling(quiet_hours=GRAVE),
        None,
        ("quiet_hours", NOW + 120 * MINUTE),
    ),
    ("digest", made(), HOURLY, NOW + 30 * MINUTE, ("digest", NOW + 60 * MINUTE)),
    (
        "a digest in quiet hours comes after them",
        made(),
        Telling(digest=HOURLY.digest, quiet_hours=NIGHT.quiet_hours),
        None,
        ("digest", NOW + 120 * MINUTE),
    ),
    (
        "spaced into quiet hours",
        made(),
        Telling(min_interval=10 * MINUTE, quiet_hours=NIGHT.quiet_hours),
        NOW - MINUTE,
        ("min_interval", NOW + 120 * MINUTE),
    ),
    ("a test is told at once", made(status="test"), NIGHT, None, None),
    ("a notice is told at once", made(status="system"), HOURLY, None, None),
]


@pytest.mark.parametrize(
    ("_why", "alert", "telling", "told_at", "expected"), CASES, ids=[c[0] for c in CASES]
)
def test_an_alert_is_told(_why, alert, telling, told_at, expected):
    found = hold(alert, telling, now=NOW, told_at=told_at)
    assert (found and (found.reason, found.until)) == expected


FINE = SinkState(sink="desk", at=NOW)
TAKEN = SendResult(ok=True, status_code=200)
DOWN = SendResult(ok=False, status_code=500)
GONE = SendResult(ok=False, status_code=410, gone=True)
IMPOSSIBLE = SendResult(ok=False, permanent=True)
DAY = timedelta(days=1)


def after(state, result, now):
    verdict = after_attempt(result, attempts=1, now=now, chance=0.5)
    return standing(state, verdict, now)


def failing_daily(days):
    state = FINE
    for number in range(days + 1):
        state = after(state, DOWN, NOW + number * DAY)
    return state


def test_a_sink_that_takes_what_it_is_sent_is_fine():
    assert after(after(FINE, DOWN, NOW), TAKEN, NOW + DAY).failing_since is None


def test_failing_is_counted_from_the_first_failure():
    assert failing_daily(2).failing_since == NOW


@pytest.mark.parametrize(("days", "disabled"), [(4, False), (5, True)])
def test_a_sink_that_took_nothing_for_five_days_is_worn_out(days, disabled):
    state = failing_daily(days)
    assert (state.disabled_at is not None) is disabled
    assert state.reason == (DeliveryReason.WORN_OUT if disabled else "")


def test_two_short_outages_far_apart_are_not_one_long_one():
    state = after(after(FINE, DOWN, NOW), DOWN, NOW + DISABLE_AFTER + FAILURES_ARE_ONE)
    assert state.disabled_at is None


def test_a_receiver_that_is_gone_is_disabled_at_once():
    state = after(FINE, GONE, NOW)
    assert (state.disabled_at, state.reason) == (NOW, DeliveryReason.GONE)


def test_what_could_not_be_tried_tells_nothing_of_the_receiver():
    assert after(FINE, IMPOSSIBLE, NOW) == FINE


WRITES = [
    ("it begins to fail", FINE, after(FINE, DOWN, NOW), True),
    ("it takes again", after(FINE, DOWN, NOW), after(FINE, TAKEN, NOW), True),
    ("it is disabled", after(FINE, DOWN, NOW), after(FINE, GONE, NOW), True),
    ("it goes on well", FINE, after(FINE, TAKEN, NOW + DAY), False),
    ("it fails again", after(FINE, DOWN, NOW), after(FINE, DOWN, NOW + MINUTE), False),
    ("it fails on", after(FINE, DOWN, NOW), after(FINE, DOWN, NOW + STATE_EVERY), True),
]


@pytest.mark.parametrize(("_why", "was", "now_is", "worth"), WRITES, ids=[w[0] for w in WRITES])
def test_a_state_is_written_when_the_next_start_must_know(_why, was, now_is, worth):
    assert is_worth_writing(was, now_is) is worth


@given(st.lists(st.tuples(st.sampled_from([TAKEN, DOWN]), st.integers(0, 7200)), max_size=60))
def test_a_sink_that_takes_something_within_days_is_never_disabled(steps):
    state, now, since = FINE, NOW, timedelta(0)
    for result, seconds in steps:
        now += timedelta(seconds=seconds)
        since = timedelta(0) if result.ok else since + timedelta(seconds=seconds)
        state = after(state, TAKEN if since > 4 * DAY else result, now)
    assert state.disabled_at is None

"""Hours of the day in a receiver's zone: quiet hours end, digests come, also when clocks are moved."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.policy import QuietHours
from monitor.sinks.times import Digest, next_digest, quiet_until

BAGHDAD, BERLIN = "Asia/Baghdad", "Europe/Berlin"
NIGHT = {"start": time(23), "end": time(6)}
ZONES = ["UTC", BAGHDAD, BERLIN, "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


QUIET = [
    ("before", BAGHDAD, "2026-03-01T19:59", None),
    ("from the first minute", BAGHDAD, "2026-03-01T20:00", "2026-03-02T03:00"),
    ("after midnight", BAGHDAD, "2026-03-02T02:59", "2026-03-02T03:00"),
    ("not at the end itself", BAGHDAD, "2026-03-02T03:00", None),
    ("a short night of spring", BERLIN, "2026-03-28T23:00", "2026-03-29T04:00"),
    ("a long night of autumn", BERLIN, "2026-10-24T22:00", "2026-10-25T05:00"),
]


@pytest.mark.parametrize(("_why", "zone", "now", "end"), QUIET, ids=[q[0] for q in QUIET])
def test_quiet_hours_end(_why, zone, now, end):
    found = quiet_until(QuietHours(zone=zone, **NIGHT), utc(now))
    assert found == (end and utc(end))


def test_quiet_hours_that_end_when_clocks_skip_that_hour_end():
    quiet = QuietHours(start=time(1), end=time(2, 30), zone=BERLIN)
    assert quiet_until(quiet, utc("2026-03-29T00:30")) == utc("2026-03-29T01:30")


DIGESTS = [
    (
        "every half hour",
        Digest(every=timedelta(minutes=30)),
        "2026-03-01T12:10",
        "2026-03-01T12:30",
    ),
    ("never now", Digest(every=timedelta(minutes=30)), "2026-03-01T12:30", "2026-03-01T13:00"),
    ("at eight there", Digest(at=(time(8),), zone=BAGHDAD), "2026-03-01T04:59", "2026-03-01T05:00"),
    ("tomorrow", Digest(at=(time(8),), zone=BAGHDAD), "2026-03-01T05:00", "2026-03-02T05:00"),
    ("the next of two", Digest(at=(time(8), time(18))), "2026-03-01T09:00", "2026-03-01T18:00"),
]


@pytest.mark.parametrize(("_why", "digest", "now", "due"), DIGESTS, ids=[d[0] for d in DIGESTS])
def test_a_digest_comes(_why, digest, now, due):
    assert next_digest(digest, utc(now)) == utc(due)


# From 2000 to 2060, in seconds: time zones had other rules before, and will have others after.
MOMENTS = st.integers(946_684_800, 2_840_140_800).map(lambda s: datetime.fromtimestamp(s, UTC))


@given(MOMENTS, st.times(), st.sampled_from(ZONES))
def test_a_digest_comes_later_than_now_and_within_a_day_of_25_hours(now, hour, zone):
    due = next_digest(Digest(at=(hour,), zone=zone), now)
    assert timedelta(0) < due - now <= timedelta(hours=25)


@given(MOMENTS, st.times(), st.times(), st.sampled_from(ZONES))
def test_quiet_hours_always_end_within_a_day(now, start, end, zone):
    until = quiet_until(QuietHours(start=start, end=end, zone=zone), now)
    assert until is None or timedelta(0) < until - now <= timedelta(hours=25)


@given(MOMENTS, st.integers(1, 1440))
def test_all_workers_mean_the_same_moments(now, minutes):
    every = Digest(every=timedelta(minutes=minutes))
    due = next_digest(every, now)
    assert next_digest(every, due - timedelta(microseconds=1)) == due

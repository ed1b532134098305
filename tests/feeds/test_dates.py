"""Dates as feeds write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.dates import clamp, read_date

NOW = datetime(2024, 3, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024/3/5", "2024-03-05T00:00:00+00:00"),
        ("2024/03/05 07:08:09", "2024-03-05T07:08:09+00:00"),
        ("2024-3-5 7:08", "2024-03-05T07:08:00+00:00"),
        ("2024.03.05", "2024-03-05T00:00:00+00:00"),
        ("2024-03-05T10:00:00Z", "2024-03-05T10:00:00+00:00"),
        ("2024-03-05T10:00:00+0300", "2024-03-05T10:00:00+03:00"),
        ("2024-03-05T10:00:00+03", "2024-03-05T10:00:00+03:00"),
        ("2024-03-05T10:00:00.123456789Z", "2024-03-05T10:00:00+00:00"),
        ("2024-03-05 10:00:00 -05:30", "2024-03-05T10:00:00-05:30"),
        ("20240305T100000Z", "2024-03-05T10:00:00+00:00"),
        ("1709632800", "2024-03-05T10:00:00+00:00"),
        ("1709632800000", "2024-03-05T10:00:00+00:00"),
        ("Tue, 05 Mar 2024 10:00:00 GMT", "2024-03-05T10:00:00+00:00"),
        ("Tue, 05 Mar 2024 10:00:00 +0300", "2024-03-05T10:00:00+03:00"),
        ("Tue, 05 Mar 2024 10:00:00 EST", "2024-03-05T10:00:00-05:00"),
        ("Tue, 05 Mar 2024 10:00:00 AST", "2024-03-05T10:00:00+03:00"),
        ("Tue, 05 Mar 2024 10:00:00 PKT", "2024-03-05T10:00:00+05:00"),
        ("Tue, 5 Mar 2024 10:00", "2024-03-05T10:00:00+00:00"),
        ("Tue, 05 Mar 24 10:00:00 GMT", "2024-03-05T10:00:00+00:00"),
        ("Tuesday, 5 March 2024 10:00:00 GMT", "2024-03-05T10:00:00+00:00"),
        ("Mon, 05 Mar 2024 10:00:00 GMT", "2024-03-05T10:00:00+00:00"),
        ("5 Mar 2024", "2024-03-05T00:00:00+00:00"),
        ("March 5, 2024 10:00 AM", "2024-03-05T10:00:00+00:00"),
        ("5/3/2024 10:00", "2024-03-05T10:00:00+00:00"),
        ("3/5/2024", "2024-03-05T00:00:00+00:00"),
        ("03/05/2024 10:15:00 PM", "2024-03-05T22:15:00+00:00"),
        ("13/02/2024", "2024-02-13T00:00:00+00:00"),
        ("02/13/2024", "2024-02-13T00:00:00+00:00"),
        ("05.03.2024 10:00", "2024-03-05T10:00:00+00:00"),
        ("٥ مارس ٢٠٢٤ 10:00", "2024-03-05T10:00:00+00:00"),
        ("5 آذار/مارس 2024", "2024-03-05T00:00:00+00:00"),
        ("5 تشرين الأول 2023", "2023-10-05T00:00:00+00:00"),
        ("5 марта 2024, 10:22", "2024-03-05T10:22:00+00:00"),
        ("5 березня 2024", "2024-03-05T00:00:00+00:00"),
        ("5 Mart 2024 10:00", "2024-03-05T10:00:00+00:00"),
        ("5 mars 2024 à 10:00", "2024-03-05T10:00:00+00:00"),
        ("5 de marzo de 2024", "2024-03-05T00:00:00+00:00"),
        ("5 मार्च 2024", "2024-03-05T00:00:00+00:00"),
        ("Tue, 05 Mar 2024 10:00:00 GMT+3", "2024-03-05T10:00:00+03:00"),
        ("Tue, 05 Mar 2024 10:00 UTC -3:30", "2024-03-05T10:00:00-03:30"),
        ("2024年3月5日 10:00", "2024-03-05T10:00:00+00:00"),
        ("  Tue,  05 Mar 2024\n10:00:00 GMT ", "2024-03-05T10:00:00+00:00"),
    ],
)
def test_a_date_is_read(text, expected):
    assert read_date(text, NOW).isoformat() == expected


@pytest.mark.parametrize(
    "text",
    ["", "soon", "yesterday", "-86400", "10:00", "Tue, 5 Mar 124 10:00:00 GMT", "31/02/2024", "2024-13-45", "0000-00-00T00:00:00Z", "-", "9" * 300, "Tue, 99 Mar 2024 99:99:99"],
)  # fmt: skip
def test_what_is_no_date_is_none(text):
    assert read_date(text, NOW) is None


@given(st.text(max_size=120))
def test_no_text_breaks_the_reader(text):
    at = read_date(text, NOW)
    assert at is None or at.tzinfo is not None


@given(
    st.datetimes(datetime(1991, 1, 1), datetime(2190, 1, 1)),  # noqa: DTZ001 -- Hypothesis draws naive ones
    st.integers(-12 * 60, 14 * 60),
)
def test_an_iso_date_comes_back_with_its_offset(naive, minutes):
    at = naive.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    assert read_date(at.isoformat(), NOW) == at
    assert read_date(at.isoformat(), NOW).utcoffset() == at.utcoffset()


@given(st.integers(1, 12), st.integers(1, 31))
def test_an_ambiguous_date_is_not_read_into_the_future(month, day):
    try:
        at = datetime(2024, month, day, tzinfo=UTC)
    except ValueError:
        return
    if at <= NOW:
        assert read_date(f"{day}/{month}/2024", NOW) <= NOW
        assert read_date(f"{month}/{day}/2024", NOW) <= NOW


def test_the_future_is_clamped_and_the_past_is_not():
    later = NOW + timedelta(days=3)
    assert clamp(later, NOW) == NOW
    assert clamp(NOW - timedelta(days=3), NOW) == NOW - timedelta(days=3)
    assert clamp(None, NOW) is None

"""Which days a sentence speaks of, counted from the publication, and on which day an event was."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.extract.dates import rules as dates

# Published on Wednesday, May 15, 2024. The first and the last day that the words may mean.
DAYS = [
    ("It happened today.", "2024-05-15", "2024-05-15"),
    ("It happened this morning.", "2024-05-15", "2024-05-15"),
    ("It happened yesterday.", "2024-05-14", "2024-05-14"),
    ("It happened yesterday afternoon.", "2024-05-14", "2024-05-14"),
    ("It happened last night.", "2024-05-14", "2024-05-14"),
    ("It happened the day before yesterday.", "2024-05-13", "2024-05-13"),
    ("It happened overnight.", "2024-05-14", "2024-05-14"),
    ("It happened on Tuesday.", "2024-05-14", "2024-05-14"),
    ("It happened on Wednesday.", "2024-05-15", "2024-05-15"),
    ("It happened on Thursday.", "2024-05-09", "2024-05-09"),
    ("It happened last Wednesday.", "2024-05-08", "2024-05-08"),
    ("It happened in the early hours of Sunday.", "2024-05-12", "2024-05-12"),
    ("It happened on Sunday, May 12.", "2024-05-12", "2024-05-12"),
    ("It happened on Friday, April 5th.", "2024-04-05", "2024-04-05"),
    ("It happened on Monday (May 13).", "2024-05-13", "2024-05-13"),
    ("It happened on May 3.", "2024-05-03", "2024-05-03"),
    ("It happened on Dec. 20.", "2023-12-20", "2023-12-20"),
    ("It happened on 20 December.", "2023-12-20", "2023-12-20"),
    ("It happened on the 7th of October.", "2023-10-07", "2023-10-07"),
    ("It happened on October 7, 2021.", "2021-10-07", "2021-10-07"),
    ("It happened on 3 Jan 90.", "1990-01-03", "1990-01-03"),
    ("It happened on 2024-05-02.", "2024-05-02", "2024-05-02"),
    ("It happened on 13/05/2024.", "2024-05-13", "2024-05-13"),
    ("It happened on 5/13/2024.", "2024-05-13", "2024-05-13"),
    ("It happened two days ago.", "2024-05-13", "2024-05-13"),
    ("It happened a week ago.", "2024-05-06", "2024-05-10"),
    ("It happened 48 hours ago.", "2024-05-13", "2024-05-13"),
    ("It happened a fortnight ago.", "2024-04-29", "2024-05-03"),
    ("It happened on 12.05.2024.", "2024-05-12", "2024-05-12"),
    ("It happened on Friday last week.", "2024-05-10", "2024-05-10"),
    ("It happened on Wednesday of last week.", "2024-05-08", "2024-05-08"),
    ("It happened on Sunday before last.", "2024-05-05", "2024-05-05"),
    ("It happened overnight Monday into Tuesday.", "2024-05-13", "2024-05-14"),
    ("It happened between Sunday and Monday.", "2024-05-12", "2024-05-13"),
    ("It happened late last month.", "2024-04-20", "2024-04-30"),
    ("It happened the previous day.", "2024-05-14", "2024-05-14"),
    ("It happened last week.", "2024-05-06", "2024-05-12"),
    ("It happened in the past two days.", "2024-05-13", "2024-05-15"),
    ("It happened over the last 72 hours.", "2024-05-12", "2024-05-15"),
    ("It happened during the past few hours.", "2024-05-14", "2024-05-15"),
    ("It happened in 1883.", "1883-01-01", "1883-12-31"),
    ("It happened over the weekend.", "2024-05-11", "2024-05-12"),
    ("It happened in mid-April.", "2024-04-11", "2024-04-20"),
    ("It happened late last November.", "2023-11-20", "2023-11-30"),
    ("It happened in early May.", "2024-05-01", "2024-05-10"),
    ("It happened in October 2021.", "2021-10-01", "2021-10-31"),
    ("It happened last January.", "2024-01-01", "2024-01-31"),
    ("It happened on New Year's Eve.", "2023-12-31", "2023-12-31"),
]
NONE = [
    ("The talks will resume next Friday.", "to come"),
    ("He was jailed until Friday.", "to come"),
    ("They may march on.", "a verb"),
    ("Mar Thoma was hurt.", "a name"),
    ("The law of 31 February was dropped.", "no such day"),
    ("It will open on June 1, 2031.", "to come"),
]


def find(make_reading, text, **more):
    reading = make_reading(text, **more)
    return [d for s in reading.sentences for d in dates.find(s, reading)]


@pytest.mark.parametrize(("text", "first", "last"), DAYS, ids=[d[0] for d in DAYS])
def test_words_of_time_mean_days(make_reading, text, first, last):
    (found,) = find(make_reading, text)
    assert (found.days.first.isoformat(), found.days.last.isoformat()) == (first, last)


@pytest.mark.parametrize(("text", "why"), NONE, ids=[n[0] for n in NONE])
def test_what_is_no_past_day_is_left_out(make_reading, text, why):
    assert find(make_reading, text) == []


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("It goes on since October 17.", "since"),
        ("It goes on since mid-October.", "since"),
        ("It went on over the past two weeks.", "since"),
        ("It happened in 2014.", "vague"),
        ("It happened last year.", "vague"),
        ("It happened two years ago.", "vague"),
        ("KABUL, Afghanistan (May 14, 2024) - A bomb went off.", "from_dateline"),
        ("LIMA, 14 May 24 -- A bomb went off.", "from_dateline"),
        ("May 14, 2024 at 4:02 am", "from_dateline"),
        ("Updated: May 14, 2024", "from_dateline"),
        ("Morning Update May 14, 2024", "from_dateline"),
    ],
)
def test_days_that_date_no_event_are_marked(make_reading, text, flag):
    (found,) = find(make_reading, text)
    assert getattr(found, flag)


def test_yesterday_counts_from_the_dateline(make_reading):
    """A release posted three days late tells of the day before its dateline."""
    found = find(make_reading, "KABUL, Afghanistan (May 12, 2024)\nA bomb went off yesterday.")
    assert found[-1].days.first == date(2024, 5, 11)


def test_day_counts_where_the_source_writes(make_reading):
    """At 22:30 UTC on Tuesday it is Wednesday in Baghdad."""
    text, late = "It happened today.", "2024-05-14T22:30"
    (there,) = find(make_reading, text, published=late, offset=180)
    (utc,) = find(make_reading, text, published=late)
    assert there.days.first == date(2024, 5, 15)
    assert utc.days.first == date(2024, 5, 14)


def test_night_of_a_small_hour_is_the_day_of_that_hour(make_reading):
    found = find(make_reading, "Four men were shot overnight. Police were called at 2 a.m.")
    assert found[0].days.first == date(2024, 5, 15)


def test_without_publication_only_full_dates_are_known(make_reading):
    text = "It began on Tuesday and ended on May 3, 2021."
    (found,) = find(make_reading, text, published=None)
    assert found.days.first == date(2021, 5, 3)


# The event's word, and its day.
EVENTS = [
    ("the day beside it", "A bomb exploded in Basra on Monday.", "exploded", "2024-05-13"),
    (
        "not the day on which it was told",
        "Police said Monday that a bomb exploded in Basra on Sunday.",
        "exploded",
        "2024-05-12",
    ),
    (
        "not the day of saying, where another is told behind it",
        "It was reported today that on May 12 a bomb exploded in Basra.",
        "exploded",
        "2024-05-12",
    ),
    (
        "each event its own",
        "A bomb exploded on Sunday, a day after gunmen attacked a bus on Saturday.",
        "attacked",
        "2024-05-11",
    ),
    ("from the sentence before", "It was quiet on Monday. A bomb exploded at noon.", "exploded", "2024-05-13"),
    ("from the sentence behind", "A bomb exploded in Basra. It happened on Monday.", "exploded", "2024-05-13"),
    ("from the publication", "A bomb exploded in Basra.", "exploded", "2024-05-15"),
    ("not since when", "A bomb exploded, the tenth since May 1.", "exploded", "2024-05-15"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "text", "word", "day"), EVENTS, ids=[e[0] for e in EVENTS])
def test_event_has_its_day(make_reading, why, text, word, day):
    reading = make_reading(text)
    days = tuple(d for s in reading.sentences for d in dates.find(s, reading))
    sentence, trigger = next((s, t.i) for s in reading.sentences for t in s.span if t.text == word)
    found = dates.of_event(sentence, trigger, reading, days)
    assert found.first.isoformat() == day


def test_event_of_an_article_without_any_day_has_none(make_reading):
    reading = make_reading("A bomb exploded in Basra.", published=None)
    assert dates.of_event(reading.sentences[0], 2, reading, ()) is None


TIMES = st.sampled_from(
    "May 31 2024 2023 yesterday last Monday night Feb 30 , ( ) - 12/05/2024 since mid- early ago two weeks overnight "
    "September 00 99 in of the next 1 Jan. 0 weekend year".split()
)


@settings(max_examples=80, deadline=None)
@given(st.lists(TIMES, max_size=12).map(" ".join))
def test_any_words_of_time_give_past_days_within_the_text(make_reading, text):
    """No day is later than the day after the publication: what is told happened."""
    reading = make_reading(text)
    for sentence in reading.sentences:
        for found in dates.find(sentence, reading):
            assert found.days.first <= found.days.last
            assert found.days.first <= date(2024, 5, 16)
            assert sentence.span.start <= found.start < found.end <= sentence.span.end


ANCHORED = [
    ("a day told last in the sentence", ("Police said on Tuesday that a bomb went off the previous day.",), "bomb", 13),
    ("a number of days", ("Police on Tuesday spoke of a bomb two days earlier.",), "bomb", 12),
    ("the sentence before", ("A bomb went off on Sunday.", "Two days later, gunmen killed four."), "killed", 14),
    ("a clause that follows", ("Gunmen struck on Tuesday, a day after a bomb killed three.",), "killed", 13),
    ("and not the clause before", ("Gunmen struck on Tuesday, a day after a bomb killed three.",), "struck", 14),
    ("whose day it is", ("Turkey on Wednesday condemned Tuesday's bombing.",), "bombing", 14),
]  # fmt: skip


@pytest.mark.parametrize(("why", "texts", "word", "day"), ANCHORED, ids=[a[0] for a in ANCHORED])
def test_day_counts_from_another(make_reading, why, texts, word, day):
    reading = make_reading(*texts)
    days = tuple(d for s in reading.sentences for d in dates.find(s, reading))
    sentence = next(s for s in reversed(reading.sentences) if word in s.text)
    trigger = next(t for t in sentence.span if t.text == word)
    assert dates.of_event(sentence, trigger.i, reading, days).first == date(2024, 5, day)


@pytest.mark.parametrize(
    "text",
    ["It happened ahead of Friday's vote.", "It happened a day before the vote.", "The following day was calm."],
)  # fmt: skip
def test_day_of_something_else_is_no_days_event(make_reading, text):
    reading = make_reading(text)
    assert dates.find(reading.sentences[0], reading) == ()

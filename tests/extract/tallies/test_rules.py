"""Running counts over a period: found, told from incidents, and brought under one key however they are worded."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.extract.tallies import rules as tallies
from monitor.extract.tallies.series import series
from schemas.reasons import TallyMeasure

A, K, C = TallyMeasure.ATTACKS, TallyMeasure.KILLED, TallyMeasure.CASUALTIES
HURT = TallyMeasure.INJURED

FOUND = [
    ("Militias have launched 47 attacks on US troops since October 17.", A, 47, "2023-10-17"),
    ("US troops have been hit in 55 attacks since October 17.", A, 55, "2023-10-17"),
    ("Rebels claimed more than 80 drone attacks on ships since mid-October.", A, 80, "2023-10-11"),
    ("It was one of over 90 attacks on ships since November.", A, 90, "2023-11-01"),
    ("The base has been attacked 31 times since January.", A, 31, "2024-01-01"),
    ("Armed groups carried out 64 attacks on aid workers so far this year.", A, 64, "2024-01-01"),
    ("More than 900 people have been killed since January.", K, 900, "2024-01-01"),
    ("At least 95 journalists have been killed since October 7.", K, 95, "2023-10-07"),
    ("The war has killed more than 21,000 people since October 7.", K, 21000, "2023-10-07"),
    ("At least 312 people have been injured since March.", HURT, 312, "2024-03-01"),
]
NOTHING = [
    ("Gunmen killed 14 people on Monday.", "one event"),
    ("It was the deadliest attack since 2009, with 40 people killed.", "a comparison"),
    ("About 2,500 soldiers have been stationed there since 2014.", "troops"),
    ("The party has won 55 seats since 2010.", "seats"),
    ("He has scored 47 goals since January.", "goals"),
    ("Two rockets were fired on Monday.", "one event"),
]


def find(make_reading, *texts):
    return tallies.find(make_reading(*texts))


@pytest.mark.parametrize(("text", "what", "value", "since"), FOUND, ids=[f[0] for f in FOUND])
def test_count_over_a_period_is_a_tally(make_reading, text, what, value, since):
    (tally,) = find(make_reading, text)
    assert (tally.what, tally.value.best) == (what, value)
    assert tally.since == date.fromisoformat(since)


@pytest.mark.parametrize(("text", "why"), NOTHING, ids=[n[1] + ": " + n[0] for n in NOTHING])
def test_what_is_no_running_count_is_no_tally(make_reading, text, why):
    assert find(make_reading, text) == ()


def test_parts_by_country_stand_in_the_next_sentence(make_reading):
    (tally,) = find(
        make_reading,
        "Militias attacked US forces in Iraq and Syria in 61 attacks since October 17. "
        "There were 33 attacks in Iraq and 28 attacks in Syria.",
    )
    assert {part.name: part.value.best for part in tally.parts} == {"Iraq": 33, "Syria": 28}
    assert tally.area == ("Iraq", "Syria")


def test_hurt_in_these_attacks_take_their_period(make_reading):
    attacks, hurt = find(
        make_reading,
        "Militias launched over 70 attacks on US forces since October 17.",
        "These attacks have resulted in 60 casualties among US forces.",
    )
    assert attacks.what is A
    assert (hurt.what, hurt.value.best, hurt.since) == (C, 60, date(2023, 10, 17))


def test_source_and_evidence_are_kept(make_reading):
    reading = make_reading(
        "Rebels launched 47 attacks on ships since November, according to the Pentagon."
    )
    (tally,) = tallies.find(reading)
    (span,) = tally.evidence
    assert "Pentagon" in tally.source
    assert reading.sentences[0].text[span.start : span.end] == "47 attacks"


def test_two_wordings_of_one_series_in_one_article_are_one_tally(make_reading):
    """The exact count stands before the bound that another source gives."""
    (tally,) = find(
        make_reading,
        "It is one of more than 100 attacks targeting US forces in Syria and Iraq since mid-October.",
        "Washington has counted 103 attacks against its forces in Iraq and Syria since October 17.",
    )
    assert tally.value.best == 103


SAME = [
    (
        "a country by its people, its capital and its name",
        ("American soldiers", "US forces", "U.S. personnel"),
    ),
    ("articles and case", ("the ships", "Ships", "merchant ships")),
]


@pytest.mark.parametrize(("why", "wordings"), SAME, ids=[s[0] for s in SAME])
def test_wordings_of_the_same_victims_have_one_key(why, wordings):
    assert len({series(A, victims, (), date(2023, 10, 17)) for victims in wordings}) == 1


def test_series_are_kept_apart_by_measure_victims_and_month():
    keys = {
        series(A, "US forces", (), date(2023, 10, 17)),
        series(K, "US forces", (), date(2023, 10, 17)),
        series(HURT, "US forces", (), date(2023, 10, 17)),
        series(A, "ships", (), date(2023, 10, 17)),
        series(A, "US forces", (), date(2023, 11, 17)),
        series(A, "US forces", (), None),
    }
    assert len(keys) == 6
    assert series(A, "US forces", (), date(2023, 10, 17)) == "attacks:us:2023-10"


WORDS = st.sampled_from(
    "55 103 attacks have been killed since October 17 these began in Iraq and Syria against US forces over more than "
    "according to Pentagon said 27 , . : ( so far this year its their people wounded casualties one of".split()
)


@settings(max_examples=80, deadline=None)
@given(st.lists(WORDS, max_size=25).map(" ".join))
def test_any_words_give_tallies_with_a_key_and_evidence_in_the_text(make_reading, text):
    for tally in find(make_reading, text):
        assert tally.series.count(":") == 2
        assert (
            tally.value.best is None
            or tally.value.low is None
            or tally.value.low <= tally.value.best
        )
        assert all(0 <= e.start < e.end <= len(text) for e in tally.evidence)

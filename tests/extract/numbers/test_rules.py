"""What a sentence counts, with its bounds, and what only looks like a count."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.extract import words
from monitor.extract.numbers import numerals
from monitor.extract.numbers import rules as numbers
from monitor.extract.numbers.rules import Sort

# Words, low, best, high. An exact figure has three equal bounds; "at least" none above; a vague word no best.
COUNTS = [
    ("14 soldiers died", 14, 14, 14),
    ("1,400 people fled", 1400, 1400, 1400),
    ("10 000 people fled", 10000, 10000, 10000),
    ("1.2 million people fled", 1200000, 1200000, 1200000),
    ("three men fled", 3, 3, 3),
    ("twenty-three men fled", 23, 23, 23),
    ("One hundred and four men fled", 104, 104, 104),
    ("two thousand five hundred men fled", 2500, 2500, 2500),
    ("two dozen men fled", 24, 24, 24),
    ("a dozen men fled", 12, 12, 12),
    ("half a dozen men fled", 6, 6, 6),
    ("half-dozen men fled", 6, 6, 6),
    ("at least 14 men fled", 14, 14, None),
    ("more than two dozen men fled", 24, 24, None),
    ("over 70 attacks took place", 70, 70, None),
    ("no fewer than 9 men fled", 9, 9, None),
    ("20 or more men fled", 20, 20, None),
    ("100+ dead", 100, 100, None),
    ("about 1,400 men fled", 1400, 1400, None),
    ("some 50 men fled", 50, 50, None),
    ("nearly 30 men fled", None, 30, 30),
    ("up to 20 men fled", None, 20, 20),
    ("as many as 40 men fled", None, 40, 40),
    ("fewer than 10 men fled", None, None, 9),
    ("10 to 15 men fled", 10, None, 15),
    ("10-15 men fled", 10, None, 15),
    ("between 5 and 7 men fled", 5, None, 7),
    ("two or three men fled", 2, None, 3),
    ("a couple of men fled", 2, None, None),
    ("a few men fled", 3, None, None),
    ("several men fled", 3, None, None),
    ("dozens of men fled", 12, None, None),
    ("Several dozen men fled", 24, None, None),
    ("scores of people fled", 40, None, None),
    ("hundreds fled", 100, None, None),
    ("tens of thousands of people fled", 10000, None, None),
    ("another two men fled", 2, 2, 2),
    ("17 more men fled", 17, 17, 17),
]
OTHERS = [
    ("A 20-year-old fled", "20", Sort.AGE),
    ("Anna Berg, 24, fled", "24", Sort.AGE),
    ("The boys, aged 9 and 11, fled", "11", Sort.AGE),
    ("victims aged 18, 21 and 35 fled", "35", Sort.AGE),
    ("It was the worst since 2009", "2009", Sort.YEAR),
    ("It began on May 7, 2021", "2021", Sort.YEAR),
    ("It began on October 7", "7", Sort.DAY),
    ("It began on 7 October", "7", Sort.DAY),
    ("It began at 9 p.m.", "9", Sort.TIME),
    ("It lasted 40 minutes", "40", Sort.TIME),
    ("It lay 20 km away", "20", Sort.MEASURE),
    ("They fired 82mm shells", "82", Sort.MEASURE),
    ("It held 500 kg of TNT", "500", Sort.MEASURE),
    ("Turnout was 60 percent", "60", Sort.MEASURE),
    ("A 12-member team left", "12", Sort.MEASURE),
    ("They stole $500", "500", Sort.MONEY),
    ("It happened on Highway 61", "61", Sort.LABEL),
    ("The team won 4-0", "4", Sort.SCORE),
]


def scan(make_reading, text):
    line = words.of(make_reading(text).sentences[0].span)
    return line, numbers.scan(line)


@pytest.mark.parametrize(("text", "low", "best", "high"), COUNTS, ids=[c[0] for c in COUNTS])
def test_count_has_its_bounds(make_reading, text, low, best, high):
    (found, *rest) = numbers.find(make_reading(text).sentences[0])
    assert (found.count.low, found.count.best, found.count.high) == (low, best, high)
    assert rest == []


@pytest.mark.parametrize(("text", "figure", "sort"), OTHERS, ids=[c[0] for c in OTHERS])
def test_what_is_no_count_has_its_sort(make_reading, text, figure, sort):
    """An age taken for a count makes 47 dead of one dead man of 47."""
    line, found = scan(make_reading, text)
    told = {line.tokens[q.core].text: q.sort for q in found}
    assert told[figure] is sort
    assert figure not in [
        s.doc[n.start : n.end].text for s in make_reading(text).sentences for n in numbers.find(s)
    ]


def test_the_scores_of_a_match_count_nobody(make_reading):
    assert numbers.find(make_reading("The scores were level at the break.").sentences[0]) == ()


def test_a_number_knows_the_noun_it_counts(make_reading):
    sentence = make_reading("Gunmen killed at least three police officers.").sentences[0]
    (found,) = numbers.find(sentence)
    assert sentence.doc[found.head].text == "officers"
    assert sentence.doc[found.start : found.end].text == "at least three"


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="0123456789,.-+ ofandorsevralzn$%–’\n", max_size=60))
def test_any_figures_give_ordered_bounds_within_the_text(make_reading, text):
    for sentence in make_reading(text).sentences:
        for found in numbers.find(sentence):
            told = [
                b for b in (found.count.low, found.count.best, found.count.high) if b is not None
            ]
            assert told == sorted(told)
            assert all(0 <= b <= numerals.MAX_COUNT * 100 for b in told)
            assert sentence.span.start <= found.start < found.end <= sentence.span.end

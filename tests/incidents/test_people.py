"""Full names of persons, without those who speak for an office or write the article."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.incidents.people import MAX_PEOPLE, MAX_SCANNED, people

CASES = [
    ("Ann Lowe, 34, died at the scene.", ["ann lowe"], "at the beginning of a sentence"),
    (
        "It hit Ben A. Moor and Cleo Nye-Roth.",
        ["ben moor", "cleo nye roth"],
        "initials are left out",
    ),
    (
        "It hit Ben Tom Moor Jr. of Hull.",
        ["ben moor"],
        "a name in the middle, and what comes after",
    ),
    ("Émile Brontë fell.", ["emile bronte"], "accents are folded"),
    ("Police Chief Ann Lowe said so.", [], "a rank before the name"),
    ("Lt. Ann Lowe told of it.", [], "a short rank"),
    ("Ann Lowe, a police spokeswoman, told of it.", [], "an office after the name"),
    ("Ann Lowe, Hull County Sheriff, told of it.", [], "an office with its place"),
    ("By Ann Lowe", [], "who wrote it"),
    ("Ann Lowe is a staff writer.", [], "who wrote it, at the end"),
    ("Ann Lowe ran when police came.", ["ann lowe"], "the police further on are no office of hers"),
    ("They went to Lowe Memorial Hospital on Moor Street.", [], "places"),
    ("Raids on Chad's Tibesti, Amnesty International said.", [], "a country's province, a body"),
    ("Ann Lowe's car was found.", ["ann lowe"], "what she owns"),
    ("ANN LOWE SHOT", [], "capitals alone"),
    ("Man Shot Near Green River Bend Home", [], "a headline"),
    ("Lowe died.", [], "one name is not enough"),
    ("Haider al-Maliki was shot.", ["haider maliki"], "with the Arabic article"),
    ("Haider Maliki was shot.", ["haider maliki"], "without it, as other outlets write"),
    ("Baghdad - Tigris Agency", [], "an agency"),
]


@pytest.mark.parametrize(("text", "names", "why"), CASES, ids=[why for _, _, why in CASES])
def test_names_of_persons(text, names, why):
    assert list(people(text)) == names, why


def test_a_name_is_where_it_comes_first():
    assert people("And then Ann Lowe fell. Ann Lowe died.") == {"ann lowe": 9}


def test_names_are_bounded():
    letters = "abcdefghijklmnopqrstuvwxyz"
    text = " then ".join(f"A{a}n L{b}we" for a in letters for b in letters)
    assert len(people(text)) == MAX_PEOPLE
    assert people("x" * MAX_SCANNED + " Ann Lowe") == {}


@pytest.mark.slow
@given(st.text(alphabet="AaB \u2019-.,1", max_size=4000))
def test_no_text_holds_it_up(text):
    """Hypothesis ends what takes longer than its deadline."""
    people(text)


@pytest.mark.parametrize("part", ["Aa\u2019B", "Aa-", "Aa A. ", "Aa ", "A", "Aa Bb the "])
def test_repeated_parts_of_names_are_read_at_once(part):
    """A pattern with two ways to match them would read until the deadline of the article."""
    assert len(people(part * (MAX_SCANNED // len(part)))) <= 1

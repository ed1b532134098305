"""A word that guns and bombs share is a shot where the article tells of shots alone."""

import pytest


@pytest.fixture
def type_of(assembled):
    def read(text):
        return assembled(text).report.incidents[0].event_type

    return read


@pytest.mark.parametrize(
    ("text", "event_type"),
    [
        ("A boy was shot in Tulsa on Monday when his uncle's pistol went off.", "armed_attack"),
        ("A man was shot on Monday in Akron. Neighbours heard the blast of a shotgun.", "armed_attack"),
        ("A bomb went off in Kabul on Monday. Guards shot a man who ran away.", "ied"),
        ("A blast killed two people in Quetta on Monday.", "ied"),
        ("Two men were shot in Akron on Monday. Police said the rounds struck a bus.", "armed_attack"),
    ],
)  # fmt: skip
def test_blast_of_a_gun_is_a_shot(type_of, text, event_type):
    assert type_of(text) == event_type

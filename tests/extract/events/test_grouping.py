"""Which mentions are one incident: the reason for each pair, and what places and days exclude each other."""

import pytest


@pytest.fixture
def groups(assembled):
    def read(text, title=""):
        return [[m.sentence.index for m in g.mentions] for g in assembled(text, title).groups]

    return read


def test_the_attack_refers_back(groups):
    assert groups(
        "Gunmen stormed a hotel in Mogadishu on Friday, killing ten people. The attack lasted six hours."
    ) == [[0, 1]]


def test_another_bomb_is_another_incident(groups):
    text = "A bomb killed two people in Kabul on Sunday. Another bomb killed three policemen there on Monday."
    assert groups(text) == [[0], [1]]


def test_two_towns_are_two_incidents(groups):
    text = "A car bomb killed five people in Kirkuk on Monday. In Tikrit, gunmen shot dead two policemen on Monday."
    assert groups(text) == [[0], [1]]


def test_towns_of_a_list_are_an_incident_each_and_an_address_is_one(groups):
    assert len(groups("Bombs went off in Arica, Talca, and Temuco in Chile on Friday.")) == 3
    assert len(groups("Bombs went off in Englewood, Chicago, on Friday.")) == 1


def test_later_orders_what_one_man_did(groups):
    text = "Troops detained two rebels in a raid in Hit on Monday. A man ran from a house and later fired on the troops. He was shot dead."
    assert groups(text) == [[0, 1, 2]]


def test_claim_of_a_kidnapping_is_its_first_report(groups):
    text = "The rebels claimed responsibility on Monday for the kidnapping of 40 miners in Meta in Colombia."
    assert len(groups(text)) == 1


def test_a_headline_and_its_lead_are_one(groups):
    assert groups(
        "A bomb hit a police bus in Hakkari on Tuesday, wounding four officers.",
        "Bomb hits police bus",
    ) == [[0, 1]]


def test_these_attacks_make_no_incident(groups):
    assert groups("The minister said that these attacks must stop. The talks in Doha go on.") == []

"""A report that a toll has risen speaks for the incident whose toll was lower, and for no other."""

import pytest

from monitor.incidents.profile import tells_a_rise


@pytest.mark.parametrize(
    ("told", "rises"),
    [
        ("Death toll from Kano blast climbs to 14", True),
        ("The death toll from a raid in the east has risen to 70, a group said.", True),
        ("A man died in hospital, bringing the death toll to five.", True),
        ("The number of those killed in the attack has reached 14.", True),
        ("Fourteen people were killed in an attack on a market.", False),
        ("The toll road was closed. Prices rose to a record.", False),
        ("No death toll was given by the army.", False),
    ],
)
def test_what_tells_that_a_toll_has_risen(told, rises):
    assert tells_a_rise(told) is rises

"""Distances between places, whichever side of the date line they lie on."""

import pytest

from monitor.distance import distance_km, is_within
from schemas.report import Place


def at(lat, lon):
    return Place(name="x", lat=lat, lon=lon)


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        (at(33.3, 44.4), at(33.3, 44.4), 0),
        (at(0, 10), at(1, 10), 111.2),
        (at(60, 10), at(60, 11), 55.6),
        (at(33.34, 44.40), at(35.47, 44.39), 236.8),
        (at(-17, 179.5), at(-17, -179.5), 106.3),
    ],
    ids=["one point", "a degree", "a degree in the north", "Baghdad and Kirkuk", "Fiji and Fiji"],
)
def test_a_distance_is_that_of_the_shorter_way(one, other, km):
    assert distance_km(one, other) == pytest.approx(km, rel=0.002, abs=0.01)
    assert distance_km(other, one) == distance_km(one, other)
    assert is_within(one, other, km + 1)
    assert not is_within(one, other, km - 1)


def test_what_has_no_point_lies_near_nothing():
    assert distance_km(at(1, 2), Place(name="y")) is None
    assert not is_within(Place(name="y"), at(1, 2), 1e9)

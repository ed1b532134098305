"""Which places exclude each other."""

import pytest

from monitor.extract.places.apart import apart
from schemas.reasons import PlacePrecision
from schemas.report import Place

KIRKUK = Place(
    name="Kirkuk", admin1="Kirkuk", country="Iraq", country_code="IQ", lat=35.47, lon=44.39
)
TIKRIT = Place(
    name="Tikrit", admin1="Salah al-Din", country="Iraq", country_code="IQ", lat=34.6, lon=43.68
)
IRAQ = Place(name="Iraq", country="Iraq", country_code="IQ", precision=PlacePrecision.COUNTRY)
IRAN = Place(name="Iran", country="Iran", country_code="IR", precision=PlacePrecision.COUNTRY)


@pytest.mark.parametrize(
    ("one", "other", "around_km", "excluded"),
    [
        (KIRKUK, TIKRIT, 0.0, True),
        (KIRKUK, TIKRIT, 200.0, False),
        (KIRKUK, TIKRIT, 30.0, True),
        (KIRKUK, IRAQ, 0.0, False),
        (KIRKUK, IRAN, 0.0, True),
    ],
)
def test_places_exclude_each_other(one, other, around_km, excluded):
    assert apart(one, other, around_km=around_km) is excluded

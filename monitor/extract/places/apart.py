"""Say whether two places exclude each other, and whether one is a part of the other's town."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.distance import distance_km, is_within
from monitor.extract.places import rules
from schemas.reasons import PlacePrecision

if TYPE_CHECKING:
    from schemas.report import Place


def apart(one: Place, other: Place, *, around_km: float = 0.0) -> bool:
    """Say whether two places exclude each other: neither contains the other, both more exact than a country.

    ``around_km`` is how far from one of them it may have been, where it is told by its direction or distance.
    """
    if rules.contains(one, other) or rules.contains(other, one):
        return False
    if one.precision in rules.VAGUE or other.precision in rules.VAGUE:
        return (
            _beyond_region(one, other)
            or _beyond_region(other, one)
            or (
                one.country_code != other.country_code
                and None not in (one.country_code, other.country_code)
            )
        )
    if one.country_code != other.country_code:
        return True
    far = distance_km(one, other)
    if around_km:
        return far is not None and far > around_km
    if {PlacePrecision.SITE, PlacePrecision.DISTRICT} & {one.precision, other.precision}:
        return far is not None and far > rules.SITE_KM
    return True


def _beyond_region(region: Place, place: Place) -> bool:
    """Say whether a place lies in none of the provinces of a region: Kassala is not in Darfur."""
    if region.precision is not PlacePrecision.REGION or place.admin1 is None:
        return False
    provinces = rules.provinces_of(region)
    return bool(provinces) and place.admin1 not in provinces


def quarter_of(city: Place, place: Place) -> bool:
    """Say whether a place lies so near a town that it is a part of it, or is told of in its district and on no map."""
    small = {PlacePrecision.SITE, PlacePrecision.DISTRICT}
    if city.precision is PlacePrecision.DISTRICT:
        known = place.precision in small | {PlacePrecision.TOWN} and place.lat is None
        return known and (city.country_code, city.admin1) == (place.country_code, place.admin1)
    if city.precision is not PlacePrecision.TOWN or place.precision not in small:
        return False
    if place.lat is None:
        return (city.country_code, city.admin1) == (place.country_code, place.admin1)
    return is_within(city, place, rules.SITE_KM)

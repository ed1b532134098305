"""How two places lie to each other: the same, one inside the other, near, or elsewhere."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

from monitor.distance import distance_km
from monitor.incidents.wording import fold
from schemas.reasons import PlacePrecision
from schemas.report import Place

SITE_KM = 2.0
"""Two named sites nearer than this are one: the error of a gazetteer's point for a base or an airport."""

TOWN_KM = 20.0
"""A site this near to a town's centre is in it or is told by its name."""

DISTRICT_KM = 40.0
"""A district's centre and a town in it can be this far apart."""

NEIGHBOURS_KM = 6.0
"""Of two towns nearer than this, and a camp or a suburb beside one, outlets name either."""

_FINE = {
    PlacePrecision.SITE: 0,
    PlacePrecision.DISTRICT: 1,
    PlacePrecision.TOWN: 2,
    PlacePrecision.ADMIN1: 3,
    PlacePrecision.COUNTRY: 4,
    PlacePrecision.REGION: 5,
}


class Relation(IntEnum):
    """What two places are to each other."""

    UNPLACED = 0
    BROAD = 1
    CONTAINED = 2
    UNLOCATED = 3
    NEAR = 4
    OTHER = 5
    SAME_PROVINCE = 6
    SAME = 7


def is_broad(place: Place | None) -> bool:
    """Return whether the place says no more than a country or a region."""
    return place is None or place.precision in (PlacePrecision.COUNTRY, PlacePrecision.REGION)


_SEAS = frozenset("sea gulf strait channel ocean mediterranean".split())


def _are_one_sea(a: Place, b: Place) -> bool:
    """Return whether two reports name one sea: attacks on ships there are far fewer than in a country."""
    return fold(a.name) == fold(b.name) and not _SEAS.isdisjoint(fold(a.name).split())


_COASTS = {
    "red sea": "YE ER SA SD EG DJ IL JO",
    "gulf of aden": "YE SO DJ",
    "bab al mandab": "YE DJ ER",
    "arabian sea": "YE OM PK IN IR SO",
    "strait of hormuz": "IR AE OM",
    "gulf of oman": "IR OM AE PK",
    "persian gulf": "IR IQ KW SA BH QA AE OM",
    "indian ocean": "SO YE OM PK IN LK MV KE TZ MZ IR",
    "black sea": "UA RU TR RO BG GE",
    "sea of azov": "UA RU",
    "mediterranean": "IL LB SY TR CY GR EG LY TN DZ MA ES FR IT MT PS AL ME HR",
    "gulf of guinea": "NG BJ TG GH CM GQ CI ST GA",
    "south china sea": "CN PH VN MY TW BN ID",
    "sulu sea": "PH MY",
    "celebes sea": "PH MY ID",
    "caspian sea": "RU KZ TM IR AZ",
    "caribbean sea": "VE CO TT HT DO JM CU US PA",
    "baltic sea": "RU FI EE LV LT PL DE DK SE",
    "yellow sea": "CN KR KP",
}
"""Whose coasts a sea has: what one outlet tells of the sea another tells of the coast."""

NEAR_AT_SEA_KM = 500.0
"""Two reports of one attack on a ship name points of the coast that lie so far apart at most."""


def are_near_at_sea(a: Place, b: Place) -> bool:
    """Return whether a ship hit at one may be the one hit at the other: near by, one sea, or a sea and its coast."""
    apart = distance_km(a, b)
    if apart is not None:
        return apart <= NEAR_AT_SEA_KM
    left, right = _coasts(a), _coasts(b)
    return left is None or right is None or not left.isdisjoint(right)


def _coasts(place: Place) -> frozenset[str] | None:
    """Return whose coast it is or may be, ``None`` where nobody says."""
    sea = _COASTS.get(fold(place.name))
    codes = sea.split() if sea else [place.country_code] if place.country_code else []
    return frozenset(codes) or None


RELATED = 4096
"""Pairs of places remembered, which hold on to the places of incidents that are long gone."""


@lru_cache(maxsize=RELATED)
def relate(a: Place | None, b: Place | None) -> Relation:
    """Return how two places of one country lie to each other."""
    if a is None or b is None:
        return Relation.UNPLACED
    if is_broad(a) or is_broad(b):
        return Relation.SAME_PROVINCE if _are_one_sea(a, b) else Relation.BROAD
    if plain_name(a.name) == plain_name(b.name):
        return _same_name(a, b)
    fine, coarse = sorted((a, b), key=lambda p: _FINE[p.precision])
    if coarse.precision is PlacePrecision.ADMIN1:
        return _in_province(fine, coarse)
    if _other_province(a, b):
        return Relation.OTHER
    return _by_distance(fine, coarse)


_ARTICLES = frozenset(["al", "el", "ad", "ar", "as", "ash", "at", "az"])


def plain_name(name: str) -> str:
    """Return a place's name as it is compared: "Al-Qurna" and "Qurna" are one, with and without the Arabic article."""
    folded = fold(name)
    first, _, rest = folded.partition(" ")
    return rest if rest and first in _ARTICLES else folded


def _is_part_of_name(a: Place, b: Place) -> bool:
    """Return whether one name is the other and a word more ("Salt Lake", "Salt Lake City") in one province."""
    short, long = sorted((fold(a.name).split(), fold(b.name).split()), key=len)
    return len(short) + 1 == len(long) and long[: len(short)] == short


def _is_quarter_by_name(a: Place, b: Place) -> bool:
    """Return whether the name of one holds that of the other: "Hamburg-Altona" is in Hamburg."""
    short, long = sorted((set(fold(a.name).split()), set(fold(b.name).split())), key=len)
    return short < long


def _same_name(a: Place, b: Place) -> Relation:
    """Return SAME unless they are namesakes: other provinces, and points that are far apart.

    A place without a point is in no gazetteer, and its province is a guess from what stood beside it.
    """
    apart = distance_km(a, b)
    if _other_province(a, b) and apart is not None and apart > DISTRICT_KM:
        return Relation.OTHER
    if a.precision is PlacePrecision.ADMIN1 and b.precision is PlacePrecision.ADMIN1:
        return Relation.SAME_PROVINCE
    return Relation.SAME


def _other_province(a: Place, b: Place) -> bool:
    return bool(a.admin1 and b.admin1 and fold(a.admin1) != fold(b.admin1))


def _in_province(fine: Place, province: Place) -> Relation:
    if fine.precision is PlacePrecision.ADMIN1 or fine.admin1:
        inside = fine.admin1 and fold(fine.admin1) == fold(province.name)
        return Relation.CONTAINED if inside else Relation.OTHER
    return Relation.NEAR


def _by_distance(fine: Place, coarse: Place) -> Relation:
    """Return the relation of two places below a province with different names."""
    if fine.precision is coarse.precision and fine.admin1 and _is_part_of_name(fine, coarse):
        return Relation.SAME
    apart = distance_km(fine, coarse)
    named_after = fine.admin1 is not None and fold(fine.admin1) == fold(coarse.name)
    if coarse.precision is PlacePrecision.TOWN and fine.precision is not PlacePrecision.TOWN:
        if (
            named_after
            or _is_part_of_name(fine, coarse)
            or (apart is not None and apart <= TOWN_KM)
        ):
            return Relation.CONTAINED
        near = apart is None or (fine.precision is PlacePrecision.DISTRICT and apart <= DISTRICT_KM)
        return Relation.NEAR if near else Relation.OTHER
    if fine.precision is PlacePrecision.SITE:
        close = apart is not None and apart <= SITE_KM
        if close:
            return Relation.SAME
        return Relation.NEAR if coarse.precision is PlacePrecision.DISTRICT else Relation.OTHER
    return _of_equals(fine, coarse, apart)


def _of_equals(a: Place, b: Place, apart: float | None) -> Relation:
    """Return the relation of two towns, or of a district and a town in a province.

    One that is in no gazetteer may lie near the town that another outlet names.
    """
    if apart is not None:
        if apart <= TOWN_KM and _is_quarter_by_name(a, b):
            return Relation.CONTAINED
        neighbours = a.precision is PlacePrecision.TOWN and apart <= NEIGHBOURS_KM
        return Relation.NEAR if neighbours else Relation.OTHER
    one_unknown = a.admin1 and b.admin1 and (a.lat is None) is not (b.lat is None)
    return Relation.UNLOCATED if one_unknown else Relation.OTHER

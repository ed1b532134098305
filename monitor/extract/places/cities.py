"""Name a quarter together with the city it lies in: "Englewood, Chicago", "South Shore, Chicago".

A quarter alone says little to a reader who does not know the city, and one outlet writes the quarter
where another writes the city.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from monitor.distance import is_within
from monitor.extract.gazetteers import tables
from monitor.extract.places import words as place_words
from schemas.reasons import PlacePrecision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.extract.places.candidate import Candidate
    from schemas.report import Place

# A quarter lies within so many kilometres of the middle of a city of at least so many people.
CITY_RADIUS_KM = 20.0
MIN_CITY_PEOPLE = 250_000
MIN_MENTIONS = 2
_QUARTERS = (PlacePrecision.TOWN, PlacePrecision.DISTRICT)


def named_with_city(
    places: Sequence[Place | None], candidates: Sequence[Candidate]
) -> list[Place | None]:
    """Return the places, quarters of the article's city with the city's name after their own."""
    city = _city(places, candidates)
    if city is None:
        return list(places)
    return [
        _with_city(place, candidate, city) if place is not None else None
        for place, candidate in zip(places, candidates, strict=True)
    ]


def _city(places: Sequence[Place | None], candidates: Sequence[Candidate]) -> Place | None:
    """Return the city that the article names most, ``None`` where it names none twice."""
    named: Counter[str] = Counter()
    by_name: dict[str, Place] = {}
    for place, candidate in zip(places, candidates, strict=True):
        if (
            place
            and place.precision is PlacePrecision.TOWN
            and _people(place, candidate) >= MIN_CITY_PEOPLE
        ):
            named[place.name] += 1 + (candidate.sentence.index <= 1)
            by_name.setdefault(place.name, place)
    best = max(named, key=lambda name: named[name], default="")
    return by_name[best] if best and named[best] >= MIN_MENTIONS else None


def _people(place: Place, candidate: Candidate) -> int:
    return max((entry.people for entry in candidate.entries if entry.lat == place.lat), default=0)


def _with_city(place: Place, candidate: Candidate, city: Place) -> Place:
    if place.precision not in _QUARTERS or place.name == city.name or not city.admin1:
        return place
    if place.lat is None:
        inside = _is_quarter(candidate) and place.admin1 in (None, city.admin1)
        known = msgspec.structs.replace(place, admin1=city.admin1, lat=city.lat, lon=city.lon)
        return _renamed(known, city) if inside else place
    small = _people(place, candidate) * 2 < _city_people(city)
    near = place.admin1 == city.admin1 and is_within(place, city, CITY_RADIUS_KM)
    return _renamed(place, city) if small and near else place


def _city_people(city: Place) -> int:
    named = tables.load().named(city.name)
    return max((entry.people for entry in named if entry.lat == city.lat), default=0)


def _renamed(place: Place, city: Place) -> Place:
    return msgspec.structs.replace(place, name=f"{place.name}, {city.name}")


def _is_quarter(candidate: Candidate) -> bool:
    """Say whether a word says that it is a part of a town: "the South Shore neighborhood"."""
    doc = candidate.sentence.doc
    word = doc[candidate.last - 1] if candidate.last > candidate.end else doc[candidate.first]
    return candidate.typed is not None and word.lower_ in place_words.words().quarters

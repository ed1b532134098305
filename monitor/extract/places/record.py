"""Make the record of a place: of a known one as the gazetteer has it, of an unknown one by what stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from monitor.extract.gazetteers import tables
from monitor.extract.places import words as place_words
from schemas.reasons import PlacePrecision
from schemas.report import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.extract.gazetteers.tables import Entry
    from monitor.extract.places.candidate import Candidate
    from monitor.extract.places.context import Context

_ORDER = list(PlacePrecision)


def site(candidate: Candidate, entry: Entry) -> Place:
    """Return a site that is named for a known place: "Kabul airport"; "Kabul mosque" is some mosque in Kabul."""
    doc = candidate.sentence.doc
    phrase = doc[candidate.start : candidate.last]
    if (
        entry.precision in (PlacePrecision.COUNTRY, PlacePrecision.REGION)
        or candidate.last <= candidate.end
    ):
        return made(entry.name if entry.curated else written(candidate), entry.precision, entry)
    if phrase[-1].lower_ in place_words.words().common_sites and phrase[-1].is_lower:
        return made(entry.name if entry.curated else written(candidate), entry.precision, entry)
    return made(str(phrase.text), PlacePrecision.SITE, entry)


def unknown(candidate: Candidate, near: Sequence[Entry], context: Context) -> Place | None:
    """Return a place that no gazetteer has, in what is named beside it or what the article is about."""
    wide = _ORDER[_ORDER.index(PlacePrecision.ADMIN1) :]
    around = [entry for entry in near if entry.precision in wide or entry.admin1]
    # "Kashmir" lies in no one country; the district told behind it does.
    outer = next((e for e in around if e.country), next(iter(around), None))
    code = (outer.country if outer else "") or context.top
    if candidate.typed is PlacePrecision.SITE and outer is None and not candidate.where:
        return None
    if candidate.typed is None and not (candidate.where and code):
        return None
    precision = candidate.typed or PlacePrecision.TOWN
    name = written(candidate)
    admin1 = outer.admin1 if outer else context.main_province(code)
    if precision is PlacePrecision.ADMIN1:
        admin1 = name
    if precision is PlacePrecision.SITE and candidate.last > candidate.end:
        name = str(candidate.sentence.doc[candidate.start : candidate.last].text)
    country = tables.countries().get(code)
    return Place(
        name=name,
        admin1=admin1 or None,
        country=country.name if country else None,
        country_code=code or None,
        precision=precision,
    )


# A part of a town lies where the town does, if no gazetteer says better.
_PARTS = (PlacePrecision.DISTRICT, PlacePrecision.SITE)
_TOWNS = (PlacePrecision.TOWN, PlacePrecision.DISTRICT)


def in_town(place: Place, candidate: Candidate, near: Sequence[Entry]) -> Place:
    """Return a place without a point at that of the town it is told to be a part of.

    "The Parkha area of Zakho", "Mogadishu's Yaqshid district".
    """
    span = candidate.sentence.span
    owned = candidate.first > span.start and span.doc[candidate.first - 1].lower_ in ("'s", "’s")
    of = candidate.last < span.end and span.doc[candidate.last].lower_ in ("of", "in")
    part = of or owned
    if not part or place.lat is not None or place.precision not in _PARTS or not near:
        return place
    town = near[0]
    if town.precision not in _TOWNS or town.country != place.country_code:
        return place
    return replace(place, lat=town.lat, lon=town.lon)


def written(candidate: Candidate) -> str:
    """Return the name as the article writes it, without its capitals where all of it is in capitals."""
    text = " ".join(candidate.text.split())
    return text.title() if text.isupper() and len(text) > 4 else text  # noqa: PLR2004 - initials stay


def made(name: str, precision: PlacePrecision, entry: Entry) -> Place:
    """Return the place of an entry under the name and with the precision given."""
    country = tables.countries().get(entry.country)
    return Place(
        name=name,
        admin1=entry.admin1 or None,
        country=country.name if country else None,
        country_code=entry.country or None,
        lat=entry.lat,
        lon=entry.lon,
        precision=precision,
    )

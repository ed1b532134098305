"""Decide which place of a name is meant.

What counts, from strong to weak: a container named beside it ("Hit, Anbar province"), its type word
("Ghazni district"), the countries and provinces that the article is about, and its size.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec.structs import replace

from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key
from monitor.extract.places import cities as place_cities
from monitor.extract.places import record as place_record
from monitor.extract.places import words as place_words
from monitor.extract.places.candidate import is_struck
from monitor.extract.places.context import (
    MIN_PEOPLE_UNPROMPTED,
    is_guess,
    is_sure,
    size_of,
)
from schemas.reasons import PlacePrecision
from schemas.report import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.extract.gazetteers.tables import Entry
    from monitor.extract.places.candidate import Candidate
    from monitor.extract.places.context import Context

# Words that may stand between a place and the one it lies in, at most so many of them.
MAX_GAP_TOKENS = 7
_CONNECTORS = frozenset(
    ", in of 's ’s ' ’ ( ) / - – the near outside inside and on from at city town capital province "
    "district state region area governorate county village some about km kilometers kilometres "
    "miles north south east west its along within border".split()
)
# Weights in points; "six points of context" is an article about one country alone.
LINKED_CONTAINER, LINKED_PROVINCE, LINKED_COUNTRY = 8.0, 4.0, 3.0
# An adjective right before the place decides: "the Palestinian village of Duma".
NATIONALITY = 12.0
# What a place loses whose own name is another one, where a known place abroad has this one.
OTHER_SPELLING = 1.0
CONTEXT_COUNTRY, CONTEXT_PROVINCE = 6.0, 3.0
CURATED = 1.0
# A town's namesake abroad with so many times its people is the better known one.
DWARFED = 5
# With that many people "in Mosul" is the town, with fewer "in Idlib" may be the province around it.
MIN_PEOPLE_OF_TOWN = 300_000
# What a name alone adds to the context: a country with no more is spoken of nowhere else.
CONTEXT_OF_ONE_NAME = 2
_CONTAINERS = (PlacePrecision.ADMIN1, PlacePrecision.COUNTRY, PlacePrecision.REGION)
_ORDER = list(PlacePrecision)


def chains(candidates: Sequence[Candidate]) -> list[list[int]]:
    """Return runs of candidates that stand beside each other, as in "Hit, in Anbar province, Iraq"."""
    runs: list[list[int]] = []
    for index, candidate in enumerate(candidates):
        if runs and _is_linked(candidates[runs[-1][-1]], candidate):
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def _is_linked(left: Candidate, right: Candidate) -> bool:
    if left.sentence.index != right.sentence.index:
        return False
    between = right.sentence.doc[left.last : right.first]
    if len(between) > MAX_GAP_TOKENS:
        return False
    modifiers, adjectives = place_words.words().modifiers, tables.load().adjectives
    return all(
        token.lower_ in _CONNECTORS
        or token.lower_ in modifiers
        or token.pos_ in ("DET", "NUM")
        or (token.text[:1].isupper() and exact_key(token.text) in adjectives)
        for token in between
    )


def resolve(candidates: Sequence[Candidate], context: Context) -> list[Place | None]:
    """Return the place of each candidate; ``None`` where it is none after all."""
    found: list[Place | None] = [None] * len(candidates)
    addressed: dict[str, Place] = {}
    alone: set[int] = set()
    for run in chains(candidates):
        chosen: dict[int, Entry] = {}
        for index in reversed(run):
            others = [candidates[i] for i in run if i != index]
            entry = _choose(candidates[index], others, list(chosen.values()), context)
            if entry:
                chosen[index] = entry
        for index in run:
            near = [chosen[i] for i in _by_nearness(index, chosen)]
            province = _province_told(index, candidates, run, chosen)
            near = near if province is None else [province, *near]
            place = _place(candidates[index], chosen.get(index), near, context, told=province)
            found[index] = place and place_record.in_town(place, candidates[index], near)
            whose = place and place.country_code == _nationality(candidates[index])
            if place and (whose or (near and _is_at(place, near[0]))):
                addressed.setdefault(_sense(candidates[index]), place)
            elif not near:
                alone.add(index)
    settled = [
        addressed.get(_sense(candidate), place) if index in alone else place
        for index, (candidate, place) in enumerate(zip(candidates, found, strict=True))
    ]
    return place_cities.named_with_city(settled, candidates)


def _is_at(place: Place, address: Entry) -> bool:
    """Say whether it lies in what is named beside it: in its province, or in the country itself."""
    if address.precision is PlacePrecision.COUNTRY:
        return place.country_code == address.country
    return place.admin1 == address.admin1


def _province_told(
    index: int, candidates: Sequence[Candidate], run: Sequence[int], chosen: dict[int, Entry]
) -> Entry | None:
    """Return the province that a place is told to lie in: "in Gedeb in Ethiopia's Amhara region"."""
    inside = candidates[index]
    doc = inside.sentence.doc
    if inside.last >= len(doc) or doc[inside.last].lower_ != "in":
        return None
    for other in run[run.index(index) + 1 :]:
        entry = chosen.get(other)
        if entry is not None and candidates[other].typed is PlacePrecision.ADMIN1:
            return entry
        if entry is None or entry.precision is not PlacePrecision.COUNTRY:
            return None
    return None


def _by_nearness(index: int, chosen: dict[int, Entry]) -> list[int]:
    """Return the other members of a run: those that follow, nearest first, then those before."""
    return sorted((i for i in chosen if i != index), key=lambda i: (i < index, abs(i - index)))


def _sense(candidate: Candidate) -> str:
    """Return the key under which an article means one place throughout: its name, typed or not."""
    province = candidate.typed is PlacePrecision.ADMIN1 and not _is_vaguely_typed(candidate)
    if candidate.typed is PlacePrecision.SITE:
        # A town has a cafe and a hospital.
        phrase = candidate.sentence.doc[candidate.start : candidate.last]
        return f"{exact_key(phrase.text)}/{candidate.typed}"
    return exact_key(candidate.text) + (f"/{candidate.typed}" if province else "")


def _choose(
    candidate: Candidate, others: Sequence[Candidate], chosen: Sequence[Entry], context: Context
) -> Entry | None:
    options = [entry for entry in candidate.entries if _suits(entry, candidate.typed)]
    if not options and _is_vaguely_typed(candidate):
        options = list(candidate.entries)
    if not options and candidate.typed is PlacePrecision.TOWN:
        options = _seats(candidate) or _around(candidate)
    if candidate.typed is None:
        options = _towns_first(options)
    if not options:
        return None
    options = _sites_by_name(options, candidate)
    waters = [e for e in options if e.precision is PlacePrecision.REGION and not e.country]
    if waters and candidate.typed is not PlacePrecision.ADMIN1:
        return waters[0]

    def weight(entry: Entry) -> float:
        return _weight(entry, candidate, others, chosen, context)

    best = max(options, key=weight)
    return best if _is_plausible(best, candidate, chosen, context) else None


def _towns_first(options: list[Entry]) -> list[Entry]:
    """Return the options without the districts that are named for their town: "in Quetta" is in the town."""
    towns = {
        (e.country, e.admin1, exact_key(e.name))
        for e in options
        if e.precision is PlacePrecision.TOWN
    }
    return [
        e
        for e in options
        if e.precision is not PlacePrecision.DISTRICT
        or (e.country, e.admin1, exact_key(e.name)) not in towns
    ]


def _sites_by_name(options: list[Entry], candidate: Candidate) -> list[Entry]:
    """Return the places of the very name where a site has it: the White House, and not Casablanca, which it translates."""
    key = exact_key(candidate.text)
    named = [e for e in options if exact_key(e.name) == key]
    return named if any(e.precision is PlacePrecision.SITE for e in named) else options


def _seats(candidate: Candidate) -> list[Entry]:
    """Return the towns that bear a province's name, for "Deir Ezzor city", another spelling of the province's."""
    return [
        town
        for entry in candidate.entries
        if entry.precision is PlacePrecision.ADMIN1
        for town in tables.load().named(entry.name)
        if town.precision is PlacePrecision.TOWN and town.country == entry.country
    ]


def _around(candidate: Candidate) -> list[Entry]:
    """Return the land that a nameless town lies in: "a West Bank village"; "the village of Kano" is another one."""
    if candidate.last == candidate.end:
        return []
    return [entry for entry in candidate.entries if entry.precision in _CONTAINERS]


def _is_vaguely_typed(candidate: Candidate) -> bool:
    """Say whether the type word is "region", which fits a province, a district and the land around a town."""
    doc = candidate.sentence.doc
    return candidate.last > candidate.end and doc[candidate.last - 1].lower_ == "region"


def _suits(entry: Entry, typed: PlacePrecision | None) -> bool:
    """Say whether a place can be what the type word says."""
    if typed is PlacePrecision.ADMIN1:
        return entry.precision in (
            PlacePrecision.ADMIN1,
            PlacePrecision.REGION,
            PlacePrecision.COUNTRY,
        )
    if typed is PlacePrecision.TOWN:
        return entry.precision in (
            PlacePrecision.TOWN,
            PlacePrecision.DISTRICT,
            PlacePrecision.SITE,
        )
    return True


def _weight(
    entry: Entry,
    candidate: Candidate,
    others: Sequence[Candidate],
    chosen: Sequence[Entry],
    context: Context,
) -> float:
    linked = max((_link(entry, other) for other in chosen), default=0.0)
    if not linked:
        linked = 0.5 * max(
            (_link(entry, e) for other in others for e in other.entries[:3]), default=0.0
        )
    return (
        linked
        + CONTEXT_COUNTRY * context.country(entry.country)
        + CONTEXT_PROVINCE * context.province(entry.country, entry.admin1)
        + math.log10(size_of(entry, candidate.text) + 10) / 1.5
        + CURATED * (entry.curated and not _is_dwarfed(entry, candidate))
        + _level(entry, candidate)
        - OTHER_SPELLING * _is_other_spelling(entry, candidate)
        + NATIONALITY * (entry.country == _nationality(candidate))
    )


def _is_other_spelling(entry: Entry, candidate: Candidate) -> bool:
    """Say whether it is written otherwise, and another place as it stands: Samar in the Philippines, and Samara in Russia."""
    key = exact_key(candidate.text)
    exact = any(
        e.known and e.country != entry.country and exact_key(e.name) == key
        for e in candidate.entries
    )
    return exact and not entry.known and exact_key(entry.name) != key


def _is_dwarfed(entry: Entry, candidate: Candidate) -> bool:
    """Say whether a namesake abroad is a far larger town: Toledo in Ohio, and not in Norte de Santander."""
    if entry.known:
        return False
    people = DWARFED * max(entry.people, 1)
    return any(
        e.country != entry.country and size_of(e, candidate.text) > people
        for e in candidate.entries
        if e.precision is PlacePrecision.TOWN
    )


# "The Ukrainian port city of Odesa": so many words may stand between whose a place is and what it is.
MAX_KIND_WORDS = 2
_KINDS = frozenset({"NOUN", "ADJ", "PROPN"})


def _nationality(candidate: Candidate) -> str | None:
    """Return the country of the adjective or owner that stands before a place: "the Palestinian village of Duma", "Iran's Kurdistan"."""
    doc, start = candidate.sentence.doc, candidate.sentence.span.start
    before = candidate.first - 1
    if before > start and doc[before].text in ("'s", "’s"):
        owner = tables.load().countries_named(exact_key(doc[before - 1].text))
        return owner[0].country if owner and doc[before - 1].text[:1].isupper() else None
    least = max(start, before - MAX_KIND_WORDS)
    while before > least and doc[before].is_lower and doc[before].pos_ in _KINDS:
        before -= 1
    if before < start:
        return None
    word = doc[before].text
    return tables.load().adjectives.get(exact_key(word)) if word[:1].isupper() else None


def _level(entry: Entry, candidate: Candidate) -> float:
    """Return points for the level of the place: town or province of one name, state or town."""
    if candidate.typed is not None and entry.precision is candidate.typed:
        return 3.0
    if _is_vaguely_typed(candidate) and entry.precision is PlacePrecision.REGION:
        return 3.0
    if entry.precision is PlacePrecision.COUNTRY:
        return 2.0
    if entry.precision is PlacePrecision.TOWN and entry.people >= MIN_PEOPLE_OF_TOWN:
        return 1.5
    return 0.0


def _link(entry: Entry, other: Entry) -> float:
    """Return how well two places stand beside each other."""
    if entry.country != other.country or not entry.country:
        return 0.0
    if other.precision is PlacePrecision.COUNTRY or entry.precision is PlacePrecision.COUNTRY:
        return LINKED_COUNTRY
    if not entry.admin1 or entry.admin1 != other.admin1:
        return 1.0
    if PlacePrecision.ADMIN1 in (entry.precision, other.precision):
        return LINKED_CONTAINER
    return LINKED_PROVINCE


def _is_plausible(  # noqa: C901, PLR0911 - one line of evidence a return
    entry: Entry, candidate: Candidate, chosen: Sequence[Entry], context: Context
) -> bool:
    told_whose = entry.country == _nationality(candidate)
    if not told_whose and _is_namesake(entry, candidate, chosen, context):
        return False
    if is_guess(candidate) and not context.countries[entry.country]:
        return any(entry.country == other.country for other in chosen)
    if told_whose or entry.known or not context.countries:
        return True
    if candidate.typed is PlacePrecision.SITE and not context.countries[entry.country]:
        return False
    if any(entry.country == other.country for other in chosen):
        return True
    if any(other.precision in _CONTAINERS and other.country for other in chosen):
        return entry.people >= MIN_PEOPLE_UNPROMPTED
    if entry.curated and _is_target(candidate) and not _is_rivalled(entry, candidate):
        return True
    single = candidate.end - candidate.start == 1
    if entry.curated and candidate.where and not single and not _has_namesakes(candidate, context):
        return True
    if (
        entry.people >= MIN_PEOPLE_UNPROMPTED
        and (candidate.where or not candidate.weak or not single)
        and (not is_sure(context) or exact_key(entry.name) == exact_key(candidate.text))
    ):
        return True
    abroad = is_sure(context) and entry.country != context.top
    if context.countries[entry.country] > (CONTEXT_OF_ONE_NAME if abroad else 0):
        return True
    sure = is_sure(context)
    return candidate.where and not (sure if entry.curated else context.top)


def _is_target(candidate: Candidate) -> bool:
    """Say whether somebody strikes it, perhaps from another country: "Israeli troops raided Jenin", "a raid on Jenin"."""
    return candidate.weak or is_struck(candidate)


# A namesake abroad counts for something where it has a tenth of the people.
RIVAL = 10


def _is_rivalled(entry: Entry, candidate: Candidate) -> bool:
    """Say whether another country has a town of that name that is not much smaller."""
    return any(
        other.country != entry.country and other.people * RIVAL >= max(entry.people, 1)
        for other in candidate.entries
    )


def _has_namesakes(candidate: Candidate, context: Context) -> bool:
    """Say whether a common name is borne by towns of several countries and the article is about yet another."""
    lands = {entry.country for entry in candidate.entries}
    return len(lands) > 1 and bool(context.top) and context.top not in lands


def _is_namesake(
    entry: Entry, candidate: Candidate, chosen: Sequence[Entry], context: Context
) -> bool:
    """Say whether a quarter or village of the article's country has only a namesake abroad in the gazetteer."""
    return (
        candidate.typed in (PlacePrecision.TOWN, PlacePrecision.DISTRICT)
        and is_sure(context)
        and entry.country not in ("", context.top)
        and context.countries[entry.country] <= CONTEXT_OF_ONE_NAME
        and not any(entry.country == other.country for other in chosen)
    )


def _place(
    candidate: Candidate,
    entry: Entry | None,
    near: Sequence[Entry],
    context: Context,
    *,
    told: Entry | None,
) -> Place | None:
    typed = candidate.typed in (PlacePrecision.DISTRICT, PlacePrecision.TOWN)
    if entry is None or ((typed or told or _site_is_in(candidate)) and _contradicted(entry, near)):
        return _of_nation(place_record.unknown(candidate, near, context), candidate)
    if candidate.typed is PlacePrecision.SITE and entry.precision is not PlacePrecision.SITE:
        return place_record.site(candidate, entry)
    precision = entry.precision
    own = entry.curated or _is_in_capitals(candidate, entry)
    name = entry.name if own else place_record.written(candidate)
    if candidate.typed is PlacePrecision.DISTRICT and _is_district(candidate, entry):
        precision = PlacePrecision.DISTRICT
        name = place_record.written(candidate)
    return place_record.made(name, precision, entry)


def _of_nation(place: Place | None, candidate: Candidate) -> Place | None:
    """Return an unknown place in the country that is told with it: "the Yemeni port city of Hodeidah"."""
    code = _nationality(candidate)
    if place is None or place.country_code or code is None:
        return place
    return replace(place, country_code=code, country=tables.countries()[code].name)


def _site_is_in(candidate: Candidate) -> bool:
    """Say whether a site's place is told behind it: "the Zikim crossing in northern Gaza", not in the Zikim of the map."""
    doc, last = candidate.sentence.doc, candidate.last
    inside = last < candidate.sentence.span.end and doc[last].lower_ == "in"
    return candidate.typed is PlacePrecision.SITE and inside


def _contradicted(entry: Entry, near: Sequence[Entry]) -> bool:
    """Say whether the province named right after it is not the one the gazetteer has for it."""
    # "In Gedeb, East Gojjam Zone in Ethiopia's Amhara region"
    owned = len(near) > 1 and near[0].precision is PlacePrecision.COUNTRY
    outer = near[1] if owned and near[1].country == near[0].country else next(iter(near), None)
    if outer is None or outer.precision not in (PlacePrecision.ADMIN1, PlacePrecision.TOWN):
        return False
    abroad = entry.country != outer.country
    small = entry.precision in (PlacePrecision.TOWN, PlacePrecision.DISTRICT)
    well_known = entry.people >= (MIN_PEOPLE_OF_TOWN if abroad else MIN_PEOPLE_UNPROMPTED)
    return (
        bool(outer.admin1 and entry.admin1)
        and (small or (abroad and entry.precision is PlacePrecision.ADMIN1))
        and not (well_known and (entry.curated or abroad))
        and (entry.country, entry.admin1) != (outer.country, outer.admin1)
    )


def _is_district(candidate: Candidate, entry: Entry) -> bool:
    if entry.precision is PlacePrecision.TOWN:
        return True
    word = candidate.sentence.doc[candidate.last - 1].lower_
    return entry.precision is PlacePrecision.ADMIN1 and word.endswith(("district", "county"))


def _is_in_capitals(candidate: Candidate, entry: Entry) -> bool:
    """Say whether it is the gazetteer's name in capitals, as datelines have it: "GAZA"."""
    return candidate.text.isupper() and exact_key(candidate.text) == exact_key(entry.name)

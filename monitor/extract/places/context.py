"""Tell what an article is about: its countries, its provinces and its towns, in shares of what it names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key
from monitor.extract.places import home as place_home
from monitor.extract.places.candidate import begins_dateline
from schemas.reasons import PlacePrecision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.extract.facts import Reading
    from monitor.extract.gazetteers.tables import Entry, Gazetteer
    from monitor.extract.places.candidate import Candidate

# A town of that many people is known in any article; a smaller one needs its country to be spoken of.
MIN_PEOPLE_UNPROMPTED = 100_000
# An article that names one country so often does not mean a village of another one.
MIN_MENTIONS_TO_RULE_OUT = 4
# A village that no gazetteer has lies in the province that the article is about, if it is about one.
MAIN_PROVINCE, MIN_PROVINCE_MENTIONS = 0.6, 2


@dataclass(frozen=True)
class Context:
    """How much the article is about each country and each province, in shares of one."""

    countries: Counter[str]
    provinces: Counter[tuple[str, str]]
    towns: Counter[str]

    @cached_property
    def top(self) -> str:
        """The country the article is mostly about, empty where none holds half of the mentions."""
        ranked = self.countries.most_common(1)
        if not ranked or ranked[0][1] < 0.5 * sum(self.countries.values()):
            return ""
        return ranked[0][0]

    def country(self, code: str) -> float:
        """Return the country's share of the mentions."""
        total = sum(self.countries.values())
        return self.countries[code] / total if total else 0.0

    def main_province(self, code: str) -> str:
        """Return the province that holds most of what the article names in the country, else nothing."""
        inside = {name: n for (country, name), n in self.provinces.items() if country == code}
        name = max(inside, key=lambda key: inside[key], default="")
        sure = name and inside[name] >= MIN_PROVINCE_MENTIONS
        return name if sure and inside[name] >= MAIN_PROVINCE * sum(inside.values()) else ""

    def province(self, code: str, name: str) -> float:
        """Return the province's share of the mentions of provinces."""
        total = sum(self.provinces.values())
        return self.provinces[code, name] / total if total and name else 0.0


def context_of(reading: Reading, candidates: Sequence[Candidate], gazetteer: Gazetteer) -> Context:
    """Return what the article is about, from adjectives, unmistakable names and its source."""
    provinces = place_home.provinces(reading)
    home = place_home.countries(reading)
    home.update(country for country, _ in provinces)
    countries = home.copy()
    towns: Counter[str] = Counter()
    if reading.source_country:
        countries[reading.source_country] += 1
    for sentence in reading.sentences:
        for token in sentence.span:
            if token.text[:1].isupper() and (
                code := gazetteer.adjectives.get(exact_key(token.text))
            ):
                countries[code] += 1
    for candidate in candidates:
        entry = _namesake_at_home(candidate, home, countries) or _unmistakable(candidate)
        if entry and (entry.known or size_of(entry) >= MIN_PEOPLE_UNPROMPTED):
            countries[entry.country] += 2 if candidate.where or not _acts(candidate) else 1
            if entry.admin1:
                provinces[entry.country, entry.admin1] += 1 + _is_local_dateline(candidate, entry)
        if (
            entry
            and entry.precision is PlacePrecision.TOWN
            and entry.people >= MIN_PEOPLE_UNPROMPTED
        ):
            towns[entry.name] += 1
    if not countries.keys() - home.keys():
        countries.update(place_home.by_counties(reading))
    return Context(countries, provinces, towns)


def _is_local_dateline(candidate: Candidate, entry: Entry) -> bool:
    """Say whether an article is written from a town that is no capital: it tells of the land around it."""
    capital = exact_key(tables.countries()[entry.country].capital)
    return begins_dateline(candidate) and exact_key(entry.name) != capital


def _acts(candidate: Candidate) -> bool:
    """Say whether a country is only whose somebody is: "US warplanes", "Israel's army"."""
    doc, entry = candidate.sentence.doc, candidate.entries[0]
    token = doc[candidate.end - 1]
    bare = token.dep_ in ("compound", "amod", "nsubj")
    return entry.precision is PlacePrecision.COUNTRY and not candidate.weak and bare


def is_sure(context: Context) -> bool:
    """Say whether the article is about one country beyond doubt."""
    return bool(context.top) and context.countries[context.top] >= MIN_MENTIONS_TO_RULE_OUT


def _namesake_at_home(
    candidate: Candidate, home: Counter[str], countries: Counter[str]
) -> Entry | None:
    """Return the state of local news that a country bears the name of: Georgia, where nothing else tells of Tbilisi."""
    entries = candidate.entries
    if not entries or entries[0].precision is not PlacePrecision.COUNTRY:
        return None
    states = (e for e in entries if e.precision is PlacePrecision.ADMIN1 and home[e.country])
    return None if countries[entries[0].country] else next(states, None)


def _unmistakable(candidate: Candidate) -> Entry | None:
    entries = candidate.entries
    if not entries or not entries[0].country:
        return None
    if len({entry.country for entry in entries}) == 1:
        return entries[0]
    if entries[0].curated and entries[0].precision is PlacePrecision.COUNTRY:
        return entries[0]
    by_size = sorted(entries, key=lambda entry: -size_of(entry))
    second = next(e for e in by_size if e.country != by_size[0].country)
    return by_size[0] if size_of(by_size[0]) > 10 * size_of(second) else None


def size_of(entry: Entry) -> int:
    """Return its people; a country or province counts as a large town."""
    large = {PlacePrecision.COUNTRY: 10_000_000, PlacePrecision.ADMIN1: 1_000_000}
    return max(entry.people, large.get(entry.precision, 0))

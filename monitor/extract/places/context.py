"""Tell what an article is about: its countries, its provinces and its towns, in shares of what it names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key
from monitor.extract.places import home as place_home
from monitor.extract.places.candidate import begins_dateline
from schemas.reasons import PlacePrecision

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.extract.facts import Reading
    from monitor.extract.gazetteers.tables import Entry, Gazetteer
    from monitor.extract.places.candidate import Candidate

# A town of that many people is known in any article; a smaller one needs its country to be spoken of.
MIN_PEOPLE_UNPROMPTED = 100_000
# A town by a name that is not its usual one is as little known as a town of so many times fewer people;
# letters in common from which a name is a spelling of another.
OTHER_NAME, ALIKE = 20, 0.6
# Initials of a province have at most so many letters.
MAX_INITIALS = 3
# An article that names one country so often does not mean a village of another one.
MIN_MENTIONS_TO_RULE_OUT = 4
# A village that no gazetteer has lies in the province that the article is about, if it is about one.
MAIN_PROVINCE, MIN_PROVINCE_MENTIONS = 0.6, 2


@dataclass(frozen=True)
class Context:
    """How much the article is about each country and each province, in shares of one."""

    countries: Counter[str]
    provinces: Counter[tuple[str, str]]
    placed: Counter[str]

    @cached_property
    def top(self) -> str:
        """The country the article is mostly about, empty where none holds half of the mentions.

        A place named counts twice: "US jets" may bomb a town all through an article.
        """
        told = self.countries + self.placed
        ranked = told.most_common(1)
        if not ranked or ranked[0][1] < 0.5 * sum(told.values()):
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
    countries = home + _by_adjectives(reading, gazetteer)
    if reading.source_country:
        countries[reading.source_country] += 1
    placed: Counter[str] = Counter()
    for candidate, entry in _telling(candidates, home, countries):
        known = _is_well_known(candidate, entry)
        if _heads(candidate):
            countries[entry.country] += 3
        if _acts(candidate):
            countries[entry.country] += 1
        else:
            placed[entry.country] += 2 if known else 1
        if known and entry.admin1:
            provinces[entry.country, entry.admin1] += 1 + _is_local_dateline(candidate, entry)
    countries.update(placed)
    countries.update(place_home.by_counties(reading))
    return Context(countries, provinces, placed)


def _by_adjectives(reading: Reading, gazetteer: Gazetteer) -> Counter[str]:
    """Return how often the article has an adjective of each country."""
    told = (
        gazetteer.adjectives.get(exact_key(token.text))
        for sentence in reading.sentences
        for token in sentence.span
        if token.text[:1].isupper()
    )
    return Counter(code for code in told if code is not None)


def _telling(
    candidates: Sequence[Candidate], home: Counter[str], countries: Counter[str]
) -> Iterator[tuple[Candidate, Entry]]:
    """Yield the names that tell a country, with the place that each means."""
    for candidate in candidates:
        entry = _namesake_at_home(candidate, home, countries) or _unmistakable(candidate)
        if entry is not None and (
            _is_well_known(candidate, entry) or (candidate.where and _is_telling(entry, candidate))
        ):
            yield candidate, entry


def _is_well_known(candidate: Candidate, entry: Entry) -> bool:
    return entry.known or size_of(entry, candidate.text) >= MIN_PEOPLE_UNPROMPTED


def _is_telling(entry: Entry, candidate: Candidate) -> bool:
    """Say whether a small town tells the country all the same: "Ford Heights" is in one only, "Street" is a word."""
    return entry.curated or candidate.end - candidate.start > 1


def _is_local_dateline(candidate: Candidate, entry: Entry) -> bool:
    """Say whether an article is written from a town that is no capital: it tells of the land around it."""
    capital = exact_key(tables.countries()[entry.country].capital)
    return begins_dateline(candidate) and exact_key(entry.name) != capital


def _heads(candidate: Candidate) -> bool:
    """Say whether a headline begins with the country that it is about: "Philippines: rebels kill two in Samar"."""
    sentence, end = candidate.sentence, candidate.end
    country = candidate.entries[0].precision is PlacePrecision.COUNTRY
    if not (country and sentence.headline and candidate.start == sentence.span.start):
        return False
    return end < len(sentence.doc) and sentence.doc[end].text == ":"


def _acts(candidate: Candidate) -> bool:
    """Say whether a country is only whose somebody is: "US warplanes", "in US strikes", "Israel's army"."""
    doc, entry = candidate.sentence.doc, candidate.entries[0]
    token = doc[candidate.end - 1]
    whose = token.dep_ in ("compound", "amod") and token.head.i > token.i
    bare = whose or (not candidate.where and token.dep_ in ("compound", "amod", "nsubj"))
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
    if not entries or not entries[0].country or is_guess(candidate):
        return None
    if len({entry.country for entry in entries}) == 1:
        return entries[0]
    if entries[0].curated and entries[0].precision is PlacePrecision.COUNTRY:
        return entries[0]
    by_size = sorted(entries, key=lambda entry: -size_of(entry, candidate.text))
    first = by_size[0]
    second = next(e for e in by_size if e.country != first.country)
    sizes = size_of(first, candidate.text), size_of(second, candidate.text)
    return first if sizes[0] > 10 * sizes[1] else None


def is_guess(candidate: Candidate) -> bool:
    """Say whether the name is a place's only by a stretch, so that something else must speak of its country.

    "Kellys" has the consonants of Kilis, Adams was a name of Pulandian, and UP is more than Uttar Pradesh.
    """
    text, entry = candidate.text, candidate.entries[0]
    if entry.precision is PlacePrecision.COUNTRY:
        return False
    if text.isupper() and len(text) <= MAX_INITIALS and entry.known:
        return True
    if not tables.load().has_exactly(text):
        return not (candidate.where and _is_spelling(entry.name, text))
    return not any(
        e.curated or _is_spelling(e.name, text) or size_of(e, text) >= MIN_PEOPLE_UNPROMPTED
        for e in candidate.entries
    )


def size_of(entry: Entry, text: str) -> int:
    """Return its people; a country or province counts as a large town, another name of a town as a small one's."""
    large = {PlacePrecision.COUNTRY: 10_000_000, PlacePrecision.ADMIN1: 1_000_000}
    people = max(entry.people, large.get(entry.precision, 0))
    if entry.precision is PlacePrecision.ADMIN1:
        people += entry.people
    return people if entry.curated or _is_spelling(entry.name, text) else people // OTHER_NAME


@lru_cache(maxsize=8192)
def _is_spelling(name: str, text: str) -> bool:
    """Say whether a text is a spelling of a name, and not another name of the place: Adams of Pulandian."""
    key, written = exact_key(name), exact_key(text)
    if key == written or written in key or key in written:
        return True
    return SequenceMatcher(None, key, written, autojunk=False).ratio() >= ALIKE

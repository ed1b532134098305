"""The words that tell people, organisations and places apart, in the shape of `en-names.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from monitor.extract import lexicon
from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key
from monitor.extract.lexicon import Name, Word
from schemas.reasons import PlacePrecision

# A town of this size is known by its name alone; below it the name may as well be a surname.
LARGE_TOWN = 100_000
LOOKUPS = 8192


class NamesLexicon(lexicon.Lexicon, frozen=True, kw_only=True):
    """The shape of `en-names.toml`; the comments there say what each list does."""

    titles: tuple[Word, ...]
    roles: tuple[Word, ...]
    person_verbs: tuple[Word, ...]
    person_objects: tuple[Word, ...]
    particles: tuple[Word, ...]
    organisation_words: tuple[Word, ...]
    organisation_openers: tuple[Word, ...]
    organisations: tuple[Name, ...]
    organisation_followers: tuple[Word, ...]
    place_words: tuple[Word, ...]
    place_openers: tuple[Word, ...]
    place_followers: tuple[Word, ...]
    place_verbs: tuple[Word, ...]
    organisation_verbs: tuple[Word, ...]
    no_names: tuple[Word, ...]
    groups: tuple[Word, ...]
    given_names: tuple[Name, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NameWords:
    """The lists as sets, and nationality words of the gazetteer among the groups."""

    titles: frozenset[str]
    roles: frozenset[str]
    person_verbs: frozenset[str]
    person_objects: frozenset[str]
    particles: frozenset[str]
    organisation_words: frozenset[str]
    organisation_openers: frozenset[str]
    organisations: frozenset[str]
    organisation_followers: frozenset[str]
    place_words: frozenset[str]
    place_openers: frozenset[str]
    place_followers: frozenset[str]
    place_verbs: frozenset[str]
    organisation_verbs: frozenset[str]
    no_names: frozenset[str]
    groups: frozenset[str]
    given_names: frozenset[str]


@cache
def words() -> NameWords:
    """Return the word lists, read once a process.

    Raises:
        LexiconError: `en-names.toml` does not have its shape.
    """
    read = lexicon.load("en-names", NamesLexicon)
    nationalities = frozenset(
        adjective.lower()
        for country in tables.countries().values()
        for adjective in country.adjectives
    )
    return NameWords(
        titles=frozenset(read.titles),
        roles=frozenset(read.roles),
        person_verbs=frozenset(read.person_verbs),
        person_objects=frozenset(read.person_objects),
        particles=frozenset(read.particles),
        organisation_words=frozenset(read.organisation_words),
        organisation_openers=frozenset(read.organisation_openers),
        organisations=frozenset(exact_key(name) for name in read.organisations),
        organisation_followers=frozenset(read.organisation_followers),
        place_words=frozenset(read.place_words),
        place_openers=frozenset(read.place_openers),
        place_followers=frozenset(read.place_followers),
        place_verbs=frozenset(read.place_verbs),
        organisation_verbs=frozenset(read.organisation_verbs),
        no_names=frozenset(read.no_names),
        groups=frozenset(read.groups) | nationalities,
        given_names=frozenset(read.given_names),
    )


@lru_cache(maxsize=LOOKUPS)
def is_organisation(text: str) -> bool:
    """Say whether `text` is a listed organisation, whatever its case, accents and hyphens."""
    return exact_key(text) in words().organisations


@lru_cache(maxsize=LOOKUPS)
def place_weight(text: str) -> float:
    """Return how surely the gazetteer knows `text` as a place, from 0 (not at all) to 3."""
    entries = tables.load().named(text)
    if not entries:
        return 0.0
    if any(entry.precision is PlacePrecision.COUNTRY for entry in entries):
        return 3.0
    if any(entry.curated for entry in entries):
        return 2.0
    return 1.5 if max(entry.people for entry in entries) >= LARGE_TOWN else 0.75

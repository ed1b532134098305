"""The words by which English tells that a name is a place: ``en-places.toml`` as sets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from monitor.extract import lexicon
from monitor.extract.lexicon import Lexicon, Name, Word
from schemas.reasons import PlacePrecision

# "San Francisco de Macoris", "al-Hasakah", "Democratic Republic of the Congo": hyphens are tokens too.
MAX_NAME_TOKENS = 9
ARTICLES = frozenset("al el as ash ad adh ar at az an es".split())
JOINTS = frozenset("- – ' ’ ‘ / .".split())


class PlaceWords(Lexicon, frozen=True):
    """The shape of ``en-places.toml``."""

    strong: tuple[Word, ...]
    weak: tuple[Word, ...]
    admin1: tuple[Word, ...]
    district: tuple[Word, ...]
    town: tuple[Word, ...]
    site: tuple[Word, ...]
    streets: tuple[Word, ...]
    fillers: tuple[Word, ...]
    modifiers: tuple[Word, ...]
    titles: tuple[Word, ...]
    speech: tuple[Word, ...]
    acting: tuple[Word, ...]
    not_places: tuple[Word, ...]
    never: tuple[Word, ...]
    prefixes: tuple[Word, ...]
    quarters: tuple[Word, ...]
    asides: tuple[Word, ...]
    common_sites: tuple[Word, ...]
    at_home: dict[str, tuple[Word, ...]]
    regions: dict[str, tuple[Name, ...]]


@dataclass(frozen=True, slots=True)
class Words:
    """The lexicon as sets, and every type word with the precision it gives."""

    strong: frozenset[str]
    weak: frozenset[str]
    types: dict[str, PlacePrecision]
    streets: frozenset[str]
    fillers: frozenset[str]
    modifiers: frozenset[str]
    titles: frozenset[str]
    speech: frozenset[str]
    acting: frozenset[str]
    not_places: frozenset[str]
    never: frozenset[str]
    prefixes: frozenset[str]
    quarters: frozenset[str]
    asides: frozenset[str]
    common_sites: frozenset[str]
    at_home: dict[str, str]
    regions: dict[str, frozenset[str]]


@cache
def words() -> Words:
    """Return the lexicon, read once."""
    lex = lexicon.load("en-places", PlaceWords)
    types = {
        **dict.fromkeys(lex.site, PlacePrecision.SITE),
        **dict.fromkeys(lex.town, PlacePrecision.TOWN),
        **dict.fromkeys(lex.district, PlacePrecision.DISTRICT),
        **dict.fromkeys(lex.admin1, PlacePrecision.ADMIN1),
    }
    return Words(
        strong=frozenset(lex.strong),
        weak=frozenset(lex.weak),
        types=types,
        streets=frozenset(lex.streets),
        fillers=frozenset(lex.fillers),
        modifiers=frozenset(lex.modifiers),
        titles=frozenset(lex.titles),
        speech=frozenset(lex.speech),
        acting=frozenset((*lex.speech, *lex.acting)),
        not_places=frozenset(lex.not_places),
        never=frozenset(lex.never),
        prefixes=frozenset(lex.prefixes),
        quarters=frozenset(lex.quarters),
        asides=frozenset(lex.asides),
        common_sites=frozenset(lex.common_sites),
        at_home={word: code for code, told in lex.at_home.items() for word in told},
        regions={region: frozenset(told) for region, told in lex.regions.items()},
    )

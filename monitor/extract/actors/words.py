"""The words of actors: the lexicon ``en-actors.toml`` as it is looked up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from monitor.extract import lexicon
from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key
from monitor.extract.lexicon import Lexicon, Name, Word

# Initials are names only as they are written: "IS", "AA", "SAF".
MAX_INITIALS = 5


class Group(Lexicon, frozen=True):
    """One group of ``en-actors.toml``."""

    also: tuple[Name, ...] = ()
    country: str = ""
    state: bool = False


class ActorWords(Lexicon, frozen=True):
    """The shape of ``en-actors.toml``."""

    forces: tuple[Word, ...]
    own_forces: tuple[Word, ...]
    generic: tuple[Word, ...]
    qualifiers: tuple[Word, ...]
    light: tuple[Word, ...]
    blame: tuple[Word, ...]
    claim: tuple[Word, ...]
    people: tuple[Word, ...]
    state_deeds: tuple[Word, ...]
    not_targets: tuple[Word, ...]
    groups: dict[Name, Group]


@dataclass(frozen=True, slots=True)
class Known:
    """A name of a group as it is looked up."""

    name: str
    country: str
    state: bool
    initials: str


@dataclass(frozen=True, slots=True)
class _Index:
    groups: dict[str, Known]
    first: frozenset[str]
    forces: frozenset[str]
    own: frozenset[str]
    generic: frozenset[str]
    qualifiers: frozenset[str]
    light: frozenset[str]
    blame: frozenset[str]
    claim: frozenset[str]
    people: frozenset[str]
    deeds: frozenset[str]
    not_targets: frozenset[str]
    adjectives: dict[str, str]
    capitals: dict[str, str]


@cache
def index_of_names() -> _Index:
    """Return the lexicon as it is looked up, read once."""
    lex = lexicon.load("en-actors", ActorWords)
    groups: dict[str, Known] = {}
    for name, group in lex.groups.items():
        for alias in (name, *group.also):
            initials = alias if alias.isupper() and len(alias) <= MAX_INITIALS else ""
            groups[exact_key(alias)] = Known(name, group.country, group.state, initials)
    return _Index(
        groups=groups,
        first=frozenset(key.split()[0] for key in groups),
        forces=frozenset(lex.forces),
        own=frozenset(lex.own_forces),
        generic=frozenset(lex.generic),
        qualifiers=frozenset(lex.qualifiers),
        light=frozenset(lex.light),
        blame=frozenset(lex.blame),
        claim=frozenset(lex.claim),
        people=frozenset(lex.people),
        deeds=frozenset(lex.state_deeds),
        not_targets=frozenset(lex.not_targets),
        adjectives=tables.load().adjectives,
        capitals={exact_key(c.capital): c.code for c in tables.countries().values()},
    )


def is_written(known: Known, text: str) -> bool:
    """Say whether the capitals are those of a name."""
    if known.initials:
        return text == known.initials
    return any(letter.isupper() for letter in text)

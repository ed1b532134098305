"""The nouns for people that the grammar of groups knows (``lexicons/en-people.toml``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from monitor.extract import lexicon
from monitor.extract.lexicon import Lexicon, Word


class People(Lexicon, frozen=True):
    """The shape of ``en-people.toml``."""

    person: tuple[Word, ...]
    plural: tuple[Word, ...]
    sets: dict[Word, int]
    collectives: tuple[Word, ...]
    perpetrators: tuple[Word, ...]
    pronouns_one: tuple[Word, ...]
    pronouns_many: tuple[Word, ...]
    nobody: tuple[Word, ...]
    determiners_one: tuple[Word, ...]
    determiners_definite: tuple[Word, ...]
    modifiers: tuple[Word, ...]
    stops: tuple[Word, ...]
    things: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Nouns:
    """The lexicon of people as sets; ``det_one`` are determiners of one person in words."""

    singular: frozenset[str]
    plural: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    sets: dict[str, int]
    collectives: frozenset[str]
    perpetrators: frozenset[str]
    one: frozenset[str]
    many: frozenset[str]
    nobody: frozenset[str]
    det_one: tuple[tuple[str, ...], ...]
    definite: frozenset[str]
    modifiers: frozenset[str]
    stops: frozenset[str]
    things: frozenset[str]


@cache
def load_nouns() -> Nouns:
    """Return the lexicon of people, loaded once a process."""
    lex = lexicon.load("en-people", People)
    single = frozenset(word for word in lex.person if " " not in word)
    return Nouns(
        singular=single,
        plural=frozenset(lex.plural) | frozenset(_plural(word) for word in single),
        pairs=frozenset(),
        sets=lex.sets,
        collectives=frozenset(lex.collectives),
        perpetrators=frozenset(lex.perpetrators),
        one=frozenset(lex.pronouns_one),
        many=frozenset(lex.pronouns_many),
        nobody=frozenset(lex.nobody),
        det_one=tuple(tuple(phrase.split()) for phrase in lex.determiners_one),
        definite=frozenset(lex.determiners_definite),
        modifiers=frozenset(lex.modifiers),
        stops=frozenset(lex.stops),
        things=frozenset(lex.things),
    )


def _plural(noun: str) -> str:
    """Return the regular plural of a noun of people."""
    if noun.endswith("man"):
        return f"{noun[:-3]}men"
    if noun.endswith("child"):
        return f"{noun}ren"
    if noun.endswith(("s", "ch", "sh", "x")):
        return f"{noun}es"
    if noun.endswith("y") and noun[-2] not in "aeo":
        return f"{noun[:-1]}ies"
    return f"{noun}s"


def is_person(word: str) -> bool:
    """Tell whether a lower-case word is a known noun for one or more people."""
    nouns = load_nouns()
    return word in nouns.singular or word in nouns.plural or word in nouns.sets


def is_stop(word: str) -> bool:
    """Tell whether a lower-case word ends a noun phrase, whatever the tagger says of it; articles do not count here."""
    return word in load_nouns().stops and word not in {
        "the",
        "a",
        "an",
        "his",
        "her",
        "their",
        "its",
        "this",
        "that",
        "it",
    }


def is_perpetrator(word: str) -> bool:
    """Tell whether a lower-case word names those who attack."""
    return word in load_nouns().perpetrators

"""The words that may tell an event, as data in ``lexicons/en-events/`` (a file a family) with strict shapes.

A phrase is found by its words in any letter case and inflection, whatever the tagger made of them:
headlines and wire capitals lead a tagger astray exactly where the news stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from monitor.extract import lexicon
from monitor.extract.lexicon import Lexicon, Word
from schemas.reasons import EventType

FAMILIES = ("air", "shelling", "blast", "gunfire", "clash", "other", "operations")
Strength = Literal[
    "strong",
    "medium",
    "weak",
    "killing",
    "hurting",
    "device",
    "device_verb",
    "wrecking",
    "agent",
    "ramming",
    "operation",
    "captive",
    "to_death",
]
Pos = Literal["noun", "verb"]


class TriggerGroup(Lexicon, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Phrases that tell the same type of event equally surely."""

    pos: Pos
    type: EventType
    strength: Strength
    phrases: tuple[Word, ...]
    weapon: str | None = None


class Family(Lexicon, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of ``lexicons/en-events/``."""

    triggers: tuple[TriggerGroup, ...]


class WeaponEntry(Lexicon, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of weapon, its canonical name and the type of event that it makes."""

    name: str
    type: EventType
    words: tuple[Word, ...]


class WeaponsFile(Lexicon, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``lexicons/en-event-weapons.toml``."""

    weapons: tuple[WeaponEntry, ...]


class Senses(Lexicon, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``lexicons/en-event-senses.toml``: cue words for each rule."""

    sport: tuple[Word, ...]
    market: tuple[Word, ...]
    labour: tuple[Word, ...]
    cyber: tuple[Word, ...]
    animal: tuple[Word, ...]
    disease: tuple[Word, ...]
    drill: tuple[Word, ...]
    fiction: tuple[Word, ...]
    accident: tuple[Word, ...]
    disaster: tuple[Word, ...]
    traffic: tuple[Word, ...]
    abstract: tuple[Word, ...]
    verbal: tuple[Word, ...]
    talkers: tuple[Word, ...]
    foiled: tuple[Word, ...]
    threat: tuple[Word, ...]
    plan: tuple[Word, ...]
    fear: tuple[Word, ...]
    hypothetical: tuple[Word, ...]
    prevent: tuple[Word, ...]
    call: tuple[Word, ...]
    deny: tuple[Word, ...]
    trial: tuple[Word, ...]
    anniversary: tuple[Word, ...]
    history: tuple[Word, ...]
    repeated: tuple[Word, ...]
    occur: tuple[Word, ...]
    armed: tuple[Word, ...]
    fighters: tuple[Word, ...]
    target: tuple[Word, ...]
    saying: tuple[Word, ...]
    harmless: tuple[Word, ...]
    reaction: tuple[Word, ...]
    released: tuple[Word, ...]
    judged: tuple[Word, ...]
    misfire: tuple[Word, ...]
    spent: tuple[Word, ...]
    left_over: tuple[Word, ...]
    judicial: tuple[Word, ...]
    warning_shots: tuple[Word, ...]
    bands: tuple[Word, ...]
    arms: tuple[Word, ...]
    words_thrown: tuple[Word, ...]
    tried: tuple[Word, ...]
    lasting: tuple[Word, ...]
    going_on: tuple[Word, ...]
    mishap: tuple[Word, ...]
    militants: tuple[Word, ...]
    soldiers: tuple[Word, ...]
    raising: tuple[Word, ...]
    device_verbs: tuple[Word, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One phrase of the lexicon, in words."""

    words: tuple[str, ...]
    pos: Pos
    event_type: EventType
    strength: Strength
    weapon: str | None


_IRREGULAR = {
    "shoot": ("shot",), "strike": ("struck", "stricken"), "hit": ("hit",), "fight": ("fought",), "slay": ("slew", "slain"),
    "blow": ("blew", "blown"), "go": ("went", "gone"), "take": ("took", "taken"), "set": ("set",), "hold": ("held",),
    "beat": ("beat", "beaten"), "drive": ("drove", "driven"), "burn": ("burnt",), "tear": ("tore", "torn"), "hurt": ("hurt",),
    "overrun": ("overran",), "behead": (), "mow": ("mown",), "plough": (), "burst": ("burst",),
}  # fmt: skip
_PLURALS = {"knife": "knives", "man": "men", "gunman": "gunmen"}
_VOWELS = "aeiou"


def noun_forms(word: str) -> set[str]:
    """Return the singular and the plural."""
    if word in _PLURALS:
        return {word, _PLURALS[word]}
    if word.endswith(("s", "sh", "ch", "x")):
        return {word, word + "es"}
    if word.endswith("y") and word[-2] not in _VOWELS:
        return {word, word[:-1] + "ies"}
    return {word, word + "s"}


def verb_forms(word: str) -> set[str]:
    """Return all inflections of a verb, by rule and by the table of irregular ones."""
    stem = word.removesuffix("e")
    doubled = stem + stem[-1] if _doubles(word) else stem
    past = (
        {doubled + "ed"} if not word.endswith("y") or word[-2] in _VOWELS else {word[:-1] + "ied"}
    )
    third = noun_forms(word) - {word}
    return {word, doubled + "ing", *third, *past, *_IRREGULAR.get(word, ())}


_DOUBLING = frozenset("stab ram set hit kidnap gun rip".split())


def _doubles(word: str) -> bool:
    """Say whether the last consonant doubles before "-ed" and "-ing": "stab", not "bomb" or "shoot"."""
    return word in _DOUBLING


def _entries() -> Iterator[tuple[frozenset[str], Entry]]:
    for family in FAMILIES:
        for group in lexicon.load(f"en-events/{family}", Family).triggers:
            for phrase in group.phrases:
                words = tuple(phrase.replace("-", " ").split())
                entry = Entry(
                    words=words,
                    pos=group.pos,
                    event_type=group.type,
                    strength=group.strength,
                    weapon=group.weapon,
                )
                yield _inflected(words, group.pos), entry


def _inflected(words: tuple[str, ...], pos: Pos) -> frozenset[str]:
    """Return all forms of a phrase; a noun bends at its end, a verb at its beginning."""
    if pos == "noun":
        return frozenset(" ".join((*words[:-1], form)) for form in noun_forms(words[-1]))
    return frozenset(" ".join((form, *words[1:])) for form in verb_forms(words[0]))


@lru_cache(maxsize=1)
def phrases() -> dict[str, tuple[Entry, ...]]:
    """Return the entries by each form of their phrase, words joined by blanks, hyphens as blanks."""
    found: dict[str, tuple[Entry, ...]] = {}
    for forms, entry in _entries():
        for form in forms:
            found[form] = (*found.get(form, ()), entry)
    return found


@lru_cache(maxsize=1)
def openings() -> frozenset[str]:
    """Return the first words of all phrases: no phrase begins at any other."""
    return frozenset(form.split()[0] for form in phrases())


@lru_cache(maxsize=1)
def longest() -> int:
    """Return the number of words of the longest phrase."""
    return max(len(form.split()) for form in phrases())


@lru_cache(maxsize=1)
def weapons() -> dict[str, WeaponEntry]:
    """Return the kinds of weapons by each form of their words, hyphens as blanks."""
    entries = lexicon.load("en-event-weapons", WeaponsFile).weapons
    return {
        form: entry
        for entry in entries
        for word in entry.words
        for form in _inflected(tuple(word.replace("-", " ").split()), "noun")
    }


@dataclass(frozen=True, slots=True)
class Cues:
    """The cue lists as sets of single words, and of phrases of several words."""

    words: dict[str, frozenset[str]]
    phrases: dict[str, tuple[str, ...]]

    def __getitem__(self, name: str) -> frozenset[str]:
        """Return the single words of a list."""
        return self.words[name]


@lru_cache(maxsize=1)
def cues() -> Cues:
    """Return the cue lists of ``en-event-senses.toml``."""
    senses = lexicon.load("en-event-senses", Senses)
    lists = {name: getattr(senses, name) for name in Senses.__struct_fields__}
    return Cues(
        words={
            name: frozenset(word for word in words if " " not in word)
            for name, words in lists.items()
        },
        phrases={
            name: tuple(word for word in words if " " in word) for name, words in lists.items()
        },
    )

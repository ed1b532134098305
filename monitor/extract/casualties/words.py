"""The words of harm: which forms kill, which hurt, and what stands around them (``lexicons/en-harm.toml``)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from monitor.extract import lexicon
from monitor.extract.lexicon import Lexicon, Word


class Forms(Lexicon, frozen=True):
    """The forms of a class of verbs."""

    past: tuple[Word, ...]
    base: tuple[Word, ...]
    present: tuple[Word, ...]
    gerund: tuple[Word, ...]


class HarmWords(Lexicon, frozen=True):
    """The table ``[words]`` of ``en-harm.toml``."""

    fatal_after: tuple[Word, ...]
    fatal_before: tuple[Word, ...]
    dead: tuple[Word, ...]
    hurt: tuple[Word, ...]
    death_nouns: tuple[Word, ...]
    murders: tuple[Word, ...]
    crimes: tuple[Word, ...]
    death_counts: tuple[Word, ...]
    injury_nouns: tuple[Word, ...]
    injury_counts: tuple[Word, ...]
    casualty_counts: tuple[Word, ...]
    bodies: tuple[Word, ...]
    tolls: tuple[Word, ...]
    toll_kinds: tuple[Word, ...]
    numbers_of: tuple[Word, ...]
    toll_verbs: tuple[Word, ...]
    lives: tuple[Word, ...]
    martyrdom: tuple[Word, ...]
    limbs: tuple[Word, ...]
    claim_lives: tuple[Word, ...]
    be: tuple[Word, ...]
    have: tuple[Word, ...]
    adverbs: tuple[Word, ...]
    negations: tuple[Word, ...]
    modals: tuple[Word, ...]
    factual_before_to: tuple[Word, ...]
    none_before: tuple[Word, ...]
    none_between: tuple[Word, ...]
    none_unless: tuple[Word, ...]
    loss_of_life: tuple[Word, ...]
    unhurt: tuple[Word, ...]
    running: tuple[Word, ...]
    since_this: tuple[Word, ...]
    corrections: tuple[Word, ...]
    outdated_before: tuple[Word, ...]
    part_before: tuple[Word, ...]
    killed_set: tuple[Word, ...]
    injured_set: tuple[Word, ...]
    fatally_after_count: tuple[Word, ...]
    treated: tuple[Word, ...]
    suffered: tuple[Word, ...]
    wounds: tuple[Word, ...]
    bringing: tuple[Word, ...]
    separators: tuple[Word, ...]
    wanted_before: tuple[Word, ...]
    outdated: tuple[Word, ...]
    condition: tuple[Word, ...]
    conditions: tuple[Word, ...]
    hospitals: tuple[Word, ...]
    care: tuple[Word, ...]


class Harm(Lexicon, frozen=True):
    """The shape of ``en-harm.toml``."""

    kill: Forms
    die: Forms
    injure: Forms
    hit: Forms
    multiples: dict[Word, int]
    words: HarmWords


class Form(StrEnum):
    """A verb form, as far as it tells who is the victim."""

    PAST = "past"
    BASE = "base"
    PRESENT = "present"
    GERUND = "gerund"


class Verb(StrEnum):
    """A class of verbs of harm."""

    KILL = "kill"
    DIE = "die"
    INJURE = "injure"
    HIT = "hit"


Phrases = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class HarmLexicon:
    """The lexicon with its verbs by form, its word lists as sets and its phrases split into words."""

    verbs: dict[str, tuple[Verb, Form]]
    sets: dict[str, frozenset[str]]
    phrases: dict[str, Phrases]
    begins: dict[str, frozenset[str]]
    cues: frozenset[str]
    multiples: dict[str, int]

    def is_(self, name: str, word: str) -> bool:
        """Tell whether `word` is in the list `name`."""
        return word in self.sets[name]


# A sentence without a verb of harm and without a word of these lists makes no claim.
_CUES = (
    "dead",
    "death_nouns",
    "death_counts",
    "injury_nouns",
    "injury_counts",
    "casualty_counts",
    "bodies",
    "tolls",
    "lives",
    "martyrdom",
    "limbs",
    "wounds",
    "fatally_after_count",
    "numbers_of",
    "condition",
    "hospitals",
    "care",
)


@cache
def harm() -> HarmLexicon:
    """Return the lexicon of harm, loaded once a process."""
    lex = lexicon.load("en-harm", Harm)
    verbs: dict[str, tuple[Verb, Form]] = {}
    for verb in Verb:
        for form in Form:
            for word in getattr(getattr(lex, verb.value), form.value):
                verbs.setdefault(word, (verb, form))
    lists = {name: getattr(lex.words, name) for name in HarmWords.__struct_fields__}
    sets = {name: frozenset(entries) for name, entries in lists.items()}
    return HarmLexicon(
        verbs=verbs,
        sets=sets,
        cues=frozenset(verbs).union(lex.multiples, *(sets[name] for name in _CUES)),
        multiples=lex.multiples,
        phrases={name: tuple(tuple(e.split()) for e in entries) for name, entries in lists.items()},
        begins={name: frozenset(e.split()[0] for e in entries) for name, entries in lists.items()},
    )

"""The words by which somebody takes a stance: ``en-statements.toml`` as sets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from monitor.extract import lexicon
from monitor.extract.lexicon import Lexicon, Word
from schemas.reasons import Stance

if TYPE_CHECKING:
    from spacy.tokens import Token


# Words by which a group owns up to a deed: "claimed responsibility for it", "said it was behind it".
_OWNED = ("responsibility", "credit", "behind")


class StatementWords(Lexicon, frozen=True):
    """The shape of ``en-statements.toml``."""

    condemn: tuple[Word, ...]
    denounce: tuple[Word, ...]
    reject: tuple[Word, ...]
    accuse: tuple[Word, ...]
    deny: tuple[Word, ...]
    dispute: tuple[Word, ...]
    dismay: tuple[Word, ...]
    name_calling: tuple[Word, ...]
    crime_people: tuple[Word, ...]
    call: tuple[Word, ...]
    wanted: tuple[Word, ...]
    threaten: tuple[Word, ...]
    revenge: tuple[Word, ...]
    condemn_nouns: tuple[Word, ...]
    denounce_nouns: tuple[Word, ...]
    reject_nouns: tuple[Word, ...]
    express: tuple[Word, ...]
    draw: tuple[Word, ...]
    drew: tuple[Word, ...]
    not_said: tuple[Word, ...]
    done: tuple[Word, ...]
    modals: tuple[Word, ...]
    negations: tuple[Word, ...]
    conditions: tuple[Word, ...]
    crimes: tuple[Word, ...]
    strong: tuple[Word, ...]
    violence: tuple[Word, ...]
    proposals: tuple[Word, ...]
    crime_nouns: tuple[Word, ...]
    deeds: tuple[Word, ...]
    verbal: tuple[Word, ...]
    demonstrate: tuple[Word, ...]
    speech: tuple[Word, ...]
    messages: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The lexicon as sets; `verbs` and `nouns` give the stance of a cue."""

    verbs: dict[str, Stance]
    nouns: dict[str, Stance]
    accuse: frozenset[str]
    dismay: frozenset[str]
    name_calling: frozenset[str]
    crime_people: frozenset[str]
    call: frozenset[str]
    wanted: frozenset[str]
    threaten: frozenset[str]
    revenge: frozenset[str]
    express: frozenset[str]
    draw: frozenset[str]
    drew: frozenset[str]
    not_said: frozenset[str]
    done: frozenset[str]
    modals: frozenset[str]
    negations: frozenset[str]
    conditions: frozenset[str]
    crimes: tuple[str, ...]
    strong: tuple[str, ...]
    violence: frozenset[str]
    proposals: frozenset[str]
    crime_nouns: frozenset[str]
    deeds: frozenset[str]
    verbal: frozenset[str]
    demonstrate: frozenset[str]
    speech: frozenset[str]
    messages: frozenset[str]
    all_cues: frozenset[str]
    told: re.Pattern[str]


@cache
def words() -> Words:
    """Return the lexicon, read once."""
    lex = lexicon.load("en-statements", StatementWords)
    verbs = {
        **dict.fromkeys(lex.dispute, Stance.DISPUTE),
        **dict.fromkeys(lex.deny, Stance.DENY),
        **dict.fromkeys(lex.reject, Stance.REJECT),
        **dict.fromkeys(lex.denounce, Stance.DENOUNCE),
        **dict.fromkeys(lex.condemn, Stance.CONDEMN),
    }
    nouns = {
        **dict.fromkeys(lex.condemn_nouns, Stance.CONDEMN),
        **dict.fromkeys(lex.denounce_nouns, Stance.DENOUNCE),
        **dict.fromkeys(lex.reject_nouns, Stance.REJECT),
    }
    return Words(
        verbs=verbs,
        nouns=nouns,
        accuse=frozenset(lex.accuse),
        dismay=frozenset(lex.dismay),
        name_calling=frozenset(lex.name_calling),
        crime_people=frozenset(lex.crime_people),
        call=frozenset(lex.call),
        wanted=frozenset(lex.wanted),
        threaten=frozenset(lex.threaten),
        revenge=frozenset(lex.revenge),
        express=frozenset(lex.express),
        draw=frozenset(lex.draw),
        drew=frozenset(lex.drew),
        not_said=frozenset(lex.not_said),
        done=frozenset(lex.done),
        modals=frozenset(lex.modals),
        negations=frozenset(lex.negations),
        conditions=frozenset(lex.conditions),
        crimes=lex.crimes,
        strong=lex.strong,
        violence=frozenset(lex.violence),
        proposals=frozenset(lex.proposals),
        crime_nouns=frozenset(lex.crime_nouns),
        deeds=frozenset(lex.deeds),
        verbal=frozenset(lex.verbal),
        demonstrate=frozenset(lex.demonstrate),
        speech=frozenset(lex.speech),
        messages=frozenset(lex.messages),
        all_cues=frozenset(
            (
                *verbs,
                *nouns,
                *lex.accuse,
                *lex.dismay,
                *lex.name_calling,
                *lex.call,
                *lex.threaten,
                *_OWNED,
                "summon",
            )
        ),
        told=re.compile("|".join(map(re.escape, (*lex.crimes, *lex.strong)))),
    )


# "A test of a missile", "the drone programme", "arms sales": nobody is attacked.
_HARMLESS = frozenset(
    "test testing programme program sale export purchase deployment exercise drill parade".split()
)


def is_violent_phrase(head: Token) -> bool:
    """Say whether the phrase over `head` has a word of violence."""
    violence = words().violence
    if head.lemma_.lower() in _HARMLESS:
        return False
    return any(token.lower_ in violence for token in (head, *head.subtree))

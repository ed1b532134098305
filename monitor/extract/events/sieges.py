"""Read the end of a siege: it began before the day on which it is told to be over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from schemas.report import DayRange

if TYPE_CHECKING:
    from spacy.tokens import Token

    from monitor.extract.facts import Sentence

ENDING = frozenset({"end", "conclude", "finish"})
LASTING = frozenset({"siege", "standoff", "stand-off", "battle", "gunfight", "shootout"})
# Groups claim what they did within so many days of it, as a rule.
CLAIMED_WITHIN = 4
SITED = frozenset({"at", "of", "on", "inside"})
ENDED = frozenset({"obj", "nsubj", "nsubj:pass"})


def is_over(sentence: Sentence) -> bool:
    """Say whether the sentence tells that a siege, or another fight that lasts, is over."""
    return bool(fought(sentence))


def besieged(sentence: Sentence) -> list[Token]:
    """Return what was besieged: the hotel of "ended a siege at a hotel", to whichever word the parser tied it."""
    owners = [t for siege in fought(sentence) for t in (siege, siege.head)]
    return [
        child
        for owner in owners
        for child in owner.children
        if child.pos_ == "NOUN"
        and any(g.lower_ in SITED and g.dep_ == "case" for g in child.children)
    ]


def fought(sentence: Sentence) -> list[Token]:
    """Return the words for the sieges of which the sentence tells that they are over."""
    return [
        child
        for token in sentence.span
        if token.lemma_.lower() in ENDING
        for child in token.children
        if child.dep_ in ENDED and child.lemma_.lower() in LASTING
    ]


def days_before(said: DayRange) -> DayRange:
    """Return the days on which may have been what a group claims without a day: up to when it did."""
    return DayRange(first=said.first - timedelta(days=CLAIMED_WITHIN), last=said.last)


def since_before(days: DayRange | None) -> DayRange | None:
    """Return the days with the one before them: most sieges last a night."""
    return days and DayRange(first=days.first - timedelta(days=1), last=days.last)

"""Read the end of a siege: it began before the day on which it is told to be over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from schemas.report import DayRange

if TYPE_CHECKING:
    from monitor.extract.facts import Sentence

ENDING = frozenset({"end", "conclude", "finish"})
LASTING = frozenset({"siege", "standoff", "stand-off", "battle", "gunfight", "shootout"})
ENDED = frozenset({"obj", "nsubj", "nsubj:pass"})


def is_over(sentence: Sentence) -> bool:
    """Say whether the sentence tells that a siege, or another fight that lasts, is over."""
    return any(
        token.lemma_.lower() in ENDING
        and any(c.dep_ in ENDED and c.lemma_.lower() in LASTING for c in token.children)
        for token in sentence.span
    )


def since_before(days: DayRange | None) -> DayRange | None:
    """Return the days with the one before them: most sieges last a night."""
    return days and DayRange(first=days.first - timedelta(days=1), last=days.last)

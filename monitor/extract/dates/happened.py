"""Read the day from a sentence that tells nothing but when it happened: "It happened Monday night outside a bar"."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.extract.facts import Day, Reading, Sentence
    from schemas.report import DayRange

# It stands so close behind the sentence that tells what happened.
REACH = 3
POINTERS = frozenset({"it", "this", "that", "the"})
NOUNS = frozenset({"incident", "crime", "violence", "tragedy", "it", "this", "that"})
HAPPENING = frozenset({"happen", "occur", "unfold"})
# "The incident happened": the verb is one of the first words, but for "all" or "reportedly".
OPENING = 5


def day_behind(
    sentence: Sentence, reading: Reading, days_in: dict[int, tuple[Day, ...]]
) -> DayRange | None:
    """Return the day on which, by a sentence right behind it, what `sentence` tells happened; ``None`` for none.

    ``days_in`` holds the days of the article by the index of their sentence.
    """
    first = sentence.index + 1
    behind = (s for s in reading.sentences[first : first + REACH] if says_when(s))
    told = (
        d.days
        for s in behind
        for d in days_in.get(s.index, ())
        if not (d.since or d.vague or d.from_dateline)
    )
    return next(told, None)


def says_when(sentence: Sentence) -> bool:
    """Say whether it opens with "It happened", "This occurred", "The incident took place"."""
    words = sentence.span[:OPENING]
    opening = [t.lower_ for t in words[:2]]
    if not opening or opening[0] not in POINTERS or not NOUNS & set(opening):
        return False
    took = any(a.lemma_.lower() == "take" and b.lower_ == "place" for a, b in pairwise(words))
    return took or any(t.lemma_.lower() in HAPPENING for t in words)

"""Read days that count from another day of the text: "the previous day", "two days later", "a day after a bomb killed".

What they count from is the day told last before them; where a sentence tells none before, the nearest of the
sentences before, and at last the day of publication.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from monitor.extract.dates import words as date_words

if TYPE_CHECKING:
    from spacy.tokens import Doc

# "three weeks later" is still told of this news; "two years earlier" is history, and vague.
MAX_DAYS = 60
_UNIT_DAYS = {"day": 1, "night": 1, "week": 7, "fortnight": 14}
# "the day before the vote" counts from the vote, which nobody has dated.
_NO_MORE = r"(?!\s+(?:yesterday|the|a|an|his|her|their|its|that|this)\b)"

# What may follow "the night before" where it counts from the day told: the end of the phrase, or the verb.
_CLOSED = (
    r"(?=\s*[.,;)]|\s*$|\s+(?:was|were|is|are|had|has|have|that|which|in|on|at|near|when|and|by)\b)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchored:
    """The characters ``[start, end)`` mean a day so many days from another; `binds` where a clause follows it."""

    start: int
    end: int
    offset: int
    binds: bool = False


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], int], ...]:
    count = "|".join(re.escape(word) for word in date_words.words().words.numbers)
    spans = rf"(?P<count>\d{{1,2}}|{count})\s+(?P<unit>day|night|week|fortnight)s?"
    table = (
        (rf"\b{spans}\s+(?:earlier|prior|previously|beforehand)\b", -1),
        (rf"\b{spans}\s+before{_NO_MORE}(?=\s*[.,;)]|\s*$)", -1),
        (rf"\b{spans}\s+(?:later|afterwards?)\b", 1),
        (
            r"\b(?:the\s+)?(?:previous|prior|preceding)\s+(?:day|night|evening|morning|afternoon)\b",
            -1,
        ),
        (rf"\bthe\s+(?:day|night|evening|morning)\s+before{_NO_MORE}{_CLOSED}", -1),
        (r"\b(?:the\s+)?(?:following|next)\s+(?:day|night|morning|evening)\b", 1),
        (rf"\b(?:(?:the|{spans})\s+)?day\s+after\b(?=\s+\w)", -1),
        (rf"\b{spans}\s+after\b(?=\s+\w)", -1),
    )
    return tuple((re.compile(pattern, re.IGNORECASE), sign) for pattern, sign in table)


def find(text: str) -> list[Anchored]:
    """Return the expressions in order of the text, none within another."""
    found: list[Anchored] = []
    for pattern, sign in _patterns():
        for match in pattern.finditer(text):
            days = _days(match)
            taken = any(match.start() < one.end and one.start < match.end() for one in found)
            if days is None or taken:
                continue
            binds = match.group().lower().endswith("after")
            found.append(
                Anchored(start=match.start(), end=match.end(), offset=sign * days, binds=binds)
            )
    return sorted(found, key=lambda one: one.start)


def _days(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    if groups.get("count") is None:
        return 1
    number = date_words.count_of(groups["count"])
    days = None if number is None else number * _UNIT_DAYS[groups["unit"].lower()]
    return days if days is not None and days <= MAX_DAYS else None


def binds_elsewhere(doc: Doc, start: int, end: int, trigger: int) -> bool:
    """Say whether the day of the tokens ``[start, end)`` is that of the clause behind it, and no other event's.

    "Gunmen killed four, a day after a bomb killed three": the bomb's.
    """
    return end - start > 1 and doc[end - 1].lower_ == "after" and trigger < end

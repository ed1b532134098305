"""Over which period a sentence counts: "since October 17", "this year", "since these attacks began"."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from monitor.extract.dates import rules as dates
from monitor.extract.tallies.words import sets, tally_words

if TYPE_CHECKING:
    from datetime import date

    from monitor.extract.facts import Day, Reading, Sentence
    from monitor.extract.words import Words
    from schemas.report import Tally


@dataclass(frozen=True, slots=True)
class Period:
    """When a count began: the day where it is known, and the words."""

    since: date | None
    text: str
    whole_year: bool = False


def find(sentence: Sentence, line: Words, reading: Reading, recent: Tally | None) -> Period | None:
    """Return the period that a sentence counts over, `None` where it counts over none; `recent` is a tally told before."""
    days = [d for d in dates.find(sentence, reading) if d.since or _in_since_clause(sentence, d)]
    days = [d for d in days if not _of_missing(sentence, d)]
    if days:
        return _since(sentence, days[0])
    back = counts_back(line)
    if back and recent is not None:
        return Period(recent.since, recent.since_text or "")
    for position in range(len(line)):
        length = max((len(p) for p in _periods() if line.has(position, p)), default=0)
        if length:
            return _named_period(line, position, length, reading)
    return None


@cache
def _periods() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(phrase.split()) for phrase in tally_words().period)


def may_count(line: Words) -> bool:
    """Tell whether the sentence has words of a period at all: most have none and are passed over."""
    told = " ".join(line.lower)
    return "since" in told or any(phrase in told for phrase in tally_words().period)


# "since these strikes began in the south in March": so many words from "since" to its day.
MAX_SINCE_REACH = 9


def _in_since_clause(sentence: Sentence, day: Day) -> bool:
    """Tell whether a day ends a clause of "since": "since the strikes began in March"."""
    before = [
        t.lower_
        for t in sentence.doc[max(sentence.span.start, day.start - MAX_SINCE_REACH) : day.start]
    ]
    return "since" in before and bool(
        {"began", "started", "erupted", "broke", "begun", "start", "outbreak"} & set(before)
    )


# "Who had been missing at sea since Tuesday's attack": so many words may stand before "since".
MAX_MISSING_REACH = 4


def _of_missing(sentence: Sentence, day: Day) -> bool:
    """Tell whether only somebody's absence is told since a day: "missing since Tuesday's attack" counts nothing."""
    start = max(sentence.span.start, day.start - MAX_MISSING_REACH - 1)
    before = [t.lower_ for t in sentence.doc[start : day.start]]
    return "since" in before and "missing" in before[: before.index("since")]


def _since(sentence: Sentence, day: Day) -> Period:
    text = sentence.doc[day.start : day.end].text
    whole_year = (day.days.last - day.days.first).days > 300  # noqa: PLR2004 - a year, not a month
    return Period(day.days.first, text, whole_year)


def _named_period(line: Words, position: int, length: int, reading: Reading) -> Period:
    phrase = " ".join(line.lower[position : position + length])
    today = dates.reference_day(reading)
    if today is None:
        return Period(None, phrase)
    if "this year" in phrase:
        return Period(today.replace(month=1, day=1), phrase, whole_year=True)
    if "this month" in phrase:
        return Period(today.replace(day=1), phrase)
    return Period(None, phrase)


def counts_back(line: Words) -> bool:
    """Tell whether the sentence counts what came of attacks told before: "these attacks", "since the attacks began"."""
    attacks, back = sets()["attacks"], sets()["attack_back"] - {"the", "this"}
    for position, word in enumerate(line.lower):
        if not word.endswith("s") or word not in attacks:
            continue
        if line.at(position - 1) in back or "since" in line.lower[max(0, position - 3) : position]:
            return True
    return False

"""Find what a sentence counts: figures, number words, vague words and their bounds.

The grammar runs over words, not over the parse: "at least two dozen" reads the same in a headline,
in capitals and in a sentence that the parser took for another. A quantity is

    [before] core [scale] [- core | to core | or core] [after]

and its `sort` says whether it counts anything: ages, years, days of a month, times of day, distances,
weights, money, shares, calibres, names of roads and flights and scores of a match are quantities too,
but no numbers of victims. `find` gives the counts alone; `scan` all of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from monitor.extract import words
from monitor.extract.facts import Number
from monitor.extract.numbers import numerals
from schemas.report import Count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.extract.facts import Sentence
    from monitor.extract.words import Words
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(am|pm)?|\d{1,2}(am|pm)|\d{3,4}h")
_YEAR_FROM, _YEAR_TO = 1900, 2100
_LAST_DAY = 31


class Sort(StrEnum):
    """What a quantity is of."""

    COUNT = "count"
    AGE = "age"
    YEAR = "year"
    DAY = "day"
    TIME = "time"
    MEASURE = "measure"
    MONEY = "money"
    LABEL = "label"
    SCORE = "score"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A quantity at the positions ``[start, end)`` of the words; its bare figure begins at `core`."""

    start: int
    core: int
    end: int
    count: Count
    sort: Sort = Sort.COUNT
    more: bool = False


def find(sentence: Sentence) -> tuple[Number, ...]:
    """Return what `sentence` counts, in order. ``head`` is the counted noun, ``None`` where it stands alone."""
    line = words.of(sentence.span)
    return tuple(
        _number(sentence, line, quantity) for quantity in scan(line) if quantity.sort is Sort.COUNT
    )


def _number(sentence: Sentence, line: Words, quantity: Quantity) -> Number:
    start, end = line.spanned(quantity.start, quantity.end)
    counted = counted_noun(line, quantity.end)
    head = None if counted is None else line.index(counted)
    return Number(sentence=sentence.index, start=start, end=end, count=quantity.count, head=head)


def counted_noun(line: Words, position: int) -> int | None:
    """Return the position of the noun that a figure ending before `position` counts, or ``None``."""
    if line.at(position) == "of":
        position += 1
        if line.at(position) in {"the", "these", "those", "his", "her", "their", "its"}:
            position += 1
    noun = None
    while position < len(line):
        token = line.tokens[position]
        if token.pos_ in {"NOUN", "PROPN"} and line.at(position) not in _NO_NOUN:
            noun = position
        elif (
            noun is not None
            or (token.pos_ not in {"ADJ", "ADV", "VERB", "NUM"} and token.text not in {"-", ","})
        ) or (token.pos_ == "VERB" and token.tag_ not in {"VBN", "VBG"}):
            break
        position += 1
    return noun


_NO_NOUN = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday yesterday today tonight dead others".split()
) - {"others"}


def scan(line: Words) -> tuple[Quantity, ...]:
    """Return all quantities of the words, in order, none within another."""
    found = list(_scan(line, numerals.load_grammar()))
    for i, quantity in enumerate(found):
        before, after = found[max(0, i - 1) : i], found[i + 1 : i + 2]
        if any(
            _lists_ages(line, q, quantity) and _is_listing(line, found, q) for q in before
        ) or any(_lists_ages(line, quantity, q) for q in after if q.sort is Sort.AGE):
            found[i] = replace(quantity, sort=Sort.AGE)
    return tuple(found)


def _lists_ages(line: Words, first: Quantity, second: Quantity) -> bool:
    """Tell whether two figures may be ages in one list: "18, 21 and 35", "6 and 12 - years - old"."""
    between = line.lower[first.end : second.start]
    return (
        {first.sort, second.sort} <= {Sort.AGE, Sort.COUNT}
        and all(
            q.end == q.core + 1 and (q.count.low or 0) <= _AGES
            for q in (first, second)
            if q.sort is Sort.COUNT
        )
        and 0 < len(between) <= 2  # noqa: PLR2004 - ", and"
        and all(word in {",", "and", "or", "to", "&"} for word in between)
    )


def _is_listing(line: Words, found: list[Quantity], quantity: Quantity) -> bool:
    """Tell whether an age stands behind "aged" or "ages", or behind an age that does: a list of ages goes on."""
    if quantity.sort is not Sort.AGE:
        return False
    if line.at(quantity.core - 1) in {"aged", "age", "ages", "of"}:
        return True
    before = [q for q in found if q.end <= quantity.start][-1:]
    return any(_lists_ages(line, q, quantity) and _is_listing(line, found, q) for q in before)


def _scan(line: Words, grammar: numerals.Grammar) -> Iterator[Quantity]:
    position = 0
    while position < len(line):
        quantity = _quantity(line, position, grammar)
        if quantity is None:
            position += 1
        else:
            yield quantity
            position = quantity.end


def _quantity(line: Words, start: int, grammar: numerals.Grammar) -> Quantity | None:
    """Return the quantity that begins at `start` with a modifier or with its figure."""
    core, modifiers = start, []
    while (found := numerals.read_modifier(line, core, grammar)) is not None:
        name, length = found
        modifiers.append(name)
        core += length
    figure = numerals.read_figure(line, core, grammar)
    if figure is None:
        return None
    figure = numerals.ranged(line, core, figure, grammar)
    end, after = numerals.trailing(line, figure.end, grammar)
    sort = _sort(line, core, end, figure, grammar)
    if sort is Sort.AGE:
        end = _age_end(line, end)
    if modifiers and modifiers[-1] == "plain" and line.at(core - 1) in {"the", "these", "those"}:
        core_start = core if modifiers == ["plain"] else start
    else:
        core_start = start
    count = numerals.bounded(figure, [*modifiers, *after])
    more = any(line.at(i) in {"another", "further", "additional"} for i in range(start, core))
    return Quantity(start=core_start, core=core, end=end, count=count, sort=sort, more=more)


def _sort(  # noqa: PLR0911 - one return a sort
    line: Words, core: int, end: int, figure: numerals.Figure, grammar: numerals.Grammar
) -> Sort:
    """Return what the quantity is of, from the words beside it."""
    word, before = line.at(core), line.at(core - 1)
    following = line.at(end + 1) if line.at(end) == "-" else line.at(end)
    digits = word[:1].isdigit()
    if before in grammar.money:
        return Sort.MONEY
    if _is_age(line, core, end, figure):
        return Sort.AGE
    if digits and _is_score(line, core, end):
        return Sort.SCORE
    if digits and _is_day(line, core, end, figure, grammar):
        return Sort.DAY
    if digits and _is_year(line, core, end, figure, grammar):
        return Sort.YEAR
    if following in grammar.time or _CLOCK.fullmatch(word):
        return Sort.TIME
    if following in grammar.measures and not (following in {"m", "block"} and not digits):
        return Sort.MEASURE
    if before in grammar.labels and not (before == "group" and not digits):
        return Sort.LABEL
    if digits and (
        before == "-" and line.at(core - 2)[-1:].isalnum() and not line.at(core - 2)[-1:].isdigit()
    ):
        return Sort.LABEL
    return _glued(line, core, end)


def _glued(line: Words, core: int, end: int) -> Sort:
    """Return the sort of "9mm", "two-year", "10,000-strong", "12-member": compounds count no victims."""
    if line.at(end) == "-" and line.at(end + 1).isalpha() and line.tokens[end].text == "-":
        return Sort.MEASURE
    glued = core < len(line) and not line.tokens[end - 1].whitespace_ and line.at(end).isalpha()
    return Sort.MEASURE if glued and line.at(core)[:1].isdigit() else Sort.COUNT


_AGES = 120
# What stands on both sides of an age behind a name: "Anna Berg, 24, of ...", "Anna Berg (24)".
_AGE_MARKS = {(",", mark) for mark in (",", ".", ";", ":", "(", ")", "and", "of")} | {
    ("(", ")"),
    ("(", ","),
}
# "in their early 20's": a decade of life.
_OF_LIFE = frozenset({"his", "her", "their", "early", "mid", "late", "-"})
# What may end a name before the age: "John Berg, Jr., 27, of".
_OF_NAMES = frozenset({"jr.", "sr."})
_AGE_WORDS = frozenset(
    {"-", "year", "years", "month", "months", "old", "olds", "week", "weeks", "day", "days"}
)


def _age_end(line: Words, end: int) -> int:
    """Return where "20 - year - old" ends; an age without "old" ends with its figure."""
    after = end
    while line.at(after) in _AGE_WORDS:
        after += 1
    return after if line.at(after - 1) in {"old", "olds"} else end


def _is_decade(line: Words, core: int, end: int) -> bool:
    """Tell whether it is a decade of life: "in their early 20's"."""
    return line.at(core - 1) in _OF_LIFE and line.at(end) in {"'s", "’s", "s"}


def _of_one(line: Words, core: int, end: int, figure: numerals.Figure) -> bool:
    """Tell whether "was" speaks of one person: "Karl Berg, 24 was shot", "who was 45 and a father"; not "24 were"."""
    if line.at(core - 1) == "was" and line.at(core - 2) in {"who", "he", "she"}:
        return figure.low > 1 and line.at(end) in {"and", ",", ".", "when"}
    name = line.tokens[core - 2].pos_ == "PROPN" if core > 1 else False
    was = line.at(core - 1) == "," and line.at(end) in {"was", "is", "has"}
    return name and was and figure.low > 1 and line.at(core)[:1].isdigit()


def _is_age(line: Words, core: int, end: int, figure: numerals.Figure) -> bool:
    """Tell whether it is an age: "20 - year - old", "aged 20", ", 24 ," after a name, "(24)"."""
    if figure.low > _AGES:
        return False
    aged = line.at(core - 1) in {"aged", "age", "ages"} or line.has(core - 2, ("ages", "of"))
    if aged or _is_decade(line, core, end) or _of_one(line, core, end, figure):
        return True
    following = [line.at(end + i) for i in range(5)]
    if {"old", "olds"} & set(following) and any(
        w.startswith(("year", "month")) for w in following[:2]
    ):
        return True
    opened, closed = line.at(core - 1), line.at(end)
    if (opened, closed) not in _AGE_MARKS:
        return opened in {"both", "all"} and (line.at(core - 2), closed) in _AGE_MARKS
    if not line.at(core)[:1].isdigit() or end != core + 1:
        return False
    previous = line.tokens[core - 2] if core >= 2 else None  # noqa: PLR2004
    return (
        previous is not None
        and (previous.is_alpha or previous.lower_ in _OF_NAMES)
        and (
            previous.pos_ == "PROPN"
            or (previous.text[:1].isupper() and not line.shouted)
            or (opened == "," and previous.pos_ == "NOUN" and closed == ",")
        )
        and previous.lower_ not in {"killed", "dead", "injured", "wounded"}
    )


def _is_score(line: Words, core: int, end: int) -> bool:
    """Tell whether it is half of "2 - 1" where the second is not the larger, as a range's would be."""
    joint, other = line.at(end), line.at(end + 1)
    if joint == "-" and numerals.PLAIN.fullmatch(other):
        return True
    return line.at(core - 1) == "-" and bool(numerals.PLAIN.fullmatch(line.at(core - 2)))


def _is_day(
    line: Words, core: int, end: int, figure: numerals.Figure, grammar: numerals.Grammar
) -> bool:
    """Tell whether it is a day beside its month, or an ISO date."""
    if figure.low > _LAST_DAY and not line.at(core).startswith("0"):
        return False
    before, following = line.at(core - 1), line.at(end)
    if following in grammar.months and line.tokens[end].text[:1].isupper():
        return True
    if before == "/" or following == "/":
        return True
    return (
        before in grammar.months and line.tokens[core - 1].text[:1].isupper() and before != "may"
    ) or (before == "may" and line.tokens[core - 1].text[:1].isupper() and not line.shouted)


def _is_year(
    line: Words, core: int, end: int, figure: numerals.Figure, grammar: numerals.Grammar
) -> bool:
    """Tell whether a figure of four digits is a year: no noun after it, or a preposition or month before."""
    if not (_YEAR_FROM <= figure.low <= _YEAR_TO and len(line.at(core)) == 4):  # noqa: PLR2004
        return False
    before = line.at(core - 1)
    if before in grammar.months or before in {
        "in",
        "since",
        "of",
        "during",
        "by",
        "from",
        "until",
        "early",
        "late",
        "mid",
        "summer",
        "fall",
        "spring",
        "winter",
        "autumn",
    }:
        return counted_noun(line, end) is None or before != "of"
    if before == "," and core >= 2 and line.at(core - 2)[:1].isdigit():  # noqa: PLR2004
        return True
    if before.isdigit() and line.at(core - 2) in grammar.months:
        # A date line run into its text: "Tue Sep 8 2026 Death toll rises".
        return True
    return counted_noun(line, end) is None and line.at(end) not in {
        "dead",
        "killed",
        "wounded",
        "injured",
        "others",
        "were",
    }


def exact(count: Count) -> bool:
    """Tell whether a count is one known figure."""
    return count.best is not None and count.low == count.best == count.high


def added(first: Count, second: Count) -> Count:
    """Return the sum of two counts of different people; what is unknown of one is unknown of the sum."""
    return Count(
        low=_sum(first.low, second.low, least=True),
        best=_sum(first.best, second.best),
        high=_sum(first.high, second.high),
    )


def _sum(first: int | None, second: int | None, *, least: bool = False) -> int | None:
    if first is None or second is None:
        return (first or 0) + (second or 0) if least else None
    return first + second


def of(value: int) -> Count:
    """Return the count of exactly `value`."""
    return Count(low=value, best=value, high=value)


def at_least(count: Count) -> Count:
    """Return `count` without its upper bound."""
    return replace_count(count, high=None)


def replace_count(count: Count, *, high: int | None) -> Count:
    """Return `count` with another upper bound."""
    return Count(low=count.low, best=count.best, high=high)


__all__ = [
    "Quantity",
    "Sort",
    "added",
    "at_least",
    "counted_noun",
    "exact",
    "find",
    "of",
    "replace",
    "scan",
]

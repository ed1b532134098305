"""Read words of time into days: dates in all usual forms, weekdays, "yesterday", "mid-October", "last week".

Each rule is a pattern and a function that reads its match, given the day from which is counted. Where two rules
match the same words the earlier one wins; a weekday beside its date is one match with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from monitor.extract.dates import days
from monitor.extract.dates.words import words

Reads = Callable[[re.Match[str], date | None], days.Days]


@dataclass(frozen=True, slots=True)
class Match:
    """Days read from the characters ``[start, end)`` of a text."""

    start: int
    end: int
    first: date
    last: date
    vague: bool = False
    rank: int = 0


@dataclass(frozen=True, slots=True)
class _Rule:
    """A pattern and how its match is read, given the day from which is counted."""

    pattern: re.Pattern[str]
    read: Reads


def _either(entries: Iterable[str]) -> str:
    """Return a pattern for any of the entries, the longest first."""
    return "|".join(
        re.escape(e).replace(r"\ ", r"\s+") for e in sorted(entries, key=len, reverse=True)
    )


@cache
def _rules() -> tuple[_Rule, ...]:
    """Return the rules, the most exact first: where two overlap, the earlier rule wins."""
    lex = words()
    month = rf"(?P<month>{_either(lex.months)})\b\.?"
    weekday = rf"(?P<weekday>{_either(lex.weekdays)})"
    day = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
    year = r"(?P<year>(?:19|20)\d\d)"
    short = r"(?P<year>(?:19|20)\d\d|\d\d)"
    count = rf"(?P<count>\d{{1,3}}|{_either(lex.words.numbers)})"
    part = r"(?P<part>early|mid|middle of|late|beginning of|start of|end of|first half of|second half of)"
    nights = (
        rf"\b(?:(?P<open>overnight|between|night\s+of|night\s+between|late|from)\s+(?:on\s+)?)?{weekday}"
        rf"(?P<night>\s+(?:night|evening|overnight))?\s*(?P<joint>-|–|/|to|into|and|through)\s*(?:early\s+)?"
        rf"(?P<second>{_either(lex.weekdays)})\b"
    )
    table: tuple[tuple[str, Reads], ...] = (
        (r"\b(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)\b", days.read_iso),
        (
            rf"\b(?:between|from)\s+(?:the\s+)?(?P<first>[0-3]?\d)(?:st|nd|rd|th)?\s*(?:and|to|-|–)\s*{day}(?:\s+of)?\s+{month}(?:,?\s+{year})?(?!\w)",
            days.read_days,
        ),
        (
            rf"\b(?:between|from)\s+{month}\s*(?P<first>[0-3]?\d)\s*(?:and|to|-|–)\s*{day}\b(?:,?\s+{year})?",
            days.read_days,
        ),
        (rf"\b{month}\s*{day},?\s+{year}\b", days.read_calendar),
        (rf"\b{day}\s+(?:of\s+)?{month},?\s+{short}\b(?![:.]\d)", days.read_calendar),
        (rf"\b{day}(?:\s+of)?\s+{month}(?!\w)", days.read_calendar),
        (
            rf"\b{month}\s*{day}\b(?!\s*(?:people|dead|killed|:))(?:,?\s+(?:of\s+)?last\s+year(?P<lastyear>))?",
            days.read_calendar,
        ),
        (
            r"\b(?P<a>[0-3]?\d)(?P<mark>[/.-])(?P<b>[0-3]?\d)(?P=mark)(?P<year>(?:19|20)\d\d|(?<=/)\d\d)\b",
            days.read_slashes,
        ),
        (
            rf"\b{part}[\s-]+(?:in\s+)?(?P<last>last\s+)?{month}(?:,?\s+{year})?",
            days.read_part_of_month,
        ),
        (
            r"\b(?P<part>early|mid|late)[\s-]+(?P<lastmonth>last\s+month)\b",
            days.read_part_of_last_month,
        ),
        (rf"\b{month},?\s+(?:of\s+)?{year}\b", days.read_month),
        (rf"\b{month}\s+(?:of\s+)?last\s+year\b", days.read_month_last_year),
        (
            nights,
            days.read_two_days,
        ),
        (rf"\bovernight\s+(?:in)?to\s+(?P<second>{_either(lex.weekdays)})\b", days.read_night_into),
        (rf"\b{weekday},?\s+{year}\b", days.read_year),
        (rf"\b{year}\s+(?:easter|palm|good|holy|black|bloody)\s+{weekday}\b", days.read_year),
        (rf"\b{weekday}\s+(?:of\s+)?last\s+week\b", days.read_weekday_last_week),
        (rf"\b{weekday}\s+before\s+last\b", days.read_weekday_before_last),
        (rf"\b(?:(?P<last>last|past)\s+|this\s+past\s+)?{weekday}(?![\w])", days.read_weekday),
        (
            rf"\b{count}\s+(?P<unit>hour|day|week|fortnight|month|year)s?\s+(?:ago|back)\b",
            days.read_ago,
        ),
        (
            rf"\b(?:in|over|during|within|throughout)\s+(?:the\s+)?(?:past|last)\s+{count}\s+(?P<unit>hour|day|week|month|year)s?\b",
            days.read_past,
        ),
        (rf"\bmark(?:s|ed|ing)?\s+{count}\s+(?P<unit>year)s?\s+(?:since|after)\b", days.read_ago),
        (rf"\b(?P<words>{_either(lex.relative)})\b", days.read_relative),
        (rf"\b(?P<words>{_either(lex.holidays)})(?!\w)", days.read_holiday),
        (
            rf"\b{count}\s+(?P<unit>month|year)s?\s+(?:earlier|before|prior)\b",
            days.read_ago,
        ),
        (
            r"\b(?P<which>last|this|past|previous)\s+(?P<unit>week|weekend|month|year)\b",
            days.read_period,
        ),
        (r"\b(?P<which>over the|at the|on the)\s+(?P<unit>weekend)\b", days.read_period),
        # "A weekend attack", "the weekend's bombing": a weekend that others are planned for has no such article.
        (
            r"\b(?P<which>a|the)\s+(?P<unit>weekend)(?:['’]s)?\s+(?=(?:\w+\s+){0,2}(?:attack|bombing|blast|shooting|massacre|strike|raid|assault|ambush|clash|killing|violence)\w*)",
            days.read_period,
        ),
        (
            # "Of Mar Elias church": short forms alone are names as well.
            rf"\b(?:in|since|during|of|last|from|until|by|throughout)\s+(?!mar\s+[a-z]){month}(?!\s*\d)(?!\w)",
            days.read_bare_month,
        ),
        (
            r"\b(?:in|since|during|of|early|late|mid-?)\s+(?P<year>(?:19|20)\d\d)\b(?!\s+[a-z]+s\b)",
            days.read_year,
        ),
        (r"\b(?:in|since)\s+(?P<year>1[5-8]\d\d)\b(?!\s+(?:people\b|[a-z]+s\b))", days.read_year),
        (
            r"\b(?:between|from)\s+(?P<year>(?:19|20)\d\d)\s+(?:and|to|until)\s+(?P<until>(?:19|20)\d\d)\b",
            days.read_years,
        ),
    )
    return tuple(_Rule(re.compile(pattern, re.IGNORECASE), read) for pattern, read in table)


def matches(text: str, today: date | None) -> list[Match]:
    """Return the matches of all rules, in order of the text, none within another; a weekday beside its date is one."""
    found: list[Match] = []
    for rank, rule in enumerate(_rules()):
        for match in rule.pattern.finditer(text):
            if any(match.start() < f.end and f.start < match.end() for f in found):
                continue
            read = rule.read(match, today)
            if read is not None and _is_word(match):
                found.append(Match(match.start(), match.end(), *read, rank=rank))
    return _without_weekday_of_date(sorted(found, key=lambda m: m.start), text)


def _is_word(match: re.Match[str]) -> bool:
    """Tell whether a month is written as one: "may" and "march" are verbs, "Mar" and "Sun" are names."""
    month = match.groupdict().get("month")
    if month is None or month.isdigit():
        return True
    return month[0].isupper()


def _without_weekday_of_date(found: list[Match], text: str) -> list[Match]:
    """Drop the weekday of "Friday, December 8th" and "Wednesday (Nov. 22)": the date says it exactly."""
    kept: list[Match] = []
    for match in found:
        if kept and _touch(text[kept[-1].end : match.start]):
            first, second = kept[-1], match
            if (
                _is_weekday(first, text)
                and second.first == second.last
                and not _is_weekday(second, text)
            ):
                kept[-1] = Match(first.start, second.end, second.first, second.last)
                continue
            if (
                _is_weekday(second, text)
                and first.first == first.last
                and first.rank <= LAST_EXACT_RULE
                and not _is_weekday(first, text)
            ):
                kept[-1] = Match(first.start, second.end, first.first, first.last)
                continue
        kept.append(match)
    return kept


LAST_EXACT_RULE = 7
_TOUCHING = re.compile(
    r"[\s,(]*(?:(?:morning|afternoon|evening|night|the|of|on)[\s,(]*)*", re.IGNORECASE
)


def _touch(between: str) -> bool:
    return _TOUCHING.fullmatch(between) is not None


def _is_weekday(match: Match, text: str) -> bool:
    return text[match.start : match.end].lower().removeprefix("last ").strip() in words().weekdays

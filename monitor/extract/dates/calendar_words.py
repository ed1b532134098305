"""Read words of time into days: dates in all usual forms, weekdays, "yesterday", "mid-October", "last week".

Each rule is a pattern and a function that reads its match, given the day from which is counted. Where two rules
match the same words the earlier one wins; a weekday beside its date is one match with it.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from monitor.extract import lexicon
from monitor.extract.lexicon import Lexicon, Word

# An offset of a source ahead of UTC may write tomorrow's day: so far beyond the publication a day is no future.
FUTURE_SLACK = timedelta(days=1)


class DateWordLists(Lexicon, frozen=True):
    """The table ``[words]`` of ``en-dates.toml``."""

    future_before: tuple[Word, ...]
    anniversary: tuple[Word, ...]
    numbers: tuple[Word, ...]
    reporting: tuple[Word, ...]
    published: tuple[Word, ...]


class Vague(Lexicon, frozen=True):
    """Words of time that date nothing."""

    words: tuple[Word, ...]


class DateWords(Lexicon, frozen=True):
    """The shape of ``en-dates.toml``."""

    months: dict[Word, int]
    weekdays: dict[Word, int]
    relative: dict[Word, tuple[int, int]]
    holidays: dict[Word, tuple[int, int]]
    vague: Vague
    words: DateWordLists


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
    read: Callable[[re.Match[str], date | None], tuple[date, date, bool] | None]


@cache
def words() -> DateWords:
    """Return the lexicon of dates, loaded once a process."""
    return lexicon.load("en-dates", DateWords)


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
    table: tuple[
        tuple[str, Callable[[re.Match[str], date | None], tuple[date, date, bool] | None]], ...
    ] = (
        (r"\b(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)\b", _iso),
        (rf"\b{month}\s*{day},?\s+{year}\b", _calendar),
        (rf"\b{day}\s+(?:of\s+)?{month},?\s+{short}\b(?![:.]\d)", _calendar),
        (rf"\b{day}(?:\s+of)?\s+{month}(?!\w)", _calendar),
        (
            rf"\b{month}\s*{day}\b(?!\s*(?:people|dead|killed|:))(?:,?\s+(?:of\s+)?last\s+year(?P<lastyear>))?",
            _calendar,
        ),
        (
            r"\b(?P<a>[0-3]?\d)(?P<mark>[/.-])(?P<b>[0-3]?\d)(?P=mark)(?P<year>(?:19|20)\d\d|(?<=/)\d\d)\b",
            _slashes,
        ),
        (rf"\b{part}[\s-]+(?:in\s+)?(?P<last>last\s+)?{month}(?:,?\s+{year})?", _part_of_month),
        (r"\b(?P<part>early|mid|late)[\s-]+(?P<lastmonth>last\s+month)\b", _part_of_last_month),
        (rf"\b{month},?\s+(?:of\s+)?{year}\b", _month),
        (
            nights,
            _two_days,
        ),
        (rf"\bovernight\s+(?:in)?to\s+(?P<second>{_either(lex.weekdays)})\b", _night_into),
        (rf"\b{weekday},?\s+{year}\b", _year),
        (rf"\b{year}\s+(?:easter|palm|good|holy|black|bloody)\s+{weekday}\b", _year),
        (rf"\b{weekday}\s+(?:of\s+)?last\s+week\b", _weekday_last_week),
        (rf"\b{weekday}\s+before\s+last\b", _weekday_before_last),
        (rf"\b(?:(?P<last>last|past)\s+|this\s+past\s+)?{weekday}(?![\w])", _weekday),
        (
            rf"\b{count}\s+(?P<unit>hour|day|week|fortnight|month|year)s?\s+(?:ago|back)\b",
            _ago,
        ),
        (rf"\bmark(?:s|ed|ing)?\s+{count}\s+(?P<unit>year)s?\s+(?:since|after)\b", _ago),
        (rf"\b(?P<words>{_either(lex.relative)})\b", _relative),
        (rf"\b(?P<words>{_either(lex.holidays)})(?!\w)", _holiday),
        (
            rf"\b{count}\s+(?P<unit>month|year)s?\s+(?:earlier|before|prior)\b",
            _ago,
        ),
        (r"\b(?P<which>last|this|past|previous)\s+(?P<unit>week|weekend|month|year)\b", _period),
        (r"\b(?P<which>over the|at the)\s+(?P<unit>weekend)\b", _period),
        (
            rf"\b(?:in|since|during|of|last|from|until|by|throughout)\s+{month}(?!\s*\d)(?!\w)",
            _bare_month,
        ),
        (
            r"\b(?:in|since|during|of|early|late|mid-?)\s+(?P<year>(?:19|20)\d\d)\b(?!\s+[a-z]+s\b)",
            _year,
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


LAST_EXACT_RULE = 5
_TOUCHING = re.compile(
    r"[\s,(]*(?:(?:morning|afternoon|evening|night|the|of|on)[\s,(]*)*", re.IGNORECASE
)


def _touch(between: str) -> bool:
    return _TOUCHING.fullmatch(between) is not None


def _is_weekday(match: Match, text: str) -> bool:
    return text[match.start : match.end].lower().removeprefix("last ").strip() in words().weekdays


# --- what the patterns mean ----------------------------------------------------------------------


def _iso(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    del today
    return _one(_day(int(match["year"]), int(match["month"]), int(match["day"])))


def _calendar(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    month = words().months[match["month"].lower()]
    groups = match.groupdict()
    if groups.get("year"):
        return _one(_day(_full_year(groups["year"], today), month, int(match["day"])))
    if groups.get("lastyear") is not None and today is not None:
        return _one(_day(today.year - 1, month, int(match["day"])))
    return _one(_latest(month, int(match["day"]), today))


def _slashes(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    """Read "07/10/2023" as day and month, or as month and day where only that is a day, or is the nearer one."""
    a, b, year = int(match["a"]), int(match["b"]), _full_year(match["year"], today)
    orders = ((b, a), (a, b)) if match["mark"] == "/" else ((b, a),)
    days = [d for month, day in orders if (d := _day(year, month, day)) is not None]
    past = [d for d in days if today is None or d <= today + FUTURE_SLACK]
    return _one(past[0] if today is None and past else max(past, default=None))


def _part_of_month(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    month, part = words().months[match["month"].lower()], match["part"].lower()
    year = int(match["year"]) if match["year"] else _latest_year(month, today)
    if year is None:
        return None
    length = calendar.monthrange(year, month)[1]
    if part in {"early", "beginning of", "start of"}:
        first, last = 1, 10
    elif part in {"mid", "middle of"}:
        first, last = 11, 20
    elif part == "first half of":
        first, last = 1, 15
    elif part == "second half of":
        first, last = 16, length
    else:
        first, last = 20, length
    return (
        date(year, month, first),
        _not_after(date(year, month, last), date(year, month, first), today),
        False,
    )


def _part_of_last_month(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    if today is None:
        return None
    last = today.replace(day=1) - timedelta(days=1)
    first, end = {"early": (1, 10), "mid": (11, 20), "late": (20, last.day)}[match["part"].lower()]
    return last.replace(day=first), last.replace(day=end), False


def _month(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    return _whole_month(int(match["year"]), words().months[match["month"].lower()], today)


def _bare_month(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    month = words().months[match["month"].lower()]
    year = _latest_year(month, today)
    return None if year is None else _whole_month(year, month, today)


def _whole_month(year: int, month: int, today: date | None) -> tuple[date, date, bool] | None:
    first = date(year, month, 1)
    return (
        first,
        _not_after(date(year, month, calendar.monthrange(year, month)[1]), first, today),
        False,
    )


def _not_after(day: date, first: date, today: date | None) -> date:
    return day if today is None else max(first, min(day, today))


def _weekday(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    if today is None or not match["weekday"][0].isupper():
        return None
    back = (today.weekday() - words().weekdays[match["weekday"].lower()]) % 7
    if back == 0 and match["last"]:
        back = 7
    return _one(today - timedelta(days=back))


def _two_days(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    """Read "overnight Monday into Tuesday", "between Sunday and Monday" as the two days; "Sunday and Monday" is no night."""
    weekdays = words().weekdays
    first, second = weekdays[match["weekday"].lower()], weekdays[match["second"].lower()]
    told = match["open"] or match["night"] or match["joint"].lower() in ("into", "/", "-", "–")
    if today is None or not told or (second - first) % 7 != 1 or not match["second"][0].isupper():
        return None
    last = today - timedelta(days=(today.weekday() - second) % 7)
    return last - timedelta(days=1), last, False


def _night_into(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    """Read "overnight into Saturday" as Friday and Saturday."""
    if today is None or not match["second"][0].isupper():
        return None
    last = today - timedelta(days=(today.weekday() - words().weekdays[match["second"].lower()]) % 7)
    return last - timedelta(days=1), last, False


def _weekday_last_week(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    if today is None:
        return None
    monday = today - timedelta(days=today.weekday() + 7)
    return _one(monday + timedelta(days=words().weekdays[match["weekday"].lower()]))


def _weekday_before_last(
    match: re.Match[str], today: date | None
) -> tuple[date, date, bool] | None:
    if today is None:
        return None
    back = (today.weekday() - words().weekdays[match["weekday"].lower()]) % 7
    return _one(today - timedelta(days=back + 7))


def _relative(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    if today is None:
        return None
    first, last = words().relative[" ".join(match["words"].lower().split())]
    return today + timedelta(days=first), today + timedelta(days=last), False


def _holiday(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    month, day = words().holidays[" ".join(match["words"].lower().split())]
    return _one(_latest(month, day, today))


_UNIT_DAYS = {"day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365}
# "48 hours ago" is two days ago; fewer hours are told of the day itself.
MIN_HOURS_OF_DAYS = 20


def _ago(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    """Read "two days ago" as a day, "a week ago" as one within a day of it, longer spans as vague."""
    count = count_of(match["count"])
    if today is None or count is None:
        return None
    unit = match["unit"].lower()
    if unit == "hour":
        return (
            _one(today - timedelta(days=round(count / 24))) if count >= MIN_HOURS_OF_DAYS else None
        )
    around = today - timedelta(days=min(count * _UNIT_DAYS[unit], 365 * 200))
    if unit == "day":
        return _one(around)
    slack = timedelta(days={"week": 2, "fortnight": 2, "month": 15, "year": 183}[unit])
    return around - slack, min(around + slack, today), unit not in ("week", "fortnight")


def count_of(word: str) -> int | None:
    """Return the number that a word of counting means, ``None`` for a vague one."""
    plain = word.lower()
    if plain.isdigit():
        return int(plain)
    order = "one two three four five six seven eight nine ten eleven twelve".split()
    if plain in {"a", "an"}:
        return 1
    return order.index(plain) + 1 if plain in order else None


SATURDAY = 5


def _period(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    """Read "last week" as the week before this one, Monday to Sunday; months and years are vague.

    On a Saturday or Sunday it may be the week that is about to end, too: not everywhere does it end on a Sunday.
    """
    if today is None:
        return None
    unit, this = match["unit"].lower(), match["which"].lower() == "this"
    monday = today - timedelta(days=today.weekday())
    if unit == "week":
        if this:
            return monday, today, False
        ending = today if today.weekday() >= SATURDAY else monday
        return monday - timedelta(days=7), ending - timedelta(days=1), False
    if unit == "weekend":
        saturday = today - timedelta(days=(today.weekday() - SATURDAY) % 7)
        return saturday, min(saturday + timedelta(days=1), today), False
    if unit == "month":
        first = today.replace(day=1)
        return (
            (first, today, True)
            if this
            else ((first - timedelta(days=1)).replace(day=1), first - timedelta(days=1), True)
        )
    year = today.year if this else today.year - 1
    return date(year, 1, 1), min(date(year, 12, 31), today), True


def _year(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    year = int(match["year"])
    first, last = date(year, 1, 1), date(year, 12, 31)
    return first, last if today is None or first > today else min(last, today), True


def _one(day: date | None) -> tuple[date, date, bool] | None:
    return None if day is None else (day, day, False)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _full_year(year: str, today: date | None) -> int:
    """Return a year in four digits; "90" is the latest such year that is not to come."""
    if len(year) == 4:  # noqa: PLR2004
        return int(year)
    century = 2000 if today is None else today.year // 100 * 100
    full = century + int(year)
    latest = 2029 if today is None else today.year + 1
    return full if full <= latest else full - 100


def _latest(month: int, day: int, today: date | None) -> date | None:
    """Return the latest such day that is not to come."""
    if today is None:
        return None
    for year in range(today.year + 1, today.year - 5, -1):
        found = _day(year, month, day)
        if found is not None and found <= today + FUTURE_SLACK:
            return found
    return None


def _latest_year(month: int, today: date | None) -> int | None:
    if today is None:
        return None
    return today.year if month <= today.month else today.year - 1

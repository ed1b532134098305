"""Find the days that a sentence speaks of, and decide on which day an event was.

Words such as "Wednesday" and "yesterday" count from the day of publication where the source writes (its UTC offset
where the feed gives one), or from the dateline's day where the text has one. A weekday is the latest one up to that
day, a date without a year the latest such date: what is told happened, so no day is later than the publication.
General date libraries read none of "early hours of Wednesday", "mid-October" and "late last November".
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from monitor.extract import lexicon
from monitor.extract.facts import Day
from monitor.extract.lexicon import Lexicon, Word
from schemas.report import DayRange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from monitor.extract.facts import Reading, Sentence

# An offset of a source ahead of UTC may write tomorrow's day: so far beyond the publication a day is no future.
FUTURE_SLACK = timedelta(days=1)
# A dateline further from the publication than this is the date of something else (a law, a photograph).
MAX_DATELINE_AGE = timedelta(days=10)
# A dateline stands within so many characters of the start of its paragraph.
MAX_DATELINE_CHARS = 90
# A line of so few words without a verb that holds a date is a dateline, a byline or a time stamp.
MAX_STAMP_WORDS = 14


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
class _Match:
    """Days read from the characters ``[start, end)`` of a text."""

    start: int
    end: int
    first: date
    last: date
    vague: bool = False
    rank: int = 0


Reader = "Callable[[re.Match[str], date | None], tuple[date, date, bool] | None]"


@dataclass(frozen=True, slots=True)
class _Rule:
    """A pattern and how its match is read, given the day from which is counted."""

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], date | None], tuple[date, date, bool] | None]


@cache
def _words() -> DateWords:
    return lexicon.load("en-dates", DateWords)


def _either(entries: Iterable[str]) -> str:
    """Return a pattern for any of the entries, the longest first."""
    return "|".join(
        re.escape(e).replace(r"\ ", r"\s+") for e in sorted(entries, key=len, reverse=True)
    )


@cache
def _rules() -> tuple[_Rule, ...]:
    """Return the rules, the most exact first: where two overlap, the earlier rule wins."""
    lex = _words()
    month = rf"(?P<month>{_either(lex.months)})\b\.?"
    weekday = rf"(?P<weekday>{_either(lex.weekdays)})"
    day = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
    year = r"(?P<year>(?:19|20)\d\d)"
    short = r"(?P<year>(?:19|20)\d\d|\d\d)"
    count = rf"(?P<count>\d{{1,3}}|{_either(lex.words.numbers)})"
    part = r"(?P<part>early|mid|middle of|late|beginning of|start of|end of|first half of|second half of)"
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
        (r"\b(?P<a>[0-3]?\d)/(?P<b>[0-3]?\d)/(?P<year>(?:19|20)?\d\d)\b", _slashes),
        (rf"\b{part}[\s-]+(?:in\s+)?(?P<last>last\s+)?{month}(?:,?\s+{year})?", _part_of_month),
        (rf"\b{month},?\s+(?:of\s+)?{year}\b", _month),
        (rf"\b(?:(?P<last>last|past)\s+|this\s+past\s+)?{weekday}(?![\w])", _weekday),
        (rf"\b(?P<words>{_either(lex.relative)})\b", _relative),
        (rf"\b(?P<words>{_either(lex.holidays)})(?!\w)", _holiday),
        (
            rf"\b{count}\s+(?P<unit>day|week|month|year)s?\s+(?:ago|earlier|before|prior|back)\b",
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


def find(sentence: Sentence, reading: Reading) -> tuple[Day, ...]:
    """Return the days that `sentence` speaks of, in order, none later than the publication.

    A weekday needs `reading.published` or a dateline; a full date needs neither.
    """
    today = reference_day(reading)
    return tuple(_days(sentence, reading, today))


def _days(sentence: Sentence, reading: Reading, today: date | None) -> Iterator[Day]:
    text = sentence.text
    for read in _matches(text, today):
        match = _night(read, text, reading)
        span = sentence.doc.char_span(
            sentence.span.start_char + match.start,
            sentence.span.start_char + match.end,
            alignment_mode="expand",
        )
        if span is None or _is_future(text, match, today, reading):
            continue
        yield Day(
            sentence=sentence.index,
            start=int(span.start),
            end=int(span.end),
            days=DayRange(first=match.first, last=match.last),
            since=_is_since(text, match),
            vague=match.vague,
            from_dateline=_is_dateline(sentence, match),
        )


_SMALL_HOURS = re.compile(
    r"\b(?:12|[1-6])(?::\d\d)?\s*a\.?m\b|\bearly (?:this )?morning", re.IGNORECASE
)
# The hour of an event stands among its article's first sentences.
MAX_HOUR_SENTENCES = 15


def _night(match: _Match, text: str, reading: Reading) -> _Match:
    """Return "overnight" as the day that the night began on, or, where the article tells a small hour, as the next."""
    if text[match.start : match.end].lower() != "overnight":
        return match
    told = any(_SMALL_HOURS.search(s.text) for s in reading.sentences[:MAX_HOUR_SENTENCES])
    return (
        replace(match, first=match.first + timedelta(days=1), last=match.last + timedelta(days=1))
        if told
        else match
    )


def _matches(text: str, today: date | None) -> list[_Match]:
    """Return the matches of all rules, in order of the text, none within another; a weekday beside its date is one."""
    found: list[_Match] = []
    for rank, rule in enumerate(_rules()):
        for match in rule.pattern.finditer(text):
            if any(match.start() < f.end and f.start < match.end() for f in found):
                continue
            read = rule.read(match, today)
            if read is not None and _is_word(match):
                found.append(_Match(match.start(), match.end(), *read, rank=rank))
    return _without_weekday_of_date(sorted(found, key=lambda m: m.start), text)


def _is_word(match: re.Match[str]) -> bool:
    """Tell whether a month is written as one: "may" and "march" are verbs, "Mar" and "Sun" are names."""
    month = match.groupdict().get("month")
    if month is None or month.isdigit():
        return True
    return month[0].isupper()


def _without_weekday_of_date(found: list[_Match], text: str) -> list[_Match]:
    """Drop the weekday of "Friday, December 8th" and "Wednesday (Nov. 22)": the date says it exactly."""
    kept: list[_Match] = []
    for match in found:
        if kept and _touch(text[kept[-1].end : match.start]):
            first, second = kept[-1], match
            if (
                _is_weekday(first, text)
                and second.first == second.last
                and not _is_weekday(second, text)
            ):
                kept[-1] = _Match(first.start, second.end, second.first, second.last)
                continue
            if (
                _is_weekday(second, text)
                and first.first == first.last
                and first.rank <= _DATES
                and not _is_weekday(first, text)
            ):
                kept[-1] = _Match(first.start, second.end, first.first, first.last)
                continue
        kept.append(match)
    return kept


_DATES = 5
_TOUCHING = re.compile(
    r"[\s,(]*(?:(?:morning|afternoon|evening|night|the|of|on)[\s,(]*)*", re.IGNORECASE
)


def _touch(between: str) -> bool:
    return _TOUCHING.fullmatch(between) is not None


def _is_weekday(match: _Match, text: str) -> bool:
    return text[match.start : match.end].lower().removeprefix("last ").strip() in _words().weekdays


# --- what the patterns mean ----------------------------------------------------------------------


Read = "tuple[date, date, bool] | None"


def _iso(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    del today
    return _one(_day(int(match["year"]), int(match["month"]), int(match["day"])))


def _calendar(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    month = _words().months[match["month"].lower()]
    groups = match.groupdict()
    if groups.get("year"):
        return _one(_day(_full_year(groups["year"], today), month, int(match["day"])))
    if groups.get("lastyear") is not None and today is not None:
        return _one(_day(today.year - 1, month, int(match["day"])))
    return _one(_latest(month, int(match["day"]), today))


def _slashes(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    """Read "07/10/2023" as day and month, or as month and day where only that is a day, or is the nearer one."""
    a, b, year = int(match["a"]), int(match["b"]), _full_year(match["year"], today)
    days = [d for d in (_day(year, b, a), _day(year, a, b)) if d is not None]
    past = [d for d in days if today is None or d <= today + FUTURE_SLACK]
    return _one(past[0] if today is None and past else max(past, default=None))


def _part_of_month(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    month, part = _words().months[match["month"].lower()], match["part"].lower()
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


def _month(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    return _whole_month(int(match["year"]), _words().months[match["month"].lower()], today)


def _bare_month(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    month = _words().months[match["month"].lower()]
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
    back = (today.weekday() - _words().weekdays[match["weekday"].lower()]) % 7
    if back == 0 and match["last"]:
        back = 7
    return _one(today - timedelta(days=back))


def _relative(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    if today is None:
        return None
    first, last = _words().relative[" ".join(match["words"].lower().split())]
    return today + timedelta(days=first), today + timedelta(days=last), False


def _holiday(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    month, day = _words().holidays[" ".join(match["words"].lower().split())]
    return _one(_latest(month, day, today))


_UNIT_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


def _ago(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    """Read "two days ago" as a day, "a week ago" as one within a day of it, longer spans as vague."""
    count = _count(match["count"])
    if today is None or count is None:
        return None
    unit = match["unit"].lower()
    around = today - timedelta(days=min(count * _UNIT_DAYS[unit], 365 * 200))
    if unit == "day":
        return _one(around)
    slack = timedelta(days={"week": 2, "month": 15, "year": 183}[unit])
    return around - slack, min(around + slack, today), unit != "week"


def _count(word: str) -> int | None:
    plain = word.lower()
    if plain.isdigit():
        return int(plain)
    order = (
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    )
    if plain in {"a", "an"}:
        return 1
    return order.index(plain) + 1 if plain in order else None


def _period(match: re.Match[str], today: date | None) -> tuple[date, date, bool] | None:
    """Read "last week" as the week before this one, Monday to Sunday; months and years are vague."""
    if today is None:
        return None
    unit, this = match["unit"].lower(), match["which"].lower() == "this"
    monday = today - timedelta(days=today.weekday())
    if unit == "week":
        return (
            (monday, today, False)
            if this
            else (monday - timedelta(days=7), monday - timedelta(days=1), False)
        )
    if unit == "weekend":
        saturday = today - timedelta(days=(today.weekday() - 5) % 7)
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


# --- where days are counted from -----------------------------------------------------------------


def published_day(reading: Reading) -> date | None:
    """Return the day of publication where the source writes."""
    if reading.published is None:
        return None
    try:
        return (reading.published + timedelta(minutes=reading.utc_offset_minutes or 0)).date()
    except OverflowError:
        return reading.published.date()


# Every sentence asks for its article's day; the entry goes with the reading.
_REFERENCE_DAYS: WeakKeyDictionary[Reading, date | None] = WeakKeyDictionary()


def reference_day(reading: Reading) -> date | None:
    """Return the day from which "yesterday" counts: the dateline's where the text has one, else the publication's."""
    if reading not in _REFERENCE_DAYS:
        _REFERENCE_DAYS[reading] = _reference_day(reading)
    return _REFERENCE_DAYS[reading]


def _reference_day(reading: Reading) -> date | None:
    published = published_day(reading)
    for sentence in reading.sentences[:8]:
        day = _dateline_day(sentence, published)
        if day is not None:
            return day
    return published


def _dateline_day(sentence: Sentence, published: date | None) -> date | None:
    for match in _matches(sentence.text, published):
        if match.first != match.last or match.rank > _DATES or not _is_dateline(sentence, match):
            continue
        if published is None or abs(match.first - published) <= MAX_DATELINE_AGE:
            return match.first
    return None


_DATELINE_OPEN = re.compile(r"^\W*(?:[A-Z][\w.'’-]*[\s,]+){1,8}\(?$")
_DATELINE_CLOSE = re.compile(r"^\s*(?:\)|--|[-–—]|\[|\(|:)")


def _is_dateline(sentence: Sentence, match: _Match) -> bool:
    """Tell whether a date is where and when the story was filed, or a time stamp, and not when something happened."""
    text = sentence.text
    if match.rank > _DATES:
        return False
    before, after = text[: match.start], text[match.end :]
    if (
        len(before) <= MAX_DATELINE_CHARS
        and _DATELINE_OPEN.match(before)
        and _DATELINE_CLOSE.match(after)
    ):
        return True
    cue = before.lower().rstrip(" \t:-|\n")
    if any(cue.endswith(word) for word in _words().words.published) and before.rstrip()[-1:] == ":":
        return True
    return _is_stamp(sentence, before, after)


_STAMP_END = re.compile(r"[\W\d]*(?:at\b)?[\W\d]*(?:a\.?m\.?|p\.?m\.?)?(?:\s*[A-Z]{2,4})?\W*")
_PREPOSITION_END = re.compile(
    r"\b(?:on|in|of|since|from|until|by|during|for|the|to|before|after)\s*$", re.IGNORECASE
)


def _is_stamp(sentence: Sentence, before: str, after: str) -> bool:
    """Tell whether a short line without a verb begins or ends with a bare date: a header, a byline, a time stamp."""
    tokens = [token for token in sentence.span if token.is_alpha]
    if len(tokens) > MAX_STAMP_WORDS or any(t.pos_ in {"VERB", "AUX"} for t in tokens):
        return False
    if _PREPOSITION_END.search(before):
        return False
    return not before.strip() or _STAMP_END.fullmatch(after) is not None


def _is_since(text: str, match: _Match) -> bool:
    before = text[max(0, match.start - 24) : match.end].lower()
    return re.search(
        r"\bsince\b(?:\s+(?:the|early|late|mid|last|on|about|around|at least|start|beginning|end|of|morning))*[\s-]*",
        before,
    ) is not None and (
        re.search(r"\bsince\b[\s\w-]{0,20}$", text[max(0, match.start - 24) : match.start].lower())
        is not None
        or text[match.start :].lower().startswith("since")
    )


def _is_future(text: str, match: _Match, today: date | None, reading: Reading) -> bool:
    """Tell whether a day is to come: later than the publication, or announced by "next", "scheduled for"."""
    if today is not None and match.first > today + FUTURE_SLACK:
        return True
    published = published_day(reading)
    if published is not None and match.first > published + FUTURE_SLACK:
        return True
    before = text[max(0, match.start - 30) : match.start].lower().rstrip()
    before = re.sub(r"\s(?:on|the|this)$", "", before)
    return any(before.endswith(f" {cue}") or before == cue for cue in _words().words.future_before)


# --- the day of an event -------------------------------------------------------------------------


def of_event(
    sentence: Sentence, trigger_head: int, reading: Reading, days: tuple[Day, ...]
) -> DayRange | None:
    """Return the day of the event whose trigger is the token `trigger_head` of `sentence`.

    `days` are all days of the reading. In order: a day of the sentence itself, nearest in the parse; one that begins
    the next sentence ("... around 10 p.m. | Tuesday"); one of the sentences before, its paragraph first; one of the
    three after; the day counted from. Days on which something was said or somebody charged are no event's.
    """
    able = [d for d in days if _dates_events(d) and not _is_reporting(d, reading)]
    own = [d for d in able if d.sentence == sentence.index]
    if own:
        return min(own, key=lambda d: _distance(sentence, trigger_head, d)).days
    inherited = _inherited(sentence, reading, able)
    if inherited is not None:
        return inherited
    today = reference_day(reading)
    return None if today is None else DayRange(first=today, last=today)


def _dates_events(day: Day) -> bool:
    return not (day.since or day.vague or day.from_dateline)


# "said in a statement on Monday": so many words may stand between a verb of saying and its day.
MAX_SAID_REACH = 5


def _is_reporting(day: Day, reading: Reading) -> bool:
    """Tell whether a day tells when something was said: "police said Tuesday", "on Monday confirmed"."""
    sentence = reading.sentences[day.sentence] if day.sentence < len(reading.sentences) else None
    if sentence is None or sentence.index != day.sentence:
        return False
    doc, reporting = sentence.doc, _words().words.reporting
    for i in range(day.start - 1, max(sentence.span.start, day.start - MAX_SAID_REACH) - 1, -1):
        if doc[i].lower_ in reporting:
            return True
        if doc[i].pos_ == "VERB" or doc[i].is_punct:
            return False
    return day.end < sentence.span.end and doc[day.end].lower_ in reporting


# So many sentences after the event's one may tell its day: "The shooting happened Monday evening."
LOOK_AHEAD = 3


def _inherited(sentence: Sentence, reading: Reading, able: list[Day]) -> DayRange | None:
    """Return the day of the sentences around: a fragment behind, the paragraph before, before, after."""
    after = [d for d in able if sentence.index < d.sentence <= sentence.index + LOOK_AHEAD]
    fragment = next((d for d in after if _begins_next(d, sentence, reading)), None)
    if fragment is not None:
        return fragment.days
    before = [d for d in able if d.sentence < sentence.index]
    paragraph = {s.index: s.paragraph for s in reading.sentences}
    same = [d for d in before if paragraph.get(d.sentence) == sentence.paragraph]
    return next(
        (found[-1 if found[0] in before else 0].days for found in (same, before, after) if found),
        None,
    )


def _begins_next(day: Day, sentence: Sentence, reading: Reading) -> bool:
    """Tell whether the next sentence begins with the day: a sentence cut at "p.m." or a line break."""
    following = sentence.index + 1
    if day.sentence != following or following >= len(reading.sentences):
        return False
    return day.start <= reading.sentences[following].span.start + 1


def _distance(sentence: Sentence, trigger: int, day: Day) -> tuple[int, int]:
    """Return how far a day is from the trigger: edges in the parse, then words."""
    doc = sentence.doc
    steps = {token.i: n for n, token in enumerate((doc[trigger], *doc[trigger].ancestors))}
    head = doc[day.start : day.end].root
    for n, token in enumerate((head, *head.ancestors)):
        if token.i in steps:
            return n + steps[token.i], abs(day.start - trigger)
    return len(doc), abs(day.start - trigger)

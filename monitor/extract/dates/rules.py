"""Find the days that a sentence speaks of, and decide on which day an event was.

Words such as "Wednesday" and "yesterday" count from the day of publication where the source writes (its UTC offset
where the feed gives one), or from the dateline's day where the text has one. A weekday is the latest one up to that
day, a date without a year the latest such date: what is told happened, so no day is later than the publication.
General date libraries read none of "early hours of Wednesday", "mid-October" and "late last November".
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from monitor.extract.dates import anchors
from monitor.extract.dates import words as date_words
from monitor.extract.dates.calendar_words import LAST_EXACT_RULE, Match, matches
from monitor.extract.dates.days import FUTURE_SLACK
from monitor.extract.facts import Day
from schemas.report import DayRange

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.extract.facts import Reading, Sentence
# A dateline further from the publication than this is the date of something else (a law, a photograph).
MAX_DATELINE_AGE = timedelta(days=10)
# A dateline stands within so many characters of the start of its paragraph.
MAX_DATELINE_CHARS = 90
# A line of so few words without a verb that holds a date is a dateline, a byline or a time stamp.
MAX_STAMP_WORDS = 14


def find(sentence: Sentence, reading: Reading) -> tuple[Day, ...]:
    """Return the days that `sentence` speaks of, in order, none later than the publication.

    A weekday needs `reading.published` or a dateline; a full date needs neither.
    """
    today = reference_day(reading)
    return tuple(_days(sentence, reading, today))


def _days(sentence: Sentence, reading: Reading, today: date | None) -> Iterator[Day]:
    text = sentence.text
    told = matches(text, today)
    for read in (*told, *_anchored(sentence, told, reading, today)):
        match = _night(read, text, reading)
        span = sentence.doc.char_span(
            sentence.span.start_char + match.start,
            sentence.span.start_char + match.end,
            alignment_mode="expand",
        )
        if span is None or _is_future(text, match, today, reading) or _is_name(text, match):
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


_NAMED = re.compile(
    r"\s+(?:neighbou?rhood|street|avenue|boulevard|square|plaza|colony|brigade|movement|alliance|coalition|revolution|commando)\b"
    r"(?!\s+(?:attack|bomb|blast|clash|fight|kill|march|protest|raid|riot|shoot|strike))",
    re.IGNORECASE,
)


def _is_name(text: str, match: Match) -> bool:
    """Tell whether a day of the calendar names a street, a quarter or a band: "14 February Street"."""
    return match.rank <= LAST_EXACT_RULE and _NAMED.match(text, match.end) is not None


# A day that others count from stands at most so many sentences before them.
MAX_ANCHOR_SENTENCES = 5


def _anchored(
    sentence: Sentence, told: list[Match], reading: Reading, today: date | None
) -> Iterator[Match]:
    """Yield the days that count from another one of the text."""
    for one in anchors.find(sentence.text):
        if any(one.start < match.end and match.start < one.end for match in told):
            continue
        here = [m for m in told if m.end <= one.start and m.first == m.last and not m.vague]
        anchor = here[-1].first if here else _told_before(sentence, reading, today)
        if anchor is None:
            continue
        day = anchor + timedelta(days=one.offset)
        if today is not None and day > today:
            continue
        yield Match(one.start, one.end, day, day)


def _told_before(sentence: Sentence, reading: Reading, today: date | None) -> date | None:
    """Return the single day told last in the sentences before, else the day counted from."""
    first = max(0, sentence.index - MAX_ANCHOR_SENTENCES)
    for before in reversed(reading.sentences[first : sentence.index]):
        days = [m for m in matches(before.text, today) if m.first == m.last and not m.vague]
        if days:
            return days[-1].first
    return today


_SMALL_HOURS = re.compile(
    r"\b(?:12|[1-6])(?::\d\d)?\s*a\.?m\b|\bearly (?:this )?morning", re.IGNORECASE
)
# The hour of an event stands among its article's first sentences.
MAX_HOUR_SENTENCES = 15


def _night(match: Match, text: str, reading: Reading) -> Match:
    """Return "overnight" as the day that the night began on, or, where the article tells a small hour, as the next."""
    if text[match.start : match.end].lower() != "overnight":
        return match
    told = any(_SMALL_HOURS.search(s.text) for s in reading.sentences[:MAX_HOUR_SENTENCES])
    return (
        replace(match, first=match.first + timedelta(days=1), last=match.last + timedelta(days=1))
        if told
        else match
    )


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
    for match in matches(sentence.text, published):
        if (
            match.first != match.last
            or match.rank > LAST_EXACT_RULE
            or not _is_dateline(sentence, match)
        ):
            continue
        if published is None or abs(match.first - published) <= MAX_DATELINE_AGE:
            return match.first
    return None


_DATELINE_OPEN = re.compile(r"^\W*(?:[A-Z][\w.'’-]*[\s,]+){1,8}\(?$")
_DATELINE_CLOSE = re.compile(r"^\s*(?:\)|--|[-–—]|\[|\(|:)")


def _is_dateline(sentence: Sentence, match: Match) -> bool:
    """Tell whether a date is where and when the story was filed, or a time stamp, and not when something happened."""
    text = sentence.text
    if match.rank > LAST_EXACT_RULE:
        return False
    before, after = text[: match.start], text[match.end :]
    if (
        len(before) <= MAX_DATELINE_CHARS
        and _DATELINE_OPEN.match(before)
        and _DATELINE_CLOSE.match(after)
    ):
        return True
    cue = before.lower().rstrip(" \t:-|\n")
    if (
        any(cue.endswith(word) for word in date_words.words().words.published)
        and before.rstrip()[-1:] == ":"
    ):
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


# Within a longer time than this no one event is told: what the past ten days saw is a sum.
ONE_EVENT = timedelta(days=3)
_PERIOD = re.compile(
    r"(?:in|over|during|within|throughout)\s+(?:the\s+)?(?:past|last)\b", re.IGNORECASE
)


def _is_since(text: str, match: Match) -> bool:
    if _PERIOD.match(text, match.start) and match.last - match.first > ONE_EVENT:
        return True
    before = text[max(0, match.start - 24) : match.end].lower()
    return re.search(
        r"\bsince\b(?:\s+(?:the|early|late|mid|last|on|about|around|at least|start|beginning|end|of|morning))*[\s-]*",
        before,
    ) is not None and (
        re.search(r"\bsince\b[\s\w-]{0,20}$", text[max(0, match.start - 24) : match.start].lower())
        is not None
        or text[match.start :].lower().startswith("since")
    )


def _is_future(text: str, match: Match, today: date | None, reading: Reading) -> bool:
    """Tell whether a day is to come: later than the publication, or announced by "next", "scheduled for"."""
    if today is not None and match.first > today + FUTURE_SLACK:
        return True
    published = published_day(reading)
    if published is not None and match.first > published + FUTURE_SLACK:
        return True
    before = text[max(0, match.start - 30) : match.start].lower().rstrip()
    before = re.sub(r"\s(?:on|the|this)$", "", before)
    return any(
        before.endswith(f" {cue}") or before == cue
        for cue in date_words.words().words.future_before
    )


def overlap(one: DayRange, other: DayRange) -> bool:
    """Say whether two ranges of days share one."""
    return one.first <= other.last and other.first <= one.last


# --- the day of an event -------------------------------------------------------------------------


def of_event(
    sentence: Sentence, trigger_head: int, reading: Reading, days: tuple[Day, ...]
) -> DayRange | None:
    """Return the day of the event whose trigger is the token `trigger_head` of `sentence`: told, else the day counted from."""
    told = told_of_event(sentence, trigger_head, reading, days)
    if told is not None:
        return told
    today = reference_day(reading)
    return None if today is None else DayRange(first=today, last=today)


def told_of_event(
    sentence: Sentence, trigger_head: int, reading: Reading, days: tuple[Day, ...]
) -> DayRange | None:
    """Return the day that `days` tell of the event whose trigger is the token `trigger_head`, ``None`` for none.

    `days` are all days of the reading, or those of the sentence alone. In order: a day of the sentence itself, nearest in the parse; one that begins
    the next sentence ("... around 10 p.m. | Tuesday"); one of the sentences before, its paragraph first; one of the
    three after. Days on which something was said or somebody charged are no event's.
    A year in the event's own name goes before all: "sentenced on Wednesday over the 2015 bombing".
    """
    if (year := _year_of(sentence, trigger_head, reading)) is not None:
        return year
    able = [d for d in days if _dates_events(d) and not _is_reporting(d, reading)]
    own = [
        d
        for d in able
        if d.sentence == sentence.index
        and not anchors.binds_elsewhere(sentence.doc, d.start, d.end, trigger_head)
    ]
    bound = [d for d in own if _binds(sentence, d, trigger_head)]
    if bound:
        return bound[-1].days
    if own:
        # "Ordered today an inquiry into the attack that hit the town yesterday": its own phrase first.
        inside = [d for d in own if _holds(sentence, trigger_head, d)]
        return min(inside or own, key=lambda d: distance(sentence, trigger_head, d)).days
    return _inherited(sentence, reading, able)


def _holds(sentence: Sentence, trigger: int, day: Day) -> bool:
    """Say whether a day stands in the phrase of the event's noun."""
    head = sentence.doc[trigger]
    return head.pos_ == "NOUN" and head.left_edge.i <= day.start <= head.right_edge.i


def _binds(sentence: Sentence, day: Day, trigger: int) -> bool:
    """Say whether the day is told of the clause behind it: "a day after a bomb killed"; of the deed itself: "Tuesday's bombing"."""
    doc = sentence.doc
    if day.end - day.start > 1 and doc[day.end - 1].lower_ == "after":
        return trigger >= day.end
    head = doc[day.start : day.end].root
    return head.dep_ in ("nmod:poss", "compound", "nummod") and head.head.i == trigger


# "the 2015 Bangkok shrine bombing": so many words may stand between the year and the event.
MAX_YEAR_REACH = 4
_YEAR = re.compile(r"(?:19|20)\d\d")


def _year_of(sentence: Sentence, trigger_head: int, reading: Reading) -> DayRange | None:
    """Return the year that stands before an event's noun in the same phrase, if it is one before the publication's."""
    today = reference_day(reading)
    for i in range(
        trigger_head - 1, max(sentence.span.start, trigger_head - MAX_YEAR_REACH) - 1, -1
    ):
        token = sentence.doc[i]
        if _YEAR.fullmatch(token.text):
            year = int(token.text)
            if today is None or year >= today.year:
                return None
            return DayRange(first=date(year, 1, 1), last=date(year, 12, 31))
        if token.pos_ not in ("NOUN", "PROPN", "ADJ"):
            return None
    return None


def _dates_events(day: Day) -> bool:
    return not (day.since or day.vague or day.from_dateline)


_COUNTED_ON = frozenset("earlier prior before previously day night after later".split())
# "said in a statement on Monday": so many words may stand between a verb of saying and its day.
MAX_SAID_REACH = 5


def _is_reporting(day: Day, reading: Reading) -> bool:
    """Tell whether a day tells when something was said: "police said Tuesday", "on Monday confirmed"."""
    sentence = reading.sentences[day.sentence] if day.sentence < len(reading.sentences) else None
    if sentence is None or sentence.index != day.sentence:
        return False
    doc, reporting = sentence.doc, date_words.words().words.reporting
    if day.end < sentence.span.end and doc[day.end].text in ("'s", "’s"):
        return False
    if day.end - day.start > 1 and doc[day.end - 1].lower_ in _COUNTED_ON:
        return False
    for i in range(day.start - 1, max(sentence.span.start, day.start - MAX_SAID_REACH) - 1, -1):
        if doc[i].lower_ in reporting:
            return True
        if doc[i].pos_ == "VERB" or doc[i].lower_ == "that":
            return False
        if doc[i].is_punct:
            break
    return day.end < sentence.span.end and doc[day.end].lower_ in reporting


# So many sentences after the event's one may tell its day: "The shooting happened Monday evening."
LOOK_AHEAD = 3


# What is told separately is of the news, and not of the history that the paragraph before went into.
_APART = frozenset("separately elsewhere meanwhile".split())
_NEWS = timedelta(days=7)


def _inherited(sentence: Sentence, reading: Reading, able: list[Day]) -> DayRange | None:
    """Return the day of the sentences around: a fragment behind, the paragraph before, before, after."""
    if sentence.span[0].lower_ in _APART:
        today = reference_day(reading)
        able = [d for d in able if today is None or today - d.days.last < _NEWS]
    after = [
        d
        for d in able
        if sentence.index < d.sentence <= sentence.index + LOOK_AHEAD
        and not _is_long_past(d.days, reading)
    ]
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


# "In December 2024 six people died in Magdeburg": what a report of today recalls so.
_LONG_PAST = timedelta(days=60)


def _is_long_past(days: DayRange, reading: Reading) -> bool:
    """Say whether days lie so long before an article that they are of what it recalls, and not of its news."""
    today = reference_day(reading)
    return today is not None and days.last < today - _LONG_PAST


def _begins_next(day: Day, sentence: Sentence, reading: Reading) -> bool:
    """Tell whether the next sentence begins with the day: a sentence cut at "p.m." or a line break."""
    following = sentence.index + 1
    if day.sentence != following or following >= len(reading.sentences):
        return False
    return day.start <= reading.sentences[following].span.start + 1


def distance(sentence: Sentence, trigger: int, day: Day) -> tuple[int, int]:
    """Return how far a day is from the token `trigger` of its sentence: edges in the parse, then words."""
    doc = sentence.doc
    steps = {token.i: n for n, token in enumerate((doc[trigger], *doc[trigger].ancestors))}
    head = doc[day.start : day.end].root
    for n, token in enumerate((head, *head.ancestors)):
        if token.i in steps:
            return n + steps[token.i], abs(day.start - trigger)
    return len(doc), abs(day.start - trigger)

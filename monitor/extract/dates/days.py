"""What a match of a pattern means: its first and last day, given the day from which is counted."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from monitor.extract.dates.words import count_of, words

Days = tuple[date, date, bool] | None
"""The first and the last day, and whether they are vague; ``None`` where the words are no date."""

# An offset of a source ahead of UTC may write tomorrow's day: so far beyond the publication a day is no future.
FUTURE_SLACK = timedelta(days=1)


def read_iso(match: re.Match[str], today: date | None) -> Days:
    """Read the day of "2023-12-08"."""
    del today
    return _one(_day(int(match["year"]), int(match["month"]), int(match["day"])))


def read_calendar(match: re.Match[str], today: date | None) -> Days:
    """Read the day of "8 December 2023", "Dec. 8" or "March 4 last year"."""
    month = words().months[match["month"].lower()]
    groups = match.groupdict()
    if groups.get("year"):
        return _one(_day(_full_year(groups["year"], today), month, int(match["day"])))
    if groups.get("lastyear") is not None and today is not None:
        return _one(_day(today.year - 1, month, int(match["day"])))
    return _one(_latest(month, int(match["day"]), today))


def read_days(match: re.Match[str], today: date | None) -> Days:
    """Read "between 4 and 9 September" as all of these days; none where the later one stands first."""
    last = read_calendar(match, today)
    if last is None:
        return None
    first = _day(last[0].year, last[0].month, int(match["first"]))
    return None if first is None or first > last[0] else (first, last[0], False)


def read_slashes(match: re.Match[str], today: date | None) -> Days:
    """Read "07/10/2023" as day and month, or as month and day where only that is a day, or is the nearer one."""
    a, b, year = int(match["a"]), int(match["b"]), _full_year(match["year"], today)
    orders = ((b, a), (a, b)) if match["mark"] == "/" else ((b, a),)
    days = [d for month, day in orders if (d := _day(year, month, day)) is not None]
    past = [d for d in days if today is None or d <= today + FUTURE_SLACK]
    return _one(past[0] if today is None and past else max(past, default=None))


def read_part_of_month(match: re.Match[str], today: date | None) -> Days:
    """Read the part of "mid-October" or "late last November"."""
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


def read_part_of_last_month(match: re.Match[str], today: date | None) -> Days:
    """Read the part of "early last month"."""
    if today is None:
        return None
    last = today.replace(day=1) - timedelta(days=1)
    first, end = {"early": (1, 10), "mid": (11, 20), "late": (20, last.day)}[match["part"].lower()]
    return last.replace(day=first), last.replace(day=end), False


def read_month(match: re.Match[str], today: date | None) -> Days:
    """Read the month of "October 2023"."""
    return _whole_month(int(match["year"]), words().months[match["month"].lower()], today)


def read_month_last_year(match: re.Match[str], today: date | None) -> Days:
    """Read the month of "June last year"."""
    if today is None:
        return None
    return _whole_month(today.year - 1, words().months[match["month"].lower()], today)


def read_bare_month(match: re.Match[str], today: date | None) -> Days:
    """Read the latest month of that name: "in October"."""
    month = words().months[match["month"].lower()]
    year = _latest_year(month, today)
    return None if year is None else _whole_month(year, month, today)


def _whole_month(year: int, month: int, today: date | None) -> Days:
    first = date(year, month, 1)
    return (
        first,
        _not_after(date(year, month, calendar.monthrange(year, month)[1]), first, today),
        False,
    )


def _not_after(day: date, first: date, today: date | None) -> date:
    return day if today is None else max(first, min(day, today))


def read_weekday(match: re.Match[str], today: date | None) -> Days:
    """Read the latest day of that name: "Tuesday", "last Tuesday"."""
    if today is None or not match["weekday"][0].isupper():
        return None
    back = (today.weekday() - words().weekdays[match["weekday"].lower()]) % 7
    if back == 0 and match["last"]:
        back = 7
    return _one(today - timedelta(days=back))


def read_two_days(match: re.Match[str], today: date | None) -> Days:
    """Read "overnight Monday into Tuesday", "between Sunday and Monday" as the two days; "Sunday and Monday" is no night."""
    weekdays = words().weekdays
    first, second = weekdays[match["weekday"].lower()], weekdays[match["second"].lower()]
    told = match["open"] or match["night"] or match["joint"].lower() in ("into", "/", "-", "–")
    if today is None or not told or (second - first) % 7 != 1 or not match["second"][0].isupper():
        return None
    last = today - timedelta(days=(today.weekday() - second) % 7)
    return last - timedelta(days=1), last, False


def read_night_into(match: re.Match[str], today: date | None) -> Days:
    """Read "overnight into Saturday" as Friday and Saturday."""
    if today is None or not match["second"][0].isupper():
        return None
    last = today - timedelta(days=(today.weekday() - words().weekdays[match["second"].lower()]) % 7)
    return last - timedelta(days=1), last, False


def read_weekday_last_week(match: re.Match[str], today: date | None) -> Days:
    """Read the day of "Tuesday last week"."""
    if today is None:
        return None
    monday = today - timedelta(days=today.weekday() + 7)
    return _one(monday + timedelta(days=words().weekdays[match["weekday"].lower()]))


def read_weekday_before_last(match: re.Match[str], today: date | None) -> Days:
    """Read the day of "the Friday before last"."""
    if today is None:
        return None
    back = (today.weekday() - words().weekdays[match["weekday"].lower()]) % 7
    return _one(today - timedelta(days=back + 7))


def read_relative(match: re.Match[str], today: date | None) -> Days:
    """Read the days of "yesterday" or "this week"."""
    if today is None:
        return None
    first, last = words().relative[" ".join(match["words"].lower().split())]
    return today + timedelta(days=first), today + timedelta(days=last), False


def read_holiday(match: re.Match[str], today: date | None) -> Days:
    """Read the latest day of a feast."""
    month, day = words().holidays[" ".join(match["words"].lower().split())]
    return _one(_latest(month, day, today))


_UNIT_DAYS = {"day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365}
# "48 hours ago" is two days ago; fewer hours are told of the day itself.
MIN_HOURS_OF_DAYS = 20


def read_ago(match: re.Match[str], today: date | None) -> Days:
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


# "In the past few days": no more than an order of magnitude.
A_FEW = 3


def read_past(match: re.Match[str], today: date | None) -> Days:
    """Read "in the past two days", "over the last 72 hours" as all days from so long ago to today."""
    if today is None:
        return None
    count, unit = count_of(match["count"]) or A_FEW, match["unit"].lower()
    if unit == "hour":
        length = 1 if count_of(match["count"]) is None else -(-count // 24)
    else:
        length = min(count * _UNIT_DAYS[unit], 365 * 200)
    return today - timedelta(days=length), today, False


SATURDAY = 5


def read_period(match: re.Match[str], today: date | None) -> Days:
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


def read_year(match: re.Match[str], today: date | None) -> Days:
    """Read the year of "in 2019", as vague."""
    year = int(match["year"])
    first, last = date(year, 1, 1), date(year, 12, 31)
    return first, last if today is None or first > today else min(last, today), True


def read_years(match: re.Match[str], today: date | None) -> Days:
    """Read "between 2010 and 2012" as all of these years, as vague; none where the later one stands first."""
    first, last = date(int(match["year"]), 1, 1), date(int(match["until"]), 12, 31)
    if last < first:
        return None
    return first, last if today is None or first > today else min(last, today), True


def _one(day: date | None) -> Days:
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

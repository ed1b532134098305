"""Pure: the dates that feeds write, in all the ways they write them.

``feedparser`` reads ``2024/3/5`` as the first of November (its issue 75), so dates that begin with the year are read
here before it. Where day and month could be either, the reading is taken that is not in the future: an entry is
younger than its feed.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from monitor.articles.normalise import parse_time

MAX_DATE_CHARS = 100
LEEWAY = timedelta(minutes=10)
"""Clocks of publishers run ahead; a date this far in the future is still taken as meant."""

_EARLIEST, _LATEST = 1990, 2200
_YEAR_FIRST = re.compile(
    r"^(?P<y>\d{4})(?P<sep>[-/. ])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})"
    r"(?:[T ,]+(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2})(?:[.,]\d{1,9})?)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?\s*$",
    re.IGNORECASE,
)
_EITHER = re.compile(
    r"^(?:\w{2,12},?\s+)?(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4})"
    r"(?:[T ,-]+(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2}))?\s*(?P<half>[AP]\.?M\.?)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?\s*$",
    re.IGNORECASE,
)
_GMT_PLUS = re.compile(r"\b(?:GMT|UTC) ?([+-])(\d{1,2})(?::?(\d{2}))?$")
_EAST_ASIAN = re.compile(r"^(\d{4})[年년] ?(\d{1,2})[月월] ?(\d{1,2})[日일]")
_YEAR = re.compile(r"(?<![\d+-])(?:19|2[01])\d{2}(?:\d{4})?(?!\d)")
_EPOCH = re.compile(r"^\d{10}(?:\d{3})?$")
_ZONES = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 60, "WEST": 60, "CET": 60, "WAT": 60, "CEST": 120,
    "EET": 120, "CAT": 120, "SAST": 120, "EEST": 180, "MSK": 180, "AST": 180, "EAT": 180, "TRT": 180, "GST": 240,
    "AFT": 270, "PKT": 300, "NPT": 345, "ICT": 420, "HKT": 480, "SGT": 480, "JST": 540, "KST": 540, "AEST": 600,
    "AEDT": 660, "NZST": 720, "NZDT": 780, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420,
    "MDT": -360, "PST": -480, "PDT": -420, "IRST": 210, "IDT": 180, "SLST": 330,
}  # fmt: skip
"""Minutes east of UTC. AST is taken as Arabia's, as the feeds watched are more often there; IST is left out, since it
is India's, Israel's and Ireland's, and is read by the country's feeds themselves with offsets."""

_ZONE_AT_END = re.compile(r"\s\(?(?P<zone>[A-Z]{2,4})\)?$")
_MONTH_WORDS = {
    # Arabic, both sets of names, then Persian, Russian, Ukrainian, Turkish, Kurdish, French, Spanish, Urdu, Hindi.
    1: "يناير كانون_الثاني ژانویه января січня ocak janvier enero جنوری जनवरी".split(),
    2: "فبراير شباط فوریه февраля лютого şubat février febrero فروری फ़रवरी फरवरी".split(),
    3: "مارس آذار марта березня mart mars marzo مارچ मार्च".split(),
    4: "أبريل ابريل نيسان آوریل апреля квітня nisan avril abril اپریل अप्रैल".split(),
    5: "مايو أيار ايار مه мая травня mayıs mai mayo مئی मई".split(),
    6: "يونيو حزيران ژوئن июня червня haziran juin junio جون जून".split(),
    7: "يوليو تموز ژوئیه июля липня temmuz juillet julio جولائی जुलाई".split(),
    8: "أغسطس اغسطس آب اوت августа серпня ağustos août agosto اگست अगस्त".split(),
    9: "سبتمبر أيلول ايلول سپتامبر сентября вересня eylül septembre septiembre ستمبر सितंबर सितम्बर".split(),
    10: "أكتوبر اكتوبر تشرين_الأول تشرين_الاول اکتبر октября жовтня ekim octobre octubre اکتوبر अक्टूबर".split(),
    11: "نوفمبر تشرين_الثاني نوامبر ноября листопада kasım novembre noviembre نومبر नवंबर नवम्बर".split(),
    12: "ديسمبر كانون_الأول كانون_الاول دسامبر декабря грудня aralık décembre diciembre دسمبر दिसंबर".split(),
}
_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {
    word.replace("_", " "): _ENGLISH[n - 1] for n, words in _MONTH_WORDS.items() for word in words
}
_MONTH = re.compile("|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True)), re.IGNORECASE)
_WORDED = re.compile(
    r"(?P<d>\d{1,2})\s+(?:de\s+)?(?P<m>"
    + "|".join(_ENGLISH)
    + r")\w*\.?,?\s+(?:de\s+)?(?P<y>\d{4})"
    r"(?:\D{1,12}?(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2}))?)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)


def read_date(text: str, now: datetime) -> datetime | None:
    """Return the time that a feed's date tells, with the offset it was written with; ``None`` where it tells none.

    A time without zone is UTC. ``now`` decides between readings, nothing else.
    """
    given = _plain(text)
    if not given or len(given) > MAX_DATE_CHARS:
        return None
    for reading in (_epoch, _year_first, _either, _mail, _worded, _loose):
        at = reading(given, now)
        if at is not None and plausible(at):
            return at
    return None


def plausible(at: datetime) -> bool:
    """Return whether a feed may have meant this year."""
    return _EARLIEST <= at.year < _LATEST


def clamp(at: datetime | None, now: datetime) -> datetime | None:
    """Return a date, or ``now`` where it is in the future beyond the leeway of clocks."""
    if at is None or at <= now:
        return at
    return now.astimezone(at.tzinfo)


def _plain(text: str) -> str:
    """Return the text with digits of all scripts as ASCII and its spaces and marks of direction made plain."""
    digits = "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() and not c.isascii() else c
        for c in text[: MAX_DATE_CHARS * 2]
        if unicodedata.category(c) != "Cf"
    )
    plain = " ".join(digits.replace("،", ",").split())
    return _GMT_PLUS.sub(_offset_of, _EAST_ASIAN.sub(r"\1-\2-\3 ", plain)).strip()


def _offset_of(found: re.Match[str]) -> str:
    minutes = 60 * int(found[2]) + int(found[3] or 0)
    return _offset_text(-minutes if found[1] == "-" else minutes)


def _epoch(text: str, _now: datetime) -> datetime | None:
    if not _EPOCH.match(text):
        return None
    seconds = int(text[:10])
    return datetime.fromtimestamp(seconds, UTC)


def _year_first(text: str, _now: datetime) -> datetime | None:
    found = _YEAR_FIRST.match(text)
    return _made(found, int(found["y"]), int(found["m"]), int(found["d"])) if found else None


def _either(text: str, now: datetime) -> datetime | None:
    """Read ``5/3/2024``: day first as most of the world writes, month first where that alone is not in the future."""
    found = _EITHER.match(text)
    if found is None:
        return None
    a, b, year = int(found["a"]), int(found["b"]), int(found["y"])
    readings = [_made(found, year, month, day) for month, day in ((b, a), (a, b))]
    fitting = [at for at in readings if at is not None]
    past = [at for at in fitting if at <= now + LEEWAY]
    return next(iter((*past, *fitting)), None)


def _mail(text: str, _now: datetime) -> datetime | None:
    """Read RFC 5322 dates, also with the names of zones that the standard library does not know."""
    named = _ZONE_AT_END.search(text)
    minutes = _ZONES.get(named["zone"]) if named else None
    if named and minutes is not None:
        text = f"{text[: named.start()]} {_offset_text(minutes)}"
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _worded(text: str, _now: datetime) -> datetime | None:
    """Read dates with the names of months in the languages of the feeds that ship with the monitor."""
    if text.isascii() and not any(word in text.lower() for word in _MONTHS if word.isascii()):
        return None
    english = _MONTH.sub(lambda m: _MONTHS.get(m[0].lower(), m[0]), text)
    # Arabic feeds write both names of a month: "5 آذار/مارس 2024".
    single = re.sub(r"\b(" + "|".join(_ENGLISH) + r")\s*[/(]\s*\1\)?", r"\1", english)
    found = _WORDED.search(single)
    if found is None:
        return None
    return _made(found, int(found["y"]), _ENGLISH.index(found["m"]) + 1, int(found["d"]))


def _loose(text: str, _now: datetime) -> datetime | None:
    """Without a year a general reader takes today's, and from a number it makes anything."""
    return parse_time(text) if _YEAR.search(text) else None


def _made(found: re.Match[str], year: int, month: int, day: int) -> datetime | None:
    hour = int(found["h"] or 0)
    half = (found.groupdict().get("half") or "").upper().replace(".", "")
    if half:
        hour = hour % 12 + (12 if half == "PM" else 0)
    try:
        return datetime(
            year, month, day, hour, int(found["min"] or 0), int(found["s"] or 0),
            tzinfo=_zone(found["zone"]),
        )  # fmt: skip
    except ValueError:
        return None


def _zone(text: str | None) -> timezone:
    if not text or text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _offset_text(minutes: int) -> str:
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"

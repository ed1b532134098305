"""The key of a series of running counts, under which later values meet however they are worded.

    WHAT : VICTIMS : YEAR-MONTH

WHAT is the measure; "injured" and "casualties" of one period are one series, ``hurt``. VICTIMS are canonical: a
country of the gazetteer by its code ("American soldiers", "US forces", "its forces" of Washington: ``us``; of
several the first), else the head noun in lower case, else the first country of the area, else ``all``.
YEAR-MONTH is the month in which the count began: "since October 17" and "since mid-October" are one series; the
year alone where it began with a year; ``open`` where the start is unknown.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from monitor.extract.gazetteers import tables
from schemas.reasons import TallyMeasure

if TYPE_CHECKING:
    from datetime import date


# "United States of America", "Democratic Republic of the Congo"
MAX_COUNTRY_WORDS = 5


def series(
    what: TallyMeasure,
    victims: str | None,
    area: tuple[str, ...],
    since: date | None,
    *,
    whole_year: bool = False,
) -> str:
    """Return the key of a series; the docstring of the module says how it is made."""
    measure = "hurt" if what in {TallyMeasure.INJURED, TallyMeasure.CASUALTIES} else what.value
    start = "open" if since is None else f"{since:%Y}" if whole_year else f"{since:%Y-%m}"
    return f"{measure}:{_canonical(victims, area)}:{start}"


def _canonical(victims: str | None, area: tuple[str, ...]) -> str:
    """Return the country that the victims are of, else their noun, else the first country of the area."""
    code = _first_country(victims or "")
    if code is None and victims:
        return victims.split()[-1].lower()
    code = code or next((c for name in area if (c := _first_country(name)) is not None), None)
    return code.lower() if code is not None else "all"


def _first_country(text: str) -> str | None:
    """Return the code of the first country that `text` names, names of several words included."""
    told = text.replace(".", "").lower().split()
    for start in range(len(told)):
        for length in range(MAX_COUNTRY_WORDS, 0, -1):
            code = country(" ".join(told[start : start + length]))
            if code is not None:
                return code
    return None


@cache
def _country_words() -> dict[str, str]:
    """Return the words that name a country, its people or its capital, by code."""
    found: dict[str, str] = {}
    for code, country in tables.countries().items():
        for name in (country.name, country.capital, *country.aliases, *country.adjectives):
            found.setdefault(name.replace(".", "").lower(), code)
    return found


def country(word: str) -> str | None:
    """Return the code of the country that a lower-case word or phrase names, by itself, its people or its capital."""
    return _country_words().get(word.replace(".", ""))

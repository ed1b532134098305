"""Tell which country an outlet's local news is from, which it does not name: by offices, courts and postal codes."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from monitor.extract.gazetteers import tables
from monitor.extract.places import words as place_words

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from monitor.extract.facts import Reading, Sentence

# GeoNames' codes of these countries' divisions are those of addresses, of two capitals: "Albion, MI".
_POSTAL = ("US",)
# "WFTV 9", "KTVU.com", "WHDH-TV": the call signs of that country's stations begin with K or W (47 CFR 2.302).
_CALL_SIGN = re.compile(r"[KW][A-Z]{2,3}(?:-?(?:TV|FM|AM)|\.com)")
_BARE_CALL_SIGN = re.compile(r"[KW][A-Z]{3}")
_STATIONS = "US"
MAX_CHANNEL = 69
# Where counties are told by that word after the name, and no country with them.
_COUNTIES = "US"


def provinces(reading: Reading) -> Counter[tuple[str, str]]:
    """Return the provinces told by their postal codes after a comma, each once."""
    return Counter({province for s in reading.sentences for province in _by_code(s)})


def countries(reading: Reading) -> Counter[str]:
    """Return the countries whose offices and courts are named, each name once."""
    known = place_words.words().at_home
    told: set[str] = set()
    for sentence in reading.sentences:
        words = [token.lower_ for token in sentence.span]
        told.update(word for word in (*words, *map(" ".join, pairwise(words))) if word in known)
    stations = [_STATIONS] if any(_names_station(s) for s in reading.sentences) else []
    return Counter([*(known[word] for word in told), *stations])


def _names_station(sentence: Sentence) -> bool:
    """Say whether a sentence names a broadcaster by its call sign, alone with its channel or with "-TV"."""
    tokens = [token.text for token in sentence.span]
    return any(_CALL_SIGN.fullmatch(token) for token in tokens) or any(
        _BARE_CALL_SIGN.fullmatch(sign) and (after in ("-TV", "TV") or _is_channel(after))
        for sign, after in pairwise(tokens)
    )


def _is_channel(word: str) -> bool:
    return word.isascii() and word.isdigit() and 0 < int(word) <= MAX_CHANNEL


def by_counties(reading: Reading) -> Counter[str]:
    """Return the country of "Calhoun County" where an article names one."""
    told = any(
        left.text[:1].isupper() and right.lower_ in ("county", "counties")
        for sentence in reading.sentences
        for left, right in pairwise(sentence.span)
    )
    return Counter([_COUNTIES] if told else ())


def division_of(doc: Doc, position: int) -> tuple[str, str] | None:
    """Return the country and the division of a postal code after a town and a comma: the OH of "Lima, OH"."""
    code = doc[position]
    if position < 2 or len(code) != 2 or not code.is_upper:  # noqa: PLR2004 - "Lima, OH"
        return None
    if doc[position - 1].text != "," or not doc[position - 2].text.istitle():
        return None
    return _postal_codes().get(code.text)


def is_postal(doc: Doc, position: int) -> bool:
    """Say whether a token is a postal code: it tells which town is meant, and is no place of its own."""
    return division_of(doc, position) is not None


def _by_code(sentence: Sentence) -> set[tuple[str, str]]:
    told = (division_of(sentence.doc, token.i) for token in sentence.span)
    return {division for division in told if division is not None}


@cache
def _postal_codes() -> dict[str, tuple[str, str]]:
    return {
        seat.removeprefix("="): (division.country, division.name)
        for division in tables.divisions()
        if division.country in _POSTAL
        for seat in division.seats
        if seat.startswith("=")
    }

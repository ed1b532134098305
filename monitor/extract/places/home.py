"""Tell which country an outlet's local news is from, which it does not name: by offices, courts and postal codes."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from monitor.extract.gazetteers import tables
from monitor.extract.places import words as place_words

if TYPE_CHECKING:
    from monitor.extract.facts import Reading, Sentence

# GeoNames' codes of these countries' divisions are those of addresses, of two capitals: "Albion, MI".
_POSTAL = ("US",)
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
    return Counter(known[word] for word in told)


def by_counties(reading: Reading) -> Counter[str]:
    """Return the country of "Calhoun County" where an article names one; for those that tell no other country."""
    told = any(
        left.text[:1].isupper() and right.lower_ in ("county", "counties")
        for sentence in reading.sentences
        for left, right in pairwise(sentence.span)
    )
    return Counter([_COUNTIES] if told else ())


def _by_code(sentence: Sentence) -> set[tuple[str, str]]:
    tokens = list(sentence.span)
    return {
        _postal_codes()[code.text]
        for town, comma, code in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if comma.text == "," and town.text.istitle() and code.text in _postal_codes()
    }


@cache
def _postal_codes() -> dict[str, tuple[str, str]]:
    return {
        seat.removeprefix("="): (division.country, division.name)
        for division in tables.divisions()
        if division.country in _POSTAL
        for seat in division.seats
        if seat.startswith("=")
    }

"""Words as linking compares them: folded to lower case, without those that every report shares."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_TOKEN = re.compile(r"[^\W_]+")
_MIN_LENGTH = 3

COMMON = frozenset(
    """
    about above after again against all also amid among and another any are area around been before being
    between both but can carried city could day days did down during each early east eight either eleven
    evening few five following for four from friday had has have her here him his hour hours how into its
    january february march april may june july august september october november december just last late
    least less local many men monday month more morning most near new news night nine north not now off
    official officials one only other our out outside over own part people person persons place police
    reported report reports said same saturday say saying says second security sees set seven several she
    since six some source sources south statement still such sunday take taken ten than that the their
    them then there these they third this those three thursday time today told took town tuesday twelve
    two under until upon very was wednesday week well were west what when where which while who whose
    will with within woman women would year years yesterday yet you
    attack attacks attacked attacking killed kill kills killing dead died death deaths wounded wounding
    injured injuring injuries injury hurt strike strikes struck hit targeted target
    """.split()
)
"""Function words, days and months, and what nearly every report of violence says: they tell no incident apart."""

MAX_WORDS = 40
"""Content words kept of a claim: a title and a long sentence; bounds the row."""


FOLDED = 2048
"""Texts remembered with what they fold to: names come again, and the sentences between them are soon gone."""


@lru_cache(maxsize=FOLDED)
def fold(text: str) -> str:
    """Return the text in lower case without accents, apostrophes and punctuation, single-spaced; any script."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in apart if not unicodedata.combining(c))
    return " ".join(_TOKEN.findall(plain.replace("'", "").replace("’", "")))


def content_words(*texts: str) -> tuple[str, ...]:
    """Return the words that can tell this incident from another one, sorted, at most ``MAX_WORDS``."""
    found = {
        word
        for text in texts
        for word in fold(text).split()
        if len(word) >= _MIN_LENGTH and word not in COMMON and not word.isdigit()
    }
    return tuple(sorted(found)[:MAX_WORDS])


def tokens(names: Iterable[str]) -> frozenset[str]:
    """Return the words of several names, without function words."""
    return frozenset(
        word
        for name in names
        for word in fold(name).split()
        if len(word) >= _MIN_LENGTH - 1 and word not in _NAME_STOP
    )


_NAME_STOP = frozenset(
    ["the", "of", "and", "in", "al", "el", "an", "on", "at", "for", "to", "by", "its", "his"]
)


_PROPER = re.compile(r"(?<=[\w,;:)”’'\"-] )[A-Z][^\W\d_]+(?:['’-][A-Z]?[^\W\d_]+)*")
"""A capitalised word inside a sentence: what precedes it is a word or a comma, not a full stop."""

OFFICES = frozenset(
    """
    police department county sheriff sheriffs office officer officers hospital medical center centre street avenue
    road drive lane boulevard highway city north south east west northeast northwest southeast southwest chief
    captain capt sergeant sgt lieutenant detective detectives deputy deputies spokesman spokeswoman spokesperson
    district attorney court judge state states united president minister ministry general high school university
    college church park press associated news photo copyright rights reserved contact email facebook twitter
    crime homicide unit stoppers american america national security council army forces force information anyone
    family mother father sunday monday tuesday wednesday thursday friday saturday authorities investigators
    """.split()
)
"""Words of offices, streets and page furniture, which articles of one region share."""

MAX_PROPER = 48
"""Proper names kept of an article: those of its first paragraphs; bounds the record."""

_MAX_SCANNED = 8_000
"""Characters read for proper names: what comes later is background and furniture."""


def proper_names(text: str) -> tuple[str, ...]:
    """Return the words that the text capitalises inside sentences, folded, the first ones, sorted."""
    found: dict[str, None] = {}
    for match in _PROPER.finditer(text[:_MAX_SCANNED]):
        word = fold(match[0])
        if len(word) > _MIN_LENGTH and word not in COMMON and word not in OFFICES:
            found.setdefault(word)
        if len(found) == MAX_PROPER:
            break
    return tuple(sorted(found))

"""Give text in capital letters its likely case back, character by character in place.

The parser and the gazetteers know names by their capitals. In a wire text in capitals a word that
`vocabulary` knows is taken for a common word, all others for names. Offsets do not
change, so evidence still points into the article as it was given.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

# Below this share of capitals among its letters a text is not "in capitals". A headline with an
# acronym or two stays below; running text in capitals with "Mc" or "d'" in names stays above.
CAPITALS_SHARE = 0.8
MIN_LETTERS = 12
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_BRACKETED = re.compile(r"[\[(]\s*([A-Z][A-Z0-9-]{1,7})\s*[\])]")
_ALWAYS_NAMES = frozenset(
    "january february march april june july august september october november december monday tuesday "
    "wednesday thursday friday saturday sunday".split()
)
_ACRONYM = re.compile(
    r"(?:[A-Z]\.){2,}|U\.?S\.?A?\.?|UN|EU|UK|UAE|NATO|ISIS|FBI|CIA|PKK|IDF|PMF|RSF|LTTE|FARC|ELN|ETA|IRA|TTP"
)

# Who writes "U.S." means himself by "US"; so does who says "let us".
_US_AS_PRONOUN = re.compile(r"\bU\.S\.|\bLET US\b")

_INITIALS = re.compile(r"\b(?:[A-Z]\.){2,}\s*$")
_OPENS_SENTENCE = frozenset(
    "the a an in on at he she it they we but and this that these those there according however meanwhile for after".split()
)

# "May" is a verb in most places: it is a month behind "on 11" or "in", and before a year.
_MONTH_OF_MAY = re.compile(
    r"\b(?:(?:ON|OF|SINCE|FROM|UNTIL|BY|TO|AND)\s+\d{1,2}|IN|SINCE|EARLY|LATE|MID|ON)[\s-]+(MAY)\b(?!\s+(?:BE|HAVE)\b)"
    r"|\b\d{1,2}\s+(MAY)\s+(?:19|20)?\d\d\b"
)


def in_capitals(text: str) -> bool:
    """Say whether `text` is written in capital letters."""
    letters = [char for char in text if char.isalpha()]
    if len(letters) < MIN_LETTERS:
        return False
    return sum(char.isupper() for char in letters) >= CAPITALS_SHARE * len(letters)


def recase(text: str, common: Container[str]) -> str:
    """Return `text`, of the same length, with common words in lower case and names capitalised."""
    keep = set(_BRACKETED.findall(text))
    pronoun = bool(_US_AS_PRONOUN.search(text))
    months = {m.start(m.lastindex or 0) for m in _MONTH_OF_MAY.finditer(text)}
    out, sentence_start = [], True
    end = 0
    for match in _WORD.finditer(text):
        between = text[end : match.start()]
        word = match.group()
        ends = any(mark in between for mark in ".?!\n")
        if between.strip() == "." and _ends_initials(text, match.start()):
            # "U.S. MILITARY": a stop of initials ends no sentence but before the word of a new one.
            ends = word.lower() in _OPENS_SENTENCE
        sentence_start = sentence_start or ends
        us = pronoun and word == "US"
        initial = len(word) == 1 and text[match.end() : match.end() + 1] == "."
        named = sentence_start or match.start() in months
        out += [between, "us" if us else _word(word, common, keep, capital=named or initial)]
        sentence_start, end = False, match.end()
    recased = "".join([*out, text[end:]])
    return recased if len(recased) == len(text) else text


def _ends_initials(text: str, position: int) -> bool:
    """Say whether the stop before `position` is that of "U.S." or another row of initials."""
    return _INITIALS.search(text, max(0, position - 12), position) is not None


def _word(word: str, common: Container[str], keep: set[str], *, capital: bool) -> str:
    if word in keep or _ACRONYM.fullmatch(word):
        return word
    lower = word.lower()
    if lower in _ALWAYS_NAMES or lower.replace("’", "'").removesuffix("'s") not in common:
        return _capitalised(word)
    return _capitalised(word) if capital else lower


def _capitalised(word: str) -> str:
    """Return "San", and "Farabundo" for what the language's own `title` would split at an apostrophe."""
    return word[0].upper() + word[1:].lower()

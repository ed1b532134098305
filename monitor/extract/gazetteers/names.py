"""Bring spellings of one place name to one key.

`exact_key` forgets case, accents, apostrophes, hyphens and dots. `loose_key` also forgets what
transliterations from Arabic, Persian and Slavic scripts disagree on: articles (al-, el-, ash-),
doubled letters, final -ah / -a / -eh, ou / u / oo, ei / ai / ay, q / k, dh / d, y / i.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans(
    {
        "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ə": "a",
        "ħ": "h", "ŋ": "n", "ß": "ss", "ʻ": "", "ʼ": "", "ʿ": "", "ʾ": "", "‘": "", "’": "", "'": "",
        "`": "", "´": "", "′": "",
    }
)  # fmt: skip
_ARTICLES = frozenset(
    [
        "al",
        "el",
        "ul",
        "il",
        "an",
        "as",
        "ash",
        "ad",
        "adh",
        "ar",
        "at",
        "ath",
        "az",
        "es",
        "esh",
        "ech",
    ]
)
_OTHER = re.compile(r"[^a-z0-9]+")
_LOOSE = (
    (re.compile(r"(?<=[a-z])(?:ah|eh|a|e)$"), "a"),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"ou|oo"), "u"),
    (re.compile(r"ei|ai|ay|ey|e(?=[yi])"), "i"),
    (re.compile(r"ee|iy|ij|yi|y"), "i"),
    (re.compile(r"dh|dj"), "d"),
    (re.compile(r"gh|q|kh|ck|c(?=[aou])"), "k"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"w|v"), "v"),
    (re.compile(r"e"), "i"),
    (re.compile(r"o"), "u"),
    (re.compile(r"(.)\1+"), r"\1"),
)


@lru_cache(maxsize=16_384)
def exact_key(name: str) -> str:
    """Return `name` in lower case without accents and punctuation, its words parted by one space."""
    if name.isascii():
        return _OTHER.sub(
            " ", name.lower().replace("'", "").replace("`", "").replace(".", "")
        ).strip()
    text = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS))
    bare = "".join(letter for letter in text if not unicodedata.combining(letter))
    return _OTHER.sub(" ", bare.replace(".", "")).strip()


@lru_cache(maxsize=16_384)
def loose_key(name: str) -> str:
    """Return the key under which transliterations of one name meet; empty where too short to tell."""
    words = exact_key(name).split()
    kept = [word for word in words if word not in _ARTICLES] or words
    key = " ".join(_loosen(word) for word in kept)
    return key if len(key) >= 4 else ""  # noqa: PLR2004 - shorter keys meet by chance


def _loosen(word: str) -> str:
    for pattern, to in _LOOSE:
        word = pattern.sub(to, word)
    return word

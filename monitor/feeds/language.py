"""The language of an entry: what the feed or the page says where the words bear it out, else what a detector hears.

Feeds are often set up in English and written in another language, and a detector errs on short texts and on close
relatives (Sorani Kurdish for Southern Kurdish). So a claim is believed where the script fits it, and not otherwise.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import py3langid

MIN_CHARS = 40
"""Shorter texts are too short for a detector to overrule a claim of the same script."""

SAMPLE_CHARS = 2000
_CODE = re.compile(r"^([a-zA-Z]{2,3})(?:[-_].*)?$")

_SCRIPTS = {
    "ARABIC": frozenset("ar fa ur ckb ku ps sd ug dv azb sdh ks pnb lrc glk mzn bal".split()),
    "CYRILLIC": frozenset("ru uk be bg mk sr kk ky mn tg tt uz ba ce cv os sah".split()),
    "HEBREW": frozenset("he iw yi".split()),
    "DEVANAGARI": frozenset("hi mr ne sa bho mai kok new".split()),
    "BENGALI": frozenset("bn as bpy mni".split()),
    "ETHIOPIC": frozenset("am ti gez".split()),
    "HANGUL": frozenset({"ko"}),
    "HIRAGANA": frozenset({"ja"}),
    "KATAKANA": frozenset({"ja"}),
    "CJK": frozenset("zh ja yue wuu zh-hant".split()),
    "GREEK": frozenset({"el"}),
    "ARMENIAN": frozenset({"hy"}),
    "GEORGIAN": frozenset({"ka"}),
    "THAI": frozenset({"th"}),
    "TAMIL": frozenset({"ta"}),
    "TELUGU": frozenset({"te"}),
    "SINHALA": frozenset({"si"}),
    "MYANMAR": frozenset({"my"}),
    "KHMER": frozenset({"km"}),
    "GUJARATI": frozenset({"gu"}),
    "GURMUKHI": frozenset({"pa"}),
    "KANNADA": frozenset({"kn"}),
    "MALAYALAM": frozenset({"ml"}),
    "LAO": frozenset({"lo"}),
}
_ALL_SCRIPTED = frozenset().union(*_SCRIPTS.values())
_BOTH = frozenset("ku uz sr kk az tg mn bs sd pa".split())
"""Languages that are written in Latin script too."""


def language_of(text: str, *claims: str) -> str:
    """Return the language of a plain text as a two or three letter code, ``""`` where nothing tells.

    ``claims`` are what page and feed say, the best first; the first that fits the script is believed, but a detector
    overrules it where the script is Latin and the text is long enough to be sure.
    """
    sample = text[:SAMPLE_CHARS]
    script = script_of(sample)
    believed = next((c for c in map(code, claims) if c and fits(c, script)), "")
    if believed and (script != "LATIN" or len(sample) < MIN_CHARS):
        return believed
    heard = _heard(sample) if script and len(sample) >= MIN_CHARS // 2 else ""
    if believed and not _sure(sample):
        return believed
    return heard if heard and fits(heard, script) else believed


def code(claim: str) -> str:
    """Return the primary subtag of a language tag (RFC 5646) in lower case, ``""`` where it is none."""
    found = _CODE.match(claim.strip())
    return found[1].lower() if found else ""


def script_of(text: str) -> str:
    """Return the script of most of the letters, by the names of Unicode's characters; ``""`` without letters."""
    counts: dict[str, int] = {}
    for letter in text[:400]:
        if letter.isalpha():
            name = _script(letter)
            counts[name] = counts.get(name, 0) + 1
    return max(counts, key=lambda name: counts[name], default="")


@cache
def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN ").split(" ")[0]


def fits(language: str, script: str) -> bool:
    """Return whether a language is written in a script; unknown scripts fit every language."""
    if script == "LATIN":
        return language not in _ALL_SCRIPTED or language in _BOTH
    languages = _SCRIPTS.get(script)
    return languages is None or language in languages


def _heard(text: str) -> str:
    return str(py3langid.classify(text.lower())[0])


def _sure(text: str) -> bool:
    """Return whether a Latin text is long enough for the detector to be sure against a claim."""
    return len(text) >= MIN_CHARS * 5

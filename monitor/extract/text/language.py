"""Say in which language a text is written, or why it is no text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import py3langid

from schemas.reasons import ReportReason

if TYPE_CHECKING:
    from collections.abc import Container

# The start of an article tells its language; the classifier's time grows with the text.
SAMPLE_CHARS = 1500
# Half Latin letters leave room for names in other scripts within an English article.
MIN_LATIN_SHARE = 0.5
# Digits, brackets and dashes may fill a table, but a text of them alone is none.
MIN_LETTER_SHARE = 0.3
# Of the words in small letters of English news at least seven in ten are common ones; of German four in ten.
MIN_KNOWN_SHARE, MIN_SMALL_WORDS = 0.6, 5
_SMALL_WORD = re.compile(r"(?<![\w'’-])[a-z]{2,}(?![\w])")
# Of 1,572 headlines in English of 40 characters and more the classifier takes 27 for another language, mostly for
# Nigerian Pidgin, and with these limits 1 stays so; of 30 headlines in 17 other languages none is taken for English.
MAX_HEADLINE_CHARS, MIN_HEADLINE_SMALL_WORDS, MIN_HEADLINE_SHARE = 200, 3, 0.75
_ANY_WORD = re.compile(r"(?<![\w'’-])[^\W\d_]{2,}(?![\w])")
_LATIN_END = "\u024f"


def latin_share(text: str) -> float:
    """Return the share of Latin letters among the letters of `text`, 0 where it has none."""
    letters = [char for char in text if char.isalpha()]
    return sum(char <= _LATIN_END for char in letters) / len(letters) if letters else 0.0


def detect(text: str) -> str:
    """Return the ISO 639-1 code of the language that `text` is most likely in."""
    return str(py3langid.classify(text[:SAMPLE_CHARS].lower())[0])


def is_written_with(text: str, forms: frozenset[str]) -> bool:
    """Say whether nearly all words in small letters are among `forms`, a language's common ones.

    A line with many names and few other words misleads the classifier: "Al-Sudani on Tuesday condemned the drone attack".
    """
    small = _SMALL_WORD.findall(text[:SAMPLE_CHARS])
    known = sum(word in forms for word in small)
    return len(small) >= MIN_SMALL_WORDS and known >= MIN_KNOWN_SHARE * len(small)


def is_headline_of(text: str, common: Container[str]) -> bool:
    """Say whether a line of a headline's length is written with `common` words of a language.

    Names mislead the classifier most where little else stands: "Egypt condemns terrorist attack in Niger". Nearly all
    words in small letters must be common ones; where a headline gives every word a capital, most of all words.
    """
    if len(text) > MAX_HEADLINE_CHARS:
        return False
    small = _SMALL_WORD.findall(text)
    if len(small) == MIN_HEADLINE_SMALL_WORDS - 1:
        return all(word in common for word in small)
    if len(small) >= MIN_HEADLINE_SMALL_WORDS:
        return sum(word in common for word in small) >= MIN_HEADLINE_SHARE * len(small)
    every = [word.lower() for word in _ANY_WORD.findall(text)]
    known = sum(word in common for word in every)
    return len(every) >= MIN_SMALL_WORDS and known >= MIN_KNOWN_SHARE * len(every)


def refuse(
    text: str, language: str | None, wanted: tuple[str, ...], min_chars: int
) -> ReportReason | None:
    """Return why `text` is not read, or ``None`` where it is.

    A text shorter than `min_chars` is too short for a classifier: it is read if it is Latin.
    """
    sample = text[:SAMPLE_CHARS].strip()
    if not sample:
        return ReportReason.EMPTY
    if sum(char.isalpha() for char in sample) < MIN_LETTER_SHARE * len(sample.replace(" ", "")):
        return ReportReason.NOT_TEXT
    if latin_share(sample) < MIN_LATIN_SHARE:
        return ReportReason.UNSUPPORTED_LANGUAGE
    if len(sample) < min_chars or language in wanted:
        return None
    return ReportReason.UNSUPPORTED_LANGUAGE

"""Say in which language a text is written, or why it is no text."""

from __future__ import annotations

import re

import py3langid

from schemas.reasons import ReportReason

# The start of an article tells its language; the classifier's time grows with the text.
SAMPLE_CHARS = 1500
# Half Latin letters leave room for names in other scripts within an English article.
MIN_LATIN_SHARE = 0.5
# Digits, brackets and dashes may fill a table, but a text of them alone is none.
MIN_LETTER_SHARE = 0.3
# Of the words in small letters of English news at least seven in ten are common ones; of German four in ten.
MIN_KNOWN_SHARE, MIN_SMALL_WORDS = 0.6, 5
_SMALL_WORD = re.compile(r"(?<![\w'’-])[a-z]{2,}(?![\w])")
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

"""Tell which words of an article are its people's and bodies' names, so that a namesake of theirs is no place.

"Jimmy Lyons", "Col. Mauricio Vargas" and "Mecca Canty, 21," name people once; from then on "Vargas" and "Lyons"
are theirs, as "UP" is a party's that was written out before its initials in brackets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.extract.names.words import place_weight
from monitor.extract.names.words import words as name_words
from monitor.extract.places.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spacy.tokens import Doc, Token

    from monitor.extract.facts import Reading, Sentence

# "C.C. Chen", and no "U.S. Virgin Islands"
_INITIALS = re.compile(r"(?!U\.[SKN]\.)(?:[A-Z]\.){1,3}")
# What stands before a given name that is a place's: "in Victoria Falls", "San Jose", "St. Louis".
_SAINTS = frozenset(
    "san santa santo são st st. saint ste puerto villa el la fort port lake".split()
)
# A person has a given name and at most so many words after it.
MAX_NAME_WORDS = 3
MAX_AGE = 110
# Initials in brackets have two letters or more, and stand for as many words as they have letters.
MIN_INITIALS, MAX_INITIALS = 2, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Namesakes:
    """Words that are names of people and bodies in one article.

    `surnames` may be a place's after "in"; `sure` ones stand after a given name or before an age, and are no
    place but after "in"; `bodies` are initials of what was written out before them.
    """

    surnames: frozenset[str]
    sure: frozenset[str]
    bodies: frozenset[str]


def of_reading(reading: Reading) -> Namesakes:
    """Return the names of people and bodies that the article uses."""
    return Namesakes(
        surnames=frozenset(name for s in reading.sentences for name in _surnames(s)),
        sure=frozenset(name for s in reading.sentences for name in _sure(s)),
        bodies=frozenset(name for s in reading.sentences for name in _initials(s)),
    )


def is_speaker_label(doc: Doc, start: int, end: int) -> bool:
    """Say whether brackets hold the name alone, as the speaker of an interview: "[PONCE] The army has"."""
    return start > 0 and end < len(doc) and doc[start - 1].text == "[" and doc[end].text == "]"


def _surnames(sentence: Sentence) -> Iterable[str]:
    """Yield the last words of names of persons, and names after a title."""
    for token in sentence.span:
        if token.dep_ == "flat" and token.pos_ == "PROPN" and token.head.pos_ == "PROPN":
            yield max(token, token.head, key=lambda t: t.i).text
        if token.i > sentence.span.start and token.pos_ == "PROPN":
            before = token.nbor(-1)
            titled = before.lower_.rstrip(".") in words().titles and before.text[:1].isupper()
            if titled or _INITIALS.fullmatch(before.text):
                yield token.text


def _sure(sentence: Sentence) -> Iterable[str]:
    """Yield the last word of each "Ruben Zamora" and "Mecca Canty, 21,"."""
    doc, span = sentence.doc, sentence.span
    for token in span:
        if not _is_capitalised(token):
            continue
        end = _end_of_name(doc, token.i, span.end)
        if end - token.i < 2:  # noqa: PLR2004 - a given name and a surname
            continue
        opens = token.i == span.start or not _is_capitalised(doc[token.i - 1])
        given = _is_given(token.text) and not _is_of_saint(doc, token.i)
        if given or (opens and _has_age(doc, end, span.end)):
            yield doc[end - 1].text


def _is_given(text: str) -> bool:
    """Say whether it is a given name, and no place's: Hama is both."""
    return text in name_words().given_names and place_weight(text) < 1


def _is_capitalised(token: Token) -> bool:
    return token.pos_ == "PROPN" and bool(token.text[:1].isupper())


def _end_of_name(doc: Doc, start: int, limit: int) -> int:
    """Return where the capitals end that may be a person's name: "Ruben I. Zamora", and not "Victoria Police"."""
    end = start + 1
    while end < min(limit, start + MAX_NAME_WORDS) and _is_capitalised(doc[end]):
        if doc[end].lower_ in words().types or doc[end].lower_ in words().not_places:
            return start
        end += 1
    return end


def _is_of_saint(doc: Doc, start: int) -> bool:
    before = doc[start - 1].lower_ if start else ""
    return before in _SAINTS or before in words().strong


def _has_age(doc: Doc, end: int, limit: int) -> bool:
    """Say whether an age in commas follows: ", 21, of"."""
    if end + 2 >= limit or doc[end].text != ",":
        return False
    age, after = doc[end + 1], doc[end + 2]
    in_years = age.text.isascii() and age.text.isdigit() and 0 < int(age.text) <= MAX_AGE
    return in_years and after.text in (",", ".")


def _initials(sentence: Sentence) -> Iterable[str]:
    """Yield the initials in brackets that the capitals before them begin with: "Patriotic Union (UP)"."""
    doc, span = sentence.doc, sentence.span
    for token in span[2:-1]:
        if not token.is_upper:
            continue
        short = token.text
        if not (short.isalpha() and short.isupper() and MIN_INITIALS <= len(short) <= MAX_INITIALS):
            continue
        if doc[token.i - 1].text not in ("(", "[") or doc[token.i + 1].text not in (")", "]"):
            continue
        before = [t.text for t in doc[span.start : token.i - 1] if t.text[:1].isupper()]
        if "".join(word[0] for word in before[-len(short) :]) == short:
            yield short

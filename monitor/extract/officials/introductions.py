"""Find where a sentence introduces a person with an office: "Foreign Minister Fuad Hussein", "Jotyar Adil, the spokesperson".

It goes by the order of words and capitals; the parse errs most where titles, bodies and names stand
in a row. An introduction holds the tokens of office and name together, so that whoever the parse
points at among them, the same person is meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.extract.gazetteers.names import exact_key
from monitor.extract.officials import offices
from monitor.extract.officials import words as office_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

    from monitor.extract.facts import Sentence
    from monitor.extract.officials.offices import Voice

# "the spokesman for the Commander-in-Chief of the Armed Forces, Major General": 16 tokens with hyphens.
MAX_OFFICE_TOKENS = 22
_PARTICLES = frozenset(
    "al el bin ibn bint abu de del la von van der den da dos di ul ur ud".split()
)
_JOINTS = frozenset("- ’ ' ‘ .".split())
_OFFICE_JOINTS = frozenset("of for the 's ’s - , ( ) & ' ’ . to a an".split())
_CLOSING = frozenset(', . ; ) ( : ” " — – -'.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """The tokens ``[start, end)`` name a person with an office."""

    start: int
    end: int
    voice: Voice


def find(sentence: Sentence, home: str) -> list[Introduction]:
    """Return the introductions of the sentence in order; `home` is the country of an office without one."""
    return [
        introduction
        for start, end in _names(sentence)
        if (introduction := _introduced(sentence, start, end, home)) is not None
    ]


def _names(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Yield the runs of capitals that can be a person's name, offices and countries left off."""
    doc, position, limit = sentence.doc, sentence.span.start, sentence.span.end
    while position < limit:
        if not _is_name_token(doc, position, limit):
            position += 1
            continue
        end = position
        while end < limit and (_is_name_token(doc, end, limit) or _joins(doc, end, limit)):
            end += 1
        while end > position and doc[end - 1].text in _JOINTS:
            end -= 1
        yield position, end
        position = max(end, position + 1)


def _is_name_token(doc: Doc, position: int, limit: int) -> bool:
    token = doc[position]
    if not token.text[:1].isupper() or office_words.is_office_word(token.text):
        return False
    if position + 2 < limit and doc[position + 1].text == "-" and not token.whitespace_:
        return not office_words.is_office_word(f"{token.text}-{doc[position + 2].text}")
    return token.pos_ in ("PROPN", "NOUN", "ADJ", "X", "ADV", "VERB") and not token.is_stop


def _joins(doc: Doc, position: int, limit: int) -> bool:
    token = doc[position]
    if position + 1 >= limit:
        return False
    following = doc[position + 1]
    if token.text == "." and len(doc[position - 1].text) == 1:
        return bool(following.text[:1].isupper())
    if token.lower_ in office_words.INNER_NAMES and token.text[:1].isupper():
        return _is_name_token(doc, position + 1, limit)
    if token.text in _JOINTS:
        return not doc[position - 1].whitespace_ and not token.whitespace_
    if token.lower_ not in _PARTICLES:
        return False
    # "Abelardo de la Espriella" has two of them.
    behind = following.lower_ in _PARTICLES and _joins(doc, position + 1, limit)
    return behind or bool(following.text[:1].isupper() or following.text == "-")


def _introduced(sentence: Sentence, start: int, end: int, home: str) -> Introduction | None:
    doc = sentence.doc
    before = _office_before(sentence, start)
    if before < start and _closes(doc, before, start, end, sentence.span.end):
        last = _with_country(sentence, end)
        voice = offices.read(str(doc[before:last].text), home)
        if voice is not None and voice.role and voice.person:
            return Introduction(start=before, end=end, voice=_named(voice, doc, start, end))
    after = _office_after(sentence, end)
    if after > end and end - start > 1:
        text = f"{doc[end + 1 : after].text} {doc[start:end].text}"
        voice = offices.read(text, home)
        if voice is not None and voice.role:
            return Introduction(start=start, end=after, voice=_named(voice, doc, start, end))
    return None


def _with_country(sentence: Sentence, end: int) -> int:
    """Return where the country ends that stands behind a name: "Prime Minister Anwar Ibrahim of Malaysia"."""
    doc, last = sentence.doc, end + 1
    if end >= sentence.span.end or doc[end].lower_ != "of":
        return end
    while last < sentence.span.end and doc[last].text[:1].isupper():
        last += 1
    return last if offices.country_of(str(doc[end + 1 : last].text)) else end


def _named(voice: Voice, doc: Doc, start: int, end: int) -> Voice:
    name = str(doc[start:end].text)
    return offices.renamed(voice, name)


def _office_before(sentence: Sentence, start: int) -> int:
    """Return where the office that stands right before the name begins; `start` where none does."""
    doc, first = sentence.doc, max(sentence.span.start, start - MAX_OFFICE_TOKENS)
    position = start
    while position > first and _is_of_office(doc[position - 1]):
        position -= 1
    breaks = [i + 1 for i in range(position, start) if doc[i].lower_ in _BREAKS]
    position = breaks[-1] if breaks else position
    while position < start and (
        doc[position].lower_ in _OFFICE_JOINTS - {"the"} | office_words.TIME_WORDS
        or doc[position].is_punct
    ):
        position += 1
    if not any(office_words.is_role(token.text) for token in doc[position:start]):
        return start
    return position


def _is_of_office(token: Token) -> bool:
    if token.lower_ in _OFFICE_JOINTS:
        return True
    if office_words.is_office_word(token.text) or exact_key(token.text) in _RANKS:
        return True
    return token.pos_ in ("PROPN", "ADJ", "NOUN") and bool(token.text[:1].isupper())


_BREAKS = frozenset('– — / -- | : “ ” "'.split()) | office_words.TIME_WORDS
_RANKS = frozenset("gen lt col maj capt sgt brig adm dr mr mrs ms sheikh".split())


def _closes(doc: Doc, before: int, start: int, end: int, limit: int) -> bool:
    """Say whether the name belongs to the office: right after it, or set off by commas on both sides."""
    last = doc[start - 1]
    if last.text not in (",", ")", "("):
        if offices.body_of(str(doc[before:start].text)) is not None:
            return True
        holder = office_words.is_role(last.text) and not office_words.is_body(last.text)
        return holder or exact_key(last.text) in _RANKS or last.text == "."
    following = doc[end] if end < limit else None
    office = doc[before].lower_ in ("the", "a") or any(
        t.lower_ in ("of", "for") for t in doc[before:start]
    )
    return office and (
        following is None or following.text in _CLOSING or following.pos_ in ("VERB", "AUX")
    )


def _office_after(sentence: Sentence, end: int) -> int:
    """Return where the office set off after the name ends: "Jotyar Adil, the KRG's spokesperson,"."""
    doc, limit = sentence.doc, sentence.span.end
    if end >= limit or doc[end].text != ",":
        return end
    position = end + 1
    last = min(limit, end + MAX_OFFICE_TOKENS)
    while position < last and (
        doc[position].lower_ in _OFFICE_JOINTS - {",", "and"}
        or doc[position].pos_ in ("NOUN", "PROPN", "ADJ", "DET", "PART")
    ):
        position += 1
    closed = position < limit and (
        doc[position].text in _CLOSING or doc[position].pos_ in ("VERB", "AUX")
    )
    office = any(office_words.is_role(token.text) for token in doc[end + 1 : position])
    return position if closed and office else end

"""Find names that no gazetteer has and that are places by the words around them: "the town of Khalaf", "in Kenscoff"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.actors.names import group_named
from monitor.extract.places import phrase
from monitor.extract.places.words import ARTICLES, JOINTS, MAX_NAME_TOKENS, words
from schemas.reasons import PlacePrecision

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

    from monitor.extract.facts import Sentence
    from monitor.extract.places.candidate import Candidate

# "Police Search for Man in Fatal Attack" is a headline; running text has a third of capitals at most.
MAX_CAPITALS = 0.5
_NAMELIKE = frozenset(("PROPN", "NOUN", "ADJ", "X", "DET", "NUM"))
# What the tagger makes of syllables within a name: "Lin Ta Lu".
_MISREAD = frozenset(("INTJ", "PRON", "VERB"))
_WHERE = frozenset("in near outside inside around".split())
# "The Economic Community of West African States": whose states they are.
_PEOPLES = frozenset("african asian european american arab muslim islamic".split())
# Words for hills, valleys, springs and houses that begin names of places from Morocco to Iraq.
_TOPONYMS = frozenset(
    "tal tel tell tall wadi jabal jebel djebel khirbet khirbat deir beit bayt ain ayn umm ras kafr kfar bir qasr".split()
)


def _stands_alone(candidate: Candidate, persons: frozenset[str]) -> bool:
    """Say whether a name that no gazetteer has is a place by the "in" or "near" before it alone."""
    doc, span = candidate.sentence.doc, candidate.sentence.span
    tokens = doc[candidate.start : candidate.end]
    if not candidate.where or candidate.first == span.start or _is_headline(span):
        return False
    plain = all(
        (t.pos_ == "PROPN" and not t.is_upper and not t.is_stop and t.is_alpha) or t.text in JOINTS
        for t in tokens
    )
    toponym = len(tokens) > 1 and tokens[0].lower_ in _TOPONYMS
    known = any(_is_no_town(t.lower_) or (t.text in persons and not toponym) for t in tokens)
    following = doc[candidate.end] if candidate.end < span.end else None
    goes_on = following is not None and (
        following.pos_ in ("NOUN", "PROPN", "NUM", "PART") or following.text in ("-", "/", "'", "’")
    )
    before = doc[candidate.first - 1].lower_
    on_site = before == "at" and _is_site_before(doc, candidate.first - 2)
    place = before in _WHERE or before == "of" or (before in {"at", "on"} and toponym) or on_site
    return plain and place and not known and not goes_on and group_named(candidate.text) is None


def _is_site_before(doc: Doc, position: int) -> bool:
    """Say whether a site is told to be at the name: "the market at Zouera"."""
    return position >= 0 and doc[position].lower_ in words().common_sites


def _is_headline(span: Span) -> bool:
    """Say whether most words of the sentence have capitals, so that they tell no name."""
    letters = [token for token in span if token.is_alpha]
    return sum(t.text[:1].isupper() for t in letters) > MAX_CAPITALS * len(letters)


def _is_no_town(word: str) -> bool:
    lists = words()
    return (
        word in lists.never | lists.not_places | lists.titles | lists.modifiers
        or word in lists.types
    )


def find(sentence: Sentence, start: int, persons: frozenset[str]) -> Candidate | None:
    """Return a candidate without entries for "in Khalaf village", "the town of Khalaf", "in Kenscoff"."""
    candidate = _built(sentence, start)
    if candidate is None or candidate.text.lower().rstrip(".") in words().never:
        return None
    if candidate.typed is None:
        return candidate if _stands_alone(candidate, persons) else None
    return candidate if _is_typed(candidate) else None


def _built(sentence: Sentence, start: int) -> Candidate | None:
    doc, limit = sentence.doc, sentence.span.end
    end = start
    while end < limit and end - start < MAX_NAME_TOKENS and _continues(doc, end, start):
        end += 1
    while end > start and not doc[end - 1].text[:1].isupper():
        end -= 1
    return phrase.build(sentence, start, end, ()) if end > start else None


def _is_typed(candidate: Candidate) -> bool:
    """Say whether the type word makes the name a place of its kind."""
    doc, start = candidate.sentence.doc, candidate.start
    after_name = candidate.last > candidate.end
    if doc[start].pos_ not in ("PROPN", "NOUN", "ADJ", "X"):
        return False
    if candidate.typed is PlacePrecision.SITE and not (
        after_name and (candidate.where or candidate.weak)
    ):
        return False
    if any(t.lower_ in words().not_places for t in doc[start : candidate.end]):
        return False
    if doc[candidate.end - 1].lower_ in _PEOPLES:
        return False
    if after_name:
        return doc[candidate.last - 1].lower_ not in words().streets
    return bool(doc[start - 1].lower_ == "of")


def _is_english(doc: Doc, position: int) -> bool:
    """Say whether "at", "as" or "an" is the English word, and no Arabic article: "Explosion at Iranian port"."""
    return (
        doc[position].lower_ in {"at", "as", "an"}
        and doc[position].is_lower
        and not (position + 1 < len(doc) and doc[position + 1].text == "-")
    )


def _continues(doc: Doc, position: int, start: int) -> bool:
    token = doc[position]
    if token.lower_ in words().types and position > start:
        return False
    if token.text[:1].isupper():
        return token.pos_ in _NAMELIKE or (position > start and token.pos_ in _MISREAD)
    if token.text == "-" and (token.whitespace_ or doc[position - 1].whitespace_):
        return False
    return (
        position >= start
        and (
            token.text in ("-", "'", "’")
            or (
                token.lower_ in ARTICLES | {"de", "del", "la", "el", "e", "i"}
                and not _is_english(doc, position)
            )
        )
        and position + 1 < len(doc)
    )

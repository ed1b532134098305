"""Read the phrase around a place's name: the type word beside it and the preposition before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key
from monitor.extract.places.candidate import Candidate
from monitor.extract.places.words import words
from schemas.reasons import PlacePrecision

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from monitor.extract.facts import Sentence
    from monitor.extract.gazetteers.tables import Entry


_TOWNS = frozenset(("town", "village", "city", "hamlet", "settlement"))


# In a headline a force is written like a name: "killed in US Warplanes' raids".
_FORCES = frozenset("warplane warplanes jet jets forces troops soldiers marines drones".split())


def _may_hold(entries: tuple[Entry, ...], type_word: Token) -> bool:
    """Say whether the name may be where a town is: "the Burkina Faso town of Djibo", "the West Bank town of Huwara"."""
    if not entries:
        return False
    if entries[0].precision is PlacePrecision.COUNTRY:
        return True
    wide = entries[0].precision in (PlacePrecision.ADMIN1, PlacePrecision.REGION)
    return wide and type_word.lower_ in _TOWNS


def build(sentence: Sentence, start: int, end: int, entries: tuple[Entry, ...]) -> Candidate:
    """Return the candidate over the tokens ``[start, end)``, with its type word and preposition."""
    doc = sentence.doc
    typed, last = _type_after(doc, end, sentence.span.end)
    holds = _may_hold(entries, doc[last - 1]) or _is_city_of_suburb(
        entries, doc, end, sentence.span.end
    )
    if holds and _goes_with_next(doc, last - 1, sentence.span.end):
        typed, last = None, end
    first = start
    if typed is None:
        typed, first = _type_before(doc, start, sentence.span.start)
    where, weak = _preposition(doc, first, sentence.span.start)
    if typed is None and (
        _is_city_of_suburb(entries, doc, end, sentence.span.end)
        or _modifies(doc, end, sentence.span.end)
    ):
        where = weak = False
    elif typed is not None and (typed is not PlacePrecision.SITE or _is_site_of(doc, first, start)):
        where = True
    return Candidate(
        sentence=sentence,
        start=start,
        end=end,
        first=first,
        last=last,
        entries=entries,
        typed=typed,
        where=where,
        weak=weak,
    )


def _is_site_of(doc: Doc, first: int, start: int) -> bool:
    """Say whether it is "the airport of Kassala", and no "University of Cairo"."""
    word = doc[first]
    return first < start and word.is_lower and word.lower_ not in words().asides


def _modifies(doc: Doc, end: int, limit: int) -> bool:
    """Say whether the name only tells of which country what follows is: "against US forces"."""
    token = doc[end - 1]
    if end < limit and doc[end].text in ("'s", "’s"):
        return True
    return (
        end < limit
        and token.dep_ in ("compound", "amod")
        and token.head.i >= end
        and (doc[end].pos_ == "NOUN" or _is_force(doc, end))
    )


def _is_force(doc: Doc, position: int) -> bool:
    """Say whether "Warplanes" or "Air Forces" stands here."""
    air = doc[position].lower_ == "air" and position + 1 < len(doc)
    return doc[position + air].lower_ in _FORCES


def _type_after(doc: Doc, end: int, limit: int) -> tuple[PlacePrecision | None, int]:
    """Return what the word after the name says it is, and where the phrase ends."""
    position = end
    while position < limit and position < end + 3 and doc[position].lower_ in words().fillers:
        position += 1
    if position < limit and (precision := words().types.get(doc[position].lower_)):
        if (
            position + 1 < limit
            and doc[position + 1].pos_ == "NOUN"
            and doc[position].dep_ == "compound"
        ):
            return None, end
        if (
            doc[position].lower_ == "state"
            and position + 1 < limit
            and doc[position + 1].text[:1].isupper()
        ):
            return None, end
        return precision, position + 1
    return None, end


# Towns of so many people have suburbs with names of their own.
MIN_PEOPLE_WITH_SUBURBS = 200_000


def _is_city_of_suburb(entries: tuple[Entry, ...], doc: Doc, end: int, limit: int) -> bool:
    """Say whether a city's suburb is named behind it: "the Moscow suburb of Balashikha", not "the Dahiyeh suburb of Beirut"."""
    large = any(entry.people >= MIN_PEOPLE_WITH_SUBURBS for entry in entries)
    return (
        large and end < limit and doc[end].lower_ == "suburb" and _goes_with_next(doc, end, limit)
    )


def _goes_with_next(doc: Doc, position: int, limit: int) -> bool:
    """Say whether the type word is that of the name behind it: "the northern Burkina Faso town of Djibo"."""
    return (
        position + 2 < limit
        and doc[position + 1].lower_ == "of"
        and bool(doc[position + 2].text[:1].isupper())
    )


def _type_before(doc: Doc, start: int, limit: int) -> tuple[PlacePrecision | None, int]:
    """Return what "the town of", "the province of" or "the capital," before the name says."""
    if start - 2 >= limit and doc[start - 1].lower_ == "of":
        precision = words().types.get(doc[start - 2].lower_)
        if precision:
            return precision, start - 2
    if start - 1 >= limit:
        precision = words().types.get(doc[start - 1].lower_)
        if (
            precision
            and precision is not PlacePrecision.SITE
            and not doc[start - 1].text[:1].isupper()
        ):
            return precision, start - 1
    return None, start


def _preposition(doc: Doc, first: int, limit: int) -> tuple[bool, bool]:
    """Return whether a strong, and whether a weak preposition stands before the phrase."""
    position = first - 1
    while position >= limit and _is_passed_over(doc[position]):
        position -= 1
    # "In Somalia's Puntland"
    if position >= limit and doc[position].text[:1].isupper() and _owns(doc[position]):
        while position >= limit and doc[position].text[:1].isupper():
            position -= 1
    if position < limit:
        return False, False
    word = doc[position].lower_
    if (
        word == "of"
        and position - 1 >= limit
        and f"{doc[position - 1].lower_} of" in words().strong
    ):
        return True, False
    return word in words().strong, word in words().weak


def _owns(token: Token) -> bool:
    return token.i + 1 < len(token.doc) and token.nbor(1).text in ("'s", "’s")


def _is_passed_over(token: Token) -> bool:
    if token.text[:1].isupper() and exact_key(token.text) in tables.load().adjectives:
        return True
    if token.lower_ in words().modifiers or token.text in ("-", "’s", "'s", '"', "“", "”", "‘"):
        return True
    return (
        token.pos_ == "DET"
        or (token.pos_ == "ADJ" and token.dep_ == "amod")
        or (token.lower_ in ("city", "town", "village", "capital", "province", "district"))
    )

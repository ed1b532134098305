"""Say whether a place's name only tells who speaks, or from where: "Moscow denied", "the ministry in Beirut said"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key
from monitor.extract.places import candidate as place_candidate
from monitor.extract.places import words as place_words
from schemas.reasons import PlacePrecision

if TYPE_CHECKING:
    from spacy.tokens import Token

    from monitor.extract.places.candidate import Candidate
    from schemas.report import Place

# Where nothing more exact than a country or a region is told.
VAGUE = frozenset({PlacePrecision.COUNTRY, PlacePrecision.REGION})
# What ties a town's name to a deed without a preposition: "shelled Kherson", "the Kabul bombing".
_TIED = frozenset(("obj", "nsubj:pass", "compound", "nmod", "nmod:poss"))


def only_speaks(candidate: Candidate, place: Place, about: str) -> bool:
    """Say whether a town is no where: a capital that speaks for its state, a name from abroad that nothing ties.

    "Moscow denied", and the "Beirut" of a lost dateline in an article that is all about Syria.
    """
    if (
        _is_seat_of_speaker(candidate, place)
        or _is_where_state_speaks(candidate, place)
        or _is_of_two_datelines(candidate)
        or _opens_headline(candidate, place)
        or _is_whose(candidate, place)
    ):
        return True
    if candidate.typed is PlacePrecision.SITE and _is_name_of_site(candidate, place, about):
        return True
    if is_locative(candidate, place):
        return False
    head = candidate.sentence.doc[candidate.start : candidate.end].root
    if is_capital(place) and _stands_for_state(head.head if head.dep_ == "conj" else head):
        return True
    if place.precision is not PlacePrecision.TOWN:
        return False
    abroad = about and place.country_code not in (about, None) and candidate.typed is None
    return bool(abroad) and not _ties(candidate, head) and not candidate.sentence.headline


# What a state or its people have abroad, too: "a US military convoy", "a UK embassy car".
_OWNED = frozenset(
    "aircraft airbase airline ambassador ambulance army airman base camp carrier citizen company consul consulate contingent "
    "contractor convoy craft destroyer diplomat drone embassy envoy facility fighter firm flag force forces frigate garrison "
    "helicopter hostage interest jet journalist marine military mission missionary national navy outpost patrol peacekeeper plane "
    "post position ship serviceman soldier tanker tourist troop vehicle vessel warplane warship".split()
)


def _is_whose(candidate: Candidate, place: Place) -> bool:
    """Say whether a country's name tells whose it is: "militants attacked a US military convoy"."""
    head = candidate.sentence.doc[candidate.start : candidate.end].root
    if place.precision is not PlacePrecision.COUNTRY or head.dep_ not in {"compound", "amod"}:
        return False
    owned = (head.head, *(c for c in head.head.children if head.i < c.i < head.head.i))
    return head.head.i > head.i and any(t.lemma_.lower() in _OWNED for t in owned)


# Whoever is spoken to or of by these verbs is a state: "accused Damascus of the attack".
_SPOKEN_OF = frozenset("accuse blame condemn denounce criticise criticize urge warn".split())


def _stands_for_state(capital: Token) -> bool:
    """Say whether a capital's name stands for its state: as who says or does, or who is accused."""
    verb = capital.head.lemma_
    if capital.dep_ == "nsubj":
        return verb in place_words.words().acting
    return capital.dep_ == "obj" and verb in _SPOKEN_OF


def _is_name_of_site(candidate: Candidate, place: Place, about: str) -> bool:
    """Say whether a site only bears the name: "near the US consulate", "Naivasha market in El Fasher" in Sudan."""
    if place.precision in VAGUE:
        return True
    doc, end = candidate.sentence.doc, candidate.last
    elsewhere = end < candidate.sentence.span.end and doc[end].lower_ in ("in", "of")
    abroad = bool(about) and place.country_code != about
    return abroad and elsewhere and doc[end - 1].lower_ in place_words.words().common_sites


def _is_seat_of_speaker(candidate: Candidate, place: Place) -> bool:
    """Say whether a capital is only where somebody speaks: "In Cairo, the foreign ministry said"."""
    doc, span = candidate.sentence.doc, candidate.sentence.span
    opens = candidate.first == span.start + 1 and doc[span.start].lower_ == "in"
    town = place.precision is PlacePrecision.TOWN
    if (
        not (town and opens)
        or not is_capital(place)
        or doc[min(candidate.end, span.end - 1)].text != ","
    ):
        return False
    verb = next((t for t in doc[candidate.end : span.end] if t.pos_ == "VERB"), None)
    return verb is not None and verb.lemma_ in place_words.words().acting


def _opens_headline(candidate: Candidate, place: Place) -> bool:
    """Say whether a capital's name is its state that acts, whatever a headline's parse says: "Paris condemns attack in"."""
    sentence, end = candidate.sentence, candidate.end
    opens = sentence.headline and candidate.start == sentence.span.start and is_capital(place)
    if not opens or end >= sentence.span.end:
        return False
    verb = sentence.doc[end].lower_
    return verb.endswith("s") and verb[:-1] in place_words.words().acting


def _is_of_two_datelines(candidate: Candidate) -> bool:
    """Say whether it is written from two towns, and so from neither's events: "PORT SUDAN/NEW YORK, 5 December"."""
    doc, start = candidate.sentence.doc, candidate.start
    beside = (max(start - 1, 0), min(candidate.end, len(doc) - 1))
    opens = candidate.text.isupper() and start <= place_candidate.MAX_DATELINE_TOKENS
    return opens and any(doc[i].text == "/" for i in beside)


# Offices of a state that sit in its capital, and those that it has in other towns.
_OFFICES = frozenset("ministry government presidency".split())
_MISSIONS = frozenset("embassy consulate mission".split())
# "He instructed the consulate in New York": so a state tells its own.
_TOLD = frozenset("instruct direct order ask tell".split())


def _is_where_state_speaks(candidate: Candidate, place: Place) -> bool:
    """Say whether it is only where the state speaks from: "the health ministry in Beirut said", "the Kremlin condemned"."""
    head = candidate.sentence.doc[candidate.start : candidate.end].root
    office = head.head.lemma_.lower() if head.dep_ == "nmod" else ""
    if office in _MISSIONS or (office in _OFFICES and is_capital(place)):
        speaker = head.head
    elif place.precision is PlacePrecision.SITE:
        speaker = head
    else:
        return False
    verb, words = speaker.head.lemma_.lower(), place_words.words()
    if speaker.dep_ == "obj":
        return verb in _TOLD
    return speaker.dep_ == "nsubj" and (verb in words.speech or verb in words.acting)


def _ties(candidate: Candidate, head: Token) -> bool:
    """Say whether a deed's word takes the name without a preposition; "BEIRUT Syrian jets" is a dateline."""
    if head.dep_ not in _TIED:
        return False
    doc, end = candidate.sentence.doc, candidate.end
    return end >= len(doc) or head.head.i < head.i or not doc[end].text[:1].isupper()


def is_locative(candidate: Candidate, place: Place) -> bool:
    """Say whether it is a where; "of" before a country tells whose: "the representative of Malaysia"."""
    before = candidate.sentence.doc[max(candidate.first - 1, 0)].lower_
    if candidate.weak and before == "of" and place.precision in VAGUE:
        return False
    return candidate.where or candidate.weak or place_candidate.is_heading(candidate)


def is_capital(place: Place) -> bool:
    """Say whether it is a capital: where agencies write from, and so no place of what they tell."""
    country = tables.countries().get(place.country_code or "")
    return country is not None and exact_key(country.capital) == exact_key(place.name)

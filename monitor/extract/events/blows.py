"""Say whether a state or its forces deal a blow to something that can be hurt: "Israel strikes Hezbollah sites", "US hits depot".

The same verbs tell of deals, records and words ("US strikes deal", "hits back", "attacks the report"), so both ends
count: who strikes is a state by its name, a force or an armed group, and what is struck is a site, a vehicle,
people or a town on the map.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.actors.names import group_named
from monitor.extract.events import lexicon
from monitor.extract.events.candidates import weapon_of
from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key
from schemas.reasons import PlacePrecision

if TYPE_CHECKING:
    from spacy.tokens import Token

    from monitor.extract.events.around import Around
    from monitor.extract.events.candidates import Candidate

BLOWS = frozenset("strike hit target pound attack raid".split())
# Who attacks a country may do it with words; a strike on one is none.
_ON_COUNTRIES = frozenset("strike pound bomb".split())
_FORCES = frozenset("army military coalition force forces navy militia junta regime air".split())
_SITES = frozenset(
    "site position target depot facility infrastructure launcher radar bunker tunnel hideout stronghold headquarters warehouse "
    "motorcycle motorbike drone airfield airbase refinery terminal plant port bridge suburb capital area block substation grid "
    "outskirts factory station barracks compound cell command centre center arsenal cache flotilla boat oilfield pipeline".split()
)
_WIDE = frozenset({PlacePrecision.COUNTRY, PlacePrecision.REGION})
# "US hits Iran with sanctions", "attacks Iran over its programme".
_DEEDS = frozenset("strike airstrike raid barrage salvo wave attack fire artillery".split())
_BY_WORDS = frozenset("with over for as".split())


def by_state(candidate: Candidate, around: Around) -> bool:
    """Say whether a state, its forces or an armed group strike what can be hurt."""
    token = candidate.token
    if candidate.entry.pos != "verb" or token.lemma_.lower() not in BLOWS:
        return False
    doers = [c for c in token.children if c.dep_ == "nsubj"]
    struck = [c for c in token.children if c.dep_ == "obj"]
    if not any(map(_is_force, doers)) or _is_of_words(token):
        return False
    return any(_can_be_hurt(token, one, around) for one in struck)


def in_words(candidate: Candidate) -> bool:
    """Say whether a state attacks another with words or tariffs: "India attacks Pakistan at UN over Kashmir"."""
    token = candidate.token
    if (
        candidate.entry.pos != "verb"
        or token.lemma_.lower() not in BLOWS
        or not _is_of_words(token)
    ):
        return False
    ends = [c for c in token.children if c.dep_ in {"nsubj", "obj"}]
    return len(ends) > 1 and all(_is_state(end) for end in ends)


def _is_state(token: Token) -> bool:
    names = tables.load().countries_named(exact_key(token.text))
    return token.text[:1].isupper() and bool(names)


def _is_force(doer: Token) -> bool:
    """Say whether it is a state by its name, an army, or a group known to be armed."""
    phrase = str(doer.doc[doer.left_edge.i : doer.i + 1].text)
    names = {exact_key(doer.text), exact_key(phrase), exact_key(phrase.removeprefix("the "))}
    state = doer.text[:1].isupper() and any(tables.load().countries_named(n) for n in names)
    return state or doer.lower_ in _FORCES or group_named(phrase) is not None


def _is_of_words(verb: Token) -> bool:
    """Say whether a phrase behind tells that it is done with tariffs or over a report."""
    return any(
        c.dep_ == "obl"
        and not _is_arm(c)
        and any(g.lower_ in _BY_WORDS for g in c.children if g.dep_ == "case")
        for c in verb.children
    )


def _can_be_hurt(verb: Token, struck: Token, around: Around) -> bool:
    place = next((p.place for p in around.places if p.start <= struck.i < p.end), None)
    blow, lemma = verb.lemma_.lower(), struck.lemma_.lower()
    if place is not None:
        return place.precision not in _WIDE or blow in _ON_COUNTRIES or _is_with_arms(verb)
    # Police raid homes and offices.
    return lemma in _SITES or (blow != "raid" and struck.lower_ in lexicon.cues()["target"])


def _is_with_arms(verb: Token) -> bool:
    """Say whether a phrase behind tells with what: "hits Iran with air strikes"."""
    return any(_is_arm(c) for c in verb.children if c.dep_ == "obl")


def _is_arm(token: Token) -> bool:
    return weapon_of(token) is not None or token.lemma_.lower() in _DEEDS

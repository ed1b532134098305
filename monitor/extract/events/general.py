"""Tell one occurrence from what is said in general: what goes on, what has been done to people, what a campaign is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.extract.events.around import governing_verb
from monitor.extract.events.repeats import STRUGGLE
from monitor.extract.events.senses import OBJECTS
from schemas.reasons import PlacePrecision

if TYPE_CHECKING:
    from spacy.tokens import Token

    from monitor.extract.events.around import Around
    from monitor.extract.events.candidates import Candidate
    from monitor.extract.facts import PlaceName

EXACT = frozenset({PlacePrecision.TOWN, PlacePrecision.DISTRICT, PlacePrecision.SITE})
_DURING_WAR = re.compile(r"\bduring the (?:(?:civil|\w+-day|\w+-year) )?(?:war|conflict)\b")
PRESENT = frozenset(
    {"is", "are", "am", "'s", "’s", "'re", "’re", "'m", "has", "have", "'ve", "’ve"}
)
# "They continue killing farmers", "a policy of killing farmers", "by bombing villages": no one deed is told.
ON_AND_ON = frozenset("continue stop keep like by of from for with".split())
# Nouns of what lasts for days: they tell an event where they cost lives, break out or hit a place.
LASTING = frozenset(
    "offensive counteroffensive fighting hostility combat campaign invasion".split()
)
# "Strikes on Gaza" are told of one place, whether or not a map has it.
WHERE = frozenset({"on", "in", "at", "near", "against"})
OFTEN = frozenset(
    "frequent common rare routine widespread rife infrequent uncommon regular repeated daily near-daily weekly sporadic".split()
)
# "Every attack shows": of one of them nothing is told.
ANY_OF = frozenset({"every", "any"})
OF_LATE = frozenset({"recent", "past", "previous", "continuing", "constant", "repeated"})
WAVES = frozenset({"wave", "spate", "campaign", "climate", "rash", "epidemic"})
COUNTLESS = frozenset({"countless", "innumerable"})
# Classes of people, and singulars that stand for many.
PEOPLES = frozenset("people population clergy opposition public peasantry nation everyone".split())


def in_general(candidate: Candidate, around: Around) -> bool:
    """Say whether a word without time, place and figure tells what somebody does to a class of people or things."""
    token = candidate.token
    told_of_any = any(c.lower_ in ANY_OF and c.dep_ == "det" for c in token.children)
    if told_of_any or _is_frequent(token) or _is_at_war(candidate, around):
        return True
    if _is_of_late(token, around) or _in_a_wave(token):
        return True
    if around.sentence.headline or _anchored(token, around):
        return False
    if candidate.entry.pos == "noun":
        return _of_a_kind(token)
    if _for_a_cause(token):
        return True
    goes_on = token.tag_ == "VBG" and (_aux(token) & PRESENT or _goes_on(token))
    perfect = (
        token.tag_ in {"VBN", "VBD"} and bool(_aux(token) & PRESENT) and "been" not in _aux(token)
    )
    return (bool(goes_on or perfect) and _of_a_class(token)) or _are_countless(token)


def _is_frequent(token: Token) -> bool:
    """Say whether it is told how often such things happen: "shootings are frequent", "has carried out regular raids"."""
    verb = governing_verb(token)
    perfect = verb is not None and any(c.lower_ in {"have", "has"} for c in verb.children)
    often = any(c.dep_ == "amod" and c.lower_ in OFTEN for c in token.children)
    if token.tag_ == "NNS" and often and perfect:
        return True
    return token.dep_ == "nsubj" and token.head.lower_ in OFTEN


def _is_of_late(token: Token, around: Around) -> bool:
    """Say whether many deeds of some time are meant, of which no figure or day is told: "the recent attacks in Homs"."""
    late = any(c.dep_ == "amod" and c.lower_ in OF_LATE for c in token.children)
    told = around.casualties or any(not (d.since or d.vague) for d in around.days)
    return token.tag_ == "NNS" and late and not told


def _in_a_wave(token: Token) -> bool:
    """Say whether a kind of deed is told to come in a wave: "a wave of kidnapping and murder"."""
    kind = token.head if token.dep_ == "conj" else token
    bare = token.tag_ == "NN" and not any(c.dep_ in {"det", "nmod:poss"} for c in kind.children)
    return bare and kind.dep_ == "nmod" and kind.head.lower_ in WAVES


def _are_countless(token: Token) -> bool:
    """Say whether it befell more than anybody counts: "countless reporters have been killed"."""
    hit = (c for c in token.children if c.dep_ in OBJECTS)
    return any(g.lower_ in COUNTLESS for h in hit for g in h.children)


def _is_at_war(candidate: Candidate, around: Around) -> bool:
    """Say whether it only tells that a war goes on: "while Russia attacked Ukraine", "fired rockets during the war"."""
    if around.casualties or around.sentence.headline:
        return False
    if _DURING_WAR.search(around.text):
        return not any(p.place.precision in EXACT and p.locative for p in around.places)
    token = candidate.token
    hit = [c for c in token.children if c.dep_ == "obj"]
    states = {p.start for p in around.places if p.place.precision is PlacePrecision.COUNTRY}
    aside = token.dep_ == "advcl" and candidate.entry.pos == "verb"
    return aside and len(hit) == 1 and hit[0].i in states and candidate.weapon is None


def lasts(candidate: Candidate) -> bool:
    """Say whether the word names what lasts: an offensive, the fighting."""
    return candidate.entry.pos == "noun" and candidate.token.lemma_.lower() in LASTING


def _of_a_kind(token: Token) -> bool:
    """Say whether a noun names a kind of deed: "launching attacks on villages", "those who engage in kidnapping"."""
    uncounted = token.tag_ == "NNS" or (token.tag_ == "NN" and token.lower_.endswith("ing"))
    bound = {c.dep_ for c in token.children} & {"det", "nummod", "nmod:poss"}
    verb = governing_verb(token)
    now = verb is not None and verb.tag_ in {"VBP", "VBZ", "VBG"}
    named = any(
        c.pos_ == "PROPN" and any(g.lower_ in WHERE for g in c.children) for c in token.children
    )
    return uncounted and not (bound or named) and now


def _anchored(token: Token, around: Around) -> bool:
    """Say whether the sentence has a day or a figure of victims, or the clause a place that does not itself act."""
    clause = {t.i for t in (governing_verb(token) or token).subtree}
    here = (p for p in around.places if not p.dateline)
    placed = any(p.start in clause and not _acts(p, around) for p in here)
    dated = any(not (d.since or d.vague) for d in around.days)
    return placed or dated or any(c.count.best is not None for c in around.casualties)


def _acts(name: PlaceName, around: Around) -> bool:
    """Say whether a place is what does it: "Israel has bombed targets in Lebanon" is in Lebanon."""
    root = around.sentence.doc[name.start : name.end].root
    return bool(root.dep_.startswith("nsubj"))


def _aux(token: Token) -> set[str]:
    """Return the auxiliaries of a verb, or of the one that it is joined to."""
    own = {c.lower_ for c in token.children if c.dep_.startswith("aux")}
    joined = token.dep_ == "conj" and {token.tag_, token.head.tag_} <= {"VBN", "VBD"}
    return own or (_aux(token.head) if joined else own)


def _goes_on(token: Token) -> bool:
    """Say whether a gerund stands behind "continue" or behind a preposition."""
    before = token.nbor(-1) if token.i else token
    return before.lemma_.lower() in ON_AND_ON


def _of_a_class(token: Token) -> bool:
    """Say whether all that the verb hits are plurals or peoples, or it names nothing that it hits."""
    hit = [c for c in token.children if c.dep_ in OBJECTS]
    return all(h.tag_ in {"NNS", "NNPS"} or h.lemma_.lower() in PEOPLES for h in hit)


def _for_a_cause(token: Token) -> bool:
    """Say whether people fight for something: rights, peace, a country."""
    return token.lemma_.lower() in STRUGGLE and any(
        c.dep_ == "obl" and any(g.lower_ == "for" for g in c.children) for c in token.children
    )

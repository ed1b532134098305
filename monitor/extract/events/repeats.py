"""Tell single events from many: counted over a time, summed up, done again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.events import lexicon
from monitor.extract.events.around import Around, governing_verb, is_definite
from monitor.extract.events.candidates import Candidate, weapon_of
from monitor.extract.places import rules as places

if TYPE_CHECKING:
    from spacy.tokens import Token

GROWTH = frozenset(
    {"increase", "rise", "surge", "escalation", "upsurge", "number", "spike", "uptick"}
)
STRUGGLE = frozenset({"fight", "combat", "battle", "war", "struggle"})
# "Has begun a new wave of strikes on the capital".
WAVES = frozenset({"wave", "round", "barrage", "volley"})
# "145 were killed in 386 clashes": so many events are a sum, whatever it is of.
MANY_EVENTS = 10


def bare(token: Token) -> bool:
    """Say whether a plural stands without a number or a word that points: "attacks", "recent attacks"."""
    return not any(
        child.dep_ in {"nummod", "nmod:poss", "det"}
        and child.lower_ not in {"any", "some", "all", "such", "no", "further", "more"}
        for child in token.children
    )


def tallied(candidate: Candidate, around: Around, *, plural: bool) -> bool:
    """Say whether the word counts many events over a period: "55 attacks since October 17"."""
    if candidate.entry.pos != "noun":
        return _counted_since(candidate, around)
    token = candidate.token
    counted = any(c.dep_ == "nummod" for c in token.children) or bool(
        {"hundreds", "dozens", "scores", "thousands"} & {c.lower_ for c in token.children}
    )
    since = (
        any(day.since for day in around.days)
        or "since" in around.words
        or "so far" in around.text
        or "this year" in around.text
        or ("this week" in around.text and "compared" in around.text)
    )
    dated = any(not d.vague and not d.since for d in around.days)
    happened = token.dep_ == "nmod" and told(token.head, governing_verb(token), around)
    series = (
        token.dep_ == "nmod"
        and token.head.lower_ in lexicon.cues()["repeated"]
        and not dated
        and not happened
    )
    growth = token.dep_ == "nmod" and token.head.lower_ in GROWTH
    placed = any(p.locative and p.place.precision not in places.VAGUE for p in around.places)
    summed_up = _a_sum(token) and (bool(around.casualties) or not (placed or dated))
    many = (_many(candidate, around) and not dated) or summed_up
    return plural and ((counted and since) or series or growth or many)


def summed(candidate: Candidate, around: Around) -> bool:
    """Say whether a verb sums up a time: "have killed 47 this year", "attacked 146 times", "a war in which 47,000 died"."""
    token = candidate.token
    if any(c.running and c.verb == token.i for c in around.casualties):
        return True
    if candidate.entry.pos != "verb":
        return token.dep_ == "nmod" and token.head.lemma_.lower() in lexicon.cues()["lasting"]
    if any(
        c.lower_ == "times" and any(g.dep_ == "nummod" for g in c.children) for c in token.children
    ):
        return True
    cues, what = lexicon.cues(), token.head.lemma_.lower()
    perfect = any(c.dep_ == "aux" and c.lemma_.lower() == "have" for c in token.children)
    goes_on = what in cues["lasting"] or (perfect and what in cues["going_on"])
    return token.dep_ == "acl:relcl" and goes_on


def _many(candidate: Candidate, around: Around) -> bool:
    """Say whether four or more events are counted without saying where or that they took place: no incident."""
    if candidate.entry.strength in {"device", "agent"}:
        return False
    token = candidate.token
    counts = [c for c in token.children if c.dep_ == "nummod"]
    if around.casualties:
        return False
    few = {"one", "two", "three", "1", "2", "3", "several", "twin"}
    exact = any(p.locative and p.place.precision not in places.VAGUE for p in around.places)
    happened = told(token, governing_verb(token), around) or exact
    return bool(counts) and not any(c.lower_ in few for c in counts) and not happened


def habitual(candidate: Candidate, around: Around) -> bool:
    """Say whether a verb tells what is done again and again: "militants often attack convoys"."""
    token = candidate.token
    verb = token if candidate.entry.pos == "verb" else governing_verb(token)
    if candidate.entry.pos == "noun" and token.lower_ in STRUGGLE:
        against = any(g.lower_ in {"against", "with"} for c in token.children for g in c.children)
        return against or is_definite(token)
    if verb is None:
        return False
    if (
        candidate.entry.pos == "verb"
        and verb.tag_ in {"VBP", "VBZ"}
        and not around.sentence.headline
    ):
        return not any(c.dep_ in {"aux", "aux:pass"} for c in verb.children)
    if candidate.entry.pos == "verb" and (_describes(candidate, around) or _goes_on(verb)):
        return True
    often = {"often", "frequently", "regularly", "routinely", "usually", "typically", "always"}
    return any(c.lower_ in often for c in verb.children)


def _goes_on(verb: Token) -> bool:
    """Say whether it is told as what goes on: "officers are being killed"."""
    helpers = {c.lower_ for c in verb.children if c.dep_ in {"aux", "aux:pass"}}
    return "being" in helpers and not helpers & {"was", "were"}


def _describes(candidate: Candidate, around: Around) -> bool:
    """Say whether a participle describes a group and tells no event: "armed groups targeting the coalition"."""
    token = candidate.token
    if token.tag_ != "VBG" or around.sentence.headline:
        return False
    describing = (
        token.dep_ == "acl"
        and weapon_of(token.head) is None
        and token.head.lower_ in lexicon.cues()["armed"]
    )
    return describing or (token.lemma_.lower() in STRUGGLE and token.dep_ != "ROOT")


def told(token: Token, verb: Token | None, around: Around) -> bool:
    """Say whether the sentence tells the word as something that took place: with a past verb of happening or doing."""
    if verb is None:
        return around.sentence.headline
    if verb.i == token.i:
        return verb.tag_ in {"VBD", "VBN"} or around.sentence.headline
    if token.dep_ == "nmod" and token.head.lower_ in WAVES:
        token = token.head
    place = (
        token.dep_ in {"nsubj", "nsubj:pass", "obj", "obl:agent", "obl"} and token.head.i == verb.i
    )
    return (
        place
        and verb.tag_ in {"VBD", "VBN", "VBG"}
        and verb.lemma_.lower() in lexicon.cues()["occur"]
    )


def _counted_since(candidate: Candidate, around: Around) -> bool:
    """Say whether a verb counts up to now: "1,980 people have been kidnapped since November"."""
    perfect = any(c.lower_ in {"have", "has"} for c in candidate.token.children)
    since = any(day.since for day in around.days)
    return perfect and since and all(day.since or day.vague for day in around.days)


def _a_sum(token: Token) -> bool:
    """Say whether so many events are counted that what they cost is a sum."""
    counts = (c.text for c in token.children if c.dep_ == "nummod")
    return any(text.isdecimal() and int(text) >= MANY_EVENTS for text in counts)

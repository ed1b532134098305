"""Tell what hurt people without an author: a blaze, a crash, a flood."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.extract.events import lexicon, setting
from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key

if TYPE_CHECKING:
    from spacy.tokens import Token


def by_mishap(token: Token) -> bool:
    """Say whether a fire, a crash or the like is what hurt: "a blaze killed 12", "a fire raced through it, killing 12"."""
    causes = [
        c
        for clause in _clauses(token)
        for c in clause.children
        if c.dep_ in {"nsubj", "obl:agent"}
        or (c.dep_ in {"obl", "nmod"} and any(g.lower_ in {"in", "by"} for g in c.children))
    ]
    causes += [noun for clause in _clauses(token) for noun in _described(clause)]
    mishap = any(c.lemma_.lower() in lexicon.cues()["mishap"] or _burns(c) for c in causes)
    return mishap or in_collision(token)


def in_collision(token: Token) -> bool:
    """Say whether it is what a vehicle or a crewed aircraft did that ran into something: "a plane crashed, killing two"."""
    return any(_collides(clause) for clause in _clauses(token))


def _clauses(token: Token) -> list[Token]:
    """Return the token and the verb that its clause hangs on."""
    hanging = token.dep_ in {"advcl", "acl", "conj", "xcomp"}
    return [token, clause_above(token)] if hanging else [token]


def _described(verb: Token) -> list[Token]:
    """Return the noun that a past form is read to describe, and may as well do: "a fire swept through it, killing 12"."""
    by = any(c.lower_ == "by" for child in verb.children for c in child.children)
    return [verb.head] if verb.dep_ == "acl" and verb.tag_ in {"VBD", "VBN"} and not by else []


# "A lorry slammed into a bus": what runs on wheels and what it runs into without malice.
COLLIDING = frozenset("slam smash crash ram plough plow run collide bump veer".split())
# "A train struck a bus".
STRIKING = frozenset({"strike", "hit"})
ON_WHEELS = frozenset(
    "bus lorry truck car van train tanker trailer minibus coach jeep motorcycle vehicle taxi tractor".split()
)
AIRCRAFT = frozenset(
    "plane airplane aeroplane aircraft helicopter jet airliner chopper glider balloon".split()
)
IN_THE_WAY = ON_WHEELS | frozenset(
    "tree pole wall divider barrier culvert ditch house pillar".split()
)


def _collides(verb: Token) -> bool:
    """Say whether a vehicle runs into another one, or a tree, or an aircraft with people in it into anything."""
    subjects = [c for c in verb.children if c.dep_ == "nsubj"] + _described(verb)
    by = {c.lemma_.lower() for c in subjects}
    into = {
        c.lemma_.lower()
        for c in verb.children
        if c.dep_ == "obl" and any(g.lower_ in {"into", "with"} for g in c.children)
    }
    struck = {c.lemma_.lower() for c in verb.children if c.dep_ == "obj"}
    if verb.lemma_.lower() in STRIKING:
        return bool(by & ON_WHEELS) and bool(struck & ON_WHEELS)
    by_wheels = bool(by & ON_WHEELS) and bool(into & IN_THE_WAY)
    return verb.lemma_.lower() in COLLIDING and (by_wheels or bool(by & AIRCRAFT))


def clause_above(verb: Token) -> Token:
    """Return the verb that a clause hangs on; what is said before it, where the parser chose the saying: "..., police said"."""
    said = [c for c in verb.head.children if c.dep_ == "ccomp" and c.i < verb.i < verb.head.i]
    return said[-1] if said and verb.dep_ == "advcl" else verb.head


# Words of malice that are no word of harm alone: a sentence with one of them is left to the parse.
MALICE = setting.MALICIOUS | frozenset(
    "attack attacks attacked strike strikes raid raids clash clashes shell shells shelled arson arsonist arsonists torched explosion blast explosives".split()
)
# "Rocket fire", "under fire", "opened fire": none of them burns.
_OF_GUNS = frozenset(
    "open opened opens opening cease rocket mortar gun sniper tank artillery arms friendly under heavy enemy hostile return "
    "returned returning aircraft machine cross small warning live".split()
)
# "A fire station", "fire from a tank".
_NO_FIRE = frozenset(
    "station engine brigade department fighters service crews from by between".split()
)


# What buildings, mines and boats do by themselves: "killed when a hotel under construction came down".
_GIVES_WAY = re.compile(
    r"\b(?:collapsed|caved in|gave way|came down(?! on| hard)|crumbled|toppled over|capsized|overturned|plunged (?:in|off|down))\b"
)


def begins_with_mishap(token: Token) -> bool:
    """Say whether a sentence without malice tells a mishap before the harm: "Flames swept through a hotel, killing nine".

    It looks at words, since what fires do ("tore through", "gutted") is what the parser knows least.
    """
    sentence = token.sent
    if MALICE & {t.lower_ for t in sentence}:
        return False
    if _GIVES_WAY.search(sentence.text):
        return True
    before = sentence.doc[sentence.start : token.i]
    return any(_is_mishap(t) and not _hangs(t, sentence.start) for t in before)


def _hangs(noun: Token, start: int) -> bool:
    """Say whether a preposition stands before it: what happened "after a flood" is no flood."""
    return any(t.pos_ == "ADP" for t in noun.doc[max(start, noun.i - 3) : noun.i])


def _names_force(first: Token) -> bool:
    """Say whether it tells whose fire it is: "Israeli fire killed two", "Army fire"."""
    known = tables.load().adjectives.get(exact_key(first.text)) is not None
    return known or first.lower_ in lexicon.cues()["armed"]


def _is_mishap(token: Token) -> bool:
    if token.pos_ not in {"NOUN", "PROPN"} and token.lower_ not in {"flames", "fumes"}:
        return False  # "Police crushed the protests", "a cold morning".
    if token.lower_ != "fire":
        return bool({token.lower_, token.lemma_.lower()} & lexicon.cues()["mishap"])
    if token.i + 1 < len(token.doc) and token.nbor().lower_ in _NO_FIRE:
        return False
    first = token
    while first.i > token.sent.start and first.nbor(-1).pos_ in {"NOUN", "ADJ"}:
        first = first.nbor(-1)
    kinds = {t.lower_ for t in token.doc[first.i : token.i]}
    if kinds & _OF_GUNS:
        return False
    if first.i == token.sent.start:
        return not _names_force(first)
    return first.nbor(-1).lower_ in {"a", "an", "another"}


def _burns(cause: Token) -> bool:
    """Say whether "fire" is one that burns: "a fire", "a house fire"; "Israeli fire" and "the fire" may be of guns."""
    if cause.lemma_.lower() != "fire":
        return False
    children = list(cause.children)
    one = any(c.lower_ == "a" for c in children)
    return one and all(c.dep_ == "det" or c.tag_ == "NN" for c in children if c.i < cause.i)

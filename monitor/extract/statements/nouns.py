"""Find stances taken by a noun: "expressed its condemnation of", "drew outrage from", "a scathing attack on"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.extract.actors import roles
from monitor.extract.statements import takers
from monitor.extract.statements.cue import made
from monitor.extract.statements.said import is_said
from monitor.extract.statements.words import is_violent_phrase, words
from schemas.reasons import Stance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from monitor.extract.facts import Sentence
    from monitor.extract.officials.rules import Register
    from monitor.extract.statements.cue import Cue
    from monitor.extract.statements.speech import Talk

_OF_NOUN = frozenset("of at over to for about against in".split())
_PROTESTS = frozenset("complain protest condemn demarche object".split())


def by_noun(sentence: Sentence, token: Token, talk: Talk, register: Register) -> Iterator[Cue]:
    """Yield the stances of "condemnation", "outrage" and their like."""
    stance = words().nouns.get(token.lemma_.lower()) or words().nouns.get(token.lower_)
    if stance is None or token.pos_ not in ("NOUN", "PROPN") or not is_said(token):
        return
    heads = _takers_of_noun(token)
    target = _target_of_noun(token) or _drew_it(sentence, token)
    if target is None and not _is_issued(token, stance):
        return
    if target is not None and stance is Stance.REJECT and not is_violent_phrase(target):
        return
    for voice in takers.of_heads(sentence, heads, talk, register):
        yield made(sentence, token, stance, voice, target, talk)


def _is_issued(noun: Token, stance: Stance) -> bool:
    """Say whether it is a condemnation of what the article tells: "issued similar condemnations"."""
    issued = noun.dep_ == "obj" and noun.head.lemma_.lower() in words().express
    return stance is Stance.CONDEMN and issued


def _target_of_noun(noun: Token) -> Token | None:
    for owner in (noun, *(c for c in noun.children if c.dep_ == "conj"), noun.head):
        for child in owner.children:
            fits = child.dep_ in ("nmod", "obl") and roles.case_of(child) in _OF_NOUN
            if fits and child.i > noun.i:
                return child
        for child in owner.children:
            if child.dep_.startswith("acl") and child.i > noun.i:
                late = [
                    c
                    for c in child.children
                    if c.dep_ in ("obl", "nmod") and roles.case_of(c) in ("of", "at", "over")
                ]
                if late:
                    return late[-1]
                nested = [
                    g
                    for c in child.children
                    for g in c.children
                    if g.dep_ == "nmod" and roles.case_of(g) in ("of", "at")
                ]
                if nested:
                    return nested[-1]
    return None


def _drew_it(sentence: Sentence, noun: Token) -> Token | None:
    """Return the deed that "drew condemnation": the last word of violence before it."""
    verb = sentence.doc[max(noun.i - 4, sentence.span.start) : noun.i]
    if not any(token.lower_ in words().drew or token.lemma_ in words().draw for token in verb):
        return None
    before = sentence.doc[sentence.span.start : noun.i]
    deeds = [t for t in before if t.lower_ in words().violence]
    return deeds[-1] if deeds else None


def _takers_of_noun(noun: Token) -> list[Token]:
    """Return whose condemnation it is: after "expressed by", before "'s", the subject of "voiced", after "from"."""
    for child in noun.children:
        if child.dep_.startswith("acl"):
            by = [
                c
                for c in child.children
                if c.dep_.startswith("obl") and roles.case_of(c) in ("by", "from")
            ]
            if by:
                return [token for head in by for token in roles.coordinated(head)]
        if child.dep_ in ("nmod", "obl") and roles.case_of(child) in ("by", "from"):
            return roles.coordinated(child)
    verb = noun.head if noun.dep_ != "conj" else noun.head.head
    lemma = verb.lemma_.lower()
    if roles.is_verb(verb) and lemma in words().draw:
        return [
            t
            for c in verb.children
            if c.dep_ in ("obl", "nmod") and roles.case_of(c) in ("from", "by")
            for t in roles.coordinated(c)
        ]
    if roles.is_verb(verb) and lemma in words().express:
        return takers.takers(verb)
    return takers.possessors(noun)


def by_summons(sentence: Sentence, token: Token, talk: Talk, register: Register) -> Iterator[Cue]:
    """Yield a protest for "summoned the ambassador to complain about": a formal one between states."""
    if token.lemma_ != "summon" or not roles.is_verb(token) or not is_said(token):
        return
    envoy = next((c for c in token.children if c.dep_ == "obj"), None)
    why = {t.lemma_.lower() for t in token.subtree if t.i > token.i}
    if envoy is None or not why & _PROTESTS:
        return
    over = next((t for t in sentence.span if t.i > token.i and t.lower_ in words().violence), None)
    if over is not None and over.dep_ == "compound":
        over = over.head
    for voice in takers.of_heads(sentence, takers.takers(token), talk, register):
        cue = made(sentence, token, Stance.DENOUNCE, voice, envoy, talk)
        yield replace(cue, over=None if over is None else int(over.i))


def by_verbal_attack(
    sentence: Sentence, token: Token, talk: Talk, register: Register
) -> Iterator[Cue]:
    """Yield a denunciation for "launched a scathing attack on the government": an attack in words."""
    if token.lemma_.lower() != "attack" or token.pos_ != "NOUN" or not is_said(token):
        return
    if not any(child.lower_ in words().verbal for child in token.children):
        return
    target = _target_of_attack(token)
    verb = token.head
    if target is None or not roles.is_verb(verb):
        return
    for voice in takers.of_heads(sentence, takers.takers(verb), talk, register):
        yield made(sentence, token, Stance.DENOUNCE, voice, target, talk)


def _target_of_attack(noun: Token) -> Token | None:
    owners = (noun, noun.head)
    return next(
        (c for o in owners for c in o.children if c.i > noun.i and _is_aimed_at(c)),
        None,
    )


def _is_aimed_at(phrase: Token) -> bool:
    """Say whether it is "on the government" or "on West Bengal's Congress government", whose "on" the parse hangs deeper."""
    first = phrase.doc[phrase.left_edge.i].lower_
    return roles.case_of(phrase) in ("on", "against") or first in ("on", "against")

"""Tell what cannot be hurt, though it is hit, attacked or shot: a deal, a record, the press, a film."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.events import lexicon
from monitor.extract.events.candidates import Candidate, weapon_of
from monitor.extract.events.senses import OBJECTS

if TYPE_CHECKING:
    from spacy.tokens import Token

    from monitor.extract.events.setting import Setting

# What is fired from a gun; shots of other kinds are taken.
SHOTS = frozenset({"shot", "round", "bullet"})
_STRIKING = frozenset({"strike", "bomb", "pound", "attack"})
# Where an article tells of violence, these are places.
BUILT = frozenset({"market", "markets", "stage", "road", "streets", "industry"})


def is_target(candidate: Candidate, article: Setting) -> bool:
    """Say whether what is hit cannot be hurt: a deal, a record, the press, a proposal."""
    if candidate.entry.strength not in {
        "weak",
        "medium",
        "killing",
        "device_verb",
        "ramming",
    } and candidate.entry.words != ("shoot",):
        return False
    unhurt = set(lexicon.cues()["abstract"]) - (BUILT if article.violent > 1 else set())
    token = candidate.token
    hit = [c for c in token.children if c.dep_ in OBJECTS]
    if token.lemma_.lower() == "fire" and any(h.lemma_.lower() in SHOTS for h in hit):
        return False
    aimed = [c for c in token.children if c.dep_ in {"nmod", "obl"}]
    if candidate.entry.pos == "noun" and token.dep_ == "obj":
        # "Launched an attack on its strategy": the parser hangs the target on the verb.
        aimed += [c for c in token.head.children if c.dep_ == "obl" and c.i > token.i]
    if candidate.entry.words == ("shoot",) and token.tag_ == "VBN":
        aimed = []  # "Shot on the road": where people were shot, and not what at.
    hit += [c for c in aimed if {"on", "against"} & {g.lower_ for g in c.children}]
    # "Exchange fire" itself is no fire that is hit.
    hit = [h for h in hit if not (candidate.start <= h.i < candidate.end or _is_of_war(h))]
    parts = [c for h in hit for c in h.children if c.dep_ in {"nmod", "obl"}]
    if any(h.lower_ in unhurt for h in hit) or any(
        p.lower_ in unhurt for p in parts if hit[0].pos_ != "NOUN"
    ):
        return True
    up = candidate.entry.words == ("shoot",) and any(c.lower_ == "up" for c in token.children)
    return up or (token.lower_.startswith("explosion") and _of_feeling(token))


def _is_of_war(hit: Token) -> bool:
    """Say whether a name or a force makes a target a real one: "Houthi military targets", "Hezbollah positions".

    So do a strike and a where: "strikes targets in Khost".
    """
    where = any(
        g.dep_ == "case" and g.lower_ == "in"
        for c in (*hit.children, *hit.head.children)
        if c.dep_ in {"nmod", "obl"} and c.pos_ == "PROPN"
        for g in c.children
    )
    if hit.lemma_.lower() == "target" and hit.head.lemma_.lower() in _STRIKING and where:
        return True
    return hit.lemma_.lower() in {"target", "position"} and any(
        child.dep_ in {"amod", "compound", "nmod:poss"}
        and (
            child.text[:1].isupper()
            or child.lower_ in {"military", "militant", "rebel", "army", "enemy"}
        )
        for child in hit.children
    )


def _of_feeling(token: Token) -> bool:
    """Say whether an explosion is one "of interest" or "of colour"."""
    of = [
        c for c in token.children if c.dep_ == "nmod" and any(g.lower_ == "of" for g in c.children)
    ]
    return any(weapon_of(c) is None and c.pos_ == "NOUN" and not c.is_title for c in of)

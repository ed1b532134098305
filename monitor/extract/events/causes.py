"""Tell what hurt people without an author: a blaze, a crash, a flood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.events import lexicon

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
    mishap = any(c.lemma_.lower() in lexicon.cues()["mishap"] or _burns(c) for c in causes)
    return mishap or in_collision(token)


def in_collision(token: Token) -> bool:
    """Say whether it is what a vehicle or a crewed aircraft did that ran into something: "a plane crashed, killing two"."""
    return any(_collides(clause) for clause in _clauses(token))


def _clauses(token: Token) -> list[Token]:
    """Return the token and the verb that its clause hangs on."""
    hanging = token.dep_ in {"advcl", "acl", "conj", "xcomp"}
    return [token, clause_above(token)] if hanging else [token]


# "A lorry slammed into a bus": what runs on wheels and what it runs into without malice.
COLLIDING = frozenset("slam smash crash ram plough plow run collide bump veer".split())
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
    by = {c.lemma_.lower() for c in verb.children if c.dep_ == "nsubj"}
    into = {
        c.lemma_.lower()
        for c in verb.children
        if c.dep_ == "obl" and any(g.lower_ in {"into", "with"} for g in c.children)
    }
    by_wheels = bool(by & ON_WHEELS) and bool(into & IN_THE_WAY)
    return verb.lemma_.lower() in COLLIDING and (by_wheels or bool(by & AIRCRAFT))


def clause_above(verb: Token) -> Token:
    """Return the verb that a clause hangs on; what is said before it, where the parser chose the saying: "..., police said"."""
    said = [c for c in verb.head.children if c.dep_ == "ccomp" and c.i < verb.i < verb.head.i]
    return said[-1] if said and verb.dep_ == "advcl" else verb.head


def _burns(cause: Token) -> bool:
    """Say whether "fire" is one that burns: "a fire", "a house fire"; "Israeli fire" and "the fire" may be of guns."""
    if cause.lemma_.lower() != "fire":
        return False
    children = list(cause.children)
    one = any(c.lower_ == "a" for c in children)
    return one and all(c.dep_ == "det" or c.tag_ == "NN" for c in children if c.i < cause.i)

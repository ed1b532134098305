"""Tell what hurt people without an author: a blaze, a crash, a flood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.events import lexicon

if TYPE_CHECKING:
    from spacy.tokens import Token


def by_mishap(token: Token) -> bool:
    """Say whether a fire, a crash or the like is what hurt: "a blaze killed 12", "a fire raced through it, killing 12"."""
    clauses = [token]
    if token.dep_ in {"advcl", "acl", "conj", "xcomp"}:
        clauses.append(clause_above(token))
    causes = [
        c
        for clause in clauses
        for c in clause.children
        if c.dep_ in {"nsubj", "obl:agent"}
        or (c.dep_ in {"obl", "nmod"} and any(g.lower_ in {"in", "by"} for g in c.children))
    ]
    return any(c.lemma_.lower() in lexicon.cues()["mishap"] or _burns(c) for c in causes)


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

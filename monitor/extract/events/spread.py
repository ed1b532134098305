"""Tell apart what happened in several towns at once: "bombs went off in Bogota and Medellin" are two incidents."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schemas.reasons import PlacePrecision

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from monitor.extract.events.mentions import Mention
    from monitor.extract.facts import PlaceName
    from monitor.extract.gather import Facts

EXACT = frozenset({PlacePrecision.TOWN, PlacePrecision.DISTRICT, PlacePrecision.SITE})
MAX_CHAIN = 8
# What stands between the towns of a list; an address ("in Englewood, Chicago") has no "and".
JOINTS = frozenset({",", "and", "&"})
ANOTHER = frozenset({"another", "others", "more", "several"})
# "and four on"
ELIDED = 3
AIMED = frozenset({"on", "at", "in", "near", "against"})
PLURAL = frozenset({"NNS", "NNPS"})


def by_place(mention: Mention, facts: Facts) -> tuple[Mention, ...]:
    """Return the mention once for each town of a list: where many things happened, and no figure sums them up."""
    summed_up = facts.casualties_in.get(mention.sentence.index)
    if mention.sentence.headline or summed_up or not _several(mention):
        return (mention,)
    here = [p for p in facts.places_in.get(mention.sentence.index, ()) if not p.dateline]
    first = next((p for p in here if p.place == mention.place), None)
    if first is None or first.place.precision not in EXACT:
        return (mention,)
    others = [p.place for p in here if _is_listed(mention, first, p, here)]
    return (mention, *(replace(mention, place=place) for place in dict.fromkeys(others)))


def _several(mention: Mention) -> bool:
    """Say whether the words tell of several: "bombs", "attacks on", or what was hit stands in the plural."""
    doc = mention.sentence.doc
    if mention.definite:
        return False
    heads = [doc[t.head] for t in mention.triggers]
    hit = [c for h in heads for c in h.children if c.dep_ in {"obj", "nsubj:pass", "nsubj"}]
    nouns = [token for token in (*heads, *hit) if token.pos_ in {"NOUN", "PROPN"}]
    return any(token.tag_ in PLURAL for token in nouns)


def _is_listed(mention: Mention, first: PlaceName, other: PlaceName, here: list[PlaceName]) -> bool:
    """Say whether `other` is coordinated with `first`, in the same country and as exact."""
    if other is first or other.place.precision not in EXACT or other.start < first.end:
        return False
    if other.place.country_code != first.place.country_code or other.place.name == first.place.name:
        return False
    doc = mention.sentence.doc
    if _counted_anew(doc, first, other):
        return True
    listed = other.start < _end_of_list(mention, first, here)
    return listed or _joined(doc[first.start : first.end].root, doc[other.start : other.end].root)


def _counted_anew(doc: Doc, first: PlaceName, other: PlaceName) -> bool:
    """Say whether a number leads to it and leaves the noun out: "six raids on Hodeidah and four on Saada"."""
    between = doc[first.end : other.start]
    if len(between) < ELIDED or any(token.pos_ == "VERB" for token in between):
        return False
    joint, count, aimed = between[-ELIDED:]
    again = count.like_num or count.lower_ in ANOTHER
    return joint.lower_ in JOINTS and again and aimed.lower_ in AIMED


def _end_of_list(mention: Mention, first: PlaceName, here: list[PlaceName]) -> int:
    """Return where a list of places that begins with `first` ends, with its "and"; where `first` does without one."""
    names = {i for name in here for i in range(name.start, name.end)}
    doc, end = mention.sentence.doc, first.end
    while end < mention.sentence.span.end and (end in names or doc[end].lower_ in JOINTS):
        end += 1
    joined = any(token.lower_ in JOINTS - {","} for token in doc[first.end : end])
    return end if joined else first.end


def _joined(first: Token, other: Token) -> bool:
    for _ in range(MAX_CHAIN):
        if other.dep_ != "conj":
            return False
        other = other.head
        if other.i == first.i:
            return True
    return False

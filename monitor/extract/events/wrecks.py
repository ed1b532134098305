"""Tell what is blown up, burned or set off on purpose: "rebels blew up a bridge", "two devices exploded"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.events import lexicon
from monitor.extract.events.senses import OBJECTS
from schemas.reasons import EventType

if TYPE_CHECKING:
    from spacy.tokens import Token

    from monitor.extract.events.candidates import Candidate

# "A device exploded" is a bomb's; "his mobile device exploded" is no news of violence.
GOES_OFF = frozenset({"explode", "detonate", "go", "set", "blow"})


def on_purpose(candidate: Candidate, *, armed: bool) -> bool:
    """Say whether a thing that is attacked is blown up, or is burned by armed people.

    A house that "blew up" did so by itself; a photograph is blown up, and so is a deal. What armed people blow up
    may be anything but a deal; what is burned without them may have caught fire.
    """
    if candidate.entry.strength != "wrecking":
        return False
    hit = {c.lemma_.lower() for c in candidate.token.children if c.dep_ in OBJECTS}
    hit |= {c.lower_ for c in candidate.token.children if c.dep_ in OBJECTS}
    cues = lexicon.cues()
    if not hit or hit & cues["abstract"]:
        return False
    burned = candidate.event_type is EventType.ARSON
    known = bool(hit & cues["target"])
    return (known and armed) if burned else (known or armed)


def is_device(candidate: Candidate) -> bool:
    """Say whether a device is what goes off."""
    token = candidate.token
    if candidate.entry.pos != "verb" or token.lemma_.lower() not in GOES_OFF:
        return False
    return any(_is_bare_device(c) for c in token.children if c.dep_ in {"nsubj", *OBJECTS})


def _is_bare_device(token: Token) -> bool:
    kinds = {c.dep_ for c in token.children} & {"amod", "compound"}
    return token.lemma_.lower() == "device" and not kinds

"""Tell what is blown up, burned or set off on purpose: "rebels blew up a bridge", "two devices exploded"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.extract.events import lexicon
from monitor.extract.events.senses import OBJECTS
from schemas.reasons import EventType

if TYPE_CHECKING:
    from spacy.tokens import Token

    from monitor.extract.events.candidates import Candidate

# "A device exploded" is a bomb's; "his mobile device exploded" is no news of violence.
GOES_OFF = frozenset({"explode", "detonate", "go", "set", "blow", "tear", "rip"})
# What is sent to somebody and goes off is a bomb; so is a device that is told to be made or put for it.
SENT = frozenset({"parcel", "package", "letter", "envelope"})
MADE = frozenset(
    "explosive improvised remotely detonated planted hidden incendiary crude homemade second another a an the two".split()
)
# "A car packed with gas cylinders blew up": what is loaded so goes off on purpose.
_LADEN = re.compile(
    r"\b(?:car|truck|van|vehicle|lorry|minibus|bus|motorcycle|motorbike|boat|taxi)s? (?:that (?:was|were) )?"
    r"(?:packed|laden|rigged|loaded|filled|stuffed|primed) with "
    r"(?:\w+ ){0,3}(?:explosives|gas (?:cylinders|canisters|bottles)|bombs|dynamite|shells|fertili[sz]er|tnt)\b"
    r"|\bremotely (?:detonated|controlled) (?:device|bomb|explosive)"
)


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
    by_itself = candidate.event_type is EventType.ARSON or candidate.token.lemma_ == "derail"
    known = bool(hit & cues["target"])
    return (known and armed) if by_itself else (known or armed)


def is_laden(text: str) -> bool:
    """Say whether a sentence, in small letters, tells of a vehicle that was loaded with what goes off, or of what somebody far off sets off."""
    return _LADEN.search(text) is not None


def is_device(candidate: Candidate) -> bool:
    """Say whether a device is what goes off."""
    token = candidate.token
    if candidate.entry.pos != "verb" or token.lemma_.lower() not in GOES_OFF:
        return False
    return any(_is_bare_device(c) for c in token.children if c.dep_ in {"nsubj", *OBJECTS})


def _is_bare_device(token: Token) -> bool:
    kinds = {c.lower_ for c in token.subtree if c.i < token.i}
    return token.lemma_.lower() in SENT or (token.lemma_.lower() == "device" and kinds <= MADE)

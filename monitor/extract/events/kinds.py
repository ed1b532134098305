"""Decide whether an incident is a strike or an attack (ARCHITECTURE.md, "Words")."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.extract.events import lexicon
from schemas.reasons import EventType, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.extract.facts import Actor

FROM_AFAR = frozenset({EventType.AIR_STRIKE, EventType.DRONE_STRIKE, EventType.SHELLING_MISSILE})


UNSPECIFIC = frozenset({EventType.ARMED_ATTACK, EventType.OTHER_VIOLENCE})
# Organised fighters against soldiers or police posts fight a battle in ACLED's terms, whoever began it.
FIGHTERS = frozenset(
    "militant militants insurgent insurgents rebel rebels guerrilla guerrillas terrorist terrorists jihadist jihadists fighter "
    "fighters militia militias extremist extremists separatist separatists islamist islamists taliban subversives mujahideen "
    "mujahidin faction factions".split()
)
MILITARY = frozenset(
    "soldier soldiers troops army military base bases barracks garrison outpost checkpoint patrol convoy forces peacekeepers "
    "battalion brigade post posts positions troop garrisons".split()
)
# What carries guns and is no weapon's word elsewhere: fuel tanks burst, too.
GUNS = frozenset({"tank", "tanks", "gunboat", "gunboats", "warship", "warships"})
# "An Israeli drone dropped a grenade"
DROPPED = frozenset({EventType.GRENADE, EventType.IED})
_DROPPED_BY_DRONE = re.compile(r"\bdrones?\b[^.,;]{0,30}\bdrop(?:s|ped|ping)?\b", re.IGNORECASE)
# What was left from an earlier day's fire harms as a mine does, whatever it was then (ACLED's codebook).
REMNANTS = (
    "unexploded",
    "left over from",
    "left from",
    "left behind by",
    "leftover",
    "remnant",
)


def event_type(
    told: EventType,
    perpetrators: Sequence[Actor],
    targets: Sequence[Actor],
    quote: str,
    *,
    struck: bool,
) -> EventType:
    """Return the type of an incident from the type that its words tell and from who fought whom.

    `struck` says that the verb "strike" or "bomb" tells it: what a state strikes it strikes from afar.
    """
    told = _by_the_words(told, perpetrators, quote, struck=struck)
    if told not in UNSPECIFIC:
        return told
    if (from_afar := _from_afar(perpetrators, struck=struck)) is not None:
        return from_afar
    attackers, attacked = _words(perpetrators), _words(targets)
    organised = bool(attackers & FIGHTERS) or any(_is_group(actor) for actor in perpetrators)
    if organised and attacked & MILITARY:
        return EventType.ARMED_CLASH
    state = any(actor.state for actor in perpetrators) or bool(attackers & MILITARY)
    return EventType.ARMED_CLASH if state and attacked & FIGHTERS else told


def _by_the_words(
    told: EventType, perpetrators: Sequence[Actor], quote: str, *, struck: bool
) -> EventType:
    """Return the type as the wording around its words makes it: what was left of a war, who blew himself up, who bombed."""
    if told in FROM_AFAR and _is_remnant(quote):
        return EventType.IED
    if told in DROPPED and _DROPPED_BY_DRONE.search(quote):
        return EventType.DRONE_STRIKE
    if told is EventType.IED and _kills_itself(quote):
        return EventType.SUICIDE_BOMBING
    if told is EventType.IED and struck and any(_has_aircraft(actor) for actor in perpetrators):
        return EventType.AIR_STRIKE
    return told


def _is_remnant(quote: str) -> bool:
    """Say whether it was left from an earlier day's fire."""
    return any(words in quote.lower() for words in REMNANTS)


def _has_aircraft(actor: Actor) -> bool:
    """Say whether it is a state or its armed forces: what they are said to bomb they bomb from the air."""
    return actor.state and "police" not in actor.who.name.lower()


def _from_afar(perpetrators: Sequence[Actor], *, struck: bool) -> EventType | None:
    """Return what a state did from the air or with its artillery, if it did."""
    if struck and any(actor.state for actor in perpetrators):
        return EventType.AIR_STRIKE
    return next((t for actor in perpetrators if (t := _arm_of(actor)) is not None), None)


def _arm_of(actor: Actor) -> EventType | None:
    """Return what a state's artillery, tanks, warplanes or drones do: they kill from afar."""
    last = actor.who.text.lower().split()[-1] if actor.who.text else ""
    if actor.state and last in GUNS:
        return EventType.SHELLING_MISSILE
    weapon = lexicon.weapons().get(last)
    return weapon.type if actor.state and weapon and weapon.type in FROM_AFAR else None


def _kills_itself(quote: str) -> bool:
    return any(f"killing {self}" in quote for self in ("himself", "herself", "themselves"))


def _is_group(actor: Actor) -> bool:
    """Say whether a named group that is no state's did it: its name is not the words found in lower case."""
    return not actor.state and any(word[:1].isupper() for word in actor.who.name.split())


def _words(actors: Sequence[Actor]) -> set[str]:
    return {
        word.lower().strip(".,")
        for actor in actors
        for word in f"{actor.who.name} {actor.who.text}".split()
    }


def kind(event_type: EventType, perpetrators: Sequence[Actor], *, air: bool) -> Kind:
    """Return the kind: violence from afar by a state's forces is a strike, with no actor what aircraft did is one.

    `air` says that the text calls it an air strike.
    """
    if event_type not in FROM_AFAR:
        return Kind.ATTACK
    if perpetrators:
        return Kind.STRIKE if any(actor.state for actor in perpetrators) else Kind.ATTACK
    return Kind.STRIKE if event_type is EventType.AIR_STRIKE or air else Kind.ATTACK

"""Decide whether a word tells an event: one ordered table of reasons, so that an editor can be told why.

`judge` looks at a `View`, what `context` read around a candidate, and returns the first reason that
holds. Reasons to drop a sense come first, then those about factuality, then what supports a weak word.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from monitor.extract.events.frames import Frame
from schemas.reasons import EventType

if TYPE_CHECKING:
    from collections.abc import Callable


class Why(StrEnum):
    """Why a word that may tell an event was kept, or was not."""

    STRONG_WORD = "strong_word"
    WEAPON = "weapon"
    CASUALTIES = "casualties"
    ARMED_ACTOR = "armed_actor"
    TARGET = "target"
    BACK_REFERENCE = "back_reference"
    DATED = "dated"
    OPERATION = "operation"
    LISTED = "listed"
    INTERCEPTED = "intercepted"
    NON_LETHAL = "non_lethal"
    SPORT = "sport"
    LABOUR = "labour"
    CYBER = "cyber"
    ANIMAL = "animal"
    DISEASE = "disease"
    DRILL = "drill"
    FICTION = "fiction"
    JUDICIAL = "judicial"
    ARRESTS = "arrests"
    VERBAL = "verbal"
    METAPHOR = "metaphor"
    ACCIDENT = "accident"
    SPENT = "spent"
    DISASTER = "disaster"
    NEGATED = "negated"
    DENIED = "denied"
    THREAT = "threat"
    PLAN = "plan"
    FEAR = "fear"
    HYPOTHETICAL = "hypothetical"
    PREVENTED = "prevented"
    CALL = "call"
    FOILED = "foiled"
    GENERIC = "generic"
    TALLY = "tally"
    NO_USE_OF_WEAPON = "no_use_of_weapon"
    NO_FIGHTERS = "no_fighters"
    UNSUPPORTED = "unsupported"

    @property
    def keeps(self) -> bool:
        """Whether this is a reason to keep a trigger."""
        return self in KEEPING


KEEPING = frozenset(
    {
        Why.STRONG_WORD,
        Why.WEAPON,
        Why.CASUALTIES,
        Why.ARMED_ACTOR,
        Why.TARGET,
        Why.BACK_REFERENCE,
        Why.DATED,
        Why.OPERATION,
        Why.LISTED,
    }
)
_OF_FRAME = {
    Frame.THREAT: Why.THREAT,
    Frame.PLAN: Why.PLAN,
    Frame.FEAR: Why.FEAR,
    Frame.PREVENT: Why.PREVENTED,
    Frame.CALL: Why.CALL,
    Frame.DENY: Why.DENIED,
    Frame.FOILED: Why.FOILED,
    Frame.NEGATED: Why.NEGATED,
    Frame.HYPOTHETICAL: Why.HYPOTHETICAL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What is known around a candidate when it is judged."""

    strength: str
    pos: str
    event_type: EventType
    sense: Why | None
    frame: Frame | None
    definite: bool
    plural: bool
    bare: bool
    tallied: bool
    habitual: bool
    general: bool
    lasting: bool
    weapon: bool
    weapon_acts: bool
    wrecked: bool
    armed_agent: bool
    hurt_target: bool
    crowd: bool
    abstract_target: bool
    casualties: bool
    figures: bool
    victims_told: bool
    told: bool
    taken: bool
    beaten: bool
    fighters: bool
    dated: bool
    placed: bool
    accident: bool
    disaster: bool
    military: bool
    violent_article: bool
    in_title: bool


def judge(view: View) -> Why:
    """Return why a candidate is, or is not, a trigger of an event."""
    return next(why for rule in _RULES if (why := rule(view)) is not None)


def _sense(view: View) -> Why | None:
    return view.sense


def _framed(view: View) -> Why | None:
    return _OF_FRAME[view.frame] if view.frame is not None else None


def _not_violence(view: View) -> Why | None:
    """An explosion, a fire or a death may have no author; a weapon, an armed actor or a word of malice gives it one."""
    unsure = view.strength in {
        "weak",
        "medium",
        "device_verb",
        "wrecking",
        "killing",
        "hurting",
        "ramming",
    }
    if not unsure or view.weapon or view.armed_agent or _is_attack_on_people(view):
        return None
    if view.disaster and not (view.strength == "killing" and view.pos == "noun"):
        return Why.DISASTER
    return Why.ACCIDENT if view.accident else None


def _is_attack_on_people(view: View) -> bool:
    """Say whether it is an attack by name, on people or on a site: no accident, were it on fuel tankers."""
    named = view.event_type is EventType.ARMED_ATTACK and view.pos == "noun"
    return named and (view.hurt_target or view.casualties)


def _abstract(view: View) -> Why | None:
    if view.abstract_target and not (view.casualties or view.weapon_acts or view.weapon):
        return Why.METAPHOR
    return None


def _tally(view: View) -> Why | None:
    return Why.TALLY if view.tallied else None


def _generic(view: View) -> Why | None:
    """A bare plural without time, place of its own or victims speaks of a class: "attacks on missions"."""
    sweeps = view.strength == "operation" and view.in_title
    own_time = view.dated or view.casualties or view.taken or (view.told and not sweeps)
    if view.pos == "noun" and view.plural and view.bare and not own_time:
        return Why.GENERIC
    if view.general:
        return Why.GENERIC
    return Why.GENERIC if view.habitual and not (view.dated or view.figures) else None


def _campaign(view: View) -> Why | None:
    """An offensive lasts: it is an event where lives are lost, or where it is told that it began somewhere or one day."""
    if not view.lasting or view.casualties or view.weapon:
        return None
    return None if view.told and (view.dated or view.placed) else Why.GENERIC


def _device(view: View) -> Why | None:
    """A bomb, a grenade or a gas tells an event only where it acts."""
    if view.strength in {"device", "agent"}:
        return Why.WEAPON if view.weapon_acts else Why.NO_USE_OF_WEAPON
    if view.strength in {"device_verb", "wrecking"}:
        return Why.WEAPON if view.weapon or view.wrecked else Why.UNSUPPORTED
    return None


def _captive(view: View) -> Why | None:
    """Hostages tell an event where somebody takes them."""
    if view.strength != "captive":
        return None
    return Why.TARGET if view.taken else Why.UNSUPPORTED


def _to_death(view: View) -> Why | None:
    """People are beaten or stabbed to death; others freeze or burn to death without an author."""
    if view.strength != "to_death":
        return None
    return Why.STRONG_WORD if view.beaten else Why.UNSUPPORTED


def _killing(view: View) -> Why | None:
    """Killing is violence where somebody armed does it, or where victims are told and no accident or disaster is."""
    if view.strength not in {"killing", "hurting"}:
        return None
    if view.armed_agent or view.weapon:
        return Why.ARMED_ACTOR if view.armed_agent else Why.WEAPON
    if (
        view.strength == "killing"
        and (view.casualties or view.hurt_target)
        and (
            view.pos == "verb"
            or view.dated
            or view.placed
            or view.victims_told
            or (view.in_title and view.figures)
        )
    ):
        return Why.CASUALTIES
    return Why.UNSUPPORTED


def _ramming(view: View) -> Why | None:
    if view.strength != "ramming":
        return None
    return (
        Why.ARMED_ACTOR
        if (view.crowd or (view.armed_agent and view.hurt_target)) and not view.accident
        else Why.UNSUPPORTED
    )


def _operation(view: View) -> Why | None:
    if view.strength != "operation":
        return None
    return Why.OPERATION if view.military else Why.NO_FIGHTERS


def _strong(view: View) -> Why | None:
    return Why.STRONG_WORD if view.strength == "strong" else None


def _weak(view: View) -> Why:
    """Return what supports a word that may as well tell something else, the surest support first."""
    noun = view.pos == "noun"
    told = view.violent_article or view.in_title or view.fighters
    medium = view.strength == "medium"
    support = (
        (view.weapon or view.weapon_acts, Why.WEAPON),
        (view.casualties, Why.CASUALTIES),
        (view.armed_agent, Why.ARMED_ACTOR),
        (view.hurt_target and (noun or medium or view.violent_article), Why.TARGET),
        (medium and view.told and view.fighters, Why.ARMED_ACTOR),
        (medium and view.told and (view.placed or view.dated), Why.DATED),
        (noun and view.definite and (view.violent_article or told), Why.BACK_REFERENCE),
        (noun and (view.dated or view.placed) and told, Why.DATED),
    )
    return next((why for holds, why in support if holds), Why.UNSUPPORTED)


_RULES: tuple[Callable[[View], Why | None], ...] = (
    _sense,
    _abstract,
    _framed,
    _not_violence,
    _tally,
    _device,
    _generic,
    _campaign,
    _captive,
    _to_death,
    _killing,
    _ramming,
    _operation,
    _strong,
    _weak,
)

"""How strongly a claim speaks for being about an incident: evidence weighed feature by feature.

Each feature adds a weight, in the manner of Fellegi and Sunter's record linkage ("A Theory for Record Linkage",
JASA 1969): agreement adds, disagreement takes away, silence does next to nothing. The sum is compared with a
threshold in ``monitor.incidents.settle``. The weights are in ``Weights``; `tests/incidents/test_evidence.py`
holds the pairs that fix their order, and the story lines in `tests/acceptance` fail when they move far.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache, reduce

from monitor.incidents.places import Relation, is_broad, relate
from monitor.incidents.wording import fold, tokens
from schemas.reasons import EventType, LinkReason, PlacePrecision
from schemas.report import Count, Place
from schemas.state import Claim

_DAY = timedelta(days=1)

_FAMILY = {
    EventType.AIR_STRIKE: "aerial",
    EventType.DRONE_STRIKE: "aerial",
    EventType.SHELLING_MISSILE: "aerial",
    EventType.IED: "blast",
    EventType.SUICIDE_BOMBING: "blast",
    EventType.GRENADE: "blast",
    EventType.VEHICLE_ATTACK: "vehicle",
    EventType.ARMED_ATTACK: "armed",
    EventType.ARMED_CLASH: "armed",
    EventType.ASSASSINATION: "armed",
    EventType.ABDUCTION: "abduction",
    EventType.STABBING: "stabbing",
    EventType.ARSON: "arson",
    EventType.CHEMICAL_WEAPON: "chemical",
    EventType.OTHER_VIOLENCE: "any",
}

_VAGUE_TYPES = frozenset({EventType.OTHER_VIOLENCE, EventType.ARMED_ATTACK})
"""What a report that says "attack" and no more is read as; it contradicts no other type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each agreement or disagreement is worth; a sum of ``join`` or more is the same incident.

    One exact day and one town (3.5) with the same kind of event join; a province instead of the town does just;
    a country alone needs figures, actors or names besides. Another day by two or more is out unless persons'
    names agree.
    """

    join: float = 3.0
    merge: float = 4.6
    same_day: float = 1.5
    day_in_range: float = 1.0
    day_assumed: float = 0.8
    day_vague: float = 0.4
    day_unknown: float = 0.1
    next_day: float = -0.7
    other_day: float = -4.0
    other_day_assumed: float = -1.2
    same_place: float = 2.0
    site_in_town: float = 1.5
    town_in_province: float = 1.2
    same_province: float = 0.9
    near: float = -0.2
    broad: float = 0.0
    unplaced: float = -0.2
    other_place: float = -5.0
    same_type: float = 0.7
    same_family: float = 0.4
    vague_type: float = 0.2
    other_family: float = -1.3
    same_toll: float = 1.3
    same_small_toll: float = 0.5
    risen_toll: float = -0.1
    other_toll: float = -0.7
    far_toll: float = -1.1
    same_actor: float = 0.6
    other_actor: float = -0.9
    same_target: float = 0.7
    other_target: float = -0.8
    same_name: float = 2.4
    more_names: float = 1.4
    same_surname: float = 0.8
    wording: float = 1.5
    wording_floor: float = 0.15
    same_wire_text: float = 3.0


WEIGHTS = Weights()

WORDINGS = 6
"""Wordings of an incident that a claim's is compared with; the first ones, so that they cannot drift."""

PLACES = 6
"""Places of an incident that a claim's is compared with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """When it may have happened. ``stated`` is false where it was only assumed from the day of publication."""

    first: date
    last: date
    stated: bool

    @property
    def width(self) -> int:
        """The number of days in it, less one."""
        return (self.last - self.first).days


Toll = tuple[int, bool]
"""A figure, and whether it has no upper bound ("at least 4", "dozens")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is compared: of one claim, or of all claims of an incident together."""

    days: Days | None
    places: tuple[Place, ...]
    types: frozenset[EventType]
    killed: tuple[Toll, ...]
    injured: tuple[Toll, ...]
    actors: frozenset[str]
    targets: frozenset[str]
    names: frozenset[str]
    surnames: frozenset[str]
    wordings: tuple[frozenset[str], ...]
    wires: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The weight of the evidence, and what spoke most for it and most against it."""

    score: float
    why: LinkReason
    why_not: LinkReason


ELSEWHERE = Verdict(score=-5.0, why=LinkReason.OTHER_PLACE, why_not=LinkReason.OTHER_PLACE)
ANOTHER_DAY = Verdict(score=-4.0, why=LinkReason.OTHER_DAY, why_not=LinkReason.OTHER_DAY)
"""Verdicts that nothing but names or one wire text could turn: the rest need not be weighed."""


def days_of(claim: Claim) -> Days | None:
    """Return the days of a claim; without a stated one, the day of publication and the one before."""
    if claim.date is not None:
        return Days(first=claim.date.first, last=claim.date.last, stated=True)
    if claim.at is None or claim.background:
        return None
    day = claim.at.date()
    return Days(first=day - _DAY, last=day, stated=False)


@lru_cache(maxsize=16_384)
def profile_of(claim: Claim) -> Profile:
    """Return what is compared of one claim."""
    names = frozenset(folded for name in claim.names if (folded := fold(name)))
    return Profile(
        days=days_of(claim),
        places=(claim.place,) if claim.place else (),
        types=frozenset([claim.event_type]),
        killed=_figure(claim.killed),
        injured=_figure(claim.injured),
        actors=_actor_words(a.name for a in (*claim.perpetrators, *claim.claimed_by)),
        targets=tokens(t.name for t in claim.targets) - _TARGET_STOP,
        names=names,
        surnames=frozenset(name.rsplit(" ", 1)[-1] for name in names),
        wordings=(frozenset(claim.words),) if claim.words else (),
        wires=frozenset([claim.cluster_id]) if claim.cluster_id else frozenset(),
    )


def together(claims: Iterable[Claim]) -> Profile:
    """Return what is compared of an incident. ``claims`` are in order of time and not empty."""
    return reduce(joined, (profile_of(claim) for claim in claims))


def joined(known: Profile, claim: Profile) -> Profile:
    """Return the profile of an incident after one more claim."""
    return Profile(
        days=_core_days(known.days, claim.days),
        places=tuple(dict.fromkeys(known.places + claim.places))[:PLACES],
        types=known.types | claim.types,
        killed=known.killed + claim.killed,
        injured=known.injured + claim.injured,
        actors=known.actors | claim.actors,
        targets=known.targets | claim.targets,
        names=known.names | claim.names,
        surnames=known.surnames | claim.surnames,
        wordings=(known.wordings + claim.wordings)[:WORDINGS],
        wires=known.wires | claim.wires,
    )


def weigh(known: Profile, claim: Profile, weights: Weights = WEIGHTS) -> Verdict:
    """Return how strongly ``claim`` speaks for being about what is ``known``."""
    place = _place(known, claim, weights)
    names = _names(known, claim, weights)
    wire = weights.same_wire_text if known.wires & claim.wires else 0.0
    if place <= weights.other_place and not names and not wire:
        return ELSEWHERE
    days = _days(known.days, claim.days, weights)
    if days <= weights.other_day and not names and not wire:
        return ANOTHER_DAY
    parts = {
        LinkReason.OTHER_PLACE: place,
        LinkReason.OTHER_DAY: days,
        LinkReason.OTHER_KIND: _type(known.types, claim.types, weights),
        LinkReason.OTHER_FIGURES: _tolls(known, claim, weights),
        LinkReason.OTHER_ACTORS: _actors(known, claim, weights),
    }
    wording = _wording(known, claim, weights)
    why_not = min(parts, key=lambda reason: (parts[reason], reason))
    why = _why(names, wording, wire, parts, weights)
    return Verdict(score=sum(parts.values()) + names + wording + wire, why=why, why_not=why_not)


def _why(
    names: float, wording: float, wire: float, parts: dict[LinkReason, float], w: Weights
) -> LinkReason:
    if wire:
        return LinkReason.SAME_WIRE_TEXT
    place = parts[LinkReason.OTHER_PLACE]
    if names >= w.same_name:
        return LinkReason.SAME_NAMES
    if place >= w.same_place and parts[LinkReason.OTHER_DAY] > 0:
        return LinkReason.SAME_DAY_AND_PLACE
    if place >= w.same_province:
        return LinkReason.CONTAINED_PLACE
    return LinkReason.SAME_WORDING if wording > 0 else LinkReason.SAME_DAY_AND_PLACE


def _core_days(core: Days | None, days: Days | None) -> Days | None:
    """Return the first stated day of an incident, narrowed by later ones inside it, and never moved."""
    if core is None or days is None:
        return core or days
    if not days.stated:
        return core
    narrower = core.first <= days.first and days.last <= core.last
    return days if narrower or not core.stated else core


def _figure(count: Count | None) -> tuple[Toll, ...]:
    if count is None:
        return ()
    value = count.best if count.best is not None else count.low
    return () if value is None else ((value, count.high is None),)


def _days(known: Days | None, claim: Days | None, w: Weights) -> float:
    if known is None or claim is None:
        return w.day_unknown
    gap = max((claim.first - known.last).days, (known.first - claim.last).days)
    if gap <= 0:
        return _overlapping_days(known, claim, w)
    assumed = not (known.stated and claim.stated)
    if gap == 1:
        return w.day_unknown if assumed else w.next_day
    return w.other_day_assumed if assumed and gap <= _LATE_DAYS else w.other_day


_LATE_DAYS = 3
"""A report that states no day may be this many days late and still be of the same news."""

_NARROW = 2
"""Days in a range that still says when: "overnight", "at the weekend"."""


def _overlapping_days(known: Days, claim: Days, w: Weights) -> float:
    if not (known.stated and claim.stated):
        return w.day_assumed
    widest = max(known.width, claim.width)
    if widest == 0:
        return w.same_day
    return w.day_in_range if widest <= _NARROW else w.day_vague


def _place(known: Profile, claim: Profile, w: Weights) -> float:
    """Weigh where: each place of the claim against the one it fits best, and the worst of these counts."""
    if not known.places or not claim.places:
        return w.unplaced
    finest = min(known.places, key=is_broad)
    exact = [place for place in claim.places if not is_broad(place)]
    return min(
        _place_weight(max(relate(other, place) for other in known.places), finest, place, w)
        for place in exact or claim.places
    )


def _place_weight(relation: Relation, known: Place, claim: Place, w: Weights) -> float:
    if relation is Relation.CONTAINED:
        province = PlacePrecision.ADMIN1 in (known.precision, claim.precision)
        return w.town_in_province if province else w.site_in_town
    return {
        Relation.SAME: w.same_place,
        Relation.SAME_PROVINCE: w.same_province,
        Relation.NEAR: w.near,
        Relation.BROAD: w.broad,
        Relation.UNPLACED: w.unplaced,
        Relation.OTHER: w.other_place,
    }[relation]


def _type(known: frozenset[EventType], claim: frozenset[EventType], w: Weights) -> float:
    if known & claim:
        return w.vague_type if claim <= _VAGUE_TYPES else w.same_type
    if {_FAMILY[t] for t in known} & {_FAMILY[t] for t in claim}:
        return w.same_family
    if claim & _VAGUE_TYPES or known & _VAGUE_TYPES:
        return 0.0
    return w.other_family


_SMALL = 2
_TOLD_APART = 3.0


def _toll(known: tuple[Toll, ...], claim: tuple[Toll, ...], w: Weights) -> float:
    """Weigh one figure: the same one is strong when it is not small, a rise is usual, a jump is less so."""
    if not known or not claim:
        return 0.0
    value, is_open = claim[-1]
    if any(value == n for n, _ in known):
        return w.same_small_toll if value <= _SMALL else w.same_toll
    nearest, known_open = min(known, key=lambda toll: abs(toll[0] - value))
    if (known_open and value > nearest) or (is_open and value < nearest):
        return w.risen_toll
    low, high = sorted((nearest, value))
    if high > _TOLD_APART * max(low, 1) + _SMALL:
        return w.far_toll
    return w.risen_toll if value > nearest and low > 0 else w.other_toll


def _tolls(known: Profile, claim: Profile, w: Weights) -> float:
    killed = _toll(known.killed, claim.killed, w)
    injured = _toll(known.injured, claim.injured, w)
    return killed + injured / 2


_ACTOR_STOP = frozenset(
    """forces force army military armed group groups gunmen gunman militants militant attackers attacker
    unknown unidentified men man suspect suspects police security fighters militia militias troops soldiers
    government state islamic factions faction air""".split()
)
"""Words that many actors share."""

_TARGET_STOP = frozenset(["people", "civilians", "residents", "area", "site", "sites"])


def _actor_words(names: Iterable[str]) -> frozenset[str]:
    return tokens(names) - _ACTOR_STOP


def _actors(known: Profile, claim: Profile, w: Weights) -> float:
    actors = 0.0
    if known.actors and claim.actors:
        actors = w.same_actor if known.actors & claim.actors else w.other_actor
    if not known.targets or not claim.targets:
        return actors
    return actors + (w.same_target if known.targets & claim.targets else w.other_target)


def _names(known: Profile, claim: Profile, w: Weights) -> float:
    shared = len([name for name in known.names & claim.names if " " in name])
    if shared:
        return w.same_name + w.more_names * min(shared - 1, 2)
    return w.same_surname if known.surnames & claim.surnames else 0.0


def _wording(known: Profile, claim: Profile, w: Weights) -> float:
    if not known.wordings or not claim.wordings:
        return 0.0
    best = max(_dice(a, b) for a in known.wordings for b in claim.wordings)
    return min(w.wording, 3.0 * max(0.0, best - w.wording_floor))


def _dice(a: frozenset[str], b: frozenset[str]) -> float:
    return 2 * len(a & b) / (len(a) + len(b))

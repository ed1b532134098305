"""How strongly a claim speaks for being about an incident: evidence weighed feature by feature.

Each feature adds a weight, in the manner of Fellegi and Sunter's record linkage ("A Theory for Record Linkage",
JASA 1969): agreement adds, disagreement takes away, silence does next to nothing. The sum is compared with a
threshold in ``monitor.incidents.settle``. The weights are in ``Weights``; `tests/incidents/test_evidence.py`
holds the pairs that fix their order, and the story lines in `tests/acceptance` fail when they move far.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache, reduce

from monitor.incidents.places import Relation, is_broad, relate
from monitor.incidents.wording import fold, tokens
from schemas.reasons import EventType, LinkReason, PlacePrecision
from schemas.report import Count, Named, Place
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
    next_day: float = -1.3
    other_day: float = -4.0
    days_after: float = -0.6
    week_after: float = -1.2
    weeks_after: float = -2.0
    same_place: float = 2.0
    site_in_town: float = 1.5
    town_in_province: float = 1.2
    same_province: float = 0.9
    near: float = -0.2
    broad: float = 0.0
    unplaced: float = -0.2
    other_place: float = -3.5
    same_type: float = 0.7
    same_family: float = 0.4
    vague_type: float = 0.4
    other_family: float = -1.3
    same_toll: float = 1.3
    same_small_toll: float = 0.5
    same_large_toll: float = 2.2
    risen_toll: float = -0.1
    other_toll: float = -0.7
    far_toll: float = -1.1
    same_actor: float = 0.6
    other_actor: float = -0.9
    same_target: float = 0.7
    other_target: float = -0.8
    same_name: float = 3.4
    more_names: float = 1.4
    same_surname: float = 0.8
    wording: float = 1.5
    wording_floor: float = 0.15
    wording_slope: float = 3.0
    proper: float = 1.5
    proper_slope: float = 8.0
    proper_floor: float = 0.4
    proper_unknown: float = 0.0
    bias: float = 0.0
    rescued_day: float = -1.5
    next_day_words: float = 1.0
    next_day_later: float = -2.2
    same_wire_text: float = 3.0


WEIGHTS = Weights()

PERSONAL = Weights(
    bias=-1.0,
    same_day=1.7,
    day_in_range=1.2,
    day_assumed=1.2,
    day_unknown=0.2,
    next_day=0.7,
    days_after=0.2,
    week_after=-0.6,
    weeks_after=-1.5,
    same_place=1.15,
    site_in_town=0.6,
    town_in_province=0.5,
    same_province=0.5,
    near=-0.6,
    broad=-0.3,
    unplaced=-0.6,
    other_place=-1.4,
    same_type=0.0,
    same_family=0.0,
    vague_type=0.0,
    other_family=-0.6,
    same_toll=1.6,
    same_small_toll=0.8,
    same_large_toll=2.4,
    risen_toll=0.3,
    other_toll=-0.2,
    far_toll=-0.6,
    wording_floor=0.0,
    wording_slope=2.3,
    proper=7.5,
    proper_slope=15.0,
    proper_floor=0.0,
    proper_unknown=1.6,
    next_day_words=7.5,
    next_day_later=0.3,
    same_actor=0.4,
    other_actor=0.0,
    same_target=0.2,
    other_target=-0.2,
)
"""Weights for violence without a named side, as ordinary crime is. Reports of it share the names of people, streets
and schools, and no two such events do, so these outweigh a wrong place. Fitted by logistic regression on pairs of
reports of local shootings, and rounded."""

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
    proper: tuple[frozenset[str], ...] = ()
    own: tuple[frozenset[str], ...] = ()
    organised: bool = False
    told_at: tuple[datetime, ...] = ()
    news_day: bool = False
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
        return Days(first=claim.date.first, last=claim.date.last, stated=claim.day_stated)
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
        actors=_actor_words((*claim.perpetrators, *claim.claimed_by)),
        targets=tokens(t.name for t in claim.targets) - _TARGET_STOP,
        names=names,
        surnames=frozenset(name.rsplit(" ", 1)[-1] for name in names),
        wordings=(frozenset(claim.words),) if claim.words else (),
        proper=(frozenset(claim.proper),) if claim.proper else (),
        own=(frozenset(claim.proper) - _known_words(claim),) if claim.proper else (),
        organised=any(_is_organised(a) for a in (*claim.perpetrators, *claim.claimed_by)),
        told_at=(claim.at,) if claim.at else (),
        news_day=_is_news_day(claim),
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
        proper=(known.proper + claim.proper)[:WORDINGS],
        own=(known.own + claim.own)[:WORDINGS],
        organised=known.organised or claim.organised,
        told_at=known.told_at + claim.told_at,
        news_day=known.news_day and claim.news_day,
        wires=known.wires | claim.wires,
    )


def weigh(known: Profile, claim: Profile) -> Verdict:
    """Return how strongly ``claim`` speaks for being about what is ``known``."""
    weights = PERSONAL if _is_personal(known) and _is_personal(claim) else WEIGHTS
    place = _place(known, claim, weights)
    if place in (weights.broad, weights.unplaced) and not _share_a_mark(known, claim):
        place = weights.other_place
    names = _names(known, claim, weights)
    gap = _stated_gap(known.days, claim.days)
    wire = weights.same_wire_text if gap == 0 and known.wires & claim.wires else 0.0
    proper = _proper(known, claim, weights)
    named = proper if known.proper and claim.proper else 0.0
    if place <= weights.other_place and max(names, wire, named) <= weights.same_surname:
        return ELSEWHERE
    days = _days(known.days, claim.days, weights)
    words = _wording(known, claim, weights) + proper
    if gap > 0 and names <= weights.same_surname and _tolls_differ(known, claim):
        return ANOTHER_DAY
    if days <= weights.other_day:
        if max(names, wire) <= weights.same_surname and not _is_rescued(known, claim):
            return ANOTHER_DAY
        days = weights.rescued_day
    elif gap > 0:
        days = days if _same_night(known, claim) else weights.next_day_later
        words = min(words, weights.next_day_words)
    parts = {
        LinkReason.OTHER_PLACE: place,
        LinkReason.OTHER_DAY: days,
        LinkReason.OTHER_KIND: _type(known.types, claim.types, weights),
        LinkReason.OTHER_FIGURES: _tolls(known, claim, weights),
        LinkReason.OTHER_ACTORS: _actors(known, claim, weights),
    }
    why_not = min(parts, key=lambda reason: (parts[reason], reason))
    why = _why(names, words, wire, parts, weights)
    score = weights.bias + sum(parts.values()) + names + words + wire
    return Verdict(score=score, why=why, why_not=why_not)


def _share_a_mark(known: Profile, claim: Profile) -> bool:
    """Return whether something ties reports of which one names no exact place: an actor, a target, a toll.

    Two reports without an exact place need nothing: they are looked up together.
    """
    if all(map(is_broad, known.places)) and all(map(is_broad, claim.places)):
        return True
    if known.actors & claim.actors or known.targets & claim.targets:
        return True
    tolls = {n for n, _ in known.killed} & {n for n, _ in claim.killed}
    return any(n > _SMALL for n in tolls)


def _stated_gap(known: Days | None, claim: Days | None) -> int:
    """Return the days between two stated days, 0 where they overlap or one is not stated.

    What one outlet writes day after day of one front is nearly one text; only the day and the toll tell them apart.
    """
    if known is None or claim is None or not (known.stated and claim.stated):
        return 0
    return max((claim.first - known.last).days, (known.first - claim.last).days, 0)


NIGHT = timedelta(hours=12)
"""Reports of one night differ by a day in what they say and by hours in when they say it."""


def _same_night(known: Profile, claim: Profile) -> bool:
    return any(abs(a - b) <= NIGHT for a in known.told_at for b in claim.told_at)


def _tolls_differ(known: Profile, claim: Profile) -> bool:
    """Return whether both tell the dead, or the injured, and tell others: on another day that is another event."""
    pairs = ((known.killed, claim.killed), (known.injured, claim.injured))
    return any(a and b and {n for n, _ in a}.isdisjoint(n for n, _ in b) for a, b in pairs)


def _is_personal(profile: Profile) -> bool:
    return (
        profile.types <= PERSONAL_TYPES
        and not profile.organised
        and _PUBLIC_TARGETS.isdisjoint(profile.targets)
    )


_PUBLIC_TARGETS = frozenset(
    """soldiers soldier troops army forces policemen police checkpoint checkpoints convoy patrol base bases
    embassy consulate militia fighters peacekeepers garrison barracks outpost headquarters security
    ministry parliament minister mosque church shrine worshippers pilgrims villagers""".split()
)
"""Targets of attacks that are not crime between people."""


RESCUE = 0.45
"""Share of proper names, places and actors left out, from which two reports are of one event on whatever day."""


RESCUE_FROM_NEWS_DAY = 0.3
"""The same where one of them puts the event on its own day of publication, as reports of an arrest or a trial do."""

RESCUERS = 4
"""Proper names that two reports must share at least, for a day to be doubted."""


def _is_rescued(known: Profile, claim: Profile) -> bool:
    """Return whether the names in two articles say that one of them has the day wrong."""
    if not (_is_personal(known) and _is_personal(claim)):
        return False
    enough = RESCUE_FROM_NEWS_DAY if known.news_day or claim.news_day else RESCUE
    pairs = [(a, b) for a in known.own for b in claim.own]
    return any(len(a & b) >= RESCUERS and _shared(a, b) >= enough for a, b in pairs)


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


def _is_news_day(claim: Claim) -> bool:
    return claim.date is not None and claim.at is not None and claim.date.last >= claim.at.date()


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
    if not assumed or gap > LATE_DAYS:
        return w.other_day
    return float(next(getattr(w, name) for days, name in _LATENESS if gap <= days))


LATE_DAYS = 14
"""A report that states no day may be this many days late and still be of the same news."""

_LATENESS = ((3, "days_after"), (7, "week_after"), (LATE_DAYS, "weeks_after"))

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
_LARGE = 10
_TOLD_APART = 3.0


def _toll(known: tuple[Toll, ...], claim: tuple[Toll, ...], w: Weights) -> float:
    """Weigh one figure: the same one is strong when it is not small, a rise is usual, a jump is less so."""
    if not known or not claim:
        return 0.0
    value, is_open = claim[-1]
    if any(value == n for n, _ in known):
        if value >= _LARGE:
            return w.same_large_toll
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

_TARGET_STOP = frozenset(
    """people civilians residents area site sites others person man men woman women child children
    members crowded house home building one two three four five six seven eight nine ten eleven twelve
    kills killed dead wounded injured dozens several many""".split()
)


def _known_words(claim: Claim) -> frozenset[str]:
    """Return the words of a claim's place, actors and targets, which are weighed by themselves."""
    place = claim.place
    where = (place.name, place.admin1 or "", place.country or "") if place else ()
    named = (*claim.perpetrators, *claim.claimed_by, *claim.targets)
    return frozenset(
        word for name in (*where, *(one.name for one in named)) for word in fold(name).split()
    )


_ORGANISED = frozenset(
    """army forces isis isil daesh islamic state qaeda shabaab militia militias militants insurgents rebels
    brigade brigades jihadists taliban hamas hezbollah houthi houthis separatists resistance front movement
    coalition guards command government""".split()
)
"""Words of the names of armed sides; others are told by the country that extraction knows them by."""


def _is_organised(actor: Named) -> bool:
    return bool(actor.country_code) or not _ORGANISED.isdisjoint(fold(actor.name).split())


def _actor_words(actors: Iterable[Named]) -> frozenset[str]:
    """Return the words that name actors, and the countries of those that have one."""
    given = list(actors)
    words = tokens(actor.name for actor in given) - _ACTOR_STOP
    return words | {"country " + actor.country_code for actor in given if actor.country_code}


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
    return min(w.wording, w.wording_slope * max(0.0, best - w.wording_floor))


def _proper(known: Profile, claim: Profile, w: Weights) -> float:
    """Weigh the proper names of whole articles."""
    if not known.proper or not claim.proper:
        return w.proper_unknown
    best = max(_shared(a, b) for a in known.proper for b in claim.proper)
    return min(w.proper, w.proper_slope * max(0.0, best - w.proper_floor))


PERSONAL_TYPES = frozenset(
    {
        EventType.ARMED_ATTACK,
        EventType.ARMED_CLASH,
        EventType.STABBING,
        EventType.ASSASSINATION,
        EventType.ABDUCTION,
        EventType.ARSON,
        EventType.VEHICLE_ATTACK,
        EventType.OTHER_VIOLENCE,
    }
)
"""Violence between people who have names in the news, as ordinary crime has."""

ENOUGH_PROPER = 8
"""Articles with fewer proper names are compared as if they had so many: two in common of three is chance."""


def _shared(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / max(min(len(a), len(b)), ENOUGH_PROPER)


def _dice(a: frozenset[str], b: frozenset[str]) -> float:
    return 2 * len(a & b) / (len(a) + len(b))

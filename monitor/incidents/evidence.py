"""How strongly a claim speaks for being about an incident: evidence weighed feature by feature.

Each feature adds a weight, in the manner of Fellegi and Sunter's record linkage ("A Theory for Record Linkage",
JASA 1969): agreement adds, disagreement takes away, silence does next to nothing. The sum is compared with a
threshold in ``monitor.incidents.settle``. The weights are in ``weights.toml``; the story lines in `tests/acceptance`
fail when they move far.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from monitor.distance import distance_km, is_within
from monitor.incidents.places import NEIGHBOURS_KM, Relation, are_near_at_sea, is_broad, relate
from monitor.incidents.profile import (
    Days,
    Profile,
    Toll,
    is_personal,
)
from monitor.incidents.targets import AT_SEA, SITES
from monitor.incidents.weights import Weights, weights
from schemas.reasons import EventType, LinkReason, PlacePrecision
from schemas.report import Place

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

_CONFUSED = ({"aerial", "blast"}, {"aerial", "armed"})
"""What reports take for one another: a "blast" was a missile, a town was "bombed" from the air, "clashes" were shelling."""

_VAGUE_TYPES = frozenset({EventType.OTHER_VIOLENCE, EventType.ARMED_ATTACK})
"""What a report that says "attack" and no more is read as; it contradicts no other type."""

_ANY_MEANS = _VAGUE_TYPES | {EventType.ASSASSINATION}
"""Types that do not say by what means: an assassination is by a bomb, a drone or a gun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The weight of the evidence, and what spoke most for it and most against it."""

    score: float
    why: LinkReason
    why_not: LinkReason


ELSEWHERE = Verdict(score=-5.0, why=LinkReason.OTHER_PLACE, why_not=LinkReason.OTHER_PLACE)
ANOTHER_DAY = Verdict(score=-4.0, why=LinkReason.OTHER_DAY, why_not=LinkReason.OTHER_DAY)
"""Verdicts that nothing but names or one wire text could turn: the rest need not be weighed."""


def weigh(known: Profile, claim: Profile) -> Verdict:
    """Return how strongly ``claim`` speaks for being about what is ``known``."""
    # What a state condemns is no crime between people.
    personal = not claim.spoken and is_personal(known) and is_personal(claim)
    w = weights("personal" if personal else "conflict")
    place = _where(known, claim, w)
    names = max(_names(known, claim, w), _people(known, claim, w), key=abs)
    gap = _stated_gap(known, claim)
    wire = w.same_wire_text if gap == 0 and known.wires & claim.wires else 0.0
    proper = _proper(known, claim, w)
    named = proper if known.proper and claim.proper else 0.0
    if place <= w.other_place and max(names, wire, named) <= w.same_surname:
        return ELSEWHERE
    days = _days(known, claim, w)
    words = _wording(known, claim, w) + proper
    # One name that both have may be another person's, or of a place: it does not outweigh another day with another toll.
    if gap > 0 and names <= max(w.same_surname, w.same_person) and _tolls_differ(known, claim):
        return ANOTHER_DAY
    if days <= w.other_day:
        if max(names, wire) <= w.same_surname and not _is_rescued(known, claim):
            return ANOTHER_DAY
        days = w.rescued_day
    elif gap > 0:
        days = days if _same_night(known, claim) else w.next_day_later
        words = min(words, w.next_day_words)
    parts = {
        LinkReason.OTHER_PLACE: place,
        LinkReason.OTHER_DAY: days,
        LinkReason.OTHER_KIND: _type(known.types, claim.types, w),
        LinkReason.OTHER_FIGURES: _tolls(known, claim, w),
        LinkReason.OTHER_ACTORS: _actors(known, claim, w),
    }
    why_not = min(parts, key=lambda reason: (parts[reason], reason))
    why = _why(names, words, wire, parts, w)
    score = w.bias + sum(parts.values()) + names + words + wire
    return Verdict(score=score, why=why, why_not=why_not)


def _where(known: Profile, claim: Profile, w: Weights) -> float:
    """Weigh the places; who speaks of an attack names the country or the province, and means what is known there."""
    place = _place(known, claim, w)
    wide = place in (w.broad, w.town_in_province, w.same_province, w.near)
    around = place == w.other_place and _is_around(known, claim)
    if (known.spoken or claim.spoken) and (wide or around):
        return w.words_on_country
    if place in (w.broad, w.unplaced) and not _share_a_mark(known, claim):
        return w.other_place
    return place


AROUND_KM = 30.0
"""Those who speak of an attack name the city that it was near to."""


def _is_around(known: Profile, claim: Profile) -> bool:
    """Return whether places of two reports lie within a city's surroundings."""
    return any(is_within(a, b, AROUND_KM) for a in known.places for b in claim.places)


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


def _gap(known: Profile, claim: Profile) -> int:
    """Return the days between those of two profiles that have some, 0 and less where they overlap.

    Two nights overlap only where they are one, and what was told before a night began is not of that night.
    """
    a, b = known.days, claim.days
    assert a is not None
    assert b is not None
    if a.night and b.night:
        return abs((a.first - b.first).days)
    if (a.night and _told_before(claim, a.first)) or (b.night and _told_before(known, b.first)):
        return 1
    return max((b.first - a.last).days, (a.first - b.last).days)


def _told_before(profile: Profile, day: date) -> bool:
    """Return whether a report came before the evening of a day, wherever in the world it was."""
    noon = datetime.combine(day, time(12), UTC)
    return any(at < noon for at in profile.told_at)


def _stated_gap(known: Profile, claim: Profile) -> int:
    """Return the days between two stated days, 0 where they overlap or one is not stated.

    What one outlet writes day after day of one front is nearly one text; only the day and the toll tell them apart.
    """
    if known.days is None or claim.days is None or not (known.days.stated and claim.days.stated):
        return 0
    return max(_gap(known, claim), 0)


NIGHT = timedelta(hours=12)
"""Reports of one night differ by a day in what they say and by hours in when they say it."""


def _same_night(known: Profile, claim: Profile) -> bool:
    return any(abs(a - b) <= NIGHT for a in known.told_at for b in claim.told_at)


def _tolls_differ(known: Profile, claim: Profile) -> bool:
    """Return whether both tell the dead, or the injured, and tell others: on another day that is another event."""
    pairs = ((known.killed, claim.killed), (known.injured, claim.injured))
    return any(a and b and not any(_agree(x, y) for x in a for y in b) for a, b in pairs)


def _agree(a: Toll, b: Toll) -> bool:
    """Return whether two figures can be one: the same, or "dozens" and what it came to."""
    (low, is_open), (high, _) = sorted((a, b))
    return low == high or is_open


RESCUE = 0.45
"""Share of proper names, places and actors left out, from which two reports are of one event on whatever day."""


RESCUE_FROM_NEWS_DAY = 0.3
"""The same where one of them puts the event on its own day of publication, as reports of an arrest or a trial do."""

RESCUERS = 4
"""Proper names that two reports must share at least, for a day to be doubted."""


def _is_rescued(known: Profile, claim: Profile) -> bool:
    """Return whether the names in two articles say that one of them has the day wrong."""
    if not (is_personal(known) and is_personal(claim)):
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


def _days(known: Profile, claim: Profile, w: Weights) -> float:
    if known.days is None or claim.days is None:
        return w.day_unknown
    gap = _gap(known, claim)
    if gap <= 0:
        return _overlapping_days(known.days, claim.days, w)
    assumed = not (known.days.stated and claim.days.stated)
    if gap == 1:
        return w.day_unknown if assumed else w.next_day
    if not assumed or gap > LATE_DAYS:
        return w.other_day
    return float(next(getattr(w, name) for days, name in _LATENESS if gap <= days))


LATE_DAYS = 14
"""A report that states no day may be this many days late and still be of the same news."""

_LATENESS = ((3, "days_after"), (7, "week_after"), (LATE_DAYS, "weeks_after"))

LATER = 0.05
"""What a day of difference takes where a day is only assumed: of two attacks the latest one is spoken of."""

_NARROW = 2
"""Days in a range that still says when: "overnight", "at the weekend"."""


def _overlapping_days(known: Days, claim: Days, w: Weights) -> float:
    if not (known.stated and claim.stated):
        return w.day_assumed - LATER * abs((claim.last - known.last).days)
    widest = max(known.width, claim.width)
    if widest == 0:
        return w.same_day
    return w.day_in_range if widest <= _NARROW else w.day_vague


def _place(known: Profile, claim: Profile, w: Weights) -> float:
    """Weigh where: each place of the claim against the one it fits best, and the worst of these counts."""
    if not known.places or not claim.places:
        return w.unplaced
    if _are_at_sea(known, claim):
        near = (are_near_at_sea(a, b) for a in known.places for b in claim.places)
        return w.at_sea if any(near) else w.other_place
    finest = min(known.places, key=is_broad)
    exact = [place for place in claim.places if not is_broad(place)]
    return min(
        _place_weight(_told_relation(known, claim, place), finest, place, w)
        for place in exact or claim.places
    )


def _told_relation(known: Profile, claim: Profile, place: Place) -> Relation:
    """Return how the place fits best; where no map says how two lie, one report may name the other's place, too.

    One of two towns around a city may be told as the other by a report that names both.
    """
    best = _best_relation(known, place)
    apart = [km for o in known.places if (km := distance_km(o, place)) is not None]
    around = best is Relation.OTHER and min(apart, default=AROUND_KM + 1) <= AROUND_KM
    if (
        best not in _LOOSE
        and not around
        and not (best is Relation.OTHER and _unplotted(known, place))
    ):
        return best
    told = any(claim.names_place(other) for other in known.places) or known.names_place(place)
    if not told:
        return best
    return Relation.NEAR if around and min(apart) > NEIGHBOURS_KM else Relation.CONTAINED


def _unplotted(known: Profile, place: Place) -> bool:
    """Return whether no map says where the places lie, and all are of one province: an area and its district."""
    one = all(o.lat is None and o.admin1 == place.admin1 for o in known.places if not is_broad(o))
    return one and place.lat is None and place.admin1 is not None


_LOOSE = frozenset({Relation.UNLOCATED, Relation.NEAR})


def _best_relation(known: Profile, place: Place) -> Relation:
    """Return how the place fits best; one that holds a quarter or a site of it is that of its other names, too."""
    relations = {relate(other, place): other for other in known.places}
    best = max(relations)
    inside = relations.get(Relation.CONTAINED)
    provinces = {p.precision for p in (inside, place) if p} & {PlacePrecision.ADMIN1}
    return Relation.CONTAINED if best is Relation.UNLOCATED and inside and not provinces else best


def _are_at_sea(known: Profile, claim: Profile) -> bool:
    """Return whether a ship was hit in both: the sea, its nearest port, its flag's state are where outlets say it was."""
    return AT_SEA in known.targets & claim.targets


def _place_weight(relation: Relation, known: Place, claim: Place, w: Weights) -> float:
    if relation is Relation.CONTAINED:
        province = PlacePrecision.ADMIN1 in (known.precision, claim.precision)
        return w.town_in_province if province else w.site_in_town
    return {
        Relation.SAME: w.same_place,
        Relation.SAME_PROVINCE: w.same_province,
        Relation.NEAR: w.near,
        Relation.UNLOCATED: w.unlocated,
        Relation.BROAD: w.broad,
        Relation.UNPLACED: w.unplaced,
        Relation.OTHER: w.other_place,
    }[relation]


def _type(known: frozenset[EventType], claim: frozenset[EventType], w: Weights) -> float:
    if known & claim:
        return w.vague_type if claim <= _VAGUE_TYPES else w.same_type
    if {_FAMILY[t] for t in known} & {_FAMILY[t] for t in claim}:
        return w.same_family
    if claim & _ANY_MEANS or known & _ANY_MEANS:
        return w.unspecific_type
    families = {_FAMILY[t] for t in known | claim}
    return w.confused_family if families in _CONFUSED else w.other_family


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
    if claim.corrects and (known.killed or known.injured):
        return w.corrected_toll
    if claim.raises and _is_raised(known.killed, claim.killed):
        return w.raised_toll
    killed = _toll(known.killed, claim.killed, w)
    injured = _toll(known.injured, claim.injured, w)
    if _tells_a_part(known, claim) or _tells_a_part(claim, known):
        killed = max(killed, 0.0)
    return killed + injured / 2


def _is_raised(known: tuple[Toll, ...], claim: tuple[Toll, ...]) -> bool:
    """Return whether a figure is higher than all that were known."""
    return bool(known and claim) and claim[-1][0] > max(n for n, _ in known)


def _tells_a_part(speech: Profile, report: Profile) -> bool:
    """Return whether words on an attack tell fewer dead: a state's own citizens, or what was known when it spoke."""
    told, known = (max((n for n, _ in p.killed), default=0) for p in (speech, report))
    return speech.spoken and told < known


def _actors(known: Profile, claim: Profile, w: Weights) -> float:
    actors = 0.0
    if known.actors and claim.actors:
        actors = w.same_actor if known.actors & claim.actors else w.other_actor
    if not known.targets or not claim.targets:
        return actors
    if shared := known.targets & claim.targets:
        return actors + (w.same_target if SITES.isdisjoint(shared) else w.same_site)
    return actors if _is_spoken_of_here(known, claim) else actors + w.other_target


def _is_spoken_of_here(known: Profile, claim: Profile) -> bool:
    """Return whether words name a place: what was hit there they call as they like, "worshippers" or "a synagogue".

    In a whole country it tells one attack from another.
    """
    placed = not (all(map(is_broad, known.places)) or all(map(is_broad, claim.places)))
    return placed and (known.spoken or claim.spoken)


def _names(known: Profile, claim: Profile, w: Weights) -> float:
    shared = len([name for name in known.names & claim.names if " " in name])
    if shared:
        return w.same_name + w.more_names * min(shared - 1, 2)
    return w.same_surname if known.surnames & claim.surnames else 0.0


def _people(known: Profile, claim: Profile, w: Weights) -> float:
    """Weigh the persons that both articles name; articles of other days that name others are of other events."""
    if not known.people or not claim.people:
        return 0.0
    shared = len(known.people & claim.people)
    if shared:
        return w.same_person + w.more_people * min(shared - 1, 2)
    apart = known.days is not None and claim.days is not None and _gap(known, claim) > 1
    return w.other_people if apart else 0.0


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


ENOUGH_PROPER = 8
"""Articles with fewer proper names are compared as if they had so many: two in common of three is chance."""


def _shared(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / max(min(len(a), len(b)), ENOUGH_PROPER)


def _dice(a: frozenset[str], b: frozenset[str]) -> float:
    return 2 * len(a & b) / (len(a) + len(b))

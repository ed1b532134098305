"""Join the mentions of one article into incidents.

Mentions are taken in order. Each is compared with the incidents made so far, the latest first; the
rules (`joins`) say whether it tells the same one. A definite "the attack" refers back, another day or
another place or "another bomb" begins a new incident.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from monitor.extract.dates import rules as dates
from monitor.extract.events import pointers, victims, whereabouts
from monitor.extract.places import apart as places_apart
from monitor.extract.places import rules as places
from schemas.reasons import EventType, PlacePrecision

if TYPE_CHECKING:
    from monitor.extract.events.mentions import Mention
    from schemas.report import DayRange, Place


class Join(StrEnum):
    """Why a mention was taken for a known incident of the article, or was not."""

    OTHER_TYPE = "other_type"
    OTHER_DAY = "other_day"
    OTHER_PLACE = "other_place"
    OTHER_VICTIM = "other_victim"
    SET_APART = "set_apart"
    BACK_REFERENCE = "back_reference"
    SAME_DAY = "same_day"
    SAME_VICTIM = "same_victim"
    SAME_PLACE = "same_place"
    HEADLINE = "headline"
    ELABORATION = "elaboration"
    NOT_NEAR = "not_near"

    @property
    def same(self) -> bool:
        """Whether the mention tells the same incident."""
        return self in {
            Join.BACK_REFERENCE,
            Join.SAME_DAY,
            Join.SAME_VICTIM,
            Join.SAME_PLACE,
            Join.HEADLINE,
            Join.ELABORATION,
        }


@dataclass(slots=True, kw_only=True)
class Group:
    """An incident of the article while it is being put together."""

    mentions: list[Mention] = field(default_factory=list)

    @property
    def first(self) -> Mention:
        """The mention that made it."""
        return self.mentions[0]

    @property
    def last(self) -> Mention:
        """The latest mention."""
        return self.mentions[-1]

    @property
    def days(self) -> DayRange | None:
        """The first day or days told of it."""
        return next((m.days for m in self.mentions if m.days is not None), None)

    @property
    def place(self) -> Place | None:
        """The first place told of it that is more exact than a province; else than a country; else the first."""
        told = [m.place for m in self.mentions if m.place is not None]
        fine = [p for p in told if p.precision not in places.VAGUE]
        exact = [p for p in fine if p.precision is not PlacePrecision.ADMIN1]
        return next(iter((*exact, *fine, *told)), None)

    @property
    def said(self) -> DayRange | None:
        """The day on which somebody told of it, where no day of its own is known."""
        return next((m.said for m in self.mentions if m.said is not None), None)

    @property
    def around_km(self) -> float:
        """Within how many km of its place it happened, told by direction or distance; 0 where it was there."""
        place = self.place
        return next((m.around_km for m in self.mentions if m.place == place is not None), 0.0)

    @property
    def names(self) -> frozenset[str]:
        """The last names of those to whom it happened."""
        return frozenset().union(*(m.names for m in self.mentions))

    @property
    def anchored(self) -> bool:
        """Whether it is told as one occurrence: with a day, a place, victims or a weapon, or where the news stands."""
        return any(m.anchored for m in self.mentions) or self.first.sentence.index < LEAD_SENTENCES

    @property
    def types(self) -> set[EventType]:
        """All types of event by which it was told."""
        return {t.event_type for m in self.mentions for t in m.triggers}


GENERAL = frozenset({EventType.ARMED_ATTACK, EventType.OTHER_VIOLENCE, EventType.ASSASSINATION})
# Types that may be two views of one event, in any wording.
COMPATIBLE = (
    frozenset(
        {EventType.IED, EventType.SUICIDE_BOMBING, EventType.GRENADE, EventType.VEHICLE_ATTACK}
    ),
    frozenset({EventType.ARMED_CLASH, EventType.ARMED_ATTACK, EventType.GRENADE}),
    frozenset({EventType.VEHICLE_ATTACK, EventType.STABBING}),
    frozenset({EventType.CHEMICAL_WEAPON, EventType.AIR_STRIKE, EventType.SHELLING_MISSILE}),
)
# Types that may be two views of one event where the later one refers back: "the blast" after an air strike.
COMPATIBLE_BACK = (
    frozenset(
        {EventType.AIR_STRIKE, EventType.DRONE_STRIKE, EventType.SHELLING_MISSILE, EventType.IED}
    ),
    frozenset({EventType.ARMED_CLASH, EventType.AIR_STRIKE, EventType.SHELLING_MISSILE}),
    # A rocket-propelled grenade is a rocket in the headline.
    frozenset({EventType.GRENADE, EventType.SHELLING_MISSILE}),
)
NEAR_SENTENCES = 4
# What has neither day nor place of its own adds to what was told before, even some paragraphs on.
FAR_SENTENCES = 10
# An event without a day of its own happened within these days of when somebody told of it.
SAID_WITHIN = timedelta(days=4)
# What is told without a day is not of an event so much older than another of the article.
STALE = timedelta(days=7)
# The lead is the sentence behind the title, or behind the dateline that follows it.
TO_LEAD = 2
# The title and the first sentences of the text tell the news.
LEAD_SENTENCES = 3


def group(mentions: tuple[Mention, ...]) -> tuple[Group, ...]:
    """Return the incidents that the mentions tell, in the order of their first mention."""
    groups: list[Group] = []
    for mention in mentions:
        home = _home(groups, mention)
        if mention.reference and (
            home is None or (mention.plural and not pointers.adds(mention, home))
        ):
            continue
        if home is None:
            groups.append(Group(mentions=[mention]))
        else:
            home.mentions.append(mention)
    return tuple(g for g in groups if g.anchored or len(groups) == 1)


def _home(groups: list[Group], mention: Mention) -> Group | None:
    """Return the incident that the mention tells: of those that it may tell the one that it shares most with."""
    able = [
        g
        for g in groups
        if not pointers.is_beside(mention, g)
        and not pointers.is_aside(mention, g)
        and joins(mention, g).same
    ]
    if (
        just_told := [g for g in able if pointers.is_that_one(mention, g)]
    ) and mention.days is None:
        return just_told[-1]
    newest = max((g.days.last for g in able if g.days is not None), default=None)
    if mention.days is None and newest is not None:
        able = [g for g in able if g.days is None or newest - g.days.last < STALE]
    return max(able, key=lambda g: _shared(mention, g), default=None)


def _shared(mention: Mention, group: Group) -> tuple[bool, bool, bool, bool, bool, bool, int]:
    """Return what speaks for one incident among several, the surest first; the one told last breaks a tie.

    "X condemned the attack", sentences after all others were told, is of that of which the article told first.
    """
    mine = {t.event_type for t in mention.triggers} - GENERAL
    last, first = group.last.sentence.index, group.first.sentence.index
    answered = pointers.is_answered(mention) and not (
        mention.days or mention.place or mention.casualties
    )
    beside = mention.sentence.index - last <= 1
    place = mention.place and group.place and not places_apart.apart(mention.place, group.place)
    return (
        bool(mention.names & group.names),
        _is_at(mention, group),
        bool(mine & group.types),
        bool(place),
        bool(mention.days and group.days),
        *((beside, -first) if answered else (False, last)),
    )


def _is_at(mention: Mention, group: Group) -> bool:
    """Say whether it names the place of the incident by the same name, wherever the map has it."""
    one, other = mention.place, group.place
    if one is None or other is None or not places.is_exact(one):
        return False
    return (one.name, one.country_code) == (other.name, other.country_code)


def joins(mention: Mention, group: Group) -> Join:
    """Return why `mention` tells the incident `group`, or why not."""
    if victims.same_names(mention, group) or victims.are_the_same(mention, group):
        return Join.SAME_VICTIM
    if _same_toll(mention, group):
        return Join.HEADLINE
    if victims.hits_the_same(mention, group):
        return Join.SAME_VICTIM
    if _other_victim(mention, group):
        return Join.OTHER_VICTIM
    where = pointers.says_where(mention, group) and same_type(mention, group)
    if where or pointers.follows_at_once(mention, group):
        return Join.BACK_REFERENCE
    return _against(mention, group) or _same(mention, group)


def _other_victim(mention: Mention, group: Group) -> bool:
    """Say whether another person was assassinated, on a day and in a place that are not told to be the same."""
    both = mention.event_type is EventType.ASSASSINATION is group.first.event_type
    if not (both and mention.names and group.names) or mention.sentence is group.last.sentence:
        return False
    return not ((mention.days and group.days) or (mention.place and group.place))


def _same_toll(mention: Mention, group: Group) -> bool:
    """Say whether the lead tells the toll of the headline: that outweighs another way to name the place."""
    if not group.first.sentence.headline or mention.sentence.index > LEAD_SENTENCES:
        return False
    told = [
        {
            (c.measure, c.count.low, c.count.best, None if c.count.best else c.victims)
            for c in m.casualties
            if c.count.best or c.count.low
        }
        for m in (group.first, mention)
    ]
    return bool(told[0] & told[1])


def _against(mention: Mention, group: Group) -> Join | None:
    """Return what sets a mention apart from an incident, the surest first."""
    if not same_type(mention, group):
        return Join.OTHER_TYPE
    if _other_day(mention, group):
        return Join.OTHER_DAY
    item = _other_item(mention, group)
    if not item and (_restates(mention, group) or _in_namesake(mention, group)):
        return None
    if item or _other_place(mention, group):
        return Join.OTHER_PLACE
    another = mention.another and not mention.definite and not pointers.goes_on(mention, group)
    return Join.SET_APART if another or _told_apart(mention, group) else None


def _other_item(mention: Mention, group: Group) -> bool:
    """Say whether both are items of a list that open with a place each, be one in the other."""
    openings = {m.opening.name for m in group.mentions if m.opening is not None}
    own = mention.opening
    return own is not None and bool(openings) and own.name not in openings


def _other_place(mention: Mention, group: Group) -> bool:
    """Say whether the places exclude each other."""
    if mention.place is None or group.place is None:
        return False
    if (mention.live or _moves_on(mention)) and _are_other_towns(mention.place, group.place):
        return True
    return places_apart.apart(
        mention.place, group.place, around_km=max(mention.around_km, group.around_km)
    )


def _moves_on(mention: Mention) -> bool:
    """Say whether it opens with the town where its own happened: "In Turbat, motorcyclists hurled a grenade"."""
    place = mention.place
    if place is None or mention.opening != place or mention.definite:
        return False
    return place.precision is PlacePrecision.TOWN and bool(mention.casualties or mention.weapon)


def _are_other_towns(one: Place, other: Place) -> bool:
    """Say whether two exact places have other names: entries of a live page that name them tell of other events."""
    return one.name != other.name and not {one.precision, other.precision} & whereabouts.WIDE


def _told_apart(mention: Mention, group: Group) -> bool:
    """Say whether the sentence itself tells both, each with its victims: they were parted there for a reason."""
    beside = [m for m in group.mentions if m.sentence.index == mention.sentence.index]
    return bool(beside and mention.casualties) and any(m.casualties for m in beside)


def _restates(mention: Mention, group: Group) -> bool:
    """Say whether the lead tells by the same word what the headline told, whose place may be a wider or nearby one."""
    first = group.first.sentence
    behind = mention.sentence.index - first.index
    if not first.headline or behind > TO_LEAD or len(group.mentions) > 1 or not mention.place:
        return False
    verbs = [
        {m.sentence.doc[t.head].lemma_.lower() for t in m.triggers} for m in (group.first, mention)
    ]
    near = group.place is None or group.place.country_code == mention.place.country_code
    return near and bool(verbs[0] & verbs[1])


def _in_namesake(mention: Mention, group: Group) -> bool:
    """Say whether the headline's town has the name of the province that the place lies in: "Sokoto", "Kandahar"."""
    headline, place = group.place, mention.place
    if not group.first.sentence.headline or headline is None or place is None:
        return False
    same_country = headline.country_code == place.country_code
    return same_country and headline.name == headline.admin1 == place.admin1


def _other_day(mention: Mention, group: Group) -> bool:
    if mention.days is None:
        return False
    if group.days is not None:
        return not dates.overlap(mention.days, group.days)
    # "In May troops moved in and have since made incursions": that month is not the day of the news.
    long = mention.days.last - mention.days.first > STALE
    general = mention.plural and long and not mention.definite
    return general or _far_from(mention.days, group)


def _same(mention: Mention, group: Group) -> Join:
    if group.first.sentence.headline and len(group.mentions) == 1:
        return Join.HEADLINE
    if mention.definite:
        return Join.BACK_REFERENCE
    if mention.days and group.days:
        return Join.SAME_DAY
    if mention.place and group.place:
        return Join.SAME_PLACE
    own = mention.days is not None or mention.place is not None
    reach = NEAR_SENTENCES if own else FAR_SENTENCES
    if mention.sentence.index - group.last.sentence.index <= reach:
        return Join.ELABORATION
    return Join.NOT_NEAR


def same_type(mention: Mention, group: Group) -> bool:
    """Say whether two types may tell one event."""
    mine = {t.event_type for t in mention.triggers} - GENERAL
    known = group.types - GENERAL
    if not mine or not known:
        pointed = (
            mention.definite
            or _told_with(mention, group)
            or _leads(mention, group)
            or _adds_on(mention, group)
        )
        alike = mine | known != {EventType.ABDUCTION}
        return alike or pointed or _by_the_attackers(mention) or _of_those_told(mention)
    if mine & known or any(mine & family and known & family for family in COMPATIBLE):
        return True
    back = mention.definite or group.first.sentence.headline
    return back and any(mine & family and known & family for family in COMPATIBLE_BACK)


_ATTACKERS = frozenset(
    "attacker assailant gunman bandit raider kidnapper militant insurgent terrorist jihadist fighter".split()
)


def _of_those_told(mention: Mention) -> bool:
    """Say whether a bare number was taken, of those told of before: "eight are in hospital and six were abducted"."""
    doc = mention.sentence.doc
    subjects = [c for t in mention.triggers for c in doc[t.head].children if c.dep_ == "nsubj:pass"]
    return bool(subjects) and all(s.like_num or s.lower_ == "others" for s in subjects)


def _by_the_attackers(mention: Mention) -> bool:
    """Say whether those told before did this, too: "the raiders abducted two children"."""
    doc = mention.sentence.doc
    return any(
        c.dep_ == "nsubj"
        and c.lemma_.lower() in _ATTACKERS
        and any(g.lower_ == "the" for g in c.children)
        for t in mention.triggers
        for verb in (doc[t.head], doc[t.head].head)
        for c in verb.children
    )


def _leads(mention: Mention, group: Group) -> bool:
    """Say whether it is the lead below a headline, at its place: "seized three in raids" below "Three abducted"."""
    first = group.first.sentence
    alone = first.headline and len(group.mentions) == 1
    near = mention.sentence.index - first.index <= TO_LEAD
    return alone and near and mention.place is not None and mention.place == group.place


def _adds_on(mention: Mention, group: Group) -> bool:
    """Say whether the sentence behind tells more of it, without a day or place of its own: "A guard was shot dead"."""
    behind = mention.sentence.index - group.last.sentence.index
    own = mention.days is not None or mention.place is not None or mention.another
    return 0 < behind <= pointers.WHERE_SENTENCES and not own


def _told_with(mention: Mention, group: Group) -> bool:
    """Say whether one clause of the incident tells both the abduction and the other violence: "kill 14, abduct dozens"."""
    types = [{t.event_type for t in m.triggers} for m in (*group.mentions, mention)]
    return any(EventType.ABDUCTION in each and each & GENERAL for each in types)


def _far_from(days: DayRange, group: Group) -> bool:
    """Say whether `days` lie days away from when somebody told of the incident, whose own day is unknown."""
    if group.days is not None or group.said is None:
        return False
    return days.last + SAID_WITHIN < group.said.first or group.said.last + SAID_WITHIN < days.first

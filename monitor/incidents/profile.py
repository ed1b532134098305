"""What is compared of a claim, or of all claims of an incident together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache, reduce

from monitor.incidents.places import is_broad, plain_name
from monitor.incidents.targets import singular, target_words
from monitor.incidents.wording import fold, tokens
from schemas.reasons import EventType
from schemas.report import Count, DayRange, Named, Place
from schemas.state import Claim

_DAY = timedelta(days=1)

WORDINGS = 6
"""Wordings of an incident that a claim's is compared with; the first ones, so that they cannot drift."""

PLACES = 6
"""Places of an incident that a claim's is compared with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """When it may have happened. ``stated`` is false where it was only assumed from the day of publication.

    ``night`` is true for the night between ``first`` and ``last``.
    """

    first: date
    last: date
    stated: bool
    night: bool = False

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
    people: frozenset[str] = frozenset()
    organised: bool = False
    told_at: tuple[datetime, ...] = ()
    news_day: bool = False
    spoken: bool = False
    corrects: bool = False
    raises: bool = False
    wires: frozenset[str] = field(default_factory=frozenset)

    def names_place(self, place: Place) -> bool:
        """Return whether the reports name a place, be it as that of their event or beside it."""
        words = frozenset(plain_name(place.name).split())
        return any(words <= told for told in (*self.proper, *self.wordings))


def days_of(claim: Claim) -> Days | None:
    """Return the days of a claim; without a stated one, the day of publication and the one before.

    "Overnight" is of two days, and outlets name either. Words about an attack are said on the day of the attack or
    later, and the day in them is often the day of the words.
    """
    if claim.date is not None:
        return _stated_days(claim, claim.date)
    if claim.at is None or claim.background:
        return None
    day = claim.at.date()
    return Days(first=day - _DAY, last=day, stated=False)


WORDS_LATER = timedelta(days=3)
"""How long after an attack most condemnations of it come: over a weekend at the longest."""


def _is_of_a_night(claim: Claim) -> bool:
    """Return whether it happened overnight; the wounded of an attack by day may die overnight."""
    return "overnight" in claim.words and "died overnight" not in fold(claim.quote)


def _is_told_as_night(date: DayRange) -> bool:
    """Return whether the day is told as that of a night, "from Saturday to Sunday": other outlets name either."""
    return date.last - date.first == _DAY


def _stated_days(claim: Claim, date: DayRange) -> Days:
    today = claim.at.date() if claim.at else None
    if today and claim.spoken_of and date.last == today:
        return Days(first=date.first - WORDS_LATER, last=today, stated=False)
    if today and _is_of_a_night(claim) and date.first == date.last in (today - _DAY, today):
        return Days(first=today - _DAY, last=today, stated=claim.day_stated, night=True)
    night = claim.day_stated and _is_told_as_night(date)
    return Days(first=date.first, last=date.last, stated=claim.day_stated, night=night)


REMEMBERED = 2048
"""Claims whose profile is remembered, 6 kB each. Over 100,000 open incidents eight times as many save no look more."""


_RAISED = re.compile(
    r"\b(?:toll|number of (?:those |people |the )?(?:dead|deaths|killed|fatalities))\b[^.;\n]{0,80}?"
    r"\b(?:ris(?:es|en)|rose|climb(?:s|ed)|increase[sd]|jump(?:s|ed)|mount(?:s|ed)|grows|grown|grew|soar(?:s|ed)|reache[sd]|hits)\b"
    r"|\b(?:bring(?:s|ing)?|rais(?:es|ing)|tak(?:es|ing)|push(?:es|ing)) (?:the )?(?:(?:death|overall|total) )?toll\b|\bdeath toll now\b",
    re.IGNORECASE,
)
"""How a report tells that more have died of what was told before."""


def tells_a_rise(text: str) -> bool:
    """Return whether a headline or a sentence tells that a toll has risen: then a lower one was told before."""
    return _RAISED.search(text) is not None


@lru_cache(maxsize=REMEMBERED)
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
        targets=target_words(claim),
        names=names,
        surnames=frozenset(name.rsplit(" ", 1)[-1] for name in names),
        wordings=(frozenset(claim.words),) if claim.words else (),
        proper=(frozenset(claim.proper),) if claim.proper else (),
        own=(frozenset(claim.proper) - _known_words(claim),) if claim.proper else (),
        people=_people(claim),
        organised=any(_is_organised(a) for a in (*claim.perpetrators, *claim.claimed_by)),
        told_at=(claim.at,) if claim.at else (),
        news_day=_is_news_day(claim),
        spoken=claim.spoken_of,
        corrects=claim.correction,
        raises=tells_a_rise(f"{claim.title}\n{claim.quote}"),
        wires=frozenset([claim.cluster_id]) if claim.cluster_id else frozenset(),
    )


def together(claims: Iterable[Claim]) -> Profile:
    """Return what is compared of an incident. ``claims`` are in order of time and not empty."""
    return reduce(joined, (profile_of(claim) for claim in claims))


def joined(known: Profile, claim: Profile) -> Profile:
    """Return the profile of an incident after one more claim."""
    return Profile(
        days=_core_days(known.days, claim.days),
        places=_places(known.places, claim.places),
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
        people=known.people | claim.people if len(known.proper) < WORDINGS else known.people,
        organised=known.organised or claim.organised,
        told_at=known.told_at + claim.told_at,
        news_day=known.news_day and claim.news_day,
        spoken=known.spoken and claim.spoken,
        wires=known.wires | claim.wires,
    )


def _places(known: tuple[Place, ...], told: tuple[Place, ...]) -> tuple[Place, ...]:
    """Return the places of an incident, without those told again with no province: they say less of where they lie."""
    every = tuple(dict.fromkeys(known + told))
    placed = {plain_name(place.name) for place in every if place.admin1}
    return tuple(p for p in every if is_broad(p) or p.admin1 or plain_name(p.name) not in placed)[
        :PLACES
    ]


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

_PUBLIC_TARGETS = frozenset(
    singular(word)
    for word in """soldiers troops army forces policemen police checkpoint convoy patrol base
    embassy consulate militia fighters peacekeepers garrison barracks outpost headquarters security
    ministry parliament minister mosque church shrine worshippers pilgrims villagers""".split()
)
"""Targets of attacks that are not crime between people."""


def is_personal(profile: Profile) -> bool:
    """Return whether it is violence between people: no armed side and no public target is named."""
    return (
        profile.types <= PERSONAL_TYPES
        and not profile.organised
        and _PUBLIC_TARGETS.isdisjoint(profile.targets)
    )


def _core_days(core: Days | None, days: Days | None) -> Days | None:
    """Return the first stated day of an incident, narrowed by later ones inside it, and never moved."""
    if core is None or days is None:
        return core or days
    if not days.stated:
        return core
    if core.night and core.stated:
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


_ACTOR_STOP = frozenset(
    """forces force army military armed group groups gunmen gunman militants militant attackers attacker
    jihadist jihadists insurgent insurgents islamist islamists terrorist terrorists extremist extremists
    unknown unidentified men man suspect suspects police security fighter fighters militia militias troops soldiers
    government state islamic factions faction air bomb bombs bomber bombers suicide car truck vehicle motorcycle
    drone drones rocket rockets missile missiles shell shells aircraft plane planes warplane warplanes jet jets
    helicopter artillery officer officers official officials senior ministry authorities residents witnesses people
    person driver shooter assailant assailants perpetrator perpetrators gang gangs bandit bandits raiders""".split()
)
"""Words that many actors share, and those that name a weapon or a witness where an actor was looked for."""


_IS = "islamic state"
"""A name of nothing but words that many actors share."""


def _people(claim: Claim) -> frozenset[str]:
    """Return the persons of a claim of violence between people; a place of two words may look like one."""
    if claim.event_type not in PERSONAL_TYPES:
        return frozenset()
    where = _place_words(claim)
    return frozenset(name for name in claim.people if not where.issuperset(name.split()))


def _place_words(claim: Claim) -> frozenset[str]:
    place = claim.place
    where = (place.name, place.admin1 or "", place.country or "") if place else ()
    return frozenset(word for name in where for word in fold(name).split())


def _known_words(claim: Claim) -> frozenset[str]:
    """Return the words of a claim's place, actors and targets, which are weighed by themselves."""
    named = (*claim.perpetrators, *claim.claimed_by, *claim.targets)
    return _place_words(claim) | {word for one in named for word in fold(one.name).split()}


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
    words |= {_IS for actor in given if fold(actor.name).startswith(_IS)}
    return words | {"country " + actor.country_code for actor in given if actor.country_code}

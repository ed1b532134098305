"""Say how a mention points at an incident told before: "the strikes hit a market", "that attack", "in another firefight"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.events import frames
from monitor.extract.places import rules as places
from schemas.reasons import EventType, PlacePrecision

if TYPE_CHECKING:
    from monitor.extract.events.grouping import Group
    from monitor.extract.events.mentions import Mention

_DEEDS = [
    [word] for word in "attack blast explosion shooting bombing strike raid ambush assault".split()
]
_HAPPENED = [["took"], ["happened"], ["occurred"]]
# "The incident took place in ..." speaks of what the sentence before told, or the one before that.
WHERE_SENTENCES = 2


def adds(mention: Mention, group: Group) -> bool:
    """Say whether a pointer tells the day or the place of what was told without: "The strikes hit a market in Aden"."""
    dates = mention.days is not None and group.days is None
    place = mention.place
    on_site = place is not None and place.precision is PlacePrecision.SITE
    return dates or (places.is_exact(place) and not on_site and not places.is_exact(group.place))


def is_that_one(mention: Mention, group: Group) -> bool:
    """Say whether "that attack" points at what the sentence before tells, however old it is."""
    behind = mention.sentence.index - group.last.sentence.index
    words = {c.lower_ for c in mention.sentence.doc[mention.lead.head].children if c.dep_ == "det"}
    return behind == 1 and "that" in words


def says_where(mention: Mention, group: Group) -> bool:
    """Say whether the sentence tells where the event told last took place: "The incident took place in Puerto Bello"."""
    opening = [token.lower_ for token in mention.sentence.span[:3]]
    near = 0 < mention.sentence.index - group.last.sentence.index <= WHERE_SENTENCES
    pointing = opening[:1] in (["the"], ["this"])
    told = opening[1:2] in (["incident"], ["event"]) or (
        opening[1:2] in _DEEDS and opening[2:3] in _HAPPENED and _may_be_there(mention, group)
    )
    return near and pointing and told


def _may_be_there(mention: Mention, group: Group) -> bool:
    """Say whether a day and a place may be the incident's: of its country, and of its province where both are known."""
    if mention.days is not None and group.days not in {None, mention.days}:
        return False
    one, other = mention.place, group.place
    if one is None or other is None:
        return True
    provinces = {one.admin1, other.admin1} - {None}
    return one.country_code == other.country_code and len(provinces) < 2  # noqa: PLR2004 - two differ


# "Minutes later three shells were fired at the station".
AT_ONCE = frozenset({"minutes", "moments", "seconds", "moment", "instants"})


def follows_at_once(mention: Mention, group: Group) -> bool:
    """Say whether it opens with "minutes later" and names no other place or day: a part of what was just told."""
    opening = [token.lower_ for token in mention.sentence.span[:3]]
    at_once = any(unit in AT_ONCE and "later" in opening for unit in opening)
    near = 0 < mention.sentence.index - group.last.sentence.index <= WHERE_SENTENCES
    return near and at_once and mention.place is None and mention.days is None


def goes_on(mention: Mention, group: Group) -> bool:
    """Say whether those told of before fight on: "later they came under fire in another firefight"."""
    fought = bool(group.types & {EventType.ARMED_CLASH, EventType.ARMED_ATTACK})
    if not fought or mention.event_type is not EventType.ARMED_CLASH:
        return False
    near = mention.sentence.index - group.last.sentence.index <= WHERE_SENTENCES
    theirs = any(t.lower_ == "they" and t.dep_.startswith("nsubj") for t in mention.sentence.span)
    return near and theirs and mention.days is None and mention.place is None


def is_answered(mention: Mention) -> bool:
    """Say whether somebody condemns it, or looks into it: "the attack" and nothing more of it."""
    doc = mention.sentence.doc
    verbs = {doc[t.head].head.lemma_.lower() for t in mention.triggers}
    return mention.definite and bool(verbs & frames.ANSWERING)


def is_aside(mention: Mention, group: Group) -> bool:
    """Say whether "the attack" cannot mean what only dates the news: "a day after the killing of a general"."""
    own = mention.place or mention.casualties
    return mention.definite and not own and all(m.passing for m in group.mentions)


def is_beside(mention: Mention, group: Group) -> bool:
    """Say whether one sentence tells both, hours or days apart: "gunmen stormed a hotel hours after a bombing"."""
    same = group.last.sentence.index == mention.sentence.index
    return same and (mention.set_off or group.last.set_off)

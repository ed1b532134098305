"""Say whether a sentence speaks of those, or of what, an incident told before befell: "all four died", "the car was hit"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.dates import rules as dates
from monitor.extract.events.pointers import WHERE_SENTENCES
from schemas.reasons import EventType

if TYPE_CHECKING:
    from monitor.extract.events.grouping import Group
    from monitor.extract.events.mentions import Mention

# Nouns by which the victims of any event are called: "the soldiers" may be others than those told before.
COMMON = frozenset(
    "people persons men women children civilians soldiers policemen police officers guards troops militants insurgents rebels "
    "guerrillas terrorists fighters members victims others residents villagers suspects attackers gunmen forces bodies "
    "personnel relatives boys girls teens teenagers youths students workers passengers leaders officials agents".split()
)
# What befalls a person once.
ONCE = frozenset(
    {EventType.ABDUCTION, EventType.ASSASSINATION, EventType.OTHER_VIOLENCE, EventType.STABBING}
)
# What is told with "the" without having been told of before.
_WHERE_NOUNS = frozenset(
    "city town village area district province camp country region capital border north south east west "
    "government state community neighbourhood neighborhood site scene target building house area".split()
)


def same_names(mention: Mention, group: Group) -> bool:
    """Say whether both befell one name. A pipeline may be hit again another day; nobody is killed or taken twice."""
    if not mention.names & group.names:
        return False
    one, other = mention.days, group.days
    if mention.event_type in ONCE or one is None or other is None:
        return True
    return dates.overlap(one, other)


def are_the_same(mention: Mention, group: Group) -> bool:
    """Say whether the sentence speaks of the victims told before: "all four died of a single shot", "the six monks"."""
    told = {c.count.best for m in group.mentions for c in m.casualties}
    again = [c.count.best for c in mention.casualties]
    several = all(n is not None and n > 1 and n in told for n in again)
    if not again or not all(c.definite for c in mention.casualties):
        return False
    return several or _same_kind_of_people(mention, group)


def _same_kind_of_people(mention: Mention, group: Group) -> bool:
    """Say whether "the monks" are those told before: a noun that is no common name of victims."""
    known = {noun for m in group.mentions for c in m.casualties for noun in c.victims}
    again = {noun for c in mention.casualties for noun in c.victims}
    plural = all(c.count.best != 1 for c in mention.casualties)
    return plural and bool((again & known) - COMMON)


def hits_the_same(mention: Mention, group: Group) -> bool:
    """Say whether "the car was hit near the camp" speaks of the car that was struck in the sentence before."""
    last = group.last.sentence
    if not 0 < mention.sentence.index - last.index <= WHERE_SENTENCES or mention.days:
        return False
    told = {
        t.lemma_.lower()
        for t in last.span
        if t.pos_ == "NOUN" and any(c.lower_ in {"a", "an"} for c in t.children)
    }
    hit = (
        c
        for t in mention.triggers
        for c in mention.sentence.doc[t.head].children
        if c.dep_ in {"nsubj:pass", "obj"} and any(g.lower_ == "the" for g in c.children)
    )
    return any(c.lemma_.lower() in told - COMMON - _WHERE_NOUNS for c in hit)

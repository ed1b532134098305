"""Say who did what an incident tells, to whom, and who claimed it: the actors of its sentences, each at its own event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.extract.actors import rules as actors
from monitor.extract.events import mentions
from monitor.extract.events.candidates import weapon_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.extract.events.grouping import Group
    from monitor.extract.events.mentions import Mention
    from monitor.extract.facts import Actor
    from monitor.extract.gather import Facts

WHERE = frozenset({"in", "from", "near", "inside", "across", "into", "over", "off"})
# "The forces committed a heinous crime and blatant attack": who stands right before such a verb did it,
# wherever the parser hung the attack.
COMMITTING = frozenset(
    {"committed", "launched", "carried", "conducted", "staged", "perpetrated", "mounted"}
)
BESIDE = 3
# Who judges a deed did not do it. Stems, since headlines leave the tagger unsure.
BLAME = (
    "condemn", "denounc", "deplor", "decries", "decried", "slam", "reject", "accus", "blam", "criticis", "criticiz",
    "mourn",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """The two sides of an incident, and who claimed it. Where nothing else tells who did it, who claimed it did."""

    perpetrators: tuple[Actor, ...]
    targets: tuple[Actor, ...]
    claimants: tuple[Actor, ...]


def parties(group: Group, groups: Iterable[Group], facts: Facts) -> Parties:
    """Return the parties of `group`, one of the article's `groups`."""
    others = [m for g in groups if g is not group for m in g.mentions]
    who: list[Actor] = []
    whom: list[Actor] = []
    claimed: list[Actor] = []
    for mention in group.mentions:
        here = facts.actors_in.get(mention.sentence.index, ())
        rivals = [m for m in others if m.sentence.index == mention.sentence.index]
        for trigger in mention.triggers if not (mention.reference and who) else ():
            did = actors.perpetrators(mention.sentence, trigger.head, here)
            who += [
                a
                for a in did
                if _is_nearest(mention, a, rivals)
                and not _is_where(mention, a)
                and not _only_judges(mention, a, trigger.head)
            ]
            whom += actors.targets(mention.sentence, trigger.head, here)
        claimed += actors.claimed_by(mention.sentence, here)
    return Parties(
        perpetrators=_distinct(who or _committers(group, facts) or claimed),
        targets=_distinct(whom),
        claimants=_distinct(claimed),
    )


def _is_nearest(mention: Mention, actor: Actor, rivals: list[Mention]) -> bool:
    """Say whether the actor stands nearer to this event than to the others of its sentence."""
    if not rivals:
        return True
    anchor = mention.sentence.doc[actor.start : actor.end].root.i
    parts = (mention.triggers, *(rival.triggers for rival in rivals))
    return mentions.nearest(mention.sentence, anchor, parts) == 0


def _is_where(mention: Mention, actor: Actor) -> bool:
    """Say whether a state is only where something happened: "rockets fired from southern Lebanon"."""
    if not actor.state or actor.who.country_code is None:
        return False
    sentence = mention.sentence
    before = sentence.doc[max(sentence.span.start, actor.start - 2) : actor.start]
    words = [token.lower_ for token in before]
    return bool(words) and (words[-1] in WHERE or (words[0] in WHERE and words[-1].endswith("ern")))


def _only_judges(mention: Mention, actor: Actor, event: int) -> bool:
    """Say whether a verb of blame stands between actor and event: "Turkey condemns Kirkuk bombing"."""
    between = mention.sentence.doc[actor.end : event] if actor.end <= event else ()
    return any(token.lower_.startswith(BLAME) for token in between)


def _committers(group: Group, facts: Facts) -> list[Actor]:
    """Return the armed actors right before a verb of committing, and states beside their weapon: "a Turkish drone"."""
    found: list[Actor] = []
    for mention in group.mentions:
        doc, span = mention.sentence.doc, mention.sentence.span
        verbs = [t.i for t in doc[span.start : mention.lead.head] if t.lower_ in COMMITTING]
        here = facts.actors_in.get(mention.sentence.index, ())
        found += [a for a in here if any(0 <= verb - a.end < BESIDE for verb in verbs)]
        found += [a for a in here if a.state and any(weapon_of(t) for t in doc[a.start : a.end])]
    return found


def _distinct(found: list[Actor]) -> tuple[Actor, ...]:
    return tuple({actor.who.name: actor for actor in found}.values())

"""Say who did what an incident tells, to whom, and who claimed it: the actors of its sentences, each at its own event."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.extract.actors import rules as actors
from monitor.extract.events import kinds, mentions, sieges
from monitor.extract.events.candidates import weapon_of
from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key
from monitor.extract.places import rules as places

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Token

    from monitor.extract.events.grouping import Group
    from monitor.extract.events.mentions import Mention
    from monitor.extract.facts import Actor, Reading, Sentence
    from monitor.extract.gather import Facts
    from schemas.report import Place

WHERE = frozenset({"in", "from", "near", "inside", "across", "into", "over", "off"})
# "The forces committed a heinous crime and blatant attack": who stands right before such a verb did it,
# wherever the parser hung the attack.
COMMITTING = frozenset(
    {"committed", "launched", "carried", "conducted", "staged", "perpetrated", "mounted", "dropped"}
)
BESIDE = 3
# "No group has claimed the attack": who did it is told some sentences after what was done.
AFTERMATH_REACH = 8
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


def parties(
    group: Group, groups: Sequence[Group], facts: Facts, reading: Reading, place: Place | None
) -> Parties:
    """Return the parties of `group`, one of the article's `groups`, which happened at `place`."""
    others = [m for g in groups if g is not group for m in g.mentions]
    who: list[Actor] = []
    stopped: list[Actor] = []
    fallen: list[Actor] = []
    whom: list[Actor] = []
    claimed: list[Actor] = []
    hurting: set[str] = set()
    for mention in group.mentions:
        here = facts.actors_in.get(mention.sentence.index, ())
        rivals = [m for m in others if m.sentence.index == mention.sentence.index]
        hit = _hit(mention)
        whom += [
            actors.target(mention.sentence, h, here) for h in sieges.besieged(mention.sentence)
        ]
        for trigger in mention.triggers if not (mention.reference and who) else ():
            if trigger.head in hit:
                continue
            did = actors.perpetrators(mention.sentence, trigger.head, here)
            stops = _stops_attackers(mention, trigger.head)
            if _hurts_others(mention, trigger.head):
                hurting |= {a.who.name for a in did if a.who.country_code is not None}
            (stopped if stops else who).extend(
                a
                for a in did
                if _is_nearest(mention, a, rivals)
                and not _is_where(mention, a, trigger.head)
                and not _is_town(a, facts)
                and not _only_judges(mention, a, trigger.head)
            )
            (fallen if stops else whom).extend(actors.targets(mention.sentence, trigger.head, here))
    blamed: list[Actor] = []
    for sentence in _sentences_about(group, groups, reading):
        here = facts.actors_in.get(sentence.index, ())
        claimed += (*actors.claimed_by(sentence, here), *actors.owned_up(sentence, here))
        blamed += (*actors.blamed(sentence, here), *actors.admitted(sentence, here))
        blamed += _raiders(sentence, here)
    if not who and group.types & kinds.FROM_AFAR:
        who = _campaigners(groups, facts, place)
    if not group.types & kinds.FROM_AFAR:
        who = [actor for actor in who if not _is_home(actor, place)]
    stopped = [a for a in stopped if a.who.name not in hurting]
    if _hurt_others(group):
        who = _without_named(who, stopped) or _committers(group, others, facts)
    else:
        who = _without_named(who, stopped) or stopped or _committers(group, others, facts)
        whom += fallen
    named = [] if any(_has_name(actor) for actor in who) else [*claimed, *blamed]
    return Parties(
        perpetrators=_without_repeats([*who, *named]),
        targets=_distinct([actor for actor in whom if not _is_mere_number(actor, reading)]),
        claimants=_named_first(claimed),
    )


def _hit(mention: Mention) -> set[int]:
    """Return the words of the mention that another one of its words befell: the patrol of "fired on an army patrol"."""
    return {
        head.i
        for t in mention.triggers
        for head in actors.done_to(mention.sentence, t.head)
        if head.i != t.head
    }


# The headline and the lead, behind a dateline.
LEAD_SENTENCES = 2


def _campaigners(groups: Sequence[Group], facts: Facts, place: Place | None) -> list[Actor]:
    """Return the state whose many strikes abroad the lead tells: each that follows is one of them."""
    if place is None:
        return []
    leads = [
        (m, t)
        for g in groups
        for m in g.mentions
        for t in m.triggers
        if m.sentence.index <= LEAD_SENTENCES and t.plural and t.event_type in kinds.FROM_AFAR
    ]
    did = (
        a
        for m, t in leads
        for a in actors.perpetrators(m.sentence, t.head, facts.actors_in.get(m.sentence.index, ()))
    )
    return [a for a in did if a.state and a.who.country_code not in {None, place.country_code}]


# Whom police shoot at the end of an attack: those who made it.
ATTACKERS = frozenset(
    "attacker assailant gunman bomber shooter knifeman perpetrator suspect hostage-taker him them himself themselves".split()
)


def _stops_attackers(mention: Mention, event: int) -> bool:
    """Say whether those whom the deed befell are the attackers: "before police shot him dead"."""
    heads = actors.done_to(mention.sentence, event)
    return bool(heads) and all(_is_attacker(h) for h in heads)


def _is_attacker(head: Token) -> bool:
    """Say whether it is an attacker, or one or two "of the attackers"."""
    among = [c for c in head.children if c.dep_ == "nmod" and head.pos_ in ("NUM", "PRON", "DET")]
    return any(h.lemma_.lower() in ATTACKERS or h.lower_ in ATTACKERS for h in (head, *among))


def deeds_of(group: Group) -> Group:
    """Return the incident without what was only done to the attackers: "thirty assailants were killed by the air force"."""
    deeds = [m for m in group.mentions if not all(_stops_attackers(m, t.head) for t in m.triggers)]
    return replace(group, mentions=deeds) if deeds and _hurt_others(group) else group


def _hurt_others(group: Group) -> bool:
    """Say whether others than the attackers were hurt: then who shot them did not make the attack."""
    told = (c for m in group.mentions for c in m.casualties if c.count.low and not c.perpetrator)
    return any(not _are_attackers(c.victims) if c.victims else (c.count.low or 0) > 1 for c in told)


def _are_attackers(victims: tuple[str, ...]) -> bool:
    return any(v in ATTACKERS or v.removesuffix("s") in ATTACKERS or v == "gunmen" for v in victims)


# What attackers do that tells no attack of its own.
ENTERING = frozenset("burst storm raid enter overrun surround".split())


def _raiders(sentence: Sentence, here: Sequence[Actor]) -> list[Actor]:
    """Return the groups by name who came in: "members of the Allied Democratic Forces burst into the compound"."""
    inside = {
        token.i
        for verb in sentence.span
        if verb.lemma_.lower() in ENTERING and verb.pos_ == "VERB"
        for subject in verb.children
        if subject.dep_ == "nsubj"
        for token in subject.subtree
    }
    return [a for a in here if a.start in inside and not a.state and _has_name(a)]


def _hurts_others(mention: Mention, event: int) -> bool:
    """Say whether the deed befell those whom its sentence counts as victims: "forces shot dead a boy"."""
    doc = mention.sentence.doc
    hit = {t.i for h in actors.done_to(mention.sentence, event) for t in doc[h.i].subtree}
    return any(
        c.count.best and not c.perpetrator and not _are_attackers(c.victims) and c.start in hit
        for c in mention.casualties
    )


def _without_named(who: list[Actor], stopped: list[Actor]) -> list[Actor]:
    """Return the doers without those who only stopped the attackers, in any of the article's sentences."""
    names = {actor.who.name for actor in stopped if actor.state}
    return [actor for actor in who if actor.who.name not in names]


def _sentences_about(group: Group, groups: Sequence[Group], reading: Reading) -> Iterator[Sentence]:
    """Yield the sentences of the group's mentions, and those without a mention that follow one of them."""
    homes: defaultdict[int, list[Group]] = defaultdict(list)
    for one in groups:
        for mention in one.mentions:
            homes[mention.sentence.index].append(one)
    last: list[Group] = []
    since = 0
    for sentence in reading.sentences:
        here = homes.get(sentence.index)
        last, since = (here, 0) if here else (last[:1], since + 1)
        if group in last and since <= AFTERMATH_REACH:
            yield sentence


def _has_name(actor: Actor) -> bool:
    """Say whether it is more than gunmen."""
    return actor.state or actor.who.country_code is not None or actor.who.name != actor.who.text


def _without_repeats(found: list[Actor]) -> tuple[Actor, ...]:
    """Return the actors without a state whose forces are named, and without "jihadists" beside "suspected jihadists"."""
    forces = {a.who.country_code for a in found if a.state and not _is_bare_state(a)}
    known = [a for a in found if _has_name(a)]
    kept: list[Actor] = []
    for actor in _distinct(found):
        bare = _is_bare_state(actor) and actor.who.country_code in forces
        if not bare and not any(_is_same(actor, other) for other in (*known, *kept)):
            kept.append(actor)
    return tuple(kept)


_COUNTING = frozenset("other more several many dozens scores hundreds".split())
_ANYBODY = frozenset("people persons person others victims".split())


def _is_mere_number(actor: Actor, reading: Reading) -> bool:
    """Say whether it tells how many were hurt and not who: "four people", "two others"."""
    words = [
        t for t in reading.sentences[actor.sentence].doc[actor.start : actor.end] if t.is_alpha
    ]
    return all(t.lower_ in _ANYBODY | _COUNTING or t.pos_ == "NUM" for t in words)


def _is_bare_state(actor: Actor) -> bool:
    code = actor.who.country_code
    return code is not None and actor.state and actor.who.name == tables.countries()[code].name


def _is_same(actor: Actor, other: Actor) -> bool:
    """Say whether both are the same people without a name."""
    if _has_name(actor):
        return False
    if _has_name(other):
        return other.who.text.lower().endswith(f" {actor.who.name.lower()}")
    return actor.who.name.lower().split()[-1:] == other.who.name.lower().split()[-1:]


def _is_nearest(mention: Mention, actor: Actor, rivals: list[Mention]) -> bool:
    """Say whether the actor stands nearer to this event than to the others of its sentence."""
    if not rivals:
        return True
    anchor = mention.sentence.doc[actor.start : actor.end].root.i
    parts = (mention.triggers, *(rival.triggers for rival in rivals))
    return mentions.nearest(mention.sentence, anchor, parts) == 0


def _is_where(mention: Mention, actor: Actor, event: int) -> bool:
    """Say whether a state is only where something happened: "rockets fired from southern Lebanon", not "from US strikes"."""
    if not actor.state or actor.who.country_code is None:
        return False
    sentence = mention.sentence
    if actor.end <= event and sentence.doc[actor.start : actor.end].root.head.i == event:
        return False
    before = sentence.doc[max(sentence.span.start, actor.start - 2) : actor.start]
    words = [token.lower_ for token in before]
    return bool(words) and (words[-1] in WHERE or (words[0] in WHERE and words[-1].endswith("ern")))


def _is_home(actor: Actor, place: Place | None) -> bool:
    """Say whether a country's adjective only tells where: "the Nigerian attack" that was one in Nigeria."""
    return (
        place is not None
        and actor.who.country_code == place.country_code
        and _is_bare_state(actor)
        and exact_key(actor.who.text) in tables.load().adjectives
    )


def _is_town(actor: Actor, facts: Facts) -> bool:
    """Say whether what was taken for a doer is a town or a site: "the bombing in Homs, which killed five"."""
    if actor.state or _has_name(actor):
        return False
    return any(
        p.start < actor.end and actor.start < p.end and p.place.precision not in places.VAGUE
        for p in facts.places_in.get(actor.sentence, ())
    )


def _only_judges(mention: Mention, actor: Actor, event: int) -> bool:
    """Say whether a verb of blame stands between actor and event: "Turkey condemns Kirkuk bombing"."""
    between = mention.sentence.doc[actor.end : event] if actor.end <= event else ()
    return any(token.lower_.startswith(BLAME) for token in between)


def _committers(group: Group, others: list[Mention], facts: Facts) -> list[Actor]:
    """Return the armed actors right before a verb of committing, and states beside their weapon: "a Turkish drone"."""
    found: list[Actor] = []
    for mention in group.mentions:
        if mention.set_off:
            continue
        doc, span = mention.sentence.doc, mention.sentence.span
        verbs = [t.i for t in doc[span.start : mention.lead.head] if t.lower_ in COMMITTING]
        rivals = [m for m in others if m.sentence.index == mention.sentence.index]
        here = [
            a
            for a in facts.actors_in.get(mention.sentence.index, ())
            if _is_nearest(mention, a, rivals)
        ]
        found += [a for a in here if any(0 <= verb - a.end < BESIDE for verb in verbs)]
        found += [
            a
            for a in here
            if a.state
            and any(weapon_of(t) for t in doc[a.start : a.end])
            and doc[a.start : a.end].root.dep_ != "compound"
        ]
    return found


def _named_first(claimed: list[Actor]) -> tuple[Actor, ...]:
    """Return who claimed it, "a faction" only where no group is named."""
    named = [actor for actor in claimed if _has_name(actor)]
    return _distinct(named or claimed)


def _distinct(found: list[Actor]) -> tuple[Actor, ...]:
    return tuple({actor.who.name: actor for actor in found}.values())

"""Read around a candidate what `rules.judge` needs to know: who acts, who suffers, with what, in which sense."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.extract.events import (
    abstract,
    blows,
    causes,
    frames,
    general,
    lexicon,
    raids,
    repeats,
    wrecks,
)
from monitor.extract.events.around import Around, cued, governing_verb, is_definite
from monitor.extract.events.candidates import Candidate, weapon_of
from monitor.extract.events.rules import View
from monitor.extract.events.senses import HANDLING, OBJECTS, sense
from schemas.reasons import EventType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Span, Token

    from monitor.extract.events.setting import Setting

# What stands behind one of these was hit; it is no weapon: "opened fire on a plane".
AT = frozenset(
    {
        "on",
        "at",
        "against",
        "near",
        "in",
        "to",
        "into",
        "toward",
        "towards",
        "after",
        "over",
        "outside",
        "inside",
        "for",
        "before",
    }
)
BEATING = frozenset(
    {
        "beat",
        "stab",
        "hack",
        "stone",
        "shoot",
        "bludgeon",
        "club",
        "kick",
        "torture",
        "knife",
        "strangle",
        "batter",
    }
)
RELEASE = frozenset(
    "used using dropped released exposed fired launched attack attacks attacked shells symptoms suffocated suffocation gassed bombs "
    "barrel victims shelled bombarded strike strikes struck killed".split()
)
# Who drives into a crowd at a market or a parade, and not into traffic, is news before anybody knows why.
_INTO_CROWD = re.compile(
    r"\b(?:into|through|at) (?:a |the |several |dozens of )?(?:\w+ ){0,2}"
    r"(?:crowds?|revell?ers|worshippers|shoppers|visitors|marchers|protesters|demonstrators|spectators|parade|festival|christmas market|members of the public)\b"
)
# "attacked the convoy of the minister with shells": the phrase begins this many words behind its verb at most.
WITH_REACH = 12
PHRASE_REACH = 5


def view(candidate: Candidate, around: Around, article: Setting) -> View:
    """Return what stands around `candidate`."""
    token = candidate.token
    verb = governing_verb(token)
    mishap = causes.by_mishap(token) or causes.begins_with_mishap(token)
    armed = not causes.in_collision(token) and (
        _armed_agent(candidate, verb) or blows.by_state(candidate, around)
    )
    plural = token.tag_ in {"NNS", "NNPS"} or (
        token.lower_.endswith("s") and token.tag_ not in {"VBZ", "NN"}
    )
    return View(
        strength=candidate.entry.strength,
        pos=candidate.entry.pos,
        event_type=candidate.event_type,
        sense=sense(candidate, around, article) or raids.sense(candidate, around),
        frame=_frame(candidate),
        definite=is_definite(token),
        plural=plural,
        bare=repeats.bare(token),
        tallied=repeats.tallied(candidate, around, plural=plural)
        or repeats.summed(candidate, around),
        habitual=repeats.habitual(candidate, around),
        general=general.in_general(candidate, around),
        lasting=general.lasts(candidate),
        weapon=(not mishap and _has_weapon(candidate)) or wrecks.is_laden(around.text),
        weapon_acts=_acts(candidate),
        wrecked=wrecks.on_purpose(candidate, armed=armed),
        armed_agent=armed,
        hurt_target=_hurt_target(candidate, verb),
        crowd=candidate.entry.strength == "ramming"
        and (_INTO_CROWD.search(around.text) is not None or "explosives" in around.words),
        abstract_target=abstract.is_target(candidate, article),
        casualties=any(not c.running for c in around.casualties),
        figures=any(c.count.best is not None for c in around.casualties if not c.running),
        victims_told=any(c.verb == token.i and c.count.best is not None for c in around.casualties),
        told=repeats.told(token, verb, around),
        beaten=any(a.lemma_.lower() in BEATING for a in (token, *list(token.ancestors)[:2])),
        taken=_taken(candidate),
        fighters=bool(lexicon.cues()["fighters"] & around.words),
        dated=any(not day.since and not day.vague for day in around.days),
        placed=any(place.locative and not place.dateline for place in around.places),
        accident=cued("accident", around)
        or article.is_accident
        or cued("traffic", around)
        or (article.no_attack and candidate.event_type is EventType.VEHICLE_ATTACK)
        or mishap,
        disaster=_in_disaster(candidate, around) or article.is_disaster,
        military=_military(around, article) and not raids.takes_unarmed(candidate),
        violent_article=article.violent > 1 or article.claimed,
        in_title=around.sentence.headline,
    )


def _in_disaster(candidate: Candidate, around: Around) -> bool:
    """Say whether the sentence tells of a disaster by another word than the event's own verb: "al-Shabaab storms hotel"."""
    told = lexicon.cues()["disaster"] & around.words
    if candidate.entry.pos == "verb" and told == {candidate.token.lower_}:
        return False
    return cued("disaster", around)


def _has_weapon(candidate: Candidate) -> bool:
    named = candidate.named_weapon or weapon_near(candidate) is not None
    return named or wrecks.is_device(candidate)


def _frame(candidate: Candidate) -> frames.Frame | None:
    token = candidate.token
    if candidate.sentence.asks:
        return frames.Frame.HYPOTHETICAL
    held = frames.frame(token, definite=is_definite(token))
    if (
        held is None
        and candidate.entry.strength in {"device", "agent", "strong"}
        and candidate.entry.pos == "noun"
    ):
        return _foiled(token, candidate)
    return held


def _foiled(token: Token, candidate: Candidate) -> frames.Frame | None:
    """Say that a bomb was found or an attack foiled, and so did not happen."""
    verb = token.head
    cue = verb.lemma_.lower() in lexicon.cues()["foiled"] and token.dep_ in OBJECTS
    if cue and (
        candidate.entry.strength == "device"
        or verb.lemma_.lower() in {"foil", "thwart", "prevent", "avert", "disrupt", "stop"}
    ):
        return frames.Frame.FOILED
    return None


def arguments(candidate: Candidate) -> Iterator[Token]:
    """Yield what the candidate's verb, or the noun itself, takes: subjects, objects, agents and "with" phrases."""
    token = candidate.token
    handled = candidate.entry.pos == "noun" or token.lemma_.lower() in HANDLING
    skipped = frozenset() if handled else OBJECTS
    yield from _conjuncts(
        c
        for c in token.children
        if c.dep_.startswith(("nsubj", "obj", "obl", "nmod", "compound", "acl"))
        and c.dep_ not in skipped
        and not any(g.lower_ in AT and g.dep_ == "case" for g in c.children)
    )
    if token.dep_ in {"acl", "acl:relcl"}:
        yield token.head
        yield token.doc[max(token.i - 1, 0)]
    if token.dep_ == "conj" and candidate.entry.pos == "verb":
        yield from (c for c in token.head.children if c.dep_.startswith("nsubj"))
    if token.dep_ in {"advcl", "xcomp"}:
        used = OBJECTS if token.head.lemma_.lower() in HANDLING else frozenset()
        yield from (c for c in token.head.children if c.dep_ == "nsubj" or c.dep_ in used)


def _conjuncts(tokens: Iterator[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from (c for c in token.children if c.dep_ == "conj")


def weapon_near(candidate: Candidate) -> lexicon.WeaponEntry | None:
    """Return the weapon among the candidate's arguments ("fired eight missiles", "targeted by several rockets")."""
    others = (argument for argument in arguments(candidate) if argument.i != candidate.head)
    near = next(
        (
            weapon
            for argument in others
            if (weapon := weapon_of(argument)) is not None and not _is_hit(argument, weapon)
        ),
        None,
    )
    return near or _weapon_with(candidate)


def _is_hit(argument: Token, weapon: lexicon.WeaponEntry) -> bool:
    """Say whether an aircraft is what is hurt: "the plane was damaged and its crew injured"."""
    return weapon.type is EventType.AIR_STRIKE and argument.dep_ == "nsubj:pass"


def _weapon_with(candidate: Candidate) -> lexicon.WeaponEntry | None:
    """Return the weapon in a "with", "by" or "using" phrase behind the candidate, wherever the parser hung it."""
    doc, limit = candidate.sentence.doc, candidate.sentence.span.end
    for position in range(candidate.end, min(limit, candidate.end + WITH_REACH)):
        if doc[position].lower_ in {"with", "by", "using"}:
            weapon = _first_weapon(doc[position + 1 : min(limit, position + 1 + PHRASE_REACH)])
            if weapon is not None:
                return weapon
    return None


def _first_weapon(phrase: Span) -> lexicon.WeaponEntry | None:
    """Return the first weapon named in `phrase` before it ends."""
    found = None
    for token in phrase:
        if token.text in {",", ";", ".", "("} or token.lower_ in {
            "and",
            "in",
            "on",
            "that",
            "which",
        }:
            break
        found = weapon_of(token) or found
        if found is not None and token.dep_ not in {"compound", "amod", "punct", "nmod"}:
            break
    return found


# "Sticks of dynamite" are thrown, "a dynamite charge" goes off.
STICKS = frozenset({"stick", "cartridge", "charge", "bundle", "pack"})
PARTS = frozenset(
    {
        "window",
        "front",
        "facade",
        "wall",
        "door",
        "gate",
        "entrance",
        "roof",
        "part",
        "wing",
        "pane",
    }
)
OFFICES = frozenset(
    {
        "consulate",
        "embassy",
        "ministry",
        "parliament",
        "courthouse",
        "barracks",
        "garrison",
        "headquarters",
    }
)


def _is_run_over(token: Token) -> bool:
    """Say whether it is what a vehicle drove over: "a patrol drove over a mine"."""
    before = [t.lower_ for t in token.doc[max(token.left_edge.i - 1, 0) : token.i]]
    return "over" in before and token.head.lemma_.lower() in {"drive", "run", "roll", "pass"}


CLEARING = frozenset("removal clearance clearing disposal demining".split())
# Behind a weapon's name: where it is made.
MAKING = frozenset("manufacturing making production producing manufacturer maker".split())


def _acts(candidate: Candidate) -> bool:
    """Say whether a weapon word is what explodes, hits or is thrown, in the past or in a headline."""
    token = candidate.token
    if token.dep_ in {"compound", "nmod"} and token.head.lemma_.lower() in STICKS:
        token = token.head
    verb = token.head
    behind = token.doc[candidate.end] if candidate.end < candidate.sentence.span.end else token
    if behind.lower_ in MAKING or verb.lemma_.lower() in CLEARING:
        return False  # "At an explosives manufacturing unit", "the removal of all mines planted".
    if candidate.entry.strength == "agent" and _released(candidate):
        return True
    if (
        candidate.entry.strength in {"device", "agent"}
        or candidate.event_type.value == "suicide_bombing"
    ):
        cues = lexicon.cues()["device_verbs"]
        by_verb = token.dep_ in {
            "nsubj",
            "nsubj:pass",
            "obj",
            "obl:agent",
            "obl",
            "nsubj:outer",
        } and (verb.lemma_.lower() in cues or _is_run_over(token))
        dropped = dropping(candidate) or _is_launched(token)
        by_child = any(
            c.dep_ in {"acl", "acl:relcl"} and c.lemma_.lower() in cues for c in token.children
        )
        return (
            (by_verb or by_child or dropped)
            and verb.lemma_.lower() not in lexicon.cues()["foiled"]
            and frames.frame(verb if by_verb else token, definite=False) is None
        )
    return False


def _is_launched(weapon: Token) -> bool:
    """Say whether rockets are launched at a place: "the launch of rockets towards Metula", and no test of a missile."""
    if weapon.dep_ != "nmod" or weapon.head.lemma_.lower() not in {"launch", "launching", "firing"}:
        return False
    behind = list(weapon.sent)[weapon.i - weapon.sent.start :]
    return any(t.lower_ in {"at", "toward", "towards", "against"} for t in behind)


def dropping(candidate: Candidate) -> bool:
    """Say whether it is a bomb, or bombs, right behind a form of "drop"."""
    doc, position = candidate.sentence.doc, candidate.start - 1
    while position > candidate.sentence.span.start and doc[position].pos_ in {"DET", "ADJ", "NUM"}:
        position -= 1
    return position >= candidate.sentence.span.start and doc[position].lower_.startswith("dropp")


def _released(candidate: Candidate) -> bool:
    """Say whether the sentence tells of the use of a poison, wherever in it: used, dropped, symptoms, attack."""
    words = {token.lower_ for token in candidate.sentence.span}
    return bool(words & RELEASE) and frames.frame(candidate.token, definite=True) is None


def _armed_agent(candidate: Candidate, verb: Token | None) -> bool:
    armed = lexicon.cues()["armed"]
    token = candidate.token
    if token.dep_ == "amod" and candidate.entry.pos == "verb":
        return False  # "Helicopters took wounded soldiers away": nobody does it here.
    agents = [
        c
        for c in token.children
        if c.dep_ in {"obl:agent", "compound", "amod", "nmod:poss"} or (c.dep_ == "nsubj")
    ]
    agents += [
        c
        for c in token.children
        if c.dep_ in {"nmod", "obl"} and any(g.lower_ == "by" for g in c.children)
    ]
    if token.dep_ in {"acl", "acl:relcl"} and not any(
        c.dep_ == "nsubj:pass" for c in token.children
    ):
        agents.append(token.head)
    if verb is not None and verb.i != token.i:
        agents += [c for c in verb.children if c.dep_ in {"nsubj", "obl:agent"}]
    if verb is not None and verb.dep_ in {"conj", "xcomp", "advcl"}:
        agents += [c for c in causes.clause_above(verb).children if c.dep_ == "nsubj"]
    agents += [c for a in agents for c in a.children if c.dep_ in {"conj", "nmod", "compound"}]
    return any(agent.lower_ in armed or weapon_of(agent) is not None for agent in agents)


# Whom armed men carry off; police seize suspects, members and men.
CAPTIVES = frozenset(
    "people person villager woman girl child schoolgirl schoolchild pupil student passenger worker worshipper worshiper traveller "
    "traveler farmer resident civilian commuter herder fisherman tourist nun priest engineer".split()
)


def _taken(candidate: Candidate) -> bool:
    """Say whether somebody takes the hostages, or seizes people in numbers: "bandits seized 64 people"."""
    token = candidate.token
    if candidate.entry.pos == "noun":
        return token.dep_ in OBJECTS and token.head.lemma_.lower() in {"take", "seize", "hold"}
    taken = [c for c in token.children if c.dep_ in OBJECTS]
    taken += [c for t in taken for c in t.children if c.dep_ == "conj"]
    return any(t.lemma_.lower() in CAPTIVES for t in taken)


_ATTACKED = frozenset(
    "airport bus cafe checkpoint church concert convoy embassy flotilla hospital hotel mall market mosque restaurant school shrine "
    "synagogue temple train village".split()
)
# What an attack does to what it is made on.
AIMING = frozenset({"target", "hit", "strike"})


def _hurt_target(candidate: Candidate, verb: Token | None) -> bool:
    """Say whether people or a site are what is attacked."""
    targets = lexicon.cues()["target"]
    token = candidate.token
    hit = [
        c
        for c in token.children
        if c.dep_ in OBJECTS
        or (
            c.dep_ in {"nmod", "obl"}
            and {"on", "against", "at", "of", "in", "near"} & {g.lower_ for g in c.children}
        )
    ]
    if verb is not None and verb.i != token.i and token.dep_ == "nsubj":
        hit += [c for c in verb.children if c.dep_ == "obj"]
    if token.dep_ in {"acl", "acl:relcl"}:
        hit.append(token.head)
    if candidate.entry.pos == "noun":
        # "The attack that targeted a mosque".
        told = (c for c in token.children if c.dep_ == "acl:relcl" and c.lemma_.lower() in AIMING)
        hit += [c for verb in told for c in verb.children if c.dep_ == "obj"]
    if token.dep_ == "nsubj" and token.head.lemma_ == "be":
        # "There was an explosion at one of the installations": the parse hangs the target on the verb.
        hit += [c for c in token.head.children if c.dep_ == "obl" and _is_at(c)]
    if candidate.entry.pos == "noun":
        # "The Manchester synagogue attack"
        hit += [c for c in token.children if c.dep_ == "compound" and c.lower_ in _ATTACKED]
    hit += [c for h in hit for c in h.children if c.dep_ == "conj" or _is_whole(h, c)]
    return any(
        h.lower_ in targets or h.pos_ == "PROPN" or _is_titled(h) or _is_of_office(h) for h in hit
    )


def _is_at(phrase: Token) -> bool:
    return any(c.lower_ in {"at", "near", "inside", "outside"} for c in phrase.children)


def _is_whole(part: Token, child: Token) -> bool:
    """Say whether it is what one of is hit: "one of the installations"."""
    return part.pos_ == "NUM" and child.dep_ in {"nmod", "obl"}


def _is_titled(head: Token) -> bool:
    """Say whether a name stands behind its title: "the murder of justice Carlos Valencia"."""
    return any(
        c.pos_ == "PROPN" and c.dep_ in {"flat", "appos"} and c.i > head.i for c in head.children
    )


def _is_of_office(part: Token) -> bool:
    """Say whether it is a part of a state's building, which gas seldom blows up: "the windows of the consulate"."""
    whose = (c for c in part.children if c.dep_ in {"nmod", "nmod:poss", "compound"})
    return part.lemma_.lower() in PARTS and any(c.lower_ in OFFICES for c in whose)


# Whom forces arrest without a fight.
SMUGGLING = frozenset("trafficker traffickers smuggler smugglers dealer dealers".split())


def _military(around: Around, article: Setting) -> bool:
    """Say whether soldiers moved against fighters: what makes an operation or an arrest armed."""
    cues = lexicon.cues()
    if SMUGGLING & around.words and not cues["militants"] & around.words:
        return False
    soldiers = bool(cues["soldiers"] & around.words) or any(
        p in around.text for p in cues.phrases["soldiers"]
    )
    fighters = bool(cues["militants"] & around.words) or article.counts["militants"] > 1
    return soldiers and fighters

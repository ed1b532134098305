"""Put a report together: incidents from mentions and facts, the main one first, then statements and tallies."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from monitor.extract.actors import parties
from monitor.extract.casualties import rules as casualties
from monitor.extract.casualties import sums, toll
from monitor.extract.dates import happened
from monitor.extract.dates import rules as dates
from monitor.extract.events import (
    grouping,
    gunfire,
    hindsight,
    kinds,
    lands,
    lexicon,
    mentions,
    sieges,
    unreal,
    whereabouts,
)
from monitor.extract.events import triggers as judged
from monitor.extract.gather import Facts, gather
from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key
from monitor.extract.places import apart as places_apart
from monitor.extract.places import rules as places
from monitor.extract.statements import rules as statements
from schemas.reasons import EventType, PlacePrecision, ReportReason
from schemas.report import DayRange, Evidence, Named, Place, Report, ReportedIncident

if TYPE_CHECKING:
    from monitor.extract.events.grouping import Group
    from monitor.extract.events.mentions import Mention
    from monitor.extract.facts import (
        Actor,
        Casualty,
        Day,
        PlaceName,
        Reading,
        Sentence,
        Trigger,
    )
    from monitor.extract.policy import Policy

# What a state does so it does from afar.
STRIKING = frozenset({"strike", "hit", "pound"})
QUOTE_CHARS = 400
# A sentence about the victims stands at most this far behind the one that told the event.
CASUALTY_REACH = 6
# A figure may stand so far before it: "The riots resulted in two injuries. One is an officer. He was shot".
CASUALTY_LEAD = 2
# "Across Lebanon", "throughout the province": of several events.
ACROSS = frozenset({"across", "throughout"})
VERBS = frozenset({"VBD", "VBN", "VBP", "VBZ", "VBG"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """A report with what it was made from, for `explain`."""

    reading: Reading
    facts: Facts
    triggers: dict[int, tuple[Trigger, ...]]
    groups: tuple[Group, ...]
    report: Report


def assemble(
    reading: Reading, policy: Policy, extractor: str, reason: ReportReason | None = None
) -> Assembly:
    """Return the report of an article and what it rests on."""
    facts = gather(reading)
    triggers = judged.all_triggers(reading, facts)
    facts = unreal.without(reading, facts, triggers)
    found = mentions.all_mentions(reading, facts, triggers)
    groups = grouping.group(found)
    aside = _asides(triggers, found)
    hurt = _apportioned(groups, _attach(groups, facts, reading, aside), reading, policy)
    told = [
        _incident(g, groups, hurt[i], reading=reading, facts=facts, policy=policy)
        for i, g in enumerate(groups)
    ]
    kept = [i for i, g in enumerate(groups) if not _only_dates(g)] or range(len(groups))
    order = sorted(kept, key=lambda i: _rank(i, groups, told))[: policy.max_incidents]
    incidents = tuple(_numbered(told[i], ordinal) for ordinal, i in enumerate(order))
    report = Report(
        id=reading.article_id,
        incidents=incidents,
        statements=statements.find(reading, incidents, facts.days, judged.harmless(triggers)),
        tallies=facts.tallies,
        reason=reason,
        language=reading.language,
        extractor=extractor,
    )
    return Assembly(
        reading=reading,
        facts=facts,
        triggers=triggers,
        groups=tuple(groups[i] for i in order),
        report=report,
    )


def _only_dates(group: Group) -> bool:
    """Say whether it only tells when the news was: "a day after five were killed in a strike", wherever that was."""
    return all(mention.passing for mention in group.mentions)


def _rank(
    index: int, groups: tuple[Group, ...], told: list[ReportedIncident]
) -> tuple[bool, int, int]:
    """Return what puts news before background, then the order of the text; of one sentence, the later day."""
    days = told[index].date
    newest = date.max if days is None else days.last
    return told[index].background, groups[index].first.sentence.index, -newest.toordinal()


def _numbered(incident: ReportedIncident, ordinal: int) -> ReportedIncident:
    fields = {name: getattr(incident, name) for name in incident.__struct_fields__}
    return ReportedIncident(**{**fields, "ordinal": ordinal})


def _asides(triggers: dict[int, tuple[Trigger, ...]], found: tuple[Mention, ...]) -> frozenset[int]:
    """Return the sentences whose events are no news of the article: "the trial went on of a man accused of killing six"."""
    told = {mention.sentence.index for mention in found}
    return frozenset(i for i, here in triggers.items() if any(t.kept for t in here)) - told


def _attach(
    groups: tuple[Group, ...], facts: Facts, reading: Reading, aside: frozenset[int]
) -> list[list[Casualty]]:
    """Return the claims of casualties by incident: of its own mentions, then of the sentences that follow it.

    What a sentence without an event tells of a month that has gone by is nobody's, and what an aside tells neither.
    """
    gone = {d.sentence for d in facts.days if mentions.is_gone(d, reading)}
    told = [(m, i) for i, g in enumerate(groups) for m in g.mentions]
    # "Shells landed, hours after jets struck the town. Nobody was hurt": by the shells.
    home = {m.sentence.index: i for m, i in sorted(told, key=lambda one: not one[0].set_off)}
    owner = {id(c): i for i, g in enumerate(groups) for m in g.mentions for c in m.casualties}
    attached: list[list[Casualty]] = [[] for _ in groups]
    for index, claims in sorted(facts.casualties_in.items()):
        for claim in claims if index not in aside else ():
            if claim.total and index not in home and _is_of_disaster(reading.sentences[index]):
                continue
            near = None if index in gone else _nearest(claim, home)
            mine = owner.get(id(claim), home.get(index, near))
            if mine is not None:
                attached[mine].append(claim)
    return attached


def _is_of_disaster(sentence: Sentence) -> bool:
    """Say whether a sentence tells of a flood or a quake: "Meanwhile, the death toll from floods climbed to 11"."""
    return any(token.lower_ in lexicon.cues()["disaster"] for token in sentence.span)


def _apportioned(
    groups: tuple[Group, ...], attached: list[list[Casualty]], reading: Reading, policy: Policy
) -> list[list[Casualty]]:
    """Return the claims without the sums of several incidents; those of years ago are in no sum of today's."""
    today = dates.reference_day(reading)
    oldest = None if today is None else today - policy.novelty_window
    news = [
        i for i, g in enumerate(groups) if g.days is None or oldest is None or g.days.last >= oldest
    ]
    shared = dict(zip(news, sums.apportioned([attached[i] for i in news]), strict=True))
    return [shared.get(i, claims) for i, claims in enumerate(attached)]


def _nearest(claim: Casualty, home: dict[int, int]) -> int | None:
    before = [i for i in home if claim.sentence - CASUALTY_REACH <= i < claim.sentence]
    if before:
        return home[max(before)]
    lead = CASUALTY_LEAD if claim.count.best is not None else 1
    behind = range(claim.sentence + 1, claim.sentence + 1 + lead)
    return next((home[i] for i in behind if i in home), None)


def _incident(
    group: Group,
    groups: tuple[Group, ...],
    claims: list[Casualty],
    *,
    reading: Reading,
    facts: Facts,
    policy: Policy,
) -> ReportedIncident:
    deeds = parties.deeds_of(group)
    lead = min((m.lead for m in deeds.mentions), key=lambda t: mentions.RANK[t.event_type])
    place, days = _place(group, reading, facts), _days(group, reading, facts)
    claims = _of_one_place(claims, place, group, reading, facts)
    sides = parties.parties(group, groups, facts, reading, place)
    place = _struck_abroad(place, sides, group, facts)
    folded = casualties.fold(toll.of_one(claims, sides.perpetrators, facts.tallies, reading))
    event_type = kinds.event_type(
        lead.event_type,
        sides.perpetrators,
        sides.targets,
        " ".join(m.sentence.text for m in group.mentions),
        struck=_struck(deeds),
    )
    kind = kinds.kind(event_type, sides.perpetrators, air=_told_as_air_strike(deeds))
    return ReportedIncident(
        ordinal=0,
        kind=kind,
        event_type=event_type,
        date=days,
        place=place,
        killed=folded.killed,
        injured=folded.injured,
        casualties=folded.casualties,
        perpetrators=_named(sides.perpetrators),
        claimed_by=_named(sides.claimants),
        targets=_named(sides.targets),
        weapon=lead.weapon or next((m.weapon for m in group.mentions if m.weapon), None),
        victims=folded.victims,
        names=folded.names,
        background=_background(group, days, reading, policy),
        correction=folded.correction,
        quote=group.first.sentence.text.strip()[:QUOTE_CHARS],
        evidence=_evidence(group, reading, facts, place, folded.used),
    )


def _struck_abroad(
    place: Place | None, sides: parties.Parties, group: Group, facts: Facts
) -> Place | None:
    """Return the country whose people a state struck, where only the date line of that state's report was a place."""
    if place is None or any(not p.dateline for p in facts.places if p.place == place):
        return place
    doers = {a.who.country_code for a in sides.perpetrators if a.state}
    adjectives = tables.load().adjectives
    peoples = (
        adjectives.get(exact_key(token.text), "")
        for m in group.mentions
        for token in m.sentence.span
        if token.text[:1].isupper()
    )
    struck = next((code for code in peoples if code and code not in doers), "")
    if place.country_code not in doers or not struck:
        return place
    name = tables.countries()[struck].name
    return Place(name=name, country=name, country_code=struck, precision=PlacePrecision.COUNTRY)


def _of_one_place(
    claims: list[Casualty], place: Place | None, group: Group, reading: Reading, facts: Facts
) -> list[Casualty]:
    """Return the claims without those that are told of a whole country: "strikes killed 24 across Lebanon".

    "The attack killed two and cut power across Lebanon" tells of one attack.
    """
    if place is None or place.precision in whereabouts.WIDE:
        return claims
    one = {m.sentence.index for m in group.mentions if m.definite and not m.plural}
    spread = [
        p
        for p in facts.places
        if p.place.precision in whereabouts.WIDE and _is_across(reading.sentences[p.sentence], p)
        if p.sentence not in one or not _is_of_another_verb(p, facts, reading)
    ]
    sums = {(c.measure, c.count.best) for p in spread for c in _beside(p, claims)}
    return [c for c in claims if (c.measure, c.count.best) not in sums]


def _beside(place: PlaceName, claims: list[Casualty]) -> tuple[Casualty, ...]:
    """Return the claims of its sentence that stand nearest to a place, one of each measure."""
    here = [c for c in claims if c.sentence == place.sentence]
    far_first = sorted(here, key=lambda c: -abs(c.start - place.start))
    return tuple({c.measure: c for c in far_first}.values())


def _is_across(sentence: Sentence, place: PlaceName) -> bool:
    before = sentence.doc[max(sentence.span.start, place.start - 2) : place.start]
    return any(token.lower_ in ACROSS for token in before)


def _is_of_another_verb(place: PlaceName, facts: Facts, reading: Reading) -> bool:
    """Say whether a verb that hurts nobody stands nearest before it: "killed two and cut power across ..."."""
    verbs = [t.i for t in reading.sentences[place.sentence].span if t.tag_ in VERBS]
    nearest = max((i for i in verbs if i < place.start), default=None)
    return nearest not in {c.verb for c in facts.casualties_in.get(place.sentence, ())}


def _struck(group: Group) -> bool:
    """Say whether "strike" or "bomb" tells it; police whose bullets strike somebody have guns."""
    if any(t.weapon == gunfire.GUN for m in group.mentions for t in m.triggers):
        return False
    return any(
        m.sentence.doc[t.head].lemma_.lower() in STRIKING
        or (
            m.sentence.doc[t.head].lemma_.lower() == "bomb"
            and m.sentence.doc[t.head].pos_ == "VERB"
        )
        for m in group.mentions
        for t in m.triggers
    )


def _told_as_air_strike(group: Group) -> bool:
    return EventType.AIR_STRIKE in group.types


def _days(group: Group, reading: Reading, facts: Facts) -> DayRange | None:
    """Return the days told of the incident; where none are, those that its first mention inherits from its text."""
    if group.days is not None:
        return group.days
    if group.first.tried or any(m.vague_days for m in group.mentions):
        return None
    sentences = (m.sentence for m in group.mentions)
    behind = next(
        (d for s in sentences if (d := happened.day_behind(s, reading, facts.days_in))), None
    )
    if behind is not None:
        return behind
    said = next((m.said for m in group.mentions if m.said is not None), None)
    if said is not None:
        return sieges.days_before(said) if _only_claimed(group) else said
    days = tuple(d for d in facts.days if not group.first.live or _is_of_entry(d, group, reading))
    return dates.of_event(group.first.sentence, group.first.lead.head, reading, days)


def _is_of_entry(day: Day, group: Group, reading: Reading) -> bool:
    """Say whether a day is told in the entry of a live page that tells the incident, were it in its heading."""
    between = reading.sentences[day.sentence].paragraph - group.first.sentence.paragraph
    return abs(between) <= 1


def _only_claimed(group: Group) -> bool:
    """Say whether those who did it tell of it, in figures that nobody else gives: they may speak of any day before."""
    hurt = [c.count for m in group.mentions for c in m.casualties]
    return bool(hurt) and all(c.low is None and c.best is None for c in hurt)


def _place(group: Group, reading: Reading, facts: Facts) -> Place | None:
    """Return the most exact place told of the incident; else where its first mention's text plays."""
    told = [m.place for m in group.mentions if m.place is not None]
    exact = [p for p in told if p.precision not in places.VAGUE]
    headline = group.first.sentence.headline and group.first.place is not None
    if headline and len(exact) > 1 and _is_loose(exact[0], exact[1]):
        exact = exact[1:]
    if exact:
        inside = [
            p
            for p in exact[1:]
            if p != exact[0]
            and (places.contains(exact[0], p) or places_apart.quarter_of(exact[0], p))
        ]
        finest = min(
            inside or exact[:1],
            key=lambda p: (whereabouts.FINENESS.index(p.precision), p.lat is not None),
        )
        return places.in_province(finest, exact)
    first = group.first
    around = whereabouts.around(first.sentence, first.triggers, reading, facts)
    inherited = places.of_event(first.sentence, first.lead.head, reading, around)
    if told and (inherited is None or inherited.country_code != told[0].country_code):
        inherited = told[0]
    if inherited is not None and not told and all(m.reaction for m in group.mentions):
        # What the state mourns need not have been in the town told of before.
        return places.province_of(inherited)
    if inherited is None or _only_acts(inherited, group, facts):
        other = _most_named(facts) or _told_region(facts) or lands.of_victims(group)
        return other or (None if lands.strikes(inherited, group, facts) else inherited)
    return inherited


def _is_loose(headline: Place, told: Place) -> bool:
    """Say whether a headline's town gives way: to another place, or to one in the province of its name."""
    province = headline.name == headline.admin1 == told.admin1 != told.name
    return province or places_apart.apart(headline, told)


def _only_acts(place: Place, group: Group, facts: Facts) -> bool:
    """Say whether a country is named here as one who acts or speaks, and nowhere as a where: "Turkey says tests ..."."""
    if place.precision not in places.VAGUE:
        return False
    here = {m.sentence.index for m in group.mentions}
    named = [p for p in facts.places if p.sentence in here and p.place == place]
    docs = {m.sentence.index: m.sentence.doc for m in group.mentions}
    return not any(p.locative or whereabouts.owns_target(docs[p.sentence], p) for p in named)


def _most_named(facts: Facts) -> Place | None:
    """Return the place, more exact than a country, that the article names most often; the first of equals."""
    exact = [
        p.place for p in facts.places if p.place.precision not in places.VAGUE and not p.dateline
    ]
    counts = Counter((p.name, p.country_code) for p in exact)
    return max(exact, key=lambda p: counts[p.name, p.country_code], default=None)


def _told_region(facts: Facts) -> Place | None:
    """Return the first country or region that the article names as a where: "an attack in the Red Sea"."""
    return next((p.place for p in facts.places if p.locative and not p.dateline), None)


def _named(found: tuple[Actor, ...]) -> tuple[Named, ...]:
    return tuple(actor.who for actor in found)


# A check of what others told brings nothing new itself; it says what it is in its title or at the start.
FACT_CHECK = re.compile(r"\W*fact[ -]?check", re.IGNORECASE)
FACT_CHECK_REACH = 3


def _looks_back(group: Group, reading: Reading) -> bool:
    """Say whether the headline tells an anniversary, or the article checks what others told."""
    first = group.first
    kept = first.sentence.headline and first.reaction and hindsight.is_anniversary(first.sentence)
    return kept or any(FACT_CHECK.match(s.text) for s in reading.sentences[:FACT_CHECK_REACH])


def _background(group: Group, days: DayRange | None, reading: Reading, policy: Policy) -> bool:
    """Say whether an incident is told as older than the article's news (ARCHITECTURE.md, "Words")."""
    first = group.first
    after = all(m.reaction for m in group.mentions) or first.tried
    if all(m.dates_news for m in group.mentions):
        return True
    if _looks_back(group, reading) or (after and group.days is None):
        return True
    if reading.published is None:
        return False
    dated = [m for m in group.mentions if m.days is not None]
    if dated and all(m.old for m in dated):
        return True
    if days is not None:
        return days.last < reading.published.date() - policy.novelty_window
    return all(m.vague_days or m.days is None for m in group.mentions)


def _evidence(
    group: Group, reading: Reading, facts: Facts, place: Place | None, claims: tuple[Casualty, ...]
) -> tuple[Evidence, ...]:
    sentences = reading.sentences
    found = [
        m.sentence.evidence(t.start, t.end, "trigger") for m in group.mentions for t in m.triggers
    ]
    found += [sentences[c.sentence].evidence(c.start, c.end, c.measure) for c in claims]
    named = next((p for p in facts.places if p.place == place), None)
    if named is not None:
        found.append(sentences[named.sentence].evidence(named.start, named.end, "place"))
    dated = next((m for m in group.mentions if m.days is not None), None)
    if dated is not None:
        found += [
            dated.sentence.evidence(d.start, d.end, "date")
            for d in facts.days_in.get(dated.sentence.index, ())
            if d.days == dated.days
        ]
    return tuple(found)

"""Say where a mention plays: of the places that its sentence names, the one that is told of its event."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from monitor.extract.events import clusters, lexicon, triggers
from monitor.extract.places import rules as places
from schemas.reasons import EventType, PlacePrecision

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from monitor.extract.facts import PlaceName, Reading, Sentence, Trigger
    from monitor.extract.gather import Facts
    from schemas.report import Place

WIDE = places.VAGUE | {PlacePrecision.ADMIN1}
# What leads from a state's name up to its official.
OF_SPEAKER = frozenset({"nmod", "nmod:desc", "nmod:poss", "compound", "amod", "appos", "conj"})
MISSIONS = frozenset({"embassy", "consulate", "mission", "ambassador", "envoy"})
# Whose office is a province's: what they tell of was in it, and where else the article says.
OFFICES = frozenset(
    "secretary governor minister premier commissioner administrator spokesman spokeswoman spokesperson".split()
)
FINENESS = tuple(PlacePrecision)
DIRECTIONS = frozenset(
    "north south east west northeast northwest southeast southwest northern southern eastern western km kilometers "
    "kilometres miles".split()
)
BESIDE = frozenset("outside near outskirts close around".split())
# A place told by its direction from a city lies within a day's walk of it.
FAR_KM = 200.0
# What stands between a town and the district that it lies in.
ADDRESS = frozenset({",", "in", "of", "the"})
MAX_ADDRESS = 3


def of_mention(
    sentence: Sentence,
    kept: tuple[Trigger, ...],
    reading: Reading,
    facts: Facts,
    *,
    within: range,
) -> Place | None:
    """Return where the sentence says that the event of its triggers `kept` happened, among the tokens `within`."""
    aside = clusters.only_dates(sentence, kept)
    here = tuple(
        p
        for p in facts.places_in.get(sentence.index, ())
        if not p.dateline and p.start in within and not _elsewhere(sentence, p, kept, facts)
        if not _acts(sentence, p, kept) and not _speaks(sentence, p)
        if p.start not in aside
        if not _condemns(sentence, p, kept)
        if not places.is_other_end(sentence.doc, p)
        if not _is_contrasted(sentence, p, kept)
    )
    if sentence.headline:
        here = tuple(
            p
            for p in here
            if p.place.precision not in places.VAGUE
            or p.locative
            or any(places.is_struck(sentence.doc, t.head, p) for t in kept)
        )
    if all(t.event_type is EventType.OTHER_VIOLENCE for t in kept):
        here = tuple(p for p in here if p.locative)
    if not here:
        return None
    found = [places.of_event(sentence, trigger.head, reading, here) for trigger in kept]
    told = [place for place in found if place is not None]
    inside = [place for place in told if places.contains(told[0], place)]
    best = min(inside, key=lambda place: FINENESS.index(place.precision), default=None)
    best = _ashore(best, here)
    where = _town_before(sentence, best, here) or best or _owner_of_target(sentence, kept, here)
    return where and places.in_province(where, [p.place for p in here])


def _owner_of_target(
    sentence: Sentence, kept: tuple[Trigger, ...], here: tuple[PlaceName, ...]
) -> Place | None:
    """Return the country whose site was hit, where nothing says where: "the attack on Qatar's gas complex"."""
    doc = sentence.doc
    heads = {t.head for t in kept}
    return next(
        (
            name.place
            for name in here
            if owns_target(doc, name) and doc[name.start : name.end].root.head.head.i in heads
        ),
        None,
    )


def owns_target(doc: Doc, name: PlaceName) -> bool:
    """Say whether a country's site is what something is aimed at: "on Qatar's gas complex", and not "on Iran's Guards"."""
    owner = doc[name.start : name.end].root
    aimed = any(c.lower_ in {"on", "against"} for c in owner.head.children)
    return owner.dep_ == "nmod:poss" and aimed and owner.head.pos_ == "NOUN"


def around(
    sentence: Sentence, kept: tuple[Trigger, ...], reading: Reading, facts: Facts
) -> tuple[PlaceName, ...]:
    """Return the places of the article from which an event told by the triggers `kept` may inherit its own."""
    return tuple(
        p
        for p in facts.places
        if not _is_compared(p, reading, facts)
        and not (p.sentence == sentence.index and _is_contrasted(sentence, p, kept))
    )


def _is_contrasted(sentence: Sentence, place: PlaceName, kept: tuple[Trigger, ...]) -> bool:
    """Say whether a place is in a "while" clause that tells of something else: "while rebels gain ground in Aden"."""
    head = sentence.doc[place.start : place.end].root
    clause = next((a for a in head.ancestors if _is_while(a)), None)
    return clause is not None and not any(
        t.head == clause.i or clause.is_ancestor(sentence.doc[t.head]) for t in kept
    )


def _is_while(verb: Token) -> bool:
    """Say whether a verb is that of "while rebels gain ground", and not of "while searching for a leader"."""
    contrasted = any(c.dep_ == "mark" and c.lower_ in {"while", "whereas"} for c in verb.children)
    return (
        verb.dep_ == "advcl"
        and contrasted
        and any(c.dep_ == "nsubj" and c.pos_ != "PRON" for c in verb.children)
    )


def _ashore(best: Place | None, here: tuple[PlaceName, ...]) -> Place | None:
    """Return a state for a lake of several states: "in the Lake Chad basin in Borno State"."""
    if best is None or best.country_code is not None:
        return best
    ashore = (p.place for p in here if p.locative and p.place.country_code is not None)
    return min(ashore, key=lambda place: FINENESS.index(place.precision), default=best)


_OF_TOWNS = frozenset({PlacePrecision.DISTRICT, PlacePrecision.ADMIN1})


def _may_lie_in(town: Place, district: Place) -> bool:
    """Say whether a town may lie in a district, or in a province that the map has as a part of another: "Isulan, Sultan Kudarat"."""
    if district.precision is PlacePrecision.ADMIN1:
        return town.country_code == district.country_code
    return town.admin1 == district.admin1


def _town_before(
    sentence: Sentence, district: Place | None, here: tuple[PlaceName, ...]
) -> Place | None:
    """Return the town that is told to lie in a district: "in Maga, in Danko/Wasagu Local Government Area"."""
    if district is None or district.precision not in _OF_TOWNS:
        return None
    start = next((p.start for p in here if p.place == district), sentence.span.end)
    return next(
        (
            p.place
            for p in here
            if p.locative
            and FINENESS.index(p.place.precision) < FINENESS.index(district.precision)
            and p.place.precision is not PlacePrecision.SITE
            and _may_lie_in(p.place, district)
            and 0 < start - p.end <= MAX_ADDRESS
            and all(t.lower_ in ADDRESS for t in sentence.doc[p.end : start])
        ),
        None,
    )


def _acts(sentence: Sentence, place: PlaceName, kept: tuple[Trigger, ...]) -> bool:
    """Say whether a state is whose deed it is, and no where: "Iran's missile strikes", "Russia launched drones"."""
    if place.place.precision is not PlacePrecision.COUNTRY or place.locative:
        return False
    owner = sentence.doc[place.start : place.end].root
    return owner.dep_ in {"nmod:poss", "nsubj"} and any(
        t.start <= owner.head.i < t.end for t in kept
    )


def _speaks(sentence: Sentence, place: PlaceName) -> bool:
    """Say whether it only tells who speaks: "an official of Ukraine's security service told", "the embassy in Baghdad called"."""
    token = sentence.doc[place.start : place.end].root
    passed = set()
    while token.dep_ in OF_SPEAKER:
        token = token.head
        passed.add(token.lemma_)
    office = place.place.precision is PlacePrecision.ADMIN1 and bool(passed & OFFICES)
    state = place.place.precision is PlacePrecision.COUNTRY and not place.locative
    state = state or (token.lower_ == "ministry" and place.place.precision in WIDE)
    name = str(sentence.doc[place.start : place.end].text)
    state = state or name.endswith(" County")
    if not (state or office or token.lemma_.lower() in MISSIONS):
        return False
    return token.dep_ == "nsubj" and token.head.lemma_.lower() in lexicon.cues()["saying"]


# What is condemned happened where its own phrase says, and not where those are who condemn it.
CONDEMNING = frozenset("condemn denounce deplore slam decry".split())
VERDICTS = frozenset({"condemnation", "denunciation", "rejection", "solidarity"})
DRAWN = frozenset({"condemnation", "outrage", "denunciation"})


def _condemns(sentence: Sentence, place: PlaceName, kept: tuple[Trigger, ...]) -> bool:
    """Say whether a place tells who condemns: "the embassy in Bangkok condemned", "drew condemnation from Malaysia"."""
    doc = sentence.doc
    before = sentence.span[: place.start - sentence.span.start]
    if any(a.lemma_.lower() in DRAWN and b.lower_ == "from" for a, b in pairwise(before)):
        return True
    if _is_theirs(doc[place.start : place.end].root):
        return True
    heads = [doc[t.head] for t in kept]
    verbs = [h.head.i for h in heads if h.head.lemma_.lower() in CONDEMNING and h.dep_ == "obj"]
    within = {token.i for h in heads for token in h.subtree}
    aside = any(place.start < verb for verb in verbs) or (bool(verbs) and not place.locative)
    return aside and place.start not in within


def _is_theirs(name: Token) -> bool:
    """Say whether it is whose words they are: "the State of Kuwait's condemnation of the attack"."""
    for _ in range(len(OF_SPEAKER)):
        if name.dep_ == "nmod:poss" and name.head.lemma_.lower() in VERDICTS:
            return True
        if name.dep_ not in OF_SPEAKER:
            return False
        name = name.head
    return False


def city_beside(sentence: Sentence, facts: Facts, within: range) -> Place | None:
    """Return the widest place of the event beside it, where one of two has none: "hours after a blast in the same city"."""
    beside = [
        p.place
        for p in facts.places_in.get(sentence.index, ())
        if p.start not in within and p.locative and p.place.precision not in places.VAGUE
    ]
    return max(reversed(beside), key=lambda p: FINENESS.index(p.precision), default=None)


def _elsewhere(
    sentence: Sentence, place: PlaceName, kept: tuple[Trigger, ...], facts: Facts
) -> bool:
    """Say whether a place is that of an older event which the sentence compares its own with."""
    clauses = (triggers.clause_of_day(sentence, d) for d in facts.days_in.get(sentence.index, ()))
    return any(place.start in c and not any(t.head in c for t in kept) for c in clauses)


def _is_compared(place: PlaceName, reading: Reading, facts: Facts) -> bool:
    """Say whether it is where an older event was: "the deadliest since 2010, when two bombs in Kampala killed 76"."""
    sentence, days = reading.sentences[place.sentence], facts.days_in.get(place.sentence, ())
    return any(place.start in triggers.clause_of_day(sentence, d) for d in days)


def in_clause(sentence: Sentence, lead: Trigger, facts: Facts, place: Place) -> bool:
    """Say whether a place is told in the trigger's own relative clause, where it stands in one.

    "They marched through Sidon in the funeral of two men who were killed in Tyre": not in Sidon.
    """
    head = sentence.doc[lead.head]
    clause = next((a for a in (head, *head.ancestors) if _is_relative(a)), None)
    if clause is None:
        return True
    below = {token.i for token in clause.subtree}
    return any(p.start in below and p.place == place for p in facts.places_in[sentence.index])


def _is_relative(verb: Token) -> bool:
    """Say whether it is the verb of a relative clause, whatever the parse hangs it on."""
    whose = (c for c in verb.children if c.dep_ in {"nsubj", "nsubj:pass"})
    return verb.dep_ == "acl:relcl" or any(c.lower_ in {"who", "which"} for c in whose)


def tied_place(sentence: Sentence, kept: tuple[Trigger, ...], facts: Facts) -> bool:
    """Say whether a trigger's own phrase names a place: "the attack that targeted the Jurf area"."""
    below = {token.i for t in kept for token in sentence.doc[t.head].subtree}
    return any(
        p.place.precision not in places.VAGUE
        and (p.start in below or any(_right_behind(sentence, t, p) for t in kept))
        for p in facts.places_in.get(sentence.index, ())
    )


# "The missile strike on a crowded cafe in Kramatorsk": so many words stand between, none of them a verb.
MAX_BEHIND = 8


def _right_behind(sentence: Sentence, trigger: Trigger, place: PlaceName) -> bool:
    """Say whether a where stands behind the trigger's word with no verb between them, whatever the parse hangs it on."""
    between = sentence.doc[trigger.head + 1 : place.start]
    near = trigger.head < place.start and len(between) <= MAX_BEHIND
    return place.locative and near and all(t.pos_ not in {"VERB", "AUX", "PUNCT"} for t in between)


def around_km(sentence: Sentence, facts: Facts, place: Place) -> float:
    """Return how far from the place it may have been: "southwest of Baghdad", "near Ramallah"; 0 where it was there."""
    name = next((p for p in facts.places_in.get(sentence.index, ()) if p.place == place), None)
    if name is None:
        return 0.0
    start = max(sentence.span.start, name.start - 3)
    before = {token.lower_ for token in sentence.doc[start : name.start]}
    if before & DIRECTIONS:
        return FAR_KM
    return places.SITE_KM if before & BESIDE else 0.0

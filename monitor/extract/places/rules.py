"""Find the places that an article names, and the one where an event happened.

A name is looked up in the gazetteers (`place_names`); which of several places of that name is meant
is decided by what stands around it (`place_choice`); which of the places of an article is an event's
is decided here, by the parse, then by nearness, then by what the paragraph, title and dateline say.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec.structs import replace

from monitor.distance import is_within
from monitor.extract.facts import PlaceName
from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key, loose_key
from monitor.extract.people.nouns import is_person
from monitor.extract.places import candidate as place_candidate
from monitor.extract.places import choice as place_choice
from monitor.extract.places import context as place_context
from monitor.extract.places import home as place_home
from monitor.extract.places import mouths as place_mouths
from monitor.extract.places import names as place_names
from monitor.extract.places import persons as place_persons
from monitor.extract.places import words as place_words
from schemas.reasons import PlacePrecision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc, Token

    from monitor.extract.facts import Reading, Sentence
    from monitor.extract.places.candidate import Candidate
    from schemas.report import Place

# Edges between a place and the word that tells the event, beyond which the parse says nothing.
MAX_EDGES = 9
# Points of distance, in edges: a place that is no "where" by its preposition; one that says whence or
# whither; one on the far side of a verb of saying; one that something is only near to.
NOT_WHERE, WHENCE, ACROSS_SPEECH, AROUND = 3, 6, 4, 2
# A place told further back, or further on, is as a rule another event's.
MAX_SENTENCES_BACK, MAX_SENTENCES_ON = 8, 9
# An article of which so many places, and such a share, lie in one land tells of that land where nothing says else.
MIN_AT_HOME, AT_HOME = 3, 0.7
# What is fired from a place lands in another one.
_LAUNCH = frozenset("fire launch shoot send originate".split())
_INSIDE = frozenset(("compound", "amod", "nmod:poss"))
# "A farmer who fled to Ouahigouya": safety is not where it happened.
_TOWARDS = frozenset({"to", "into", "toward", "towards"})
_FLIGHT = frozenset("flee escape evacuate relocate displace".split())
_PARTS = frozenset(
    "northern southern eastern western northeastern northwestern southeastern southwestern north-eastern north-western "
    "south-eastern south-western northeast northwest southeast southwest central".split()
)
_MISSILES = frozenset("rocket missile drone mortar shell projectile fire".split())
_AROUND = frozenset(("near", "outside"))
# "Blocks from the White House", "20 km from Kirkuk": near to it.
_MEASURES = frozenset("block mile kilometre kilometer km metre meter yard minute step".split())
_WHENCE = frozenset("from to toward towards between against into".split())
VAGUE = place_mouths.VAGUE
# A headline or a lead may name the country alone; the sentences after it say where.
LEAD_SENTENCES = 6
_FINE = (PlacePrecision.SITE, PlacePrecision.TOWN, PlacePrecision.DISTRICT)
_ORDER = list(PlacePrecision)
_IN_DISTRICTS = (PlacePrecision.SITE, PlacePrecision.TOWN)
# A site lies within so many kilometres of the middle of its city, a town of that of its district.
SITE_KM = 30.0


def find(reading: Reading) -> tuple[PlaceName, ...]:
    """Return the places named in the article, in order; each knows its province and country."""
    gazetteer = tables.load()
    people = place_persons.of_reading(reading)
    candidates = [
        candidate
        for sentence in reading.sentences
        for candidate in place_names.find(sentence, gazetteer, people)
    ]
    context = place_context.context_of(reading, candidates, gazetteer)
    resolved = place_choice.resolve(candidates, context)
    sure = place_context.is_sure(context)
    return tuple(
        _named(candidate, place)
        for candidate, place in zip(candidates, resolved, strict=True)
        if place is not None
        and not place_home.is_postal(candidate.sentence.doc, candidate.start)
        and not place_mouths.only_speaks(candidate, place, context.top if sure else "")
    )


def _named(candidate: Candidate, place: Place) -> PlaceName:
    return PlaceName(
        sentence=candidate.sentence.index,
        start=candidate.start,
        end=max(candidate.end, candidate.last),
        place=place,
        locative=place_mouths.is_locative(candidate, place),
        dateline=place_candidate.begins_dateline(candidate),
    )


def of_event(
    sentence: Sentence, trigger_head: int, reading: Reading, found: Sequence[PlaceName]
) -> Place | None:
    """Return where the event told by the token `trigger_head` of `sentence` happened.

    First what the parse ties to it, then what the sentence says at all, then the paragraph, what
    precedes it, the title, and at last the dateline. The most specific place of one address is taken.
    """
    here = [name for name in found if name.sentence == sentence.index and not name.dateline]
    tied = _tied(sentence.doc, trigger_head, here)
    if tied is None:
        return _from_context(sentence, reading, found)
    docs = {s.index: s.doc for s in reading.sentences}
    found = [n for n in found if _case(docs[n.sentence][n.start : n.end].root) != "from"]
    best = _finest(tied, here).place
    lead = {PlacePrecision.ADMIN1: 0, **dict.fromkeys(VAGUE, LEAD_SENTENCES)}
    if sentence.index <= lead.get(best.precision, -1):
        return _told_later(sentence, best, found) or best
    return best


def _told_later(sentence: Sentence, vague: Place, found: Sequence[PlaceName]) -> Place | None:
    """Return the first exact place that the sentences after a vague headline or lead name in it."""
    inside = [
        name.place
        for name in sorted(
            found, key=lambda name: (name.dateline, name.sentence, not name.locative, name.start)
        )
        if 0 < name.sentence - sentence.index <= MAX_SENTENCES_ON
        and not (name.dateline and place_mouths.is_capital(name.place))
        and not _is_aside(name)
        and _ORDER.index(name.place.precision) < _ORDER.index(vague.precision)
        and name.place.precision not in VAGUE
        and contains(vague, name.place)
    ]
    return next(iter(inside), None)


def _tied(doc: Doc, trigger: int, here: Sequence[PlaceName]) -> PlaceName | None:
    """Return the place of the sentence nearest to the trigger in the parse."""
    ranked = sorted(
        (
            (distance(doc, trigger, name), abs(name.start - trigger), name.start, name)
            for name in here
        ),
        key=lambda item: item[:3],
    )
    usable = [item[3] for item in ranked if item[0] <= MAX_EDGES]
    return next((n for n in usable if _says_where(n) or is_struck(doc, trigger, n)), None)


def is_struck(doc: Doc, trigger: int, name: PlaceName) -> bool:
    """Say whether it is the object of the event's verb, were it a country: "Israel strikes southern Lebanon"."""
    head = doc[name.start : name.end].root
    return head.dep_ in ("obj", "nsubj:pass") and head.head.i == trigger


def _says_where(name: PlaceName) -> bool:
    """Say whether it can be where it happened; a country that acts ("US raids") cannot."""
    return name.locative or name.place.precision not in VAGUE


def distance(doc: Doc, trigger: int, name: PlaceName) -> float:
    """Return how far the place is from the trigger, in edges of the parse plus what speaks against it."""
    head = doc[name.start : name.end].root
    path = _path(head, doc[trigger])
    if path is None:
        return MAX_EDGES + 1
    points = float(len(path) - 1)
    case = _case(head)
    measured = case == "from" and head.head.lemma_.lower() in _MEASURES
    if (
        case == "from"
        and not measured
        and (head.dep_ == "nmod" or head.head.lemma_.lower() in _LAUNCH)
    ):
        # "A veteran from Texas", "rockets from Lebanon": whence somebody or something is.
        return MAX_EDGES + 1
    fine = name.place.precision not in VAGUE
    struck = is_struck(doc, trigger, name) or (fine and head.dep_ in ("obj", "nsubj:pass"))
    as_modifier = fine and _is_modifier_of(head, doc[trigger])
    points += 0 if name.locative or as_modifier or struck else NOT_WHERE
    points += WHENCE if case in _WHENCE and not measured else 0
    points += AROUND if case in _AROUND or measured else 0
    points += sum(
        ACROSS_SPEECH for token in path[1:-1] if token.lemma_ in place_words.words().speech
    )
    return points


def is_other_end(doc: Doc, name: PlaceName) -> bool:
    """Say whether something was only launched there, "fired from the Nineveh Plains", or somebody fled or is from there."""
    if _is_origin(doc, name):
        return True
    head = doc[name.start : name.end].root
    while head.dep_ in _INSIDE and head.head.pos_ in {"NOUN", "PROPN"}:
        head = head.head
    case, told_of = _case(head), head.head.lemma_.lower()
    if case in _TOWARDS:
        return told_of in _FLIGHT
    if case == "of":
        return told_of == "direction" and _case(head.head) == "from"
    return case == "from" and (told_of in _LAUNCH or (head.dep_ == "nmod" and told_of in _MISSILES))


# Who "hails from Punjab", and what is done to people where they are from: "abducted 20 villagers from Kukawa".
_HAILING = frozenset("hailing hailed hails native natives originally".split())
_TAKING = frozenset(
    "abduct kidnap take seize snatch capture carry whisk displace rescue flee evacuate".split()
)


def _is_origin(doc: Doc, name: PlaceName) -> bool:
    """Say whether it only tells where somebody comes from: "passengers hailing from Punjab", "a driver from Tripoli"."""
    start = name.start - 1
    if start < 1 or doc[start].lower_ not in {"from", "of"}:
        return False
    before = doc[start - 1]
    if before.lower_ in _HAILING:
        return True
    someone = doc[start].lower_ == "from" and is_person(before.lower_)
    return someone and not any(token.lemma_.lower() in _TAKING for token in before.sent)


def _path(start: Token, goal: Token) -> list[Token] | None:
    """Return the tokens on the way from one to the other, both included."""
    up = [start, *start.ancestors]
    down = [goal, *goal.ancestors]
    meeting = next((token for token in up if token in down), None)
    if meeting is None:
        return None
    return [*up[: up.index(meeting) + 1], *reversed(down[: down.index(meeting)])]


def _case(head: Token) -> str:
    cases = [child.lower_ for child in head.children if child.dep_ == "case" and child.i < head.i]
    if not cases and head.dep_ == "conj":
        return _case(head.head)
    return cases[-1] if cases else ""


def _is_modifier_of(head: Token, trigger: Token) -> bool:
    """Say whether it is the "Kabul" of "the Kabul bombing" or of "Kabul's bombing"."""
    return head.head == trigger and head.dep_ in ("compound", "nmod", "nmod:poss", "amod")


def _finest(best: PlaceName, here: Sequence[PlaceName]) -> PlaceName:
    """Return the most exact place of the sentence that lies in `best` and stands by it, or `best`."""
    inside = [
        name
        for name in here
        if name.locative
        and not _is_aside(name)
        and _ORDER.index(name.place.precision) < _ORDER.index(best.place.precision)
        and contains(best.place, name.place)
    ]
    return min(inside, key=lambda name: abs(name.start - best.start), default=best)


def _from_context(sentence: Sentence, reading: Reading, found: Sequence[PlaceName]) -> Place | None:
    """Return the place that the surroundings give; where nearly all is of one land, one in it."""
    exact = [name for name in found if name.place.precision not in VAGUE]
    lands = Counter(name.place.country_code for name in exact)
    land, times = next(iter(lands.most_common(1)), (None, 0))
    written = {name.place.country_code for name in exact if name.dateline}
    at_home = MIN_AT_HOME <= times >= AT_HOME * lands.total() and written <= {land}
    inside = [name for name in found if name.place.country_code == land] if at_home else found
    return _surrounding(sentence, reading, inside)


def _surrounding(sentence: Sentence, reading: Reading, found: Sequence[PlaceName]) -> Place | None:
    """Return the place told nearest: exact ones first, then vague ones, then the dateline."""
    paragraph = {s.index: s.paragraph for s in reading.sentences}
    headline = {s.index for s in reading.sentences if s.headline}
    docs = {s.index: s.doc for s in reading.sentences}
    told = [
        name
        for name in found
        if not (name.dateline or _is_aside(name) or is_other_end(docs[name.sentence], name))
    ]
    usable = [name for name in told if name.locative]
    same = [n for n in usable if paragraph[n.sentence] == sentence.paragraph]
    before = [n for n in usable if 0 < sentence.index - n.sentence <= MAX_SENTENCES_BACK]
    title = [n for n in told if n.sentence in headline]
    later = [n for n in usable if 0 < n.sentence - sentence.index <= MAX_SENTENCES_ON]
    groups = (same, before, title, later)
    dateline = [n for n in found if n.dateline and n.place.precision in _FINE]
    fine = [[name for name in group if name.place.precision in _FINE] for group in groups]
    provinces = [[n for n in g if n.place.precision is PlacePrecision.ADMIN1] for g in groups]
    towns = [
        n
        for n in told
        if n.place.precision is PlacePrecision.TOWN and not place_mouths.is_capital(n.place)
    ]
    # "Against the port of Hodeidah", in the event's own sentence, goes before the capital that an agency writes from.
    towns += [
        n for n in told if n.place.precision is PlacePrecision.SITE and n.sentence == sentence.index
    ]
    local = [n for n in dateline if not place_mouths.is_capital(n.place)]
    parts = [n for n in usable if _is_part(docs[n.sentence], n)]
    for group in (*fine, local, *provinces, towns, parts, dateline, usable, told, found):
        chosen = _closest(sentence.index, group)
        if chosen is not None:
            return chosen.place
    return None


def _is_part(doc: Doc, name: PlaceName) -> bool:
    """Say whether a part of a country is told: "western Uganda", which is not where agencies write from."""
    before = doc[name.start - 1].lower_ if name.start else ""
    return name.place.precision is PlacePrecision.COUNTRY and before in _PARTS


def _is_aside(name: PlaceName) -> bool:
    """Say whether it is a hospital, a school, a court: a site that the aftermath is told of."""
    last = name.place.name.split()[-1].lower()
    return name.place.precision is PlacePrecision.SITE and last in place_words.words().asides


def _closest(index: int, names: Sequence[PlaceName]) -> PlaceName | None:
    return min(names, key=lambda name: (abs(name.sentence - index), name.start), default=None)


def is_exact(place: Place | None) -> bool:
    """Say whether a place is known more exactly than by its country or a region."""
    return place is not None and place.precision not in VAGUE


def contains(outer: Place, inner: Place) -> bool:
    """Return whether `inner` lies in `outer` or is the same place, in any spelling."""
    if outer.country_code != inner.country_code:
        return outer.country_code is None and exact_key(outer.name) == exact_key(inner.name)
    if _same_name(outer.name, inner.name):
        return _ORDER.index(outer.precision) >= _ORDER.index(inner.precision) or _same_point(
            outer, inner
        )
    if outer.precision is PlacePrecision.COUNTRY:
        return outer.country_code is not None
    if outer.precision is PlacePrecision.REGION:
        return inner.admin1 in provinces_of(outer)
    if outer.precision is PlacePrecision.ADMIN1:
        return _is_of_province(outer, inner)
    return _is_around(outer, inner) or (
        _same_point(outer, inner) and outer.precision is inner.precision
    )


def _is_of_province(province: Place, inner: Place) -> bool:
    """Say whether a place lies in a province, or nothing but the country is known of where it lies."""
    if inner.admin1:
        return _same_name(province.name, inner.admin1)
    return inner.precision in _FINE and inner.lat is None


def in_province(place: Place, told: Sequence[Place]) -> Place:
    """Return a place of which nothing but its name was known, in the province of those `told` with it."""
    if place.admin1 or place.lat is not None:
        return place
    beside = (
        p
        for p in told
        if p.precision is PlacePrecision.ADMIN1 and p.country_code == place.country_code
    )
    outer = next(beside, place)
    return replace(place, admin1=outer.admin1)


def province_of(place: Place) -> Place:
    """Return the province of an exact place, the place itself where none is known."""
    if place.admin1 is None or place.precision in VAGUE:
        return place
    return replace(place, name=place.admin1, precision=PlacePrecision.ADMIN1, lat=None, lon=None)


def provinces_of(region: Place) -> frozenset[str]:
    """Return the provinces of a region, none where none are known: the five that bear the name of Darfur."""
    if region.country_code is not None and (told := place_words.words().regions.get(region.name)):
        return told
    return frozenset(
        d.name
        for d in tables.divisions()
        if d.country == region.country_code and d.name.endswith(f" {region.name}")
    )


def _is_around(outer: Place, inner: Place) -> bool:
    """Say whether a town or a site lies in a district: in its province and near where the map has it."""
    if outer.precision is not PlacePrecision.DISTRICT or outer.admin1 != inner.admin1:
        return False
    return inner.precision in _IN_DISTRICTS and is_within(outer, inner, SITE_KM)


def _same_name(left: str, right: str) -> bool:
    return exact_key(left) == exact_key(right) or (
        bool(loose_key(left)) and loose_key(left) == loose_key(right)
    )


def _same_point(left: Place, right: Place) -> bool:
    return left.lat is not None and (left.lat, left.lon) == (right.lat, right.lon)

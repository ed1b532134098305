"""Read a list of events that were first told together: "two shootings ... The first happened ... In the second, ...".

And tell whether a sentence sets its event apart from the one before.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.extract.events.rules import Why
from monitor.extract.facts import Trigger
from monitor.extract.people.nouns import is_person
from monitor.extract.places.rules import VAGUE
from schemas.reasons import EventType

if TYPE_CHECKING:
    from spacy.tokens import Token

    from monitor.extract.facts import PlaceName, Reading, Sentence
    from schemas.report import Place

ORDINALS = frozenset({"first", "second", "third", "fourth", "fifth"})
# "The first", "In the first": an item of a list opens its sentence.
OPENING = 4
# Words that may stand for the event between the ordinal and what happened.
EVENT_NOUNS = frozenset({"incident", "case", "one", "episode", "scene"})
ANOTHER = frozenset(
    {
        "another",
        "second",
        "separate",
        "third",
        "fourth",
        "other",
        "similar",
        "earlier",
        "previous",
        "elsewhere",
        "meanwhile",
        "also",
        "later",
        "separately",
    }
)


IT = frozenset({"it", "this", "that"})


def with_listed(
    reading: Reading, found: dict[int, tuple[Trigger, ...]]
) -> dict[int, tuple[Trigger, ...]]:
    """Return the triggers with those of sentences that tell an item of a list of events told before."""
    told = dict(found)
    together: Trigger | None = None
    for sentence in reading.sentences:
        here = found.get(sentence.index, ())
        item = None if together is None else _item(sentence, together)
        if item is not None:
            told[sentence.index] = (item, *here)
        else:
            together = next((t for t in here if t.kept and t.plural), together)
    return dict(sorted(told.items()))


def _item(sentence: Sentence, together: Trigger) -> Trigger | None:
    """Return the trigger that an ordinal is which stands for one of the events told `together`."""
    for token in sentence.span[:OPENING]:
        if token.lower_ in ORDINALS and token.i > sentence.span.start:
            return _stands_alone(sentence, token.i, together)
    return None


def _stands_alone(sentence: Sentence, ordinal: int, together: Trigger) -> Trigger | None:
    doc, following = sentence.doc, ordinal + 1
    if following >= sentence.span.end or doc[ordinal - 1].lower_ != "the":
        return None
    if doc[following].lower_ in EVENT_NOUNS:
        following += 1
    elif doc[following].pos_ not in {"VERB", "AUX", "PUNCT"}:
        return None
    return Trigger(
        sentence=sentence.index,
        start=ordinal,
        end=following,
        head=ordinal,
        event_type=together.event_type,
        why=Why.LISTED,
        kept=True,
        weapon=together.weapon,
    )


# "14:20 GMT - Eight people ...": the time is no text, and its dash is left.
_ENTRY = re.compile(r"\s*(?:[-–—•]|\d{1,2}[:.h]\d{2}\b)")
MIN_ENTRIES = 3
# A page with so many places that head a paragraph each is a list of them.
MIN_LABELS = 2


def is_live(reading: Reading) -> bool:
    """Say whether it is a page of entries, each with news of its own."""
    entries = (s for s in reading.sentences if not s.headline and _ENTRY.match(s.text))
    return sum(1 for _ in entries) >= MIN_ENTRIES


def begins_another(sentence: Sentence, trigger: Trigger) -> bool:
    """Say whether a trigger is an item of a list behind its first."""
    return trigger.why == Why.LISTED and str(sentence.doc[trigger.head].lower_) != "first"


def openings(reading: Reading, places_in: dict[int, tuple[PlaceName, ...]]) -> dict[int, Place]:
    """Return the places with which items of a list open, by sentence: "In Kayes, ...", "Kirkuk: ...", "ODESA - ..."."""
    labels = _labels(reading, places_in)
    told = {s.index: _opening(s, places_in.get(s.index, ())) for s in reading.sentences}
    return {
        s.index: place
        for s in reading.sentences
        if (place := told[s.index] or labels.get(s.paragraph)) is not None
    }


def _labels(reading: Reading, places_in: dict[int, tuple[PlaceName, ...]]) -> dict[int, Place]:
    """Return the place that heads each paragraph of a page that gives each of its items one; one alone is a dateline."""
    first = {s.paragraph: s for s in reversed(reading.sentences) if not s.headline}
    found = {
        paragraph: place.place
        for paragraph, sentence in first.items()
        for place in places_in.get(sentence.index, ())
        if _heads(sentence, place)
    }
    return found if len({place.name for place in found.values()}) >= MIN_LABELS else {}


# "RYAZAN, Russia -" has so many words at most.
MAX_LABEL_TOKENS = 8
_MARKS = frozenset({":", "-", "–", "—", "--"})


def _heads(sentence: Sentence, place: PlaceName) -> bool:
    """Say whether a place stands before its item: "Kirkuk: A bomb struck", "ODESA - A missile"."""
    doc, first = sentence.doc, sentence.span.start
    if place.start != first:
        return False
    alone = len(sentence.span) <= MAX_LABEL_TOKENS and sentence.span[-1].text in _MARKS
    return alone or (place.end < sentence.span.end and doc[place.end].text == ":")


def _opening(sentence: Sentence, places: tuple[PlaceName, ...]) -> Place | None:
    """Return the place with which an item of a list opens: the Kayes of "In Kayes, attackers killed two"."""
    doc, first = sentence.doc, sentence.span.start
    if doc[first].lower_ not in {"in", "at", "near"}:
        return None
    return next(
        (
            p.place
            for p in places
            if p.start == first + 1
            and p.place.precision not in VAGUE
            and p.end < sentence.span.end
            and doc[p.end].text == ","
        ),
        None,
    )


def _opens_apart(sentence: Sentence) -> bool:
    """Say whether it opens with "In a separate incident the same day, ..."."""
    return [token.lower_ for token in sentence.span[:3]] == ["in", "a", "separate"]


def is_another(sentence: Sentence, kept: tuple[Trigger, ...]) -> bool:
    """Say whether the sentence sets its event apart from the one before: "another bomb", "elsewhere"."""
    tokens = [
        c.lower_
        for t in kept
        if not _adds(sentence.doc[t.head])
        for c in sentence.doc[t.head].children
        if c.dep_ in {"amod", "det", "advmod"} and not _only_orders(c, kept)
    ]
    opening = [token.lower_ for token in sentence.span[:2]]
    if any(begins_another(sentence, t) for t in kept) or _opens_apart(sentence):
        return True
    if all(t.plural for t in kept):
        tokens = [word for word in tokens if word != "separate"]
    if all(t.why == Why.OPERATION for t in kept):
        # "They also detained two men": more of one operation.
        tokens = [word for word in tokens if word != "also"]
    if _are_also_hurt(sentence, kept, tokens):
        return False
    if opening == ["in", "addition"]:
        return any(t.event_type is not EventType.OTHER_VIOLENCE for t in kept)
    return bool(ANOTHER & set(tokens)) or bool(
        {"elsewhere", "meanwhile", "separately", "also"} & set(opening)
    )


def _adds(deed: Token) -> bool:
    """Say whether it tells more of what was told: "the raids, which also struck a plant", "it was the second attack"."""
    pointing = (c.lower_ in IT for c in deed.children if c.dep_ == "nsubj")
    equated = any(c.dep_ == "cop" for c in deed.children) and any(pointing)
    return equated or deed.dep_ == "acl:relcl"


def _only_orders(word: Token, kept: tuple[Trigger, ...]) -> bool:
    """Say whether "later" orders what one man did: "ran from the house and later fired on the troops"."""
    deed = word.head
    return (
        word.lower_ == "later" and deed.dep_ == "conj" and deed.head.i not in {t.head for t in kept}
    )


def _are_also_hurt(sentence: Sentence, kept: tuple[Trigger, ...], words: list[str]) -> bool:
    """Say whether "also" adds victims to an event: "three women and a man were also shot", and not "also in Lagos"."""
    doc = sentence.doc
    passive = all(any(c.dep_ == "aux:pass" for c in doc[t.head].children) for t in kept)
    placed = any(c.dep_ == "obl" and c.pos_ == "PROPN" for t in kept for c in doc[t.head].children)
    adds = passive and not placed and ANOTHER & set(words) == {"also"}
    return adds and not any(_attacks_a_thing(doc[t.head]) for t in kept)


# Not what an attack does to what stands there, but an attack itself.
ATTACKING = frozenset({"attack", "bomb", "raid", "ambush", "storm", "blow", "dynamite"})


def _attacks_a_thing(deed: Token) -> bool:
    """Say whether it is a building or a vehicle that was attacked, too: "a police post was also attacked"."""
    hit = [c for c in deed.children if c.dep_ == "nsubj:pass"]
    things = all(c.pos_ == "NOUN" and not is_person(c.lower_) for c in hit)
    return deed.lemma_.lower() in ATTACKING and bool(hit) and things

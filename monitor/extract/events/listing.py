"""Read a list of events that were first told together: "two shootings ... The first happened ... In the second, ..."."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.events.rules import Why
from monitor.extract.facts import Trigger
from schemas.reasons import PlacePrecision

if TYPE_CHECKING:
    from monitor.extract.facts import PlaceName, Reading, Sentence

ORDINALS = frozenset({"first", "second", "third", "fourth", "fifth"})
# "The first", "In the first": an item of a list opens its sentence.
OPENING = 4
# Words that may stand for the event between the ordinal and what happened.
EVENT_NOUNS = frozenset({"incident", "case", "one", "episode", "scene"})
WIDE = frozenset({PlacePrecision.COUNTRY, PlacePrecision.REGION})


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


def begins_another(sentence: Sentence, trigger: Trigger) -> bool:
    """Say whether a trigger is an item of a list behind its first."""
    return trigger.why == Why.LISTED and str(sentence.doc[trigger.head].lower_) != "first"


def opening(sentence: Sentence, places: tuple[PlaceName, ...]) -> str:
    """Return the place with which an item of a list opens: the Kayes of "In Kayes, attackers killed two", empty for none."""
    doc, first = sentence.doc, sentence.span.start
    if doc[first].lower_ not in {"in", "at", "near"}:
        return ""
    return next(
        (
            p.place.name
            for p in places
            if p.start == first + 1
            and p.place.precision not in WIDE
            and p.end < sentence.span.end
            and doc[p.end].text == ","
        ),
        "",
    )

"""Call every reader once and hold what it found by sentence, so that later steps only look things up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from monitor.extract.actors import boasts
from monitor.extract.actors import rules as actors
from monitor.extract.casualties import disputes
from monitor.extract.casualties import rules as casualties
from monitor.extract.dates import rules as dates
from monitor.extract.events import lexicon as event_lexicon
from monitor.extract.facts import Found
from monitor.extract.places import rules as places
from monitor.extract.tallies import rules as tallies

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.extract.facts import Actor, Casualty, Day, PlaceName, Reading
    from schemas.report import Tally

AnyFound = TypeVar("AnyFound", bound=Found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that the readers found in one article."""

    casualties: tuple[Casualty, ...]
    days: tuple[Day, ...]
    places: tuple[PlaceName, ...]
    actors: tuple[Actor, ...]
    casualties_in: dict[int, tuple[Casualty, ...]]
    days_in: dict[int, tuple[Day, ...]]
    places_in: dict[int, tuple[PlaceName, ...]]
    actors_in: dict[int, tuple[Actor, ...]]
    tallies: tuple[Tally, ...]
    tallied: frozenset[int]


def gather(reading: Reading) -> Facts:
    """Return what each reader finds in the article."""
    days = tuple(d for s in reading.sentences for d in dates.find(s, reading))
    where = tuple(p for p in places.find(reading) if not _is_event_word(p, reading))
    counted = tallies.find(reading)
    who = tuple(a for s in reading.sentences for a in actors.find(s))
    acting = _by_sentence(who)
    where = tuple(p for p in where if not _is_of_group(p, acting.get(p.sentence, ())))
    told = tuple(
        c
        for s in reading.sentences
        for c in boasts.bounded(s, casualties.find(s, reading), acting.get(s.index, ()))
    )
    hurt = disputes.settled(reading, told)
    return Facts(
        casualties=hurt,
        days=days,
        places=where,
        actors=who,
        casualties_in=_by_sentence(hurt),
        days_in=_by_sentence(days),
        places_in=_by_sentence(where),
        actors_in=acting,
        tallies=counted,
        tallied=_sentences_of(counted, reading),
    )


def _is_event_word(name: PlaceName, reading: Reading) -> bool:
    """Say whether a place name is a word of events: Grenade is the French Granada, and a weapon."""
    text = reading.sentences[name.sentence].doc[name.start : name.end].text.lower()
    return text in event_lexicon.phrases()


def _is_of_group(name: PlaceName, here: Sequence[Actor]) -> bool:
    """Say whether a place only stands in a group's name: "the Jalisco New Generation Cartel"."""
    return any(
        actor.start <= name.start
        and name.end <= actor.end
        and actor.end - actor.start > name.end - name.start
        and actors.group_named(actor.who.text) is not None
        for actor in here
    )


def _sentences_of(counted: tuple[Tally, ...], reading: Reading) -> frozenset[int]:
    """Return the sentences that the tallies' figures stand in."""
    return frozenset(
        s.index
        for s in reading.sentences
        for tally in counted
        for e in tally.evidence
        if e.field == s.field
        and s.offset + s.span.start_char <= e.start < s.offset + s.span.end_char
    )


def _by_sentence(found: Iterable[AnyFound]) -> dict[int, tuple[AnyFound, ...]]:
    grouped: defaultdict[int, list[AnyFound]] = defaultdict(list)
    for fact in found:
        grouped[fact.sentence].append(fact)
    return {sentence: tuple(facts) for sentence, facts in grouped.items()}

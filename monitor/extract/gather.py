"""Call every reader once and hold what it found by sentence, so that later steps only look things up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from monitor.extract import actors, casualties, dates, places
from monitor.extract.facts import Found

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.extract.facts import Actor, Casualty, Day, PlaceName, Reading

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


def gather(reading: Reading) -> Facts:
    """Return what each reader finds in the article."""
    hurt = tuple(c for s in reading.sentences for c in casualties.find(s, reading))
    days = tuple(d for s in reading.sentences for d in dates.find(s, reading))
    where = places.find(reading)
    who = tuple(a for s in reading.sentences for a in actors.find(s))
    return Facts(
        casualties=hurt,
        days=days,
        places=where,
        actors=who,
        casualties_in=_by_sentence(hurt),
        days_in=_by_sentence(days),
        places_in=_by_sentence(where),
        actors_in=_by_sentence(who),
    )


def _by_sentence(found: Iterable[AnyFound]) -> dict[int, tuple[AnyFound, ...]]:
    grouped: defaultdict[int, list[AnyFound]] = defaultdict(list)
    for fact in found:
        grouped[fact.sentence].append(fact)
    return {sentence: tuple(facts) for sentence, facts in grouped.items()}

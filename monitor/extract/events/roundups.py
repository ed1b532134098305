"""Drop the sum that opens a roundup: "30 died in separate attacks in various parts of the country", then each is told.

The sum is of no one place, and the incidents that it sums up follow with their own. Where none follows it stays, so
that a sentence alone is not lost.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.extract.events.rules import Why
from schemas.reasons import PlacePrecision

if TYPE_CHECKING:
    from monitor.extract.facts import Reading, Trigger
    from monitor.extract.gather import Facts

_EVENTS = (
    "attacks|operations|clashes|incidents|raids|strikes|bombings|ambushes|shootings|battles|actions"
)
_PARTS = "areas|parts|regions|provinces|departments|governorates|states"
_SEVERAL = r"\d+|two|three|four|five|six|seven|eight|nine|ten|several"
_MANY = rf"(?:{_SEVERAL}|dozens of|a dozen|more than \w+)"
# "Different parts of the city" are of one place.
_OF_ONE = r"(?! of (?:the |this )?(?:city|capital|town|village|building|neighbou?rhood|district))"
_SPREAD = re.compile(
    rf"\b{_MANY} (?:\w+ )?(?:{_EVENTS}) in (?:{_SEVERAL}) (?:\w+ )?(?:{_PARTS})\b"
    rf"|\bseparate (?:\w+ ){{0,3}}(?:{_EVENTS})\b"
    rf"|\b(?:various|several|different|many|other) (?:{_PARTS})\b{_OF_ONE}"
    r"|\b(?:throughout|across|all over) (?:the|its) (?:country|nation)\b|\bnationwide\b"
)
_SUBJECT = re.compile(rf"\W*(?:[\w-]+ ){{0,2}}({_EVENTS})\b")
_EXACT = frozenset({PlacePrecision.TOWN, PlacePrecision.DISTRICT, PlacePrecision.SITE})


def without_sums(
    reading: Reading, facts: Facts, found: dict[int, tuple[Trigger, ...]]
) -> dict[int, tuple[Trigger, ...]]:
    """Return the triggers, those of a roundup's sum dropped where what it sums up is told."""
    spread = {i for i in found if _SPREAD.search(reading.sentences[i].text.lower())}
    spread |= {i + 1 for i in spread if i + 1 in found and _goes_on(reading, i)}
    others = [i for i, here in found.items() if i not in spread and any(t.kept for t in here)]
    hurt = any(i in facts.casualties_in for i in others)
    placed = any(_is_of_a_place(facts, i, _EXACT | {PlacePrecision.ADMIN1}) for i in others)
    if not (spread and hurt and placed):
        return found
    return {
        i: tuple(replace(t, kept=False, why=Why.TALLY) if t.kept else t for t in here)
        if i in spread and not _is_of_a_place(facts, i)
        else here
        for i, here in found.items()
    }


def _goes_on(reading: Reading, index: int) -> bool:
    """Say whether the next sentence opens with the events just counted: "The operations left four dead"."""
    counted, following = (reading.sentences[i].text.lower() for i in (index, index + 1))
    subject = _SUBJECT.match(following)
    return subject is not None and subject[1] in counted.split()


def _is_of_a_place(facts: Facts, index: int, exact: frozenset[PlacePrecision] = _EXACT) -> bool:
    names = facts.places_in.get(index, ())
    return any(name.place.precision in exact and not name.dateline for name in names)

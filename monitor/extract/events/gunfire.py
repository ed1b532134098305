"""Read words of blasts as shots where an article tells of shots alone: "the gun went off", "a shotgun blast"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schemas.reasons import EventType

if TYPE_CHECKING:
    from monitor.extract.facts import Reading, Trigger

GUN = "gun"
# What a gun does as well as a bomb; a charge is what courts bring, too.
_EITHER = frozenset(
    "go goes going gone went off blast blasts charge charges rip rips ripped tear tore through into".split()
)


def read_as_shots(
    reading: Reading, found: dict[int, tuple[Trigger, ...]]
) -> dict[int, tuple[Trigger, ...]]:
    """Return the triggers, those of blasts as shots if the article tells shots and no bomb in so many words."""
    told = [t for here in found.values() for t in here if t.kept]
    blasts = [t for t in told if t.event_type is EventType.IED]
    shots = any(t.weapon == GUN for t in told)
    if not (blasts and shots) or not all(_is_either(reading, t) for t in blasts):
        return found
    return {
        index: tuple(
            replace(t, event_type=EventType.ARMED_ATTACK, weapon=GUN) if t in blasts else t
            for t in here
        )
        for index, here in found.items()
    }


def _is_either(reading: Reading, trigger: Trigger) -> bool:
    words = reading.sentences[trigger.sentence].doc[trigger.start : trigger.end]
    return all(token.lower_ in _EITHER for token in words)

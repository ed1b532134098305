"""Find who acts and who suffers: armed forces, states, armed groups, and gunmen without a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.facts import Actor

if TYPE_CHECKING:
    from monitor.extract.facts import Sentence


def find(sentence: Sentence) -> tuple[Actor, ...]:
    """Return the actors named in the sentence, in order."""
    del sentence
    return ()


def perpetrators(
    sentence: Sentence, trigger_head: int, found: tuple[Actor, ...]
) -> tuple[Actor, ...]:
    """Return who did what the token `trigger_head` tells."""
    del sentence, trigger_head
    return tuple(actor for actor in found if actor.role == "agent")


def targets(sentence: Sentence, trigger_head: int, found: tuple[Actor, ...]) -> tuple[Actor, ...]:
    """Return whom or what the event told by `trigger_head` was directed at."""
    del sentence, trigger_head
    return tuple(actor for actor in found if actor.role == "patient")


def claimed_by(sentence: Sentence, found: tuple[Actor, ...]) -> tuple[Actor, ...]:
    """Return who the sentence says claimed responsibility for an event."""
    del sentence
    return tuple(actor for actor in found if actor.role == "claimant")

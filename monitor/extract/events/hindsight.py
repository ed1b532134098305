"""Tell what looks back at an event from what tells it: anniversaries, "a decade since", vigils."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.extract.facts import Sentence, Trigger

REMEMBERING = frozenset(
    "mark commemorate remember observe honour honor mourn memorial commemoration vigil remembrance wreath tribute".split()
)
# "Almost ten years after": so many words stand before the "after" that opens a sentence.
OPENING = 3


def is_anniversary(sentence: Sentence) -> bool:
    """Say whether the sentence looks back: at an anniversary, at what happened so many years before."""
    return (
        any(t.lower_ == "anniversary" for t in sentence.span) or _years_since(sentence) is not None
    )


def _years_since(sentence: Sentence) -> int | None:
    """Return where "years after", "a decade since" stands, ``None`` where nothing of the kind does."""
    return next(
        (
            joint.i
            for unit, joint in pairwise(sentence.span)
            if unit.lower_ in {"years", "decade", "decades"}
            and joint.lower_ in {"since", "after", "on", "ago"}
        ),
        None,
    )


def are_long_past(sentence: Sentence, kept: tuple[Trigger, ...]) -> bool:
    """Say whether all that the sentence tells stands behind its "a decade since": "Ten years after gunmen stormed a cafe, ..."."""
    joint = _years_since(sentence)
    if joint is None or any(t.head < joint for t in kept):
        return False
    comma = next((t.i for t in sentence.span if t.i > joint and t.text == ","), sentence.span.end)
    opens = joint - sentence.span.start <= OPENING and all(t.head < comma for t in kept)
    return opens or is_remembered(sentence)


def is_remembered(sentence: Sentence) -> bool:
    """Say whether the sentence tells how somebody looks back: "held prayers to mark seven years since the bombing"."""
    words = {word for t in sentence.span for word in (t.lower_, t.lower_.rstrip("s"), t.lemma_)}
    return is_anniversary(sentence) and bool(words & REMEMBERING)

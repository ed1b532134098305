"""One taking of a stance: its word, who takes it, and what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

    from monitor.extract.facts import Sentence
    from monitor.extract.officials.offices import Voice
    from monitor.extract.statements.speech import Talk
    from schemas.reasons import Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One taking of a stance: its word, who takes it, and the head of what it is about.

    `over` is the head of the reason where it stands apart: "slammed the army over the raid".
    """

    sentence: Sentence
    token: int
    stance: Stance
    voice: Voice
    target: int | None
    since: int
    over: int | None = None
    in_other_words: bool = False

    @property
    def heads(self) -> tuple[Token, ...]:
        """The heads of what the stance is about: of its target and of its reason."""
        told = (self.target, self.over)
        return tuple(self.sentence.doc[index] for index in told if index is not None)

    def holds(self, index: int) -> bool:
        """Say whether the token is part of what the stance is about."""
        return any(head.left_edge.i <= index <= head.right_edge.i for head in self.heads)


def made(  # noqa: PLR0917 - all of it is needed, in the order it is read
    sentence: Sentence, token: Token, stance: Stance, voice: Voice, target: Token | None, talk: Talk
) -> Cue:
    """Return the stance that `voice` takes by the word `token` on the phrase over `target`."""
    return Cue(
        sentence=sentence,
        token=int(token.i),
        stance=stance,
        voice=voice,
        target=None if target is None else int(target.i),
        since=talk.since if talk.voice == voice else sentence.index,
    )

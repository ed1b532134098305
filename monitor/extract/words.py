"""The words of one sentence, without blanks, in lower case: what the number and casualty grammars walk over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spacy.tokens import Span, Token

_PLAIN = str.maketrans({"\u2019": "'", "\u2018": "'", "\u2013": "-", "\u2014": "-", "\u2011": "-"})


@dataclass(frozen=True, slots=True)
class Words:
    """Tokens of a sentence by position; `lower` holds their plain lower-case forms at the same positions.

    Positions beyond either end read as the empty word, so that grammars need no bounds of their own.
    """

    tokens: tuple[Token, ...]
    lower: tuple[str, ...]
    position: dict[int, int]
    shouted: bool

    def __len__(self) -> int:
        """Return how many words there are."""
        return len(self.tokens)

    def at(self, position: int) -> str:
        """Return the lower-case word at `position`, the empty word beyond the ends."""
        return self.lower[position] if 0 <= position < len(self.lower) else ""

    def has(self, position: int, phrase: tuple[str, ...]) -> bool:
        """Tell whether the words of `phrase` stand from `position` on."""
        return position >= 0 and self.lower[position : position + len(phrase)] == phrase

    def longest(self, position: int, phrases: Iterable[tuple[str, ...]]) -> int:
        """Return how many words of the longest of `phrases` stand from `position` on, 0 for none."""
        first = self.at(position)
        begun = [phrase for phrase in phrases if phrase[0] == first]
        return max((len(phrase) for phrase in begun if self.has(position, phrase)), default=0)

    def index(self, position: int) -> int:
        """Return the index in the document of the word at `position`, one past the last for the end."""
        if position < len(self.tokens):
            return int(self.tokens[position].i)
        return int(self.tokens[-1].i) + 1 if self.tokens else 0

    def spanned(self, start: int, end: int) -> tuple[int, int]:
        """Return the tokens of the document, half-open, that the positions ``[start, end)`` cover."""
        return int(self.tokens[start].i), int(self.tokens[end - 1].i) + 1


def of(span: Span) -> Words:
    """Return the words of `span`. ``shouted`` marks text in capitals, where capitals say nothing of names."""
    tokens = tuple(token for token in span if not token.is_space)
    lower = tuple(token.lower_.translate(_PLAIN) for token in tokens)
    letters = [token for token in tokens if token.is_alpha and len(token) > 1]
    capitals = sum(token.is_upper for token in letters)
    return Words(
        tokens=tokens,
        lower=lower,
        position={token.i: position for position, token in enumerate(tokens)},
        shouted=len(letters) >= 3 and capitals * 4 >= len(letters) * 3,  # noqa: PLR2004
    )

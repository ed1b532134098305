"""A sentence as the patterns of harm see it: its words, the lexicon of harm, its quantities and groups of people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.extract.casualties.words import HarmLexicon
    from monitor.extract.numbers.rules import Quantity
    from monitor.extract.people.rules import Group
    from monitor.extract.words import Words


@dataclass(frozen=True, slots=True)
class View:
    """A sentence as the patterns of harm see it."""

    line: Words
    lex: HarmLexicon
    quantities: tuple[Quantity, ...]
    groups: tuple[Group, ...]

    def starting(self, position: int) -> Group | None:
        """Return the group that starts at `position`."""
        return next((g for g in self.groups if g.start == position), None)

    def ending(self, position: int) -> Group | None:
        """Return the group that ends before `position`."""
        return next((g for g in self.groups if g.end == position), None)

    def covering(self, position: int) -> Group | None:
        """Return the group that the word at `position` stands in."""
        return next((g for g in self.groups if g.start <= position < g.end), None)

    def is_(self, name: str, position: int) -> bool:
        """Tell whether the word at `position` is in the list `name` of the lexicon."""
        return self.lex.is_(name, self.line.at(position))

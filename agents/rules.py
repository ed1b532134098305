"""Decides when failures are no longer about single records."""

from __future__ import annotations

from dataclasses import dataclass

MOST_IN_A_ROW = 500
"""Failures without one success between them, after which a stage is held.

A bad deploy fails on every record and would empty a topic into quarantine within minutes; hostile or
broken records come between good ones, or in dozens. Held loses nothing: the records stay where they are.
Compare Sentry's arroyo, which limits invalid messages in a row and by ratio.
"""


@dataclass(slots=True, kw_only=True)
class QuarantineLimit:
    """Counts failures in a row of one stage in one worker."""

    most: int = MOST_IN_A_ROW
    in_a_row: int = 0

    def failed(self) -> None:
        """Note a record that was quarantined."""
        self.in_a_row += 1

    def passed(self) -> None:
        """Note a record that was worked on."""
        self.in_a_row = 0

    def is_over(self) -> bool:
        """Tell whether the stage is to be held."""
        return self.in_a_row >= self.most

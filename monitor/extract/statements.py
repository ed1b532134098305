"""Find what officials say about incidents: condemn, denounce, reject, dispute, deny, call for, threaten, claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.extract.facts import Day, Reading
    from schemas.report import ReportedIncident, Statement


def find(
    reading: Reading, incidents: tuple[ReportedIncident, ...], days: tuple[Day, ...] = ()
) -> tuple[Statement, ...]:
    """Return the statements of the article, one for each principal and target, in order.

    `incidents` are those assembled from the article; their evidence tells which one a statement is
    about. `days` are the dates found in it.
    """
    del reading, incidents, days
    return ()

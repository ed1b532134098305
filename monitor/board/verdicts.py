"""Why an incident alerted or did not: the alert rules asked again about its changes, in their order. Pure.

The rules are a function of the deltas and of the configuration, so the answers are those of the alert stage
as long as the configuration is the one that it ran with.
"""

from __future__ import annotations

from collections.abc import Iterable

from monitor.alerts.book import AlertBook
from monitor.alerts.policy import AlertPolicy
from monitor.alerts.rules import decide
from schemas.delta import Delta


def decisions(deltas: Iterable[Delta], policy: AlertPolicy) -> dict[str, tuple[str, ...]]:
    """Return the reasons of each decision by the delta's id; deltas are in the order of their topic."""
    book = AlertBook()
    found: dict[str, tuple[str, ...]] = {}
    for delta in deltas:
        step = decide(book, delta, policy)
        for key, row in step.rows:
            book.put(key, row)
        found[delta.delta_id] = tuple(str(reason) for reason in step.reasons)
    return found

"""Take the sum of several incidents off the one it was attached to: "12 killed in twin attacks", eight there and four here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.casualties.tolls import INJURED, KILLED, Folded, fold, value

if TYPE_CHECKING:
    from monitor.extract.facts import Casualty

# The headline and the first sentences of the text sum up.
LEAD_SENTENCES = 3


def apportioned(attached: list[list[Casualty]]) -> list[list[Casualty]]:
    """Return the claims by incident without those of the lead that are the sum of what all incidents came to."""
    told = attached
    for measure in (KILLED, INJURED) if len(attached) > 1 else ():
        for figure in _lead_figures(told, measure):
            summing = {
                c.sentence for claims in told for c in claims if _is_lead(c, measure, figure)
            }
            rest = [[c for c in claims if c.sentence not in summing] for claims in told]
            each = [_figure(fold(claims), measure) for claims in rest]
            if sum(each) == figure and sum(n > 0 for n in each) > 1:
                told = rest
    return told


def _lead_figures(attached: list[list[Casualty]], measure: str) -> set[int]:
    lead = (c for claims in attached for c in claims if c.sentence < LEAD_SENTENCES)
    return {value(c.count) for c in lead if c.measure == measure and value(c.count)}


def _is_lead(claim: Casualty, measure: str, figure: int) -> bool:
    lead = claim.sentence < LEAD_SENTENCES
    return lead and claim.measure == measure and value(claim.count) == figure


def _figure(folded: Folded, measure: str) -> int:
    count = folded.killed if measure == KILLED else folded.injured
    return 0 if count is None else value(count)

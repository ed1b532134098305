"""Leave out of an incident's toll what is none of it: the attackers' dead, and a headline's sum over days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.events.kinds import FIGHTERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.extract.facts import Actor, Casualty, Reading
    from schemas.report import Tally


def of_one(
    claims: list[Casualty],
    perpetrators: Sequence[Actor],
    tallies: Sequence[Tally],
    reading: Reading,
) -> list[Casualty]:
    """Return the claims that tell whom the incident hurt."""
    told = _without_sums(claims, tallies, reading)
    if not perpetrators or any(actor.state for actor in perpetrators):
        return told
    hurt = {c.measure for c in told if _is_of_victims(c)}
    return [c for c in told if c.measure not in hurt or not _is_of_fighters(c)]


def _is_of_victims(claim: Casualty) -> bool:
    return not claim.perpetrator and bool(claim.count.low) and not _is_of_fighters(claim)


def _is_of_fighters(claim: Casualty) -> bool:
    """Say whether militants died: "an officer was martyred and two terrorists were killed when militants attacked"."""
    return bool(claim.victims) and set(claim.victims) <= FIGHTERS


def _without_sums(
    claims: list[Casualty], tallies: Sequence[Tally], reading: Reading
) -> list[Casualty]:
    """Return the claims without a headline's figure that the text gives as a tally, where it tells the incident's own."""
    sums = {(tally.what, tally.value.best) for tally in tallies if tally.value.best is not None}
    headline = {s.index for s in reading.sentences if s.headline}
    own = {c.measure for c in claims if c.sentence not in headline and not c.running}
    return [
        c
        for c in claims
        if c.sentence not in headline
        or c.measure not in own
        or (c.measure, c.count.best) not in sums
    ]

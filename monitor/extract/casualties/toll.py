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
    if any(actor.state for actor in perpetrators):
        return told
    foes = FIGHTERS | _names(perpetrators) if perpetrators else ATTACKERS
    hurt = {c.measure for c in told if _is_of_victims(c, foes)}
    return [c for c in told if c.measure not in hurt or not _is_of(c, foes)]


# Where nobody is named who did it, these words alone say on whose side somebody was who died.
ATTACKERS = frozenset("attacker attackers assailant assailants terrorist terrorists".split())


def _names(perpetrators: Sequence[Actor]) -> frozenset[str]:
    """Return the words by which the perpetrators are named, in lower case: the "shabaab" of "15 Shabaab"."""
    words = {word for actor in perpetrators for word in actor.who.name.lower().split()}
    return frozenset(words | {word.removeprefix("al-") for word in words})


def _is_of_victims(claim: Casualty, foes: frozenset[str]) -> bool:
    return not claim.perpetrator and bool(claim.count.low) and not _is_of(claim, foes)


def _is_of(claim: Casualty, foes: frozenset[str]) -> bool:
    """Say whether militants died: "an officer was martyred and two terrorists were killed when militants attacked"."""
    return bool(claim.victims) and set(claim.victims) <= foes


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

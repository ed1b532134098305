"""Fold all claims of one incident in one article into the figures of that incident.

An article tells the same toll again and again: in the title, in the lead, victim by victim, and as it was
yesterday. The figure of a measure is the largest that one claim, or a claim with its additions, comes to; a stated
total or a correction settles it. Parts ("among them four police officers") and the attackers' own deaths never
add. "Another two died later" adds to the claim before it; "four others", told after "one victim died", does too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.extract.numbers import rules as numbers
from schemas.report import Count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.extract.facts import Casualty

KILLED = "killed"
INJURED = "injured"
CASUALTIES = "casualties"
SHOT = "shot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """The figures of one incident; ``None`` is unknown, a stated zero is 0. `used` are the claims that gave them."""

    killed: Count | None = None
    injured: Count | None = None
    casualties: Count | None = None
    victims: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    correction: bool = False
    used: tuple[Casualty, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sum:
    """A count and the claims that it was summed from."""

    count: Count
    claims: tuple[Casualty, ...]


def fold(claims: Sequence[Casualty]) -> Folded:
    """Return the figures of one incident from all its `claims`, in the order of the article."""
    told = [claim for claim in claims if not claim.running]
    killed = _killed(told)
    victims = [c for c in told if not c.perpetrator]
    shot = _measure(victims, SHOT, told)
    injured = _injured(told, _measure(victims, KILLED, told), shot)
    casualties = _measure(told, CASUALTIES, told)
    used = tuple(c for total in (killed, injured, casualties) if total for c in total.claims)
    return Folded(
        killed=None if killed is None else killed.count,
        injured=None if injured is None else injured.count,
        casualties=None if casualties is None else casualties.count,
        victims=_distinct(noun for c in told if not c.perpetrator for noun in c.victims),
        names=_distinct(name for c in told if not c.perpetrator for name in c.names),
        correction=any(claim.correction for claim in told),
        used=used,
    )


def _killed(told: list[Casualty]) -> _Sum | None:
    """Return the deaths of victims; where only attackers died, theirs."""
    victims = _measure([c for c in told if not c.perpetrator], KILLED, told)
    if victims is not None and value(victims.count):
        return victims
    return _measure([c for c in told if c.perpetrator], KILLED, told) or victims


def _injured(told: list[Casualty], killed: _Sum | None, shot: _Sum | None) -> _Sum | None:
    """Return the injured: those said to be, or those shot less the victims `killed`, whichever is more."""
    said = _measure([c for c in told if not c.perpetrator], INJURED, told)
    if shot is None:
        return said
    survived = _without(shot.count, killed.count if killed else None)
    one = survived is not None and value(survived) == 1 and killed is None
    if one and said is not None and shot is not None and said.claims[-1].more:
        return _Sum(numbers.added(said.count, shot.count), (*shot.claims, *said.claims))
    if survived is None or (said is not None and value(said.count) >= value(survived)):
        return said
    return _Sum(survived, shot.claims)


def _without(shot: Count, killed: Count | None) -> Count | None:
    """Return how many of those shot lived, ``None`` where nobody did or the figures tell nothing."""
    died = 0 if killed is None else value(killed)
    left = value(shot) - died
    if left <= 0:
        return None
    best = None if shot.best is None or (killed is not None and killed.best is None) else left
    low = left if shot.low is not None else None
    return Count(low=low, best=best, high=best if shot.high is not None else None)


def _measure(claims: list[Casualty], measure: str, told: list[Casualty]) -> _Sum | None:
    """Return the figure of one measure from its `claims`; `told` are all claims, for what stands beside them."""
    mine = [c for c in claims if c.measure == measure and not c.part]
    if not mine:
        return None
    settled = [c for c in mine if c.correction] or [c for c in mine if c.total]
    if settled:
        best = (
            max(settled, key=lambda c: value(c.count)) if not settled[0].correction else settled[-1]
        )
        others = [c for c in mine if not (c.definite or _is_hostile(c))]
        if best.correction or all(value(c.count) <= value(best.count) for c in others):
            return _Sum(best.count, (best,))
    sums = _chained(mine, told)
    largest = _largest(sums)
    named = _named(mine)
    return named if named is not None and value(named.count) > value(largest.count) else largest


# A figure is better than a vague word where it comes to so much of what the word stands for: 38 bodies, "scores".
NEAR_VAGUE = 0.75


def _largest(sums: list[_Sum]) -> _Sum:
    """Return the largest sum; a figure outweighs a vague word that is hardly more."""
    largest = max(sums, key=lambda s: (value(s.count), _exactness(s.count)))
    if largest.count.best is not None:
        return largest
    enough = NEAR_VAGUE * value(largest.count)
    exact = [s for s in sums if s.count.best is not None and value(s.count) >= enough]
    return max(exact, key=lambda s: value(s.count), default=largest)


# Those who attacked are no part of a toll that is stated: "31 died; all 33 attackers were killed".
_HOSTILE = frozenset(
    {"attackers", "assailants", "gunmen", "militants", "terrorists", "insurgents", "rebels"}
)


def _is_hostile(claim: Casualty) -> bool:
    return bool(claim.victims) and set(claim.victims) <= _HOSTILE


def _chained(mine: list[Casualty], told: list[Casualty]) -> list[_Sum]:
    """Return what each claim comes to: itself, and with the claim before it where it is an addition."""
    sums: list[_Sum] = []
    largest = 0
    for claim in mine:
        before = sums[-1] if sums else None
        if before is not None and _adds(claim, mine, told, largest):
            sums.append(_Sum(numbers.added(before.count, claim.count), (*before.claims, claim)))
        else:
            sums.append(_Sum(claim.count, (claim,)))
        largest = max(largest, value(claim.count))
    return sums


def _adds(claim: Casualty, mine: list[Casualty], told: list[Casualty], largest: int) -> bool:
    """Tell whether a claim adds to the one before it in `mine`.

    "Others" that were told before, or that are fewer than a figure told before, are details of it; so are "others"
    than those of another measure in the sentence. `largest` is the largest figure told before.
    """
    if not claim.more or (claim.definite and not claim.another):
        return False
    beside = [c for c in told if c.sentence == claim.sentence and c.start < claim.start]
    if any(c in mine for c in beside):
        return True
    if beside:
        return False
    repeated = (
        sum(
            value(c.count) == largest
            for c in mine
            if c.start < claim.start or c.sentence < claim.sentence
        )
        > 1
    )
    return value(claim.count) > largest or (
        claim.another and (claim.measure == KILLED or not repeated)
    )


def _named(mine: list[Casualty]) -> _Sum | None:
    """Return the count of distinct persons named as victims one by one."""
    persons: dict[frozenset[str], Casualty] = {}
    for claim in mine:
        if value(claim.count) == len(claim.names):
            for name in claim.names:
                words = frozenset(name.lower().split())
                known = next((p for p in persons if _same_person(p, words, name)), words)
                persons[known] = claim
    if len(persons) < 2:  # noqa: PLR2004 - one name is one claim
        return None
    return _Sum(numbers.of(len(persons)), tuple(dict.fromkeys(persons.values())))


def _same_person(known: frozenset[str], words: frozenset[str], name: str) -> bool:
    """Tell whether two names are one person's: the last name is among the other's, or one is a part of the other."""
    return name.rsplit(maxsplit=1)[-1].lower() in known or known <= words or words <= known


def value(count: Count) -> int:
    """Return the one figure that stands for `count` where counts are compared: best, else low, else 0."""
    return count.best if count.best is not None else count.low or 0


def _exactness(count: Count) -> int:
    """Prefer "14" over "at least 14" over "dozens"."""
    return (count.best is not None) + (count.high is not None)


def _distinct(values: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))  # type: ignore[call-overload]

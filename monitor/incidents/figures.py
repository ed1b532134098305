"""What is known of a figure, from what each source said last: low, best and high.

The rule, so that it depends on what was said and not on the order in which it arrived:

* Each source counts with its latest figure; a copy of a wire text is its origin's, except that a lower figure
  in a copy is that of an older version and only widens the range. "At least N" does not contradict a higher
  exact figure of the same source.
* Words of correction ("revised", "corrected") end all earlier claims of that figure, of every source.
* ``best`` is the highest of the sources' latest figures: a rise by anyone is a rise, a lower figure of another
  source is a dispute. ACLED records "the lowest credible estimate" and revises it either way as later reports
  come in (ACLED Codebook, "Fatalities"); a live monitor must not fall back to an early count that later ones
  have overtaken, so a lower figure counts once its own source takes the higher one back.
* ``low`` is the lowest figure said since ``best`` was first said: what is older has been overtaken and is no
  dispute. ``high`` is the highest one, ``None`` where the sources set no bound. These are UCDP's low, best and
  high estimates (UCDP GED Codebook, "Estimates of fatalities").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.report import Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One source's claim of a figure. ``copy`` marks another outlet's print of ``origin``'s text."""

    count: Count
    source: str
    origin: str
    copy: bool = False
    correction: bool = False


@dataclass(slots=True, kw_only=True)
class _Standing:
    """A source's latest figure: since when it stands at it, and when it last said so (positions in time)."""

    count: Count
    since: int
    last: int


def value_of(count: Count | None) -> int | None:
    """Return the figure to compare: best, else the lower bound."""
    if count is None:
        return None
    return count.best if count.best is not None else count.low


def fold_figures(figures: Iterable[Figure], *, running: bool = False) -> Count | None:
    """Return what is known of a figure from claims in order of time, ``None`` where nobody gave it.

    ``running`` is for counts over a period, in which "more than N" never lowers a figure.
    """
    standing: dict[str, _Standing] = {}
    for position, figure in enumerate(figures):
        if figure.correction and _is_lower(figure.count, standing.values()):
            standing.clear()
        _stand(standing, figure, position, running=running)
    return _sum_up(list(standing.values()))


def _is_lower(count: Count, standing: Iterable[_Standing]) -> bool:
    value = value_of(count)
    return value is not None and any((value_of(s.count) or 0) > value for s in standing)


def _stand(standing: dict[str, _Standing], figure: Figure, position: int, *, running: bool) -> None:
    source = figure.origin
    said = standing.get(source)
    if said is not None and _is_older_version(said.count, figure):
        source = "copy:" + figure.source
        said = standing.get(source)
    if said is None:
        standing[source] = _Standing(count=figure.count, since=position, last=position)
    elif said.count == figure.count or _does_not_contradict(said.count, figure.count, running):
        said.last = position
    else:
        standing[source] = _Standing(count=figure.count, since=position, last=position)


def _is_older_version(said: Count, figure: Figure) -> bool:
    before, now = value_of(said), value_of(figure.count)
    lower = before is not None and now is not None and now < before
    return figure.copy and lower and not figure.correction


def _does_not_contradict(said: Count, now: Count, running: bool) -> bool:
    """Return whether an open or vague figure leaves a source's own exact or higher one as it was."""
    before, value = value_of(said), value_of(now)
    if before is None or value is None or value > before or now.high is not None:
        return False
    return running or now.best is None or said.high is not None


def _sum_up(standing: list[_Standing]) -> Count | None:
    if not standing:
        return None
    exact = [s for s in standing if s.count.best is not None]
    if not exact:
        return _vague(standing)
    best = max(s.count.best or 0 for s in exact)
    setters = [s for s in exact if s.count.best == best]
    since = min(s.since for s in setters)
    current = [s for s in exact if s.last >= since]
    closed = [s.count for s in current if s.count.high is not None]
    lows = [c.low for c in closed if c.low is not None] + [
        s.count.low for s in setters if s.count.low is not None
    ]
    highs = [c.high for c in closed if c.high is not None]
    bounded = any(s.count.high is not None for s in setters) or max(highs, default=-1) > best
    return Count(low=min([best, *lows]), best=best, high=max([best, *highs]) if bounded else None)


def _vague(standing: list[_Standing]) -> Count | None:
    """Return the bounds of vague words alone ("dozens", "scores"): the highest of the lower ones."""
    low = max((s.count.low for s in standing if s.count.low is not None), default=None)
    highs = [s.count.high for s in standing]
    known = [h for h in highs if h is not None]
    high = max(known) if len(known) == len(highs) and known else None
    return None if low is None and high is None else Count(low=low, best=None, high=high)

"""Which remembered articles have windows in common with an article, and how the names and figures in them stand.

What has left the index's dictionary is looked up with arrays, for many articles at once; what is newer in plain Python,
article by article: there are a few hits each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from monitor.dedupe.book import DedupeBook
from monitor.dedupe.fingerprint import Identity
from monitor.dedupe.index import Hits
from monitor.dedupe.policy import DedupePolicy
from monitor.dedupe.rows import Standings
from monitor.dedupe.sketch import INDEX_SHIFT, PAYLOAD
from monitor.dedupe.words import Bits, Mask, Numbers

Best = dict[int, int]
"""Window asked for -> its best hit: twice its kind, and one more where the figures differ."""

AGREE, HALF, CONFLICT, NAMELESS = range(4)
"""How the names of a window stand to those of its like elsewhere: one wrong letter leaves beginning or ending."""

_FIRST_NAMED, _FIRST_BEGIN, _ENDINGS, _FIGURES = 1 << 4, 1 << 10, 63 << 4, 15
"""Fields of a payload: beginnings, endings, figures."""

MIN_HITS = 2

_NO_HIT = 8
_PAYLOAD_MASK = 0xFFFF
_WHO_SHIFT = 40
"""Who asks stands above the number of the article that is found."""

_KIND_BITS, _WINDOW_BITS = 3, 32


@dataclass(frozen=True, slots=True)
class Candidate:
    """A remembered article with windows in common: for each the kind of its best hit."""

    number: int
    cluster: int
    offset: int
    source: int
    best: Best


def settled(
    book: DedupeBook, asking: Sequence[Identity], policy: DedupePolicy
) -> list[list[Candidate]]:
    """Return for each article its candidates among those that have left the index's dictionary."""
    windows = np.concatenate([mine.sketch.windows for mine in asking])
    firsts = np.cumsum([0, *(len(mine.sketch.windows) for mine in asking)])
    hits = book.windows.settled(windows)
    who = firsts.searchsorted(hits.asked, "right") - 1
    pairs, pair, counts = np.unique(
        who << _WHO_SHIFT | hits.articles, return_inverse=True, return_counts=True
    )
    askers = pairs >> _WHO_SHIFT
    rows = book.rows.standings(pairs & ((1 << _WHO_SHIFT) - 1))
    days = np.array([mine.published_day for mine in asking])[askers]
    known = ((counts >= MIN_HITS) & _comparable(rows, days, policy))[pair]
    found: list[list[Candidate]] = [[] for _ in asking]
    asked = (hits.asked - firsts[who])[known]
    asker, told = askers.tolist(), rows.told()
    for place, best in _best(pair[known], asked, _kinds(windows, hits)[known]):
        found[asker[place]].append(Candidate(*told[place], best))
    return found


def _best(pair: Numbers, asked: Numbers, kinds: Numbers) -> Iterator[tuple[int, Best]]:
    """Yield each pair's best hits; the arrays hold for each hit its pair, the window asked for and its kind."""
    packed = (pair << _WINDOW_BITS | asked) << _KIND_BITS | kinds
    packed.sort()
    windows = packed >> _KIND_BITS
    first = np.ones(len(packed), bool)
    first[1:] = windows[1:] != windows[:-1]
    windows, best = windows[first], (packed[first] & ((1 << _KIND_BITS) - 1)).tolist()
    pairs = windows >> _WINDOW_BITS
    asked_for = (windows & ((1 << _WINDOW_BITS) - 1)).tolist()
    begins = np.flatnonzero(np.diff(pairs, prepend=-1))
    ends = [*begins.tolist(), len(best)]
    for place, (a, b) in zip(pairs[begins].tolist(), pairwise(ends), strict=True):
        yield place, dict(zip(asked_for[a:b], best[a:b], strict=True))


def _kinds(windows: Bits, hits: Hits) -> Numbers:
    """Return the kind of each hit, as ``Best`` has it."""
    payloads = hits.payloads
    differs = (windows & PAYLOAD).astype(np.int64)[hits.asked] ^ payloads
    kinds = (differs >= _FIRST_BEGIN) * 1 + (differs & _ENDINGS > 0)
    kinds[payloads < _FIRST_NAMED] = NAMELESS
    numbers: Numbers = 2 * kinds + (differs & _FIGURES > 0)
    return numbers


def recent(book: DedupeBook, mine: Identity, policy: DedupePolicy) -> Iterator[Candidate]:
    """Yield the candidates of an article among those that the index's dictionary holds."""
    windows: list[int] = mine.sketch.windows.tolist()
    hits = book.windows.newest(windows)
    counts = Counter([entry >> INDEX_SHIFT for _, entry in hits])
    several = [number for number, count in counts.items() if count >= MIN_HITS]
    if not several:
        return
    rows = book.rows.standings(np.array(several))
    places = np.flatnonzero(_comparable(rows, np.int64(mine.published_day), policy)).tolist()
    best: dict[int, Best] = {several[place]: {} for place in places}
    for asked, entry in hits:
        held = best.get(entry >> INDEX_SHIFT)
        if held is not None:
            kind = _kind((windows[asked] ^ entry) & _PAYLOAD_MASK, entry & _PAYLOAD_MASK)
            held[asked] = min(kind, held.get(asked, _NO_HIT))
    told = rows.told()
    for place in places:
        yield Candidate(*told[place], best[several[place]])


def _kind(differs: int, payload: int) -> int:
    if payload < _FIRST_NAMED:
        kind = NAMELESS
    else:
        kind = (differs >= _FIRST_BEGIN) + (differs & _ENDINGS > 0)
    return 2 * kind + (differs & _FIGURES > 0)


def _comparable(rows: Standings, days: Numbers | np.int64, policy: DedupePolicy) -> Mask:
    """Return which remembered articles are held and not of another time than those published on ``days``."""
    near = np.abs(rows.published - days) <= policy.text_window_days
    mask: Mask = rows.held & (near | (rows.published == 0) | (days == 0))
    return mask

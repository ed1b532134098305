"""Which remembered articles have windows in common with an article, and how the names and figures in them stand.

What has left the index's dictionary is looked up with arrays, for many articles at once; what is newer in plain Python,
article by article: there are a few hits each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from monitor.dedupe.book import DedupeBook
from monitor.dedupe.fingerprint import Identity
from monitor.dedupe.index import Hits
from monitor.dedupe.policy import DedupePolicy
from monitor.dedupe.sketch import INDEX_SHIFT, PAYLOAD
from monitor.dedupe.words import Bits, Numbers

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


class Candidate(NamedTuple):
    """A remembered article with windows in common: for each the kind of its best hit."""

    number: int
    best: Best
    cluster: int
    offset: int
    source: int
    windows: int
    rate: int


_COLUMNS = Candidate._fields[2:]


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
    numbers = pairs & ((1 << _WHO_SHIFT) - 1)
    known = np.flatnonzero((counts >= MIN_HITS) & (numbers >= book.rows.first))
    rows = book.rows.columns(numbers[known])
    days = np.array([mine.published_day for mine in asking])[pairs[known] >> _WHO_SHIFT]
    held = (rows["alive"] == 1) & (rows["windows"] > 0)
    comparable = held & _near(rows["published"].astype(np.int64), days, policy)
    rows, known = rows[comparable], known[comparable]
    places = np.full(len(pairs), -1)
    places[known] = np.arange(len(known))
    place = places[pair]
    told = place >= 0
    best = _best(place[told], (hits.asked - firsts[who])[told], _kinds(windows, hits)[told])
    columns = (numbers[known].tolist(), best, *(rows[name].tolist() for name in _COLUMNS))
    found: list[list[Candidate]] = [[] for _ in asking]
    for asker, candidate in zip(
        (pairs[known] >> _WHO_SHIFT).tolist(), zip(*columns, strict=True), strict=True
    ):
        found[asker].append(Candidate._make(candidate))
    return found


def _best(place: Numbers, asked: Numbers, kinds: Numbers) -> list[Best]:
    """Return the best hits at each place; the arrays hold for each hit its place, the window asked for and its kind."""
    packed = (place << _WINDOW_BITS | asked) << _KIND_BITS | kinds
    packed.sort()
    windows = packed >> _KIND_BITS
    first = np.diff(windows, prepend=-1) > 0
    windows, best = windows[first], (packed[first] & ((1 << _KIND_BITS) - 1)).tolist()
    asked_for = (windows & ((1 << _WINDOW_BITS) - 1)).tolist()
    begins = np.flatnonzero(np.diff(windows >> _WINDOW_BITS, prepend=-1)).tolist()
    return [
        dict(zip(asked_for[a:b], best[a:b], strict=True)) for a, b in pairwise([*begins, len(best)])
    ]


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
    several: dict[int, Best] = {n: {} for n, count in counts.items() if count >= MIN_HITS}
    for asked, entry in hits:
        best = several.get(entry >> INDEX_SHIFT)
        if best is not None:
            kind = _kind((windows[asked] ^ entry) & _PAYLOAD_MASK, entry & _PAYLOAD_MASK)
            best[asked] = min(kind, best.get(asked, _NO_HIT))
    for number, best in several.items():
        row = book.rows.row(number)
        if row.alive and row.windows and _near(row.published, mine.published_day, policy):
            yield Candidate(
                number, best, row.cluster, row.offset, row.source, row.windows, row.rate
            )


def _kind(differs: int, payload: int) -> int:
    if payload < _FIRST_NAMED:
        kind = NAMELESS
    else:
        kind = (differs >= _FIRST_BEGIN) + (differs & _ENDINGS > 0)
    return 2 * kind + (differs & _FIGURES > 0)


def _near(published: Any, day: Any, policy: DedupePolicy) -> Any:
    """Return whether a row is not of another time than ``day``; of numbers, or of arrays of them."""
    return (abs(published - day) <= policy.text_window_days) | (published == 0) | (day == 0)

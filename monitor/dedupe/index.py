"""Which articles hold a hash: a log-structured inverted index in 8 bytes a posting.

The newest articles stand in a dictionary; every ``FLUSH`` articles it becomes a sorted array, and sorted arrays are
merged into larger ones (O'Neil et al. 1996, the LSM tree). A bitmap of hashes tells those that are in none (Bloom 1970). A posting is 31 bits of hash, 17 bits of the article's number within
its segment and 16 bits of payload, so one sort of plain 64-bit numbers is all there is to do.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from monitor.dedupe.sketch import HASH_SHIFT, INDEX_BITS, INDEX_SHIFT, NAMES

Keys = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]

FLUSH = 1_024
"""Articles in the dictionary: about 5 MB of it, and a sort of 35,000 numbers (2 ms) for each flush."""

MIDDLE = 8 * FLUSH
"""Articles of the newest segment before the next larger one takes it in."""

MAX_SPAN = 1 << INDEX_BITS
"""Articles of a segment at most: 700,000 articles make half a dozen. A merge takes 20 to 50 ms, once in 8,000 articles."""

RECENT = 8
"""Postings of one hash taken from one segment, the newest: longer lists belong to furniture and templates."""

SCANNED = 4_096
"""Postings of one hash looked through for those with the same payload."""

_HASH_BITS = 64 - HASH_SHIFT
_INDEX_MASK, _PAYLOAD_MASK, _NAMES_MASK = (1 << INDEX_BITS) - 1, 0xFFFF, 0xFFF0


Hit = tuple[int, int, int]
"""A posting found: the position of the key asked for, the article's number, the posting's payload."""


@dataclass(slots=True)
class _Segment:
    """Sorted postings of the articles from ``base`` (included) to ``end`` (excluded)."""

    base: int
    end: int
    keys: Keys


@dataclass(slots=True)
class Postings:
    """The index. Articles must be added in rising order of their numbers."""

    segments: list[_Segment] = field(default_factory=list)
    recent: dict[int, list[int]] = field(default_factory=dict)
    pending: list[tuple[int, Keys]] = field(default_factory=list)
    filter_bits: int = 27
    _filter: npt.NDArray[np.uint8] = field(init=False)

    def __post_init__(self) -> None:
        self._filter = np.zeros(1 << (self.filter_bits - 3), np.uint8)

    def __len__(self) -> int:
        """Return how many postings there are."""
        return sum(len(s.keys) for s in self.segments) + sum(len(k) for _, k in self.pending)

    @property
    def nbytes(self) -> int:
        """Bytes of the sorted arrays and the filter; the dictionary of the newest is bounded by ``FLUSH``."""
        return sum(s.keys.nbytes for s in self.segments) + self._filter.nbytes

    def add(self, article: int, keys: Keys) -> None:
        """Add the packed keys (index bits empty) of an article."""
        self.pending.append((article, keys))
        for key in keys.tolist():
            self.recent.setdefault(key >> HASH_SHIFT, []).append(
                article << INDEX_SHIFT | key & 0xFFFF
            )
        if len(self.pending) >= FLUSH or article - self.pending[0][0] >= MAX_SPAN:
            self.flush()

    def add_many(self, first: int, end: int, keys: Keys, articles: Numbers) -> None:
        """Add the keys of the articles ``first`` to ``end`` in bulk; ``articles`` is the number of each key's article."""
        self.flush()
        for base in range(first, end, MAX_SPAN):
            part = (articles >= base) & (articles < base + MAX_SPAN)
            if not part.any():
                continue
            self.segments.append(
                _sorted(base, min(end, base + MAX_SPAN), keys[part], articles[part])
            )
            self._mark(self.segments[-1].keys)
        self._merge()

    def flush(self) -> None:
        """Turn the dictionary of the newest into a sorted segment."""
        if not self.pending:
            return
        base, end = self.pending[0][0], self.pending[-1][0] + 1
        keys = np.concatenate([k for _, k in self.pending])
        articles = np.repeat([a for a, _ in self.pending], [len(k) for _, k in self.pending])
        self.pending.clear()
        self.recent.clear()
        self.segments.append(_sorted(base, end, keys, articles))
        self._mark(self.segments[-1].keys)
        self._merge()

    def find(self, keys: Keys) -> list[Hit]:
        """Return the postings of ``keys``, which must be sorted by hash; the newest of each where there are many."""
        hashes = keys >> np.uint64(HASH_SHIFT)
        found: list[Hit] = []
        place, bit = self._places(hashes)
        perhaps = np.flatnonzero(self._filter[place] & bit)
        if len(perhaps):
            for segment in self.segments:
                _find_sorted(segment, keys, perhaps, found)
        recent = self.recent
        for asked, key in enumerate(keys.tolist()):
            held = recent.get(key >> HASH_SHIFT)
            if held:
                newest = held if len(held) <= RECENT else _newest_of(held, key)
                found += [(asked, entry >> INDEX_SHIFT, entry & _PAYLOAD_MASK) for entry in newest]
        return found

    def _places(self, hashes: Keys) -> tuple[Keys, npt.NDArray[np.uint8]]:
        """Return the byte of each hash in the filter and its bit there: by the upper bits, so sorted ones lie in order."""
        upper = hashes >> np.uint64(_HASH_BITS - self.filter_bits)
        return upper >> np.uint64(3), np.left_shift(
            1, (upper & np.uint64(7)).astype(np.uint8), dtype=np.uint8
        )

    def _mark(self, keys: Keys) -> None:
        """Set the bits of sorted keys: most hashes asked for are nowhere, and then no array need be searched."""
        np.bitwise_or.at(self._filter, *self._places(keys >> np.uint64(HASH_SHIFT)))

    def keep(self, alive: npt.NDArray[np.bool_], first: int) -> None:
        """Drop the postings of the articles that are not ``alive``, whose first element is article ``first``."""
        self.flush()
        for segment in self.segments:
            index = (
                ((segment.keys >> np.uint64(INDEX_SHIFT)) & np.uint64(_INDEX_MASK)).astype(np.int64)
                + segment.base
                - first
            )
            segment.keys = segment.keys[(index >= 0) & alive[np.maximum(index, 0)]]
        self.segments = [s for s in self.segments if len(s.keys)]
        self._filter[:] = 0
        for segment in self.segments:
            self._mark(segment.keys)

    def _merge(self) -> None:
        """Grow the newest segment up to ``MIDDLE``, then let the one before it take it in, up to ``MAX_SPAN``."""
        if self._span(-2) <= MIDDLE:
            self._join(-2)
        elif self._span(-3) <= MAX_SPAN:
            self._join(-3)

    def _span(self, place: int) -> float:
        """Return the articles of the segment at ``place`` and of the next together."""
        if len(self.segments) < -place:
            return float("inf")
        return self.segments[place + 1].end - self.segments[place].base

    def _join(self, place: int) -> None:
        """Merge the segment at ``place`` with the next: two sorted runs, which a stable sort only has to merge."""
        old, new = self.segments[place], self.segments[place + 1]
        keys = np.concatenate(
            (old.keys, new.keys + np.uint64((new.base - old.base) << INDEX_SHIFT))
        )
        keys.sort(kind="stable")
        self.segments[place] = _Segment(old.base, new.end, keys)
        del self.segments[place + 1]


def _sorted(base: int, end: int, keys: Keys, articles: Numbers) -> _Segment:
    placed = keys | ((articles - base).astype(np.uint64) << np.uint64(INDEX_SHIFT))
    placed.sort()
    return _Segment(base, end, placed)


def _find_sorted(segment: _Segment, keys: Keys, perhaps: Numbers, found: list[Hit]) -> None:
    """Add the postings that one segment has of the keys at ``perhaps``."""
    wanted = keys[perhaps] >> np.uint64(HASH_SHIFT)
    low = segment.keys.searchsorted(wanted << np.uint64(HASH_SHIFT))
    there = segment.keys[np.minimum(low, len(segment.keys) - 1)] >> np.uint64(HASH_SHIFT) == wanted
    for i in np.flatnonzero(there).tolist():
        high = segment.keys.searchsorted((wanted[i] + np.uint64(1)) << np.uint64(HASH_SHIFT))
        asked, base = int(perhaps[i]), segment.base
        taken = _newest(segment.keys, int(low[i]), int(high), keys[asked]).tolist()
        found += [
            (asked, (key >> INDEX_SHIFT & _INDEX_MASK) + base, key & _PAYLOAD_MASK) for key in taken
        ]


def _newest_of(held: list[int], key: int) -> list[int]:
    """Do for the dictionary what ``_newest`` does for a segment."""
    same = [entry for entry in held if not (entry ^ key) & _NAMES_MASK]
    return (same or held)[-RECENT:]


def _newest(keys: Keys, low: int, high: int, asked: np.uint64) -> Keys:
    """Of a long list only the newest are taken, first those whose names are those asked for."""
    if high - low <= RECENT:
        return keys[low:high]
    scanned = keys[max(low, high - SCANNED) : high]
    same = scanned[(scanned & NAMES) == (asked & NAMES)]
    return (same if len(same) else scanned)[-RECENT:]

"""Which articles hold a hash: a log-structured inverted index in 8 bytes a posting.

The newest articles stand in a dictionary; every ``FLUSH`` articles it becomes a sorted array, and sorted arrays are
merged into larger ones (O'Neil et al. 1996, the LSM tree). Two filters (Bloom 1970; a block of 64 bits a hash, after
Putze et al. 2007) tell what is in none of the arrays that are still merged, and in none of the others. A posting is 31
bits of hash, 17 bits of the article's number within its segment and 16 bits of payload, so one sort of plain 64-bit
numbers is all there is to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import numpy.typing as npt

from monitor.dedupe.sketch import HASH_SHIFT, INDEX_BITS, INDEX_SHIFT, NAMES

Keys = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

FLUSH = 256
"""Articles in the dictionary: about 1 MB of it, and a sort of 9,000 numbers for each flush."""

MAX_SPAN = 1 << INDEX_BITS
"""Articles of a segment at most: 700,000 articles make half a dozen. A merge takes 20 to 50 ms, once in 8,000 articles."""

TIERS = (4 * FLUSH, 32 * FLUSH, MAX_SPAN)
"""Articles of the newest segment, of the one before it and of the one before that, each taking in the next when it can."""

RECENT = 8
"""Postings of one hash taken from one segment, the newest: longer lists belong to furniture and templates."""

SCANNED = 4_096
"""Postings of one hash looked through for those with the same payload."""

_MIX, _ONE, _SIX_BITS = np.uint64(0x9E3779B97F4A7C15), np.uint64(1), np.uint64(63)
_SIGN_SHIFTS = np.array([58, 52, 46], np.uint64)
_MARKED_AT_ONCE = 1 << 20
_SWEPT_AT_ONCE = 1 << 16
"""Postings looked through or marked in one step of a sweep, 5 to 10 ms."""
_NEXT_HASH = np.uint64(1 << HASH_SHIFT)
_HASH_MASK = ~(_NEXT_HASH - _ONE)
_LAST = np.arange(RECENT, 0, -1)
_INDEX_MASK, _PAYLOAD_MASK, _NAMES_MASK = (1 << INDEX_BITS) - 1, 0xFFFF, 0xFFF0


@dataclass(frozen=True, slots=True)
class Hits:
    """Postings found: the position of the key asked for, and the article's number above 16 bits of payload."""

    asked: Numbers
    entries: Numbers

    @property
    def articles(self) -> Numbers:
        """The articles' numbers."""
        return self.entries >> INDEX_SHIFT

    @property
    def payloads(self) -> Numbers:
        """The postings' payloads."""
        return self.entries & _PAYLOAD_MASK

    def __len__(self) -> int:
        return len(self.asked)


_NONE = Hits(np.zeros(0, np.int64), np.zeros(0, np.int64))


@dataclass(slots=True)
class _Segment:
    """Sorted postings of the articles from ``base`` (included) to ``end`` (excluded); ``swept`` by so many sweeps."""

    base: int
    end: int
    keys: Keys
    swept: int


@dataclass(frozen=True, slots=True)
class _Signs:
    """What hashes leave in a filter: the block of each (31 bits), and its bits there. Sorted hashes lie in order."""

    blocks: Keys
    bits: Keys

    @classmethod
    def of(cls, keys: Keys) -> _Signs:
        hashes = keys >> np.uint64(HASH_SHIFT)
        mixed = hashes * _MIX
        bits = _ONE << (mixed >> _SIGN_SHIFTS[0])
        bits |= _ONE << (mixed >> _SIGN_SHIFTS[1] & _SIX_BITS)
        bits |= _ONE << (mixed >> _SIGN_SHIFTS[2] & _SIX_BITS)
        return cls(hashes, bits)


class _Filter:
    """Tells hashes that were never marked, but for one in fifty at ten bits a hash."""

    def __init__(self, bits: int) -> None:
        self.blocks = np.zeros(1 << bits, np.uint64)
        self._shift = np.uint64(31 - bits)

    def mark(self, keys: Keys) -> None:
        for start in range(0, len(keys), _MARKED_AT_ONCE):
            signs = _Signs.of(keys[start : start + _MARKED_AT_ONCE])
            np.bitwise_or.at(self.blocks, signs.blocks >> self._shift, signs.bits)

    def perhaps(self, signs: _Signs) -> Numbers:
        """Return the positions of the hashes that may have been marked."""
        held = self.blocks[signs.blocks >> self._shift] & signs.bits
        marked: Numbers = (held == signs.bits).nonzero()[0]
        return marked


@dataclass(slots=True)
class Postings:
    """The index. Articles must be added in rising order of their numbers.

    ``filter_bits``: the larger filter has so many blocks, as a power of two; 22 are 32 MB, for 25 millions of hashes.
    ``version`` is raised when postings leave the dictionary or go: until then what ``settled`` told stays true.
    """

    filter_bits: int = 22
    segments: list[_Segment] = field(default_factory=list)
    recent: dict[int, list[int]] = field(default_factory=dict)
    pending: list[tuple[int, Keys]] = field(default_factory=list)
    version: int = 0
    _grown: _Filter = field(init=False)
    _growing: _Filter = field(init=False)
    _told: int = 0
    _sweeps: int = 0

    def __post_init__(self) -> None:
        self._grown, self._growing = _Filter(self.filter_bits), _Filter(self.filter_bits - 3)

    def __len__(self) -> int:
        """Return how many postings there are."""
        return sum(len(s.keys) for s in self.segments) + sum(len(k) for _, k in self.pending)

    @property
    def nbytes(self) -> int:
        """Bytes of the sorted arrays and the filters; the dictionary of the newest is bounded by ``FLUSH``."""
        filters = self._grown.blocks.nbytes + self._growing.blocks.nbytes
        return sum(s.keys.nbytes for s in self.segments) + filters

    def add(self, article: int, keys: Keys) -> None:
        """Add the packed keys (index bits empty) of an article."""
        self.pending.append((article, keys))
        for key in keys.tolist():
            self.recent.setdefault(key >> HASH_SHIFT, []).append(
                article << INDEX_SHIFT | key & 0xFFFF
            )
        if len(self.pending) >= FLUSH or article - self.pending[0][0] >= MAX_SPAN:
            self.flush()

    def make_room(self, articles: int) -> None:
        """Have the dictionary take so many articles more without being emptied, as far as its size allows."""
        if len(self.pending) + articles >= FLUSH:
            self.flush()

    def add_many(self, first: int, end: int, keys: Keys, articles: Numbers) -> None:
        """Add the keys of the articles ``first`` to ``end`` in bulk; ``articles`` is the number of each key's article."""
        self.flush()
        self.version += 1
        for base in range(first, end, MAX_SPAN):
            part = (articles >= base) & (articles < base + MAX_SPAN)
            if not part.any():
                continue
            self._append(base, min(end, base + MAX_SPAN), keys[part], articles[part])
        self._merge()

    def flush(self) -> None:
        """Turn the dictionary of the newest into a sorted segment."""
        if not self.pending:
            return
        self.version += 1
        base, end = self.pending[0][0], self.pending[-1][0] + 1
        keys = np.concatenate([k for _, k in self.pending])
        articles = np.repeat([a for a, _ in self.pending], [len(k) for _, k in self.pending])
        self.pending.clear()
        self.recent.clear()
        self._append(base, end, keys, articles)
        self._merge()

    def _append(self, base: int, end: int, keys: Keys, articles: Numbers) -> None:
        """Add a segment of articles that are new, and so need no sweeping; none where all are too short for a posting."""
        if not len(keys):
            return
        placed = keys | ((articles - base).astype(np.uint64) << np.uint64(INDEX_SHIFT))
        placed.sort()
        self.segments.append(_Segment(base, end, placed, self._sweeps))
        self._growing.mark(placed)

    def find(self, keys: Keys) -> Hits:
        """Return the postings of keys, the newest of each where there are many."""
        newest = self.newest(keys.tolist())
        asked, entries = np.array(newest, np.int64).reshape(-1, 2).T
        return _together([self.settled(keys), Hits(asked, entries)])

    def settled(self, keys: Keys) -> Hits:
        """Return the postings of keys that no longer stand in the dictionary. Many at once are found faster."""
        order = keys.argsort()
        ordered = keys[order]
        signs = _Signs.of(ordered)
        found = [_NONE]
        grown, growing = self.segments[: self._told], self.segments[self._told :]
        for segments, known in ((growing, self._growing), (grown, self._grown)):
            if segments and len(perhaps := known.perhaps(signs)):
                found += [_find_sorted(s, ordered[perhaps], order[perhaps]) for s in segments]
        return _together(found)

    def newest(self, keys: Sequence[int]) -> list[tuple[int, int]]:
        """Return the postings of keys that stand in the dictionary, in the form of ``Hits``."""
        recent = self.recent
        found: list[tuple[int, int]] = []
        for place, key in enumerate(keys):
            held = recent.get(key >> HASH_SHIFT)
            if held:
                taken = held if len(held) <= RECENT else _newest_of(held, key)
                found += [(place, entry) for entry in taken]
        return found

    def _tell(self) -> None:
        """Enter into the larger filter the segments that grow no more; begin the other anew when there are such."""
        grown = max(0, len(self.segments) - len(TIERS) - 1)
        if grown == self._told:
            return
        for segment in self.segments[self._told : grown]:
            self._grown.mark(segment.keys)
        self._told = grown
        self._growing = _Filter(self.filter_bits - 3)
        for segment in self.segments[grown:]:
            self._growing.mark(segment.keys)

    def sweep(self, stands: Callable[[Numbers], Flags]) -> Iterator[None]:
        """Drop the postings of articles that do not stand, in short steps between which all may be asked and added.

        ``stands`` tells of articles by their numbers; what does not stand when the sweep begins must not again.
        """
        self.flush()
        self._sweeps += 1
        yield
        while unswept := [s for s in self.segments if s.swept < self._sweeps]:
            yield from self._sweep(unswept[0], stands)
        yield from self._renew_filter()

    def _sweep(self, segment: _Segment, stands: Callable[[Numbers], Flags]) -> Iterator[None]:
        """Sweep a segment, unless it is merged meanwhile: then the larger one is still to be swept."""
        kept = []
        for start in range(0, len(segment.keys), _SWEPT_AT_ONCE):
            part = segment.keys[start : start + _SWEPT_AT_ONCE]
            within = ((part >> np.uint64(INDEX_SHIFT)) & np.uint64(_INDEX_MASK)).astype(np.int64)
            kept.append(part[stands(within + segment.base)])
            yield
        place = next((n for n, s in enumerate(self.segments) if s is segment), None)
        if place is None:
            return
        segment.keys, segment.swept = np.concatenate(kept), self._sweeps
        self.version += 1
        if not len(segment.keys):
            del self.segments[place]
            self._told -= place < self._told

    def _renew_filter(self) -> Iterator[None]:
        """Make the larger filter anew of what is left. Segments that cease to grow meanwhile follow at its end."""
        renewed, marked = _Filter(self.filter_bits), 0
        while marked < self._told:
            keys = self.segments[marked].keys
            for start in range(0, len(keys), _SWEPT_AT_ONCE):
                renewed.mark(keys[start : start + _SWEPT_AT_ONCE])
                yield
            marked += 1
        self._grown = renewed

    def _merge(self) -> None:
        """Let one segment take in the next: the newest that can."""
        for place, most in enumerate(TIERS, 2):
            if self._span(-place) <= most:
                self._join(-place)
                break
        self._tell()

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
        swept = min(old.swept, new.swept)
        self.segments[place] = _Segment(old.base, new.end, keys, swept)
        del self.segments[place + 1]


def _together(found: Sequence[Hits]) -> Hits:
    return Hits(
        np.concatenate([hits.asked for hits in found]),
        np.concatenate([hits.entries for hits in found]),
    )


def _find_sorted(segment: _Segment, keys: Keys, asked: Numbers) -> Hits:
    """Return the postings that one segment has of keys, which are in order; ``asked`` are their positions."""
    begins = keys & _HASH_MASK
    low = segment.keys.searchsorted(begins)
    there = np.flatnonzero(segment.keys.take(low, mode="clip") & _HASH_MASK == begins)
    low, keys, asked = low[there], keys[there], asked[there]
    sizes = segment.keys.searchsorted(begins[there] + _NEXT_HASH) - low
    long = sizes > RECENT
    if not long.any():
        return _slices(segment, low, sizes, asked)
    short = ~long
    high = low[long] + sizes[long]
    newest = _newest(segment, high, sizes[long], keys[long], asked[long])
    return _together([_slices(segment, low[short], sizes[short], asked[short]), *newest])


def _slices(segment: _Segment, low: Numbers, sizes: Numbers, asked: Numbers) -> Hits:
    """Return the postings from each of ``low`` on, so many of each."""
    ends = sizes.cumsum()
    at = np.arange(sizes.sum()) + np.repeat(low - ends + sizes, sizes)
    return Hits(np.repeat(asked, sizes), _placed(segment, segment.keys[at]))


def _newest(
    segment: _Segment, high: Numbers, sizes: Numbers, keys: Keys, asked: Numbers
) -> Iterator[Hits]:
    """Yield the newest of long lists, which end at ``high``, first those whose names are those asked for."""
    tails = segment.keys[high[:, None] - _LAST]
    same = ((tails ^ keys[:, None]) & NAMES == 0).all(axis=1)
    yield Hits(np.repeat(asked[same], RECENT), _placed(segment, tails[same].ravel()))
    for i in np.flatnonzero(~same).tolist():
        scanned = segment.keys[high[i] - min(int(sizes[i]), SCANNED) : high[i]]
        named = scanned[(scanned ^ keys[i]) & NAMES == 0]
        taken = (named if len(named) else scanned)[-RECENT:]
        yield Hits(np.full(len(taken), asked[i]), _placed(segment, taken))


def _placed(segment: _Segment, keys: Keys) -> Numbers:
    """Return postings with the articles' own numbers in place of those within the segment, without their hashes."""
    within = (keys & ~_HASH_MASK).astype(np.int64)
    return within + (segment.base << INDEX_SHIFT)


def _newest_of(held: list[int], key: int) -> list[int]:
    """Do for the dictionary what ``_newest`` does for a segment."""
    same = list(islice((e for e in reversed(held) if not (e ^ key) & _NAMES_MASK), RECENT))
    return same or held[-RECENT:]

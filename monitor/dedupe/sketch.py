"""What near copies share: a sample of the windows of a text, with the names and figures in each set apart.

A window is five steps of one sentence, where a run of names is one step and a figure is one step, whichever they are.
So a text keeps its windows when only names and figures change, and each window says which names and figures it held.
Two texts with many windows in common and the same names in them are copies; with other names in them they tell
another incident in the same words. A window is kept by its own hash, so the samples of a text and of a part of it
agree, and containment can be told from samples (Broder 1997, "On the resemblance and containment of documents",
mod-m sampling).

A window is packed into 64 bits: 31 of hash, 17 free for the index, 6 + 6 of names (beginnings, endings), 4 of figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from monitor.dedupe import words
from monitor.dedupe.words import Bits, Mask, Words

Numbers = npt.NDArray[np.int64]

STEPS = 5
"""Steps of a window: at 3 % of characters wrong, half of the windows of 5 survive, a quarter of those of 9."""

MIN_PLAIN = 3
"""Words of a window that are neither names nor figures: with fewer it is too common to tell anything."""

SAMPLE = 48
"""At most so many windows are kept, about half as many at the least, 8 bytes each in the index."""

MAX_FIGURES = 24

_NAMED_LEVELS = 2
_MAX_LEVEL = 24
_LEVEL_MASK = np.uint64((1 << _MAX_LEVEL) - 1)

_NAME_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIGURE_STEP = np.uint64(0xC2B2AE3D27D4EB4F)
_FACTORS = np.array(
    [
        0x9E3779B185EBCA87,
        0xC2B2AE3D27D4EB4F,
        0x165667B19E3779F9,
        0x85EBCA77C2B2AE63,
        0x27D4EB2F165667C5,
    ],
    np.uint64,
)
"""Odd constants of xxHash's reference code, one for each step of a window."""

HASH_SHIFT, INDEX_BITS, INDEX_SHIFT = 33, 17, 16
HASH_MODULUS = np.uint64((1 << 31) - 1)
PAYLOAD = np.uint64(0xFFFF)
NAMES = np.uint64(0xFFF0)

_SHIFT = np.uint64(words.HASH_SHIFT)
_PARTS = np.uint64(words.PARTS_SHIFT)
_PART = np.uint64((1 << words.PART_BITS) - 1)
_ZERO, _ONE = np.uint64(0), np.uint64(1)
_FIELD, _FIELD_MASK = 20, np.uint64((1 << 20) - 1)
_NAME_FIELDS = np.uint64((1 << 2 * 20) - 1)
_SMALL = np.array([[15], [63], [63]], np.uint64)
"""Most that four and six bits hold; 0 means nothing there."""

_MAX_HASH = np.uint64((1 << 31) - 2)


@dataclass(frozen=True)
class Sketch:
    """A text's sample of windows, in order of their hashes, and what the guards need to know of it.

    ``sentence`` is the number of the sentence of each window and ``level`` the coarsest rate at which it is still kept.
    ``title`` holds 16 bits for each of the title's words, sorted. ``figures`` has one byte for each different figure.
    """

    windows: Bits
    sentence: Numbers
    level: Numbers
    rate: int
    title: bytes
    figures: bytes
    text: Words
    title_bits: tuple[int, ...]

    @cached_property
    def words(self) -> int:
        """How many words the text has."""
        return len(self.text.bits)

    @cached_property
    def sentences(self) -> list[int]:
        """The sentence of each window, as a list."""
        numbers: list[int] = self.sentence.tolist()
        return numbers

    @cached_property
    def named(self) -> list[bool]:
        """Whether each window holds names."""
        flags: list[bool] = (self.windows & NAMES > 0).tolist()
        return flags

    @cached_property
    def title_words(self) -> frozenset[int]:
        """The title's words, 16 bits each."""
        return frozenset(np.frombuffer(self.title, np.uint16).tolist())

    @cached_property
    def title_places(self) -> list[set[int]]:
        """For each word of the title the sentences that hold it."""
        hashes = self.text.bits >> _SHIFT
        return [
            set(self.text.sentence[hashes == t >> words.HASH_SHIFT].tolist())
            for t in self.title_bits
        ]


def sketch(title: str, text: str) -> Sketch:
    """Return the sketch of an article's text and title."""
    read, title_bits = words.read(text), words.read_title(title)
    windows, sentence, level, rate = _sample(read)
    order = np.argsort(windows, kind="stable")
    return Sketch(
        windows=windows[order],
        sentence=sentence[order],
        level=level[order],
        rate=rate,
        title=_title(title_bits),
        figures=_figures(read, title_bits),
        text=read,
        title_bits=title_bits,
    )


def _sample(read: Words) -> tuple[Bits, Numbers, Numbers, int]:
    """Return the windows that are kept, the sentence and level of each, and the rate: the least level kept.

    A window's level counts the leading zeros of its hash, so the sample at a coarser rate is part of a finer one's.
    Windows with names are four times as likely to be kept, as they tell whose story it is.
    """
    starts = _steps(read)
    if len(starts) < STEPS:
        return np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0, np.int64), 0
    at, named = _places(read, starts)
    hashes = _hashes(read, starts)[at]
    level = (
        _MAX_LEVEL - np.frexp((hashes & _LEVEL_MASK).astype(np.float64))[1] + _NAMED_LEVELS * named
    )
    counts = np.bincount(level, minlength=1)[::-1].cumsum()[::-1]
    rate = int((counts > SAMPLE).sum())
    kept = np.flatnonzero(level >= rate)
    at = at[kept]
    first, last = starts[at], np.append(starts, len(read.bits))[at + STEPS]
    packed = np.minimum(hashes[kept] >> np.uint64(HASH_SHIFT), _MAX_HASH) << np.uint64(
        HASH_SHIFT
    ) | _payload(read, first, last)
    return packed, read.sentence[first], level[kept].astype(np.int64), rate


def _steps(read: Words) -> Numbers:
    """Return where the steps start: every word but those inside a run of names."""
    inside = np.zeros(len(read.bits), bool)
    inside[1:] = read.name[1:] & read.name[:-1] & (read.sentence[1:] == read.sentence[:-1])
    return np.flatnonzero(~inside)


def _places(read: Words, starts: Numbers) -> tuple[Numbers, Mask]:
    """Return at which steps a window may start, within one sentence and with words enough, and which hold names."""
    total = np.zeros(len(starts) + 1, np.int64)
    np.cumsum(np.where(read.name[starts], 16, ~read.figure[starts]), out=total[1:])
    counts = total[STEPS:] - total[:-STEPS]
    sentence = read.sentence[starts]
    good = (sentence[STEPS - 1 :] == sentence[: 1 - STEPS]) & (counts & 15 >= MIN_PLAIN)
    at = np.flatnonzero(good)
    return at, counts[at] >= 16  # noqa: PLR2004 - one name


def _hashes(read: Words, starts: Numbers) -> Bits:
    """Return the hash of the window at each step; names and figures count as such, whichever they are."""
    steps = (read.bits >> _SHIFT)[starts]
    steps[read.name[starts]] = _NAME_STEP
    steps[read.figure[starts]] = _FIGURE_STEP
    count = len(steps) - STEPS + 1
    mixed = steps[:count] * _FACTORS[0]
    for i in range(1, STEPS):
        mixed += steps[i : i + count] * _FACTORS[i]
    return _spread(mixed)


def _payload(read: Words, first: Numbers, last: Numbers) -> Bits:
    """Return 16 bits for each window: names by their beginnings (6) and by their endings (6), figures (4).

    All zero means none. One wrong letter changes the beginning or the ending of a name, seldom both.
    """
    parts = read.bits >> _PARTS
    values = np.where(
        read.name,
        parts & _PART | (parts >> np.uint64(words.PART_BITS) & _PART) << np.uint64(_FIELD),
        _ZERO,
    )
    values[read.figure] = (parts[read.figure] & _PART | _ONE) << np.uint64(2 * _FIELD)
    total = np.zeros(len(values) + 1, np.uint64)
    np.cumsum(values, out=total[1:])
    inside = total[last] - total[first]
    fields = (inside >> np.array([[2 * _FIELD], [_FIELD], [0]], np.uint64)) & _FIELD_MASK
    small = np.maximum(_spread(fields) & _SMALL, _ONE)
    names = (inside & _NAME_FIELDS) != 0
    small[0, fields[0] == 0] = 0
    small[1:, ~names] = 0
    packed: Bits = small[1] << np.uint64(10) | small[2] << np.uint64(4) | small[0]
    return packed


def _spread(values: Bits) -> Bits:
    """Return well spread bits (the finisher of MurmurHash3, public domain)."""
    h = values ^ (values >> np.uint64(33))
    h *= np.uint64(0xFF51AFD7ED558CCD)
    h ^= h >> np.uint64(33)
    h *= np.uint64(0xC4CEB9FE1A85EC53)
    h ^= h >> np.uint64(33)
    return h


def _title(title: tuple[int, ...]) -> bytes:
    return np.array(sorted({t >> words.HASH_SHIFT & 0xFFFF for t in title}), np.uint16).tobytes()


def _figures(read: Words, title: tuple[int, ...]) -> bytes:
    """Return one byte for each different figure of title and text, sorted; at most MAX_FIGURES, the first ones."""
    every = [t for t in title if t & words.KIND_MASK == words.FIGURE] + read.bits[
        read.figure
    ].tolist()
    first = list(dict.fromkeys(value >> words.HASH_SHIFT & 0xFF for value in every))[:MAX_FIGURES]
    return bytes(sorted(first))

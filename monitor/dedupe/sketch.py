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
from monitor.dedupe.words import Bits, TitleWord, Words

Numbers = npt.NDArray[np.int64]

STEPS = 5
"""Steps of a window: at 3 % of characters wrong, half of the windows of 5 survive, a quarter of those of 9."""

MIN_PLAIN = 3
"""Words of a window that are neither names nor figures: with fewer it is too common to tell anything."""

SAMPLE = 48
"""At most so many windows are kept, about half as many at the least, 8 bytes each in the index."""

MAX_FIGURES = 48

_NAMED_LEVELS = np.uint64(2)
_NAME_WEIGHT, _PLAIN_MASK = 15, 15
"""A window's plain words and names in one byte: a word counts 1, a name 16, a figure nothing."""

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

_ONE, _BYTE = np.uint64(1), np.uint64(0xFF)
_FIELDS = np.array([[2], [1], [0]], np.uint64) * np.uint64(words.FIELD_BITS)
_FIELD_MASK = np.uint64((1 << words.FIELD_BITS) - 1)
_SMALL = np.array([[15], [63], [63]], np.uint64)
"""Most that four and six bits hold; 0 means nothing there."""

_MAX_HASH = np.uint64((1 << 31) - 2)


@dataclass(frozen=True)
class Sketch:
    """A text's sample of windows, in order of their hashes, and what the guards need to know of it.

    ``sentence`` is the number of the sentence of each window and ``level`` the coarsest rate at which it is still kept.
    ``title`` holds 16 bits for each of the title's words, sorted. ``figures`` has one byte for each figure of the text,
    and for each of the title that the text lacks.
    """

    windows: Bits
    sentence: Numbers
    level: Numbers
    rate: int
    title: bytes
    figures: bytes
    text: Words
    heading: tuple[TitleWord, ...]

    @property
    def words(self) -> int:
        """How many words the text has."""
        return len(self.text.hashes)

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
        wanted = np.array([word.hash for word in self.heading], np.uint64)
        which, where = np.nonzero(wanted[:, None] == self.text.hashes)
        places: list[set[int]] = [set() for _ in self.heading]
        for word, sentence in zip(which.tolist(), self.text.sentence[where].tolist(), strict=True):
            places[word].add(sentence)
        return places


def sketch(title: str, text: str) -> Sketch:
    """Return the sketch of an article's text and title."""
    read, heading = words.read(text), words.read_title(title)
    windows, sentence, level, rate = _sample(read)
    order = np.argsort(windows)
    return Sketch(
        windows=windows[order],
        sentence=sentence[order],
        level=level[order],
        rate=rate,
        title=_title(heading),
        figures=_figures(read, heading),
        text=read,
        heading=heading,
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
    small = (hashes & _LEVEL_MASK) >> (named * _NAMED_LEVELS)
    rate = _rate(small)
    kept = np.flatnonzero(small < (1 << _MAX_LEVEL) >> rate)
    level = _MAX_LEVEL - np.frexp(small[kept].astype(np.float64))[1].astype(np.int64)
    first, last = starts[at[kept]], np.append(starts, len(read.hashes))[at[kept] + STEPS]
    cut = np.minimum(hashes[kept] >> np.uint64(HASH_SHIFT), _MAX_HASH) << np.uint64(HASH_SHIFT)
    return cut | _payload(read, first, last), read.sentence[first], level, rate


def _rate(small: Bits) -> int:
    """Return the least rate that keeps no more than SAMPLE windows, given the bits that their levels are counted in."""
    if len(small) <= SAMPLE:
        return 0
    return _MAX_LEVEL + 1 - int(np.partition(small, SAMPLE)[SAMPLE]).bit_length()


def _steps(read: Words) -> Numbers:
    """Return where the steps start: every word but those inside a run of names."""
    step = np.ones(len(read.name), bool)
    step[1:] = ~(read.name[1:] & read.name[:-1] & read.near)
    return np.flatnonzero(step)


def _places(read: Words, starts: Numbers) -> tuple[Numbers, Bits]:
    """Return at which steps a window may start, within one sentence and with words enough, and which hold names (1)."""
    weights = ((~read.figure).view(np.uint8) + read.name.view(np.uint8) * _NAME_WEIGHT)[starts]
    count = len(starts) - STEPS + 1
    counts = weights[:count].copy()
    for i in range(1, STEPS):
        counts += weights[i : i + count]
    sentence = read.sentence[starts]
    good = (sentence[STEPS - 1 :] == sentence[:count]) & (counts & _PLAIN_MASK >= MIN_PLAIN)
    at = np.flatnonzero(good)
    return at, (counts[at] > _PLAIN_MASK).astype(np.uint64)


def _hashes(read: Words, starts: Numbers) -> Bits:
    """Return the hash of the window at each step; names and figures count as such, whichever they are."""
    steps = read.hashes.copy()
    np.putmask(steps, read.name, _NAME_STEP)
    np.putmask(steps, read.figure, _FIGURE_STEP)
    return _spread(np.correlate(steps[starts], _FACTORS, "valid"))


def _payload(read: Words, first: Numbers, last: Numbers) -> Bits:
    """Return 16 bits for each window: names by their beginnings (6) and by their endings (6), figures (4).

    All zero means none. One wrong letter changes the beginning or the ending of a name, seldom both.
    """
    total = np.zeros(len(read.parts) + 1, np.uint64)
    np.cumsum(read.parts, out=total[1:])
    inside = total[last] - total[first]
    fields = (inside >> _FIELDS) & _FIELD_MASK
    small = np.maximum(_spread(fields) & _SMALL, _ONE)
    small[0] *= fields[0] > 0
    small[1:] *= (fields[1] | fields[2]) > 0
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


def _title(heading: tuple[TitleWord, ...]) -> bytes:
    return np.array(sorted({word.hash & 0xFFFF for word in heading}), np.uint16).tobytes()


def _figures(read: Words, heading: tuple[TitleWord, ...]) -> bytes:
    """Return one byte for each figure, sorted; at most MAX_FIGURES, the first ones.

    A figure that stands twice is there twice: "two cars, three dead" is not "two cars, two dead".
    """
    told: list[int] = (read.hashes[read.figure] & _BYTE).tolist()
    headed = [hashed for w in heading if w.figure and (hashed := w.hash & 0xFF) not in told]
    return bytes(sorted([*headed, *told][:MAX_FIGURES]))

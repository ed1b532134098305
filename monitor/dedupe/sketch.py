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

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from monitor.dedupe import words
from monitor.dedupe.words import Bits, Numbers, Title, Words

STEPS = 5
"""Steps of a window: at 3 % of characters wrong, half of the windows of 5 survive, a quarter of those of 9."""

MIN_PLAIN = 3
"""Words of a window that are neither names nor figures: with fewer it is too common to tell anything."""

SAMPLE = 48
"""At most so many windows are kept, about half as many at the least, 8 bytes each in the index."""

MAX_FIGURES = 48

_TITLE_MASK = 0xFFFF

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

    ``sentence`` is the number of the sentence of each window, ``level`` the coarsest rate at which it is still kept, and
    ``named`` tells whether it holds names. ``title`` holds 16 bits for each of the title's words, sorted. ``figures`` has one byte for each figure of the text,
    and for each of the title that the text lacks.
    """

    windows: Bits
    sentence: list[int]
    level: list[int]
    named: list[bool]
    rate: int
    title: bytes
    figures: bytes
    hashes: Bits
    sentence_of_word: Numbers
    caseless: bool
    heading: list[int]

    @property
    def words(self) -> int:
        """How many words the text has."""
        return len(self.hashes)

    @cached_property
    def title_words(self) -> frozenset[int]:
        """The title's words, 16 bits each."""
        return frozenset(word & _TITLE_MASK for word in self.heading)

    @cached_property
    def title_places(self) -> list[set[int]]:
        """For each word of the title the sentences that hold it."""
        wanted = np.array(self.heading, np.uint64)
        which, where = np.nonzero(wanted[:, None] == self.hashes)
        places: list[set[int]] = [set() for _ in self.heading]
        sentences = self.sentence_of_word[where].tolist()
        for word, sentence in zip(which.tolist(), sentences, strict=True):
            places[word].add(sentence)
        return places


@dataclass(frozen=True, slots=True)
class _Sample:
    """The windows that are kept of several texts, those of text ``i`` from ``bounds[i]`` on, in order of their hashes."""

    bounds: list[int]
    windows: Bits
    sentence: list[int]
    level: list[int]
    named: list[bool]
    rates: list[int]


def sketch(title: str, text: str) -> Sketch:
    """Return the sketch of an article's text and title."""
    return next(sketches([(title, text)]))


def sketches(articles: Iterable[tuple[str, str]]) -> Iterator[Sketch]:
    """Yield the sketches of articles' titles and texts, in order; many cost a third of as many single ones."""
    together: list[tuple[str, str]] = []
    chars = 0
    for title, text in articles:
        more = min(len(title) + len(text), words.MAX_CHARS)
        if together and chars + more > words.MAX_CHARS:
            yield from _sketched(together)
            together, chars = [], 0
        together.append((title, text))
        chars += more
    yield from _sketched(together)


def _sketched(articles: list[tuple[str, str]]) -> Iterator[Sketch]:
    read = words.read([text for _, text in articles])
    headings = words.read_titles([title for title, _ in articles])
    sample = _sample(read)
    figures, figure_bounds = _figures(read)
    begins, caseless = read.bounds.tolist(), read.caseless.tolist()
    for i, heading in enumerate(headings):
        first, last = sample.bounds[i : i + 2]
        yield Sketch(
            windows=sample.windows[first:last],
            sentence=sample.sentence[first:last],
            level=sample.level[first:last],
            named=sample.named[first:last],
            rate=sample.rates[i],
            title=_title(heading),
            figures=_all_figures(figures[figure_bounds[i] : figure_bounds[i + 1]], heading),
            hashes=read.hashes[begins[i] : begins[i + 1]],
            sentence_of_word=read.sentence[begins[i] : begins[i + 1]],
            caseless=caseless[i],
            heading=heading.hashes,
        )


def _sample(read: Words) -> _Sample:
    """Return the windows that are kept.

    A window's level counts the leading zeros of its hash, so the sample at a coarser rate is part of a finer one's.
    Windows with names are four times as likely to be kept, as they tell whose story it is.
    """
    starts = _steps(read)
    at, named = _places(read, starts)
    hashes = _hashes(read, starts, at)
    small = (hashes & _LEVEL_MASK) >> (named * _NAMED_LEVELS)
    bounds = starts[at].searchsorted(read.bounds)
    rates = _rates(small, bounds)
    texts = np.repeat(np.arange(len(rates)), np.diff(bounds))
    kept = np.flatnonzero(small < ((1 << _MAX_LEVEL) >> rates).astype(np.uint64)[texts])
    level = _MAX_LEVEL - np.frexp(small[kept].astype(np.float64))[1].astype(np.int64)
    first, last = starts[at[kept]], np.append(starts, len(read.hashes))[at[kept] + STEPS]
    cut = np.minimum(hashes[kept] >> np.uint64(HASH_SHIFT), _MAX_HASH) << np.uint64(HASH_SHIFT)
    windows = cut | _payload(read, first, last)
    order = np.lexsort((windows, texts[kept]))
    return _Sample(
        bounds=kept.searchsorted(bounds).tolist(),
        windows=windows[order],
        sentence=read.sentence[first][order].tolist(),
        level=level[order].tolist(),
        named=(windows[order] & NAMES > 0).tolist(),
        rates=rates.tolist(),
    )


def _rates(small: Bits, bounds: Numbers) -> Numbers:
    """Return for each text the least rate that keeps no more than SAMPLE windows.

    ``small`` are the bits that the windows' levels are counted in, those of text ``i`` from ``bounds[i]`` on.
    """
    rates = np.zeros(len(bounds) - 1, np.int64)
    for i in np.flatnonzero(np.diff(bounds) > SAMPLE).tolist():
        least = int(np.partition(small[bounds[i] : bounds[i + 1]], SAMPLE)[SAMPLE])
        rates[i] = _MAX_LEVEL + 1 - least.bit_length()
    return rates


def _steps(read: Words) -> Numbers:
    """Return where the steps start: every word but those inside a run of names."""
    step = np.ones(len(read.name), bool)
    step[1:] = ~(read.name[1:] & read.name[:-1] & read.near)
    return np.flatnonzero(step)


def _places(read: Words, starts: Numbers) -> tuple[Numbers, Bits]:
    """Return at which steps a window may start, within one sentence and with words enough, and which hold names (1)."""
    weights = ((~read.figure).view(np.uint8) + read.name.view(np.uint8) * _NAME_WEIGHT)[starts]
    count = max(0, len(starts) - STEPS + 1)
    counts = weights[:count].copy()
    for i in range(1, STEPS):
        counts += weights[i : i + count]
    sentence = read.sentence[starts]
    good = (sentence[STEPS - 1 :] == sentence[:count]) & (counts & _PLAIN_MASK >= MIN_PLAIN)
    at = np.flatnonzero(good)
    return at, (counts[at] > _PLAIN_MASK).astype(np.uint64)


def _hashes(read: Words, starts: Numbers, at: Numbers) -> Bits:
    """Return the hashes of the windows that start ``at`` steps; names and figures count as such, whichever they are."""
    steps = read.hashes.copy()
    np.putmask(steps, read.name, _NAME_STEP)
    np.putmask(steps, read.figure, _FIGURE_STEP)
    steps = steps[starts]
    hashes = np.zeros(len(at), np.uint64)
    for i, factor in enumerate(_FACTORS):
        hashes += steps[at + i] * factor
    return _spread(hashes)


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


def _title(heading: Title) -> bytes:
    return array("H", sorted({word & _TITLE_MASK for word in heading.hashes})).tobytes()


def _figures(read: Words) -> tuple[list[int], list[int]]:
    """Return a byte for each figure of the texts, and where those of each begin, and end."""
    at = np.flatnonzero(read.figure)
    return (read.hashes[at] & _BYTE).tolist(), at.searchsorted(read.bounds).tolist()


def _all_figures(told: list[int], heading: Title) -> bytes:
    """Return one byte for each figure, sorted; at most MAX_FIGURES, the first ones.

    A figure that stands twice is there twice: "two cars, three dead" is not "two cars, two dead".
    """
    words_and_figures = zip(heading.hashes, heading.figures, strict=True)
    headed = [
        byte
        for word, is_figure in words_and_figures
        if is_figure and (byte := word & 0xFF) not in told
    ]
    return bytes(sorted([*headed, *told][:MAX_FIGURES]))

"""What near copies share: a sample of the windows of a text, with the names and figures in each set apart.

A window is five steps of one sentence, where a run of names is one step and a figure is one step, whichever they are.
So a text keeps its windows when only names and figures change, and each window says which names and figures it held.
Two texts with many windows in common and the same names in them are copies; with other names in them they tell
another incident in the same words. A window is kept by its own hash (1 in ``2**rate``), so the samples of a text and
of a part of it agree, and containment can be told from samples (Broder 1997, "On the resemblance and containment of
documents", mod-m sampling).

A window is packed into 64 bits: 31 of hash, 17 free for the index, 6 + 6 of names (beginnings, endings), 4 of figures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import xxhash

from monitor.dedupe.figures import FIGURES

Words = npt.NDArray[np.uint64]

STEPS = 5
"""Steps of a window: at 3 % of characters wrong, half of the windows of 5 survive, a quarter of those of 9."""

MIN_WORDS = 3
"""Words of a window that are neither names nor figures: with fewer it is too common to tell anything."""

SAMPLE = 48
"""At most about so many windows are kept (24 on average at the least), 8 bytes each in the index."""

MAX_SKETCH_CHARS = 120_000
"""Only the beginning of longer texts is sketched (about 20,000 words); the content hash covers all."""

MAX_TITLE_WORDS = 12
MAX_FIGURES = 24
CAPS_SHARE = 0.6
"""With more words capitalised than this (headlines, all capitals), capitals tell no names."""

CASELESS_SHARE = 0.015
"""With fewer words capitalised than this, names cannot be seen (Arabic, Chinese, lower-cased feeds)."""

_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*|[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]|[^\W\d_\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+(?:['’][^\W\d_]+)*"
    r"|[.!?؟。…]+|\n+"
)
_STOPS = frozenset(".!?؟。…\n")
_LINKS = frozenset("al el ul ad as ez bin ibn abu umm de del der la van von".split())
_TITLE_SKIPPED = frozenset(
    (
        "the and for with from that this are was were has have had its his her their not but after before over into "
        "amid near says said say new who what how why when where will would could about more than live update updates "
        "breaking video watch photos news report reports"
    ).split()
)

_WORD, _NAME, _FIGURE, _STOP, _LINK = range(5)
_CLASS_BITS, _END_BITS, _BEGIN_BITS = 4, 12, 12
_HASH_SHIFT = _CLASS_BITS + _END_BITS + _BEGIN_BITS
_PART = 0xFFF
_CLASS_MASK = 0xF
_MAX_MEMO = 65_536

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
_NAMED_LEVELS = 2


@dataclass(frozen=True)
class Sketch:
    """A text's sample of windows, in order of their hashes, and what the guards need to know of it.

    ``sentence`` is the number of the sentence of each window and ``level`` the coarsest rate at which it is still kept.
    ``title`` holds 16 bits for each of the title's words, sorted; ``words`` counts those of the text.
    """

    windows: Words
    sentence: npt.NDArray[np.int64]
    level: npt.NDArray[np.int64]
    rate: int
    words: int
    caseless: bool
    title: bytes
    figures: bytes
    tokens: Words
    token_sentence: npt.NDArray[np.int64]
    title_tokens: tuple[int, ...]

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
        hashes = self.tokens >> np.uint64(_HASH_SHIFT)
        return [
            set(self.token_sentence[hashes == t >> _HASH_SHIFT].tolist()) for t in self.title_tokens
        ]


class _Memo(dict[str, int]):
    """Token -> its 64 bits: hash, beginning, ending, class. A cache: emptied when full, which changes nothing."""

    def __missing__(self, token: str) -> int:
        if len(self) >= _MAX_MEMO:
            self.clear()
        self[token] = value = _token_bits(token)
        return value


def _hash(text: str) -> int:
    return xxhash.xxh3_64_intdigest(text.encode("utf-8", "replace"))


def _token_bits(token: str) -> int:
    if token[0] in _STOPS:
        return _STOP
    low = token.lower()
    if low in FIGURES or token[0].isdigit():
        said = FIGURES.get(low, low.replace(",", ""))
        return (_hash("#" + said) >> _HASH_SHIFT << _HASH_SHIFT) | _FIGURE
    kind = _NAME if low != token else _LINK if low in _LINKS else _WORD
    begin, end = _hash(low[:3]) & _PART, _hash(low[-3:] + "$") & _PART
    return (
        (_hash(low) >> _HASH_SHIFT << _HASH_SHIFT)
        | begin << (_CLASS_BITS + _END_BITS)
        | end << _CLASS_BITS
        | kind
    )


_memo = _Memo()


def sketch(title: str, text: str) -> Sketch:
    """Return the sketch of an article's text and title."""
    tokens, kinds, sentence, caseless = _tokens(text[:MAX_SKETCH_CHARS])
    windows, of_sentence, sampling = _windows(tokens, kinds, sentence)
    kept, level, rate = _sample(sampling, windows & NAMES > 0)
    title_tokens = _title_tokens(title)
    return Sketch(
        windows=windows[kept],
        sentence=of_sentence[kept],
        level=level[kept],
        rate=rate,
        words=len(tokens),
        caseless=caseless,
        title=_title(title_tokens),
        figures=_figures(tokens, kinds, title_tokens),
        tokens=tokens,
        token_sentence=sentence,
        title_tokens=title_tokens,
    )


def _tokens(text: str) -> tuple[Words, npt.NDArray[np.uint8], npt.NDArray[np.int64], bool]:
    """Return the words of a text, the class of each, its sentence, and whether capitals tell nothing."""
    found = _TOKEN.findall(text)
    bits = np.fromiter(map(_memo.__getitem__, found), np.uint64, len(found))
    kinds = (bits & np.uint64(15)).astype(np.uint8)
    stop = kinds == _STOP
    sentence = np.cumsum(stop)
    kept = ~stop
    bits, kinds, sentence = bits[kept], kinds[kept], sentence[kept]
    capital = kinds == _NAME
    share = capital.mean() if len(bits) else 0.0
    caseless = bool(share < CASELESS_SHARE or share > CAPS_SHARE)
    follows = np.zeros(len(bits), bool)
    follows[:-1] = capital[1:] & (sentence[1:] == sentence[:-1])
    opens = np.ones(len(bits), bool)
    opens[1:] = sentence[1:] != sentence[:-1]
    ordinary = (capital & opens & ~follows) | ((kinds == _LINK) & ~follows)
    kinds[ordinary] = _WORD
    kinds[kinds == _LINK] = _NAME
    if caseless:
        kinds[kinds == _NAME] = _WORD
    return bits, kinds, sentence, caseless


def _windows(
    bits: Words, kinds: npt.NDArray[np.uint8], sentence: npt.NDArray[np.int64]
) -> tuple[Words, npt.NDArray[np.int64], Words]:
    """Return the packed windows of a text, the sentence of each, and the number by which each is sampled."""
    name, figure = kinds == _NAME, kinds == _FIGURE
    inside = np.zeros(len(bits), bool)
    inside[1:] = name[1:] & name[:-1] & (sentence[1:] == sentence[:-1])
    starts = np.flatnonzero(~inside)
    if len(starts) < STEPS:
        return _no_words(), np.zeros(0, np.int64), _no_words()
    steps = np.where(
        name, _NAME_STEP, np.where(figure, _FIGURE_STEP, bits >> np.uint64(_HASH_SHIFT))
    )[starts]
    of = sentence[starts]
    plain = _sums((~name & ~figure)[starts].astype(np.uint64))
    good = (of[STEPS - 1 :] == of[: -STEPS + 1]) & (plain >= MIN_WORDS)
    at = np.flatnonzero(good)
    mixed = _mixed(
        sum((steps[at + i] * _FACTORS[i] for i in range(STEPS)), np.zeros(len(at), np.uint64))
    )
    first, last = starts[at], np.append(starts[1:], len(bits))[at + STEPS - 1]
    packed = (mixed % HASH_MODULUS) << np.uint64(HASH_SHIFT) | _payload(
        bits, name, figure, first, last
    )
    unique = np.unique(packed, return_index=True)[1]
    return packed[unique], of[at][unique], (mixed >> np.uint64(32))[unique]


def _payload(
    bits: Words,
    name: npt.NDArray[np.bool_],
    figure: npt.NDArray[np.bool_],
    first: npt.NDArray[np.int64],
    last: npt.NDArray[np.int64],
) -> Words:
    """Return 16 bits for each window: names by their beginnings (6) and by their endings (6), figures (4).

    All zero means none. One wrong letter changes the beginning or the ending of a name, seldom both.
    """
    begin = _between(
        np.where(
            name, (bits >> np.uint64(_CLASS_BITS + _END_BITS)) & np.uint64(_PART), np.uint64(0)
        ),
        first,
        last,
    )
    end = _between(
        np.where(name, (bits >> np.uint64(_CLASS_BITS)) & np.uint64(_PART), np.uint64(0)),
        first,
        last,
    )
    value = _between(np.where(figure, bits >> np.uint64(_HASH_SHIFT), np.uint64(0)), first, last)
    names = _between(name.astype(np.uint64), first, last) > 0
    figures = _between(figure.astype(np.uint64), first, last) > 0
    packed: Words = (
        np.where(names, np.uint64(1) + _mixed(begin) % np.uint64(63), np.uint64(0)) << np.uint64(10)
        | np.where(names, np.uint64(1) + _mixed(end) % np.uint64(63), np.uint64(0)) << np.uint64(4)
        | np.where(figures, np.uint64(1) + _mixed(value) % np.uint64(15), np.uint64(0))
    ).astype(np.uint64)
    return packed


def _between(values: Words, first: npt.NDArray[np.int64], last: npt.NDArray[np.int64]) -> Words:
    total = np.zeros(len(values) + 1, np.uint64)
    np.cumsum(values, out=total[1:])
    return total[last] - total[first]


def _sums(values: Words) -> Words:
    total = np.zeros(len(values) + 1, np.uint64)
    np.cumsum(values, out=total[1:])
    return total[STEPS:] - total[:-STEPS]


def _mixed(values: Words) -> Words:
    """Return well spread bits (the finisher of MurmurHash3, public domain)."""
    h = values ^ (values >> np.uint64(33))
    h = h * np.uint64(0xFF51AFD7ED558CCD)
    h = h ^ (h >> np.uint64(33))
    h = h * np.uint64(0xC4CEB9FE1A85EC53)
    mixed: Words = h ^ (h >> np.uint64(33))
    return mixed


def _sample(
    numbers: Words, named: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], int]:
    """Return which windows are kept, the level of every window, and the rate: those of this level or above are kept.

    A window's level counts the leading zeros of its number, so the sample at a coarser rate is part of a finer one's.
    Windows with names are four times as likely to be kept, as they tell whose story it is.
    """
    spread = (numbers & np.uint64(0xFFFFFF)).astype(np.float64)
    level = 24 - np.frexp(spread)[1].astype(np.int64) + _NAMED_LEVELS * named
    counts = np.bincount(level, minlength=1)[::-1].cumsum()[::-1]
    rate = int((counts > SAMPLE).sum())
    return np.flatnonzero(level >= rate), level, rate


def _title_tokens(title: str) -> tuple[int, ...]:
    found = [t for t in _TOKEN.findall(title[:1000]) if _tells(t)]
    return tuple(_memo[t] for t in dict.fromkeys(found[:MAX_TITLE_WORDS]))


def _title(tokens: tuple[int, ...]) -> bytes:
    return np.array(sorted({t >> _HASH_SHIFT & 0xFFFF for t in tokens}), np.uint16).tobytes()


def _tells(token: str) -> bool:
    return token[0].isdigit() or (len(token) > 2 and token.lower() not in _TITLE_SKIPPED)  # noqa: PLR2004 - "in", "to"


def _figures(bits: Words, kinds: npt.NDArray[np.uint8], title: tuple[int, ...]) -> bytes:
    """Return one byte for each different figure of title and text, sorted; at most MAX_FIGURES, the first ones."""
    every = [t for t in title if t & _CLASS_MASK == _FIGURE] + bits[kinds == _FIGURE].tolist()
    first = list(dict.fromkeys(value >> _HASH_SHIFT & 0xFF for value in every))[:MAX_FIGURES]
    return bytes(sorted(first))


def _no_words() -> Words:
    return np.zeros(0, np.uint64)

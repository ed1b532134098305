"""A text as numbers: for each word its hash, what kind of word it is, and the number of its sentence.

Words are told apart by spaces and each different one is looked at once (a cache), so that a text of 400 words costs a
tenth of a millisecond. Capitals inside a sentence tell names, in whatever language has capitals; figures are numbers, in
digits or in words, weekdays and months.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np
import numpy.typing as npt
import xxhash

from monitor.dedupe.figures import FIGURES

Bits = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

MAX_CHARS = 120_000
"""Only the beginning of longer texts is read (about 20,000 words); the content hash covers all."""

CAPS_SHARE = 0.6
"""With more words capitalised than this (headlines, all capitals), capitals tell no names."""

CASELESS_SHARE = 0.015
"""With fewer words capitalised than this, names cannot be seen (Arabic, Chinese, lower-cased feeds)."""

WORD, NAME, FIGURE, LINK, NOTHING = range(5)
KIND_MASK, ENDS = 0x7, 0x8
"""A word's eight bits: what kind of word it is, and whether a sentence ends with it."""

HASH_SHIFT = 28
"""36 bits of a word's hash are kept."""

FIELD_BITS = 20
"""Fields of a word's parts: a name's ending and its beginning, a figure's value; so many words may be added up."""

_PART_MASK = (1 << 12) - 1
MAX_WORDS = 131_072
"""Different words kept with their numbers, some 25 MB; then the cache starts anew. No text has so many."""

_BREAK = "\x07"
_TRIMMED = ".,;:!?…\"'`´“”„‘’‚«»‹›()[]{}<>|/\\*_~=+-–—•·$€£%&#@^؟،؛。，、！？；：「」『』（）【】"
_STOPS = frozenset(".!?…؟。！？")
_TITLES = frozenset(
    "mr mrs ms dr st gen col lt sgt capt maj brig gov sen rep rev hon prof jan feb aug sept oct nov dec no".split()
)
_LINKS = frozenset("al el ul ad as ez bin ibn abu umm de del der la van von".split())
_WIDE = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_TITLE_SKIPPED = frozenset(
    (
        "the and for with from that this are was were has have had its his her their not but after before over into "
        "amid near says said say new who what how why when where will would could about more than live update updates "
        "breaking video watch photos news report reports"
    ).split()
)
_MIN_TITLE_WORD = 3
MAX_TITLE_WORDS = 12
_MAX_TITLE_CHARS = 1_000


@dataclass(frozen=True, slots=True)
class Words:
    """The words of several texts: their hashes, parts, masks of names and figures, the number of each one's sentence.

    Those of text ``i`` stand from ``bounds[i]`` to ``bounds[i + 1]``; sentences are counted on from text to text.
    ``near`` tells of each word but the first whether it stands in one sentence with the word before it.
    """

    bounds: Numbers
    hashes: Bits
    parts: Bits
    name: Mask
    figure: Mask
    sentence: Numbers
    near: Mask
    caseless: Mask


@dataclass(frozen=True, slots=True)
class Title:
    """The words of a title: 36 bits of the hash of each, and whether it is a figure."""

    hashes: list[int]
    figures: list[bool]


class _Vocabulary(dict[str, int]):
    """Word as it stands -> its place in the arrays. A cache: emptied when full, which changes nothing."""

    def __init__(self) -> None:
        self.hashes = np.zeros(MAX_WORDS, np.uint64)
        self.parts = np.zeros(MAX_WORDS, np.uint64)
        self.flags = np.zeros(MAX_WORDS, np.uint8)

    def __missing__(self, chunk: str) -> int:
        self[chunk] = place = len(self)
        self.hashes[place], self.parts[place], self.flags[place] = _described(chunk)
        return place

    def places(self, chunks: Sequence[str]) -> Numbers:
        """Return the places of words, all good until the next call."""
        if len(self) + len(chunks) > MAX_WORDS:
            self.clear()
        return np.fromiter(map(self.__getitem__, chunks), np.int64, len(chunks))


class _Telling(dict[str, str]):
    """Word of a title as it stands -> in lower case and bare, empty where it tells nothing. A cache as above."""

    def __missing__(self, chunk: str) -> str:
        if len(self) >= MAX_WORDS:
            self.clear()
        core = chunk.strip(_TRIMMED)
        self[chunk] = told = core.lower() if _tells(core) else ""
        return told


_vocabulary = _Vocabulary()
_telling = _Telling()


def read(texts: Sequence[str]) -> Words:
    """Return the words of texts, of which no more than one may be longer than all of them together may be: MAX_CHARS."""
    chunks: list[str] = []
    ends = [0]
    for text in texts:
        chunks += _spaced(text[:MAX_CHARS]).split()
        chunks.append(_BREAK)
        ends.append(len(chunks))
    places = _vocabulary.places(chunks)
    flags = _vocabulary.flags[places]
    kinds = flags & np.uint8(KIND_MASK)
    ended = flags >= ENDS
    kept = np.flatnonzero(kinds != NOTHING)
    sentence: Numbers = (np.cumsum(ended) - ended)[kept]
    return _named(kept.searchsorted(ends), places[kept], kinds[kept], sentence)


def read_titles(titles: Sequence[str]) -> list[Title]:
    """Return of each title the words that tell something, each once, at most MAX_TITLE_WORDS."""
    words: list[str] = []
    ends = [0]
    for title in titles:
        telling = dict.fromkeys(
            map(_telling.__getitem__, _spaced(title[:_MAX_TITLE_CHARS]).split())
        )
        telling.pop("", None)
        words += islice(telling, MAX_TITLE_WORDS)
        ends.append(len(words))
    places = _vocabulary.places(words)
    hashes: list[int] = _vocabulary.hashes[places].tolist()
    figures: list[bool] = ((_vocabulary.flags[places] & KIND_MASK) == FIGURE).tolist()
    return [Title(hashes[a:b], figures[a:b]) for a, b in pairwise(ends)]


def _spaced(text: str) -> str:
    """Line ends become words of their own; so do the characters of scripts that put no spaces."""
    lines = text.replace("\n", f" {_BREAK} ")
    if not text.isascii() and _WIDE.search(lines):
        return _WIDE.sub(r" \g<0> ", lines)
    return lines


def _named(
    bounds: Numbers, places: Numbers, kinds: npt.NDArray[np.uint8], sentence: Numbers
) -> Words:
    """A capital that only opens a sentence tells nothing, unless another follows; a link is part of the name after it."""
    capital, figure, near = kinds == NAME, kinds == FIGURE, sentence[1:] == sentence[:-1]
    sizes = np.diff(bounds)
    capitals = np.diff(np.concatenate(([0], np.cumsum(capital)))[bounds])
    share = capitals / np.maximum(1, sizes)
    caseless = (share < CASELESS_SHARE) | (share > CAPS_SHARE)
    name = np.zeros(len(places), bool)
    name[1:] = capital[1:] & near
    name[:-1] |= (capital[:-1] | (kinds[:-1] == LINK)) & capital[1:] & near
    name &= np.repeat(~caseless, sizes)
    return Words(
        bounds=bounds,
        hashes=_vocabulary.hashes[places],
        parts=_vocabulary.parts[places] * (name | figure),
        name=name,
        figure=figure,
        sentence=sentence,
        near=near,
        caseless=caseless,
    )


def _described(chunk: str) -> tuple[int, int, int]:
    """Return hash, parts and flags of a word."""
    core = chunk.strip(_TRIMMED)
    tail = chunk[len(chunk.rstrip(_TRIMMED)) :] if core else chunk
    ends = chunk == _BREAK or (not _STOPS.isdisjoint(tail) and not _is_abbreviation(core, tail))
    if not core or chunk == _BREAK:
        return 0, 0, NOTHING | ENDS * ends
    word = core.removesuffix("'s").removesuffix("’s")
    hashed, parts, kind = _word(word or core)
    return hashed, parts, kind | ENDS * ends


def _is_abbreviation(core: str, tail: str) -> bool:
    """Return whether a stop belongs to the word: an initial ("J."), a title ("Gen."), dots inside ("U.S.")."""
    return tail == "." and (
        (len(core) == 1 and core.isupper()) or core.lower() in _TITLES or "." in core
    )


def _word(word: str) -> tuple[int, int, int]:
    low = word.lower()
    figure = _figure(low)
    if figure is not None:
        value = _hash("#" + figure)
        return value >> HASH_SHIFT, (value & _PART_MASK | 1) << 2 * FIELD_BITS, FIGURE
    kind = NAME if low != word else LINK if low in _LINKS else WORD
    begin, end = _hash(low[:3]) & _PART_MASK, _hash(low[-3:] + "$") & _PART_MASK
    return _hash(low) >> HASH_SHIFT, begin << FIELD_BITS | end, kind


def _figure(low: str) -> str | None:
    """Return the value of a figure as it is compared: "1,200" is "1200" and "four" is "4"."""
    if low[0].isdigit():
        return low.replace(",", "")
    if low in FIGURES:
        return FIGURES[low]
    parts = low.split("-")
    return low if len(parts) > 1 and all(part in FIGURES for part in parts) else None


def _tells(core: str) -> bool:
    return (
        core[:1].isdigit()
        or (len(core) >= _MIN_TITLE_WORD and core.lower() not in _TITLE_SKIPPED)
        or bool(_WIDE.match(core))
    )


def _hash(text: str) -> int:
    return int(xxhash.xxh3_64_intdigest(text.encode("utf-8", "replace")))

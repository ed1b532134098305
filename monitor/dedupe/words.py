"""A text as numbers: for each word its hash, what kind of word it is, and the number of its sentence.

Words are told apart by spaces and each different one is looked at once (a cache), so that a text of 400 words costs a
tenth of a millisecond. Capitals inside a sentence tell names, in whatever language has capitals; figures are numbers, in
digits or in words, weekdays and months.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xxhash

from monitor.dedupe.figures import FIGURES

Bits = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]

MAX_CHARS = 120_000
"""Only the beginning of longer texts is read (about 20,000 words); the content hash covers all."""

CAPS_SHARE = 0.6
"""With more words capitalised than this (headlines, all capitals), capitals tell no names."""

CASELESS_SHARE = 0.015
"""With fewer words capitalised than this, names cannot be seen (Arabic, Chinese, lower-cased feeds)."""

WORD, NAME, FIGURE, LINK, NOTHING = range(5)
KIND_MASK, ENDS = 0x7, 0x8
PARTS_SHIFT, PART_BITS = 4, 12
HASH_SHIFT = PARTS_SHIFT + 2 * PART_BITS
"""A word's 64 bits: kind (3), whether a sentence ends with it (1), its beginning and ending (12 each), its hash (36)."""

_PART_MASK = (1 << PART_BITS) - 1
_MAX_MEMO = 131_072
"""Different words kept with their numbers, some 25 MB; then the cache starts anew."""

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
    """A text's words: their 64 bits, masks of names and figures, the number of each one's sentence."""

    bits: Bits
    name: Mask
    figure: Mask
    sentence: npt.NDArray[np.int64]
    caseless: bool


class _Memo(dict[str, int]):
    """Word as it stands -> its 64 bits. A cache: emptied when full, which changes nothing."""

    def __missing__(self, chunk: str) -> int:
        if len(self) >= _MAX_MEMO:
            self.clear()
        self[chunk] = value = _bits(chunk)
        return value


_memo = _Memo()


def read(text: str) -> Words:
    """Return the words of a text."""
    chunks = _spaced(text[:MAX_CHARS]).split()
    bits = np.fromiter(map(_memo.__getitem__, chunks), np.uint64, len(chunks))
    ends = bits & np.uint64(ENDS) != 0
    sentence = np.cumsum(ends) - ends
    kept = bits & np.uint64(KIND_MASK) != NOTHING
    bits, sentence = bits[kept], sentence[kept]
    return _named(bits, (bits & np.uint64(KIND_MASK)).astype(np.uint8), sentence)


def read_title(title: str) -> tuple[int, ...]:
    """Return the 64 bits of the words of a title that tell something, each once, at most MAX_TITLE_WORDS."""
    cores = (chunk.strip(_TRIMMED) for chunk in _spaced(title[:_MAX_TITLE_CHARS]).split())
    telling = dict.fromkeys(core.lower() for core in cores if _tells(core))
    return tuple(_memo[low] for low in list(telling)[:MAX_TITLE_WORDS])


def _spaced(text: str) -> str:
    """Line ends become words of their own; so do the characters of scripts that put no spaces."""
    lines = text.replace("\n", f" {_BREAK} ")
    if not text.isascii() and _WIDE.search(lines):
        return _WIDE.sub(r" \g<0> ", lines)
    return lines


def _named(bits: Bits, kinds: npt.NDArray[np.uint8], sentence: npt.NDArray[np.int64]) -> Words:
    """A capital that only opens a sentence tells nothing, unless another follows; a link is part of the name after it."""
    capital, link = kinds == NAME, kinds == LINK
    share = np.count_nonzero(capital) / max(1, len(bits))
    if share < CASELESS_SHARE or share > CAPS_SHARE:
        return Words(bits, np.zeros(len(bits), bool), kinds == FIGURE, sentence, caseless=True)
    near = sentence[1:] == sentence[:-1]
    followed = np.zeros(len(bits), bool)
    followed[:-1] = capital[1:] & near
    inner = np.zeros(len(bits), bool)
    inner[1:] = near
    name = (capital & (inner | followed)) | (link & followed)
    return Words(bits, name, kinds == FIGURE, sentence, caseless=False)


def _bits(chunk: str) -> int:
    core = chunk.strip(_TRIMMED)
    tail = chunk[len(chunk.rstrip(_TRIMMED)) :] if core else chunk
    ends = chunk == _BREAK or (not _STOPS.isdisjoint(tail) and not _is_abbreviation(core, tail))
    if not core or chunk == _BREAK:
        return NOTHING | ENDS * ends
    word = core.removesuffix("'s").removesuffix("’s")
    return _word_bits(word or core) | ENDS * ends


def _is_abbreviation(core: str, tail: str) -> bool:
    """Return whether a stop belongs to the word: an initial ("J."), a title ("Gen."), dots inside ("U.S.")."""
    return tail == "." and (
        (len(core) == 1 and core.isupper()) or core.lower() in _TITLES or "." in core
    )


def _word_bits(word: str) -> int:
    low = word.lower()
    figure = _figure(low)
    if figure is not None:
        value = _hash("#" + figure)
        return value >> HASH_SHIFT << HASH_SHIFT | (value & _PART_MASK) << PARTS_SHIFT | FIGURE
    kind = NAME if low != word else LINK if low in _LINKS else WORD
    begin, end = _hash(low[:3]) & _PART_MASK, _hash(low[-3:] + "$") & _PART_MASK
    return _hash(low) >> HASH_SHIFT << HASH_SHIFT | (begin << PART_BITS | end) << PARTS_SHIFT | kind


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

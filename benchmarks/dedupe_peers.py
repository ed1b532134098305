"""Peers of dedupe on the same stream: datasketch and rensa (MinHash LSH), SimHash, and tf-idf with cosine.

Each peer gives for every item the earlier item that is most like it and how like it is; the thresholds tried for each are
its best case, chosen with the gold in hand.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import xxhash
from datasketch import MinHash, MinHashLSH
from rensa import RMinHash, RMinHashLSH

PERMUTATIONS = 128
LOWEST = 0.4
"""Threshold of the LSH indexes: candidates above it are compared, then the best threshold is chosen."""

_WORD = re.compile(r"\w+")


def shingles(text: str, size: int = 3) -> set[str]:
    words = _WORD.findall(text.lower())
    return {" ".join(words[i : i + size]) for i in range(max(1, len(words) - size + 1))}


class Peer(Protocol):
    """Finds the likest of the earlier texts, then remembers this one."""

    name: str
    thresholds: tuple[float, ...]

    def add(self, text: str) -> tuple[int, float]:
        """Return number and likeness of the likest earlier text; (-1, 0) for none."""
        ...


@dataclass
class Datasketch:
    name: str = "datasketch"
    thresholds: tuple[float, ...] = (0.4, 0.5, 0.6, 0.7, 0.8)
    index: Any = field(default_factory=lambda: MinHashLSH(threshold=LOWEST, num_perm=PERMUTATIONS))
    held: list[Any] = field(default_factory=list)

    def add(self, text: str) -> tuple[int, float]:
        sketch = MinHash(num_perm=PERMUTATIONS, hashfunc=xxhash.xxh32_intdigest)
        sketch.update_batch([s.encode() for s in shingles(text)])
        found = max(
            ((sketch.jaccard(self.held[n]), -n) for n in self.index.query(sketch)), default=(0.0, 1)
        )
        self.index.insert(len(self.held), sketch)
        self.held.append(sketch)
        return -found[1], found[0]


@dataclass
class Rensa:
    name: str = "rensa"
    thresholds: tuple[float, ...] = (0.4, 0.5, 0.6, 0.7, 0.8)
    index: Any = field(default_factory=lambda: RMinHashLSH(LOWEST, PERMUTATIONS, 32))
    held: list[Any] = field(default_factory=list)

    def add(self, text: str) -> tuple[int, float]:
        sketch = RMinHash(PERMUTATIONS, 7)
        sketch.update(list(shingles(text)))
        found = max(
            ((sketch.jaccard(self.held[n]), -n) for n in self.index.query(sketch)), default=(0.0, 1)
        )
        self.index.insert(len(self.held), sketch)
        self.held.append(sketch)
        return -found[1], found[0]


@dataclass
class SimHash:
    """64 bits over word triples (Charikar 2002), compared with all: the best any index of it could do."""

    name: str = "simhash"
    thresholds: tuple[float, ...] = tuple(1 - bits / 64 for bits in (3, 6, 8, 10, 12, 15))
    held: Any = field(default_factory=lambda: np.zeros(1 << 17, np.uint64))
    count: int = 0

    def add(self, text: str) -> tuple[int, float]:
        hashes = np.array([xxhash.xxh3_64_intdigest(s.encode()) for s in shingles(text)], np.uint64)
        bits = (hashes[:, None] >> np.arange(64, dtype=np.uint64)) & np.uint64(1)
        value = np.packbits(bits.sum(0) * 2 > len(hashes)).view(np.uint64)[0]
        apart = np.bitwise_count(self.held[: self.count] ^ value)
        self.held[self.count] = value
        self.count += 1
        if not len(apart):
            return -1, 0.0
        best = int(apart.argmin())
        return best, 1 - int(apart[best]) / 64


@dataclass
class TfIdf:
    """Cosine of log-weighted words; document frequencies as of arrival; words of more than a tenth of the texts left out."""

    name: str = "tf-idf"
    thresholds: tuple[float, ...] = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
    postings: dict[str, list[tuple[int, float]]] = field(default_factory=lambda: defaultdict(list))
    count: int = 0

    def add(self, text: str) -> tuple[int, float]:
        counts = Counter(_WORD.findall(text.lower()))
        weights = {
            w: (1 + math.log(c))
            * math.log(1 + (self.count + 1) / (1 + len(self.postings.get(w, ()))))
            for w, c in counts.items()
        }
        norm = math.sqrt(sum(v * v for v in weights.values())) or 1.0
        scores: dict[int, float] = defaultdict(float)
        for word, weight in weights.items():
            listed = self.postings[word]
            if len(listed) < max(20, self.count // 10):
                for number, other in listed:
                    scores[number] += weight / norm * other
            listed.append((self.count, weight / norm))
        self.count += 1
        best = max(((score, -number) for number, score in scores.items()), default=(0.0, 1))
        return -best[1], best[0]


def peers() -> Iterator[Peer]:
    yield from (Datasketch(), Rensa(), SimHash(), TfIdf())

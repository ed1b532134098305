"""How one article's text stands to those that are remembered: what is shared, and whether names and titles agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from monitor.dedupe.book import DedupeBook
from monitor.dedupe.fingerprint import Identity
from monitor.dedupe.index import Hits, Numbers
from monitor.dedupe.policy import DedupePolicy
from monitor.dedupe.sketch import Sketch

_AGREE, _HALF, _CONFLICT = range(3)
_WEIGHTS = np.array([1.0, 0.5, -0.5])
_NEUTRAL_WEIGHT = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One article compared with one that is remembered.

    ``covered``: share of this text's sentences (weighted by windows) with a window in the other. ``contained``: share of
    the other's windows found here. ``matched``: windows in common. The next three count windows with names.
    """

    number: int
    cluster: int
    same_outlet: bool
    covered: float
    contained: float
    matched: int
    agree: int
    half: int
    conflict: int
    shared_words: float
    title: float
    titled: bool
    grounded: float
    other_figures: bool

    @property
    def conflict_share(self) -> float:
        """Share of the windows with names that hold other names."""
        return self.conflict / max(1, self.agree + self.half + self.conflict)

    @property
    def strength(self) -> float:
        """How well the two go together, to choose the best of several."""
        return self.agree + 0.5 * (self.matched - self.agree - self.conflict) - self.conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What the index says of an article: evidence, the likest first, and how many words are left without furniture."""

    evidence: tuple[Evidence, ...]
    telling_words: float


@dataclass(frozen=True, slots=True)
class _Found:
    """Hits with what is known of each: the names' agreement, the source and cluster of the article hit."""

    hits: Hits
    kind: Numbers
    named: npt.NDArray[np.bool_]
    other_figure: npt.NDArray[np.bool_]
    source: Numbers
    cluster: npt.NDArray[np.uint64]

    def where(self, mask: npt.NDArray[np.bool_]) -> _Found:
        hits = Hits(*(part[mask] for part in self.hits))
        return _Found(
            hits,
            self.kind[mask],
            self.named[mask],
            self.other_figure[mask],
            self.source[mask],
            self.cluster[mask],
        )


def compare(book: DedupeBook, mine: Identity, policy: DedupePolicy, before: int | None) -> Likeness:
    """Return how an article stands to the remembered ones whose offsets are less than ``before``."""
    sketch = mine.sketch
    outlet = book.source_numbers.get(mine.outlet, -1)
    found = _found(book, mine, policy, before)
    telling = _telling(found, outlet, mine, policy)
    share = float(telling.mean()) if len(telling) else 0.0
    found = found.where(telling[found.hits.asked])
    evidence = [
        _evidence(book, mine, telling, number, found.where(found.hits.article == number))
        for number in _candidates(found, policy.max_candidates)
    ]
    evidence.sort(key=lambda e: (-e.strength, e.number))
    return Likeness(evidence=tuple(evidence), telling_words=sketch.words * share)


def _found(book: DedupeBook, mine: Identity, policy: DedupePolicy, before: int | None) -> _Found:
    """Look the windows up; leave out what is too old or too new to be compared."""
    hits = book.find_windows(mine.sketch.windows)
    at = hits.article - book.rows.first
    published = book.rows.column("published")[at].astype(np.int64)
    seen = np.ones(len(at), bool)
    if mine.published_day:
        seen &= (published == 0) | (
            np.abs(published - mine.published_day) <= policy.text_window_days
        )
    if before is not None:
        seen &= book.rows.column("offset")[at] < before
    hits, at = Hits(*(part[seen] for part in hits)), at[seen]
    asked = mine.sketch.windows[hits.asked].astype(np.int64) & 0xFFFF
    begins = (asked >> 10) == (hits.payload >> 10)
    ends = (asked >> 4 & 63) == (hits.payload >> 4 & 63)
    kind = np.where(begins & ends, _AGREE, np.where(begins | ends, _HALF, _CONFLICT))
    return _Found(
        hits,
        kind,
        asked >> 4 > 0,
        (asked & 15) != (hits.payload & 15),
        book.rows.column("source")[at].astype(np.int64),
        book.rows.column("cluster")[at],
    )


def _telling(
    found: _Found, outlet: int, mine: Identity, policy: DedupePolicy
) -> npt.NDArray[np.bool_]:
    """Return which windows tell something: neither one outlet's furniture nor a stock phrase of all."""
    count = len(mine.sketch.windows)
    same_names = found.kind == _AGREE
    own = _stories(found.where(same_names & (found.source == outlet)), count)
    every = _stories(found.where(same_names), count)
    return (own < policy.furniture_repeats) & (every < policy.stock_repeats)


def _stories(found: _Found, count: int) -> Numbers:
    """Return how many different clusters hold each window."""
    if not len(found.cluster):
        return np.zeros(count, np.int64)
    clusters = np.unique(found.cluster, return_inverse=True)[1]
    pairs = np.unique(found.hits.asked * (int(clusters.max()) + 1) + clusters)
    return np.bincount(pairs // (int(clusters.max()) + 1), minlength=count)


def _candidates(found: _Found, most: int) -> list[int]:
    """Return the articles that share most, those with the same names first."""
    if not len(found.kind):
        return []
    articles, inverse = np.unique(found.hits.article, return_inverse=True)
    weight = np.where(found.named, _WEIGHTS[found.kind], _NEUTRAL_WEIGHT)
    total = np.bincount(inverse, weights=weight)
    many = np.bincount(inverse) > 1
    best = np.argsort(-total[many], kind="stable")[:most]
    return [int(n) for n in articles[many][best]]


def _evidence(
    book: DedupeBook, mine: Identity, telling: npt.NDArray[np.bool_], number: int, found: _Found
) -> Evidence:
    sketch, row = mine.sketch, book.rows.values(number)
    title, figures, _, _ = book.arena.read(number)
    eligible = telling & (sketch.level >= row["rate"])
    first = _best_of_each(found)
    asked, kind = found.hits.asked[first], found.kind[first]
    named, other_figure = found.named[first], found.other_figure[first]
    covered, shared, sentences = _coverage(sketch, eligible, asked)
    theirs = row["windows"] / 2 ** max(0, sketch.rate - row["rate"])
    overlap = _overlap(sketch.title, np.frombuffer(title, np.uint16))
    return Evidence(
        number=number,
        cluster=row["cluster"],
        same_outlet=book.sources[row["source"]] == mine.outlet,
        covered=covered,
        contained=min(1.0, len(asked) / max(1.0, theirs)),
        matched=len(asked),
        agree=int((named & (kind == _AGREE)).sum()),
        half=int((named & (kind == _HALF)).sum()),
        conflict=int((named & (kind == _CONFLICT)).sum()),
        shared_words=shared,
        title=overlap,
        titled=bool(len(sketch.title) and len(title)),
        grounded=_grounded(sketch, sentences),
        other_figures=bool(other_figure.any()) or not set(sketch.figures) <= set(figures),
    )


def _best_of_each(found: _Found) -> Numbers:
    """Return for each window asked for the hit whose names agree best, its figures too."""
    order = np.lexsort((found.other_figure, found.kind, found.hits.asked))
    return order[np.unique(found.hits.asked[order], return_index=True)[1]]


def _coverage(
    sketch: Sketch, eligible: npt.NDArray[np.bool_], asked: Numbers
) -> tuple[float, float, Numbers]:
    """Return the share of eligible windows in sentences with a hit, the words they stand for, and those sentences."""
    hit = np.zeros(len(sketch.windows), bool)
    hit[asked] = True
    sentences = np.unique(sketch.sentence[hit & eligible])
    count = int(eligible.sum())
    if not count:
        return 0.0, 0.0, sentences
    inside = float(np.isin(sketch.sentence[eligible], sentences).mean())
    return inside, inside * sketch.words, sentences


def _overlap(mine: npt.NDArray[np.uint16], theirs: npt.NDArray[np.uint16]) -> float:
    shorter = min(len(mine), len(theirs))
    return len(np.intersect1d(mine, theirs)) / shorter if shorter else 0.0


def _grounded(sketch: Sketch, sentences: Numbers) -> float:
    """Return the share of the title's words that stand in the shared sentences."""
    if not len(sketch.title_tokens):
        return 0.0
    shift = np.uint64(28)
    shared = sketch.tokens[np.isin(sketch.token_sentence, sentences)] >> shift
    return float(np.isin(sketch.title_tokens >> shift, shared).mean())

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

Mask = npt.NDArray[np.bool_]
Best = dict[int, tuple[int, bool]]
"""Window asked for -> kind of its best hit, and whether the figures differ."""

_AGREE, _HALF, _CONFLICT, _NAMELESS = range(4)
"""How the names of a window stand to those of its like elsewhere: one wrong letter leaves beginning or ending."""

_WEIGHTS = np.array([1.0, 0.5, -0.5, 0.5])
_MIN_HITS = 2
_MANY_HITS = 400
"""From so many hits on they are filtered by numpy before Python looks at them."""

_FAR_BEHIND = 8
"""An article with an eighth of another's hits is not looked at."""

_COVERED_SENTENCE = 0.25
"""Share of a sentence's windows: at 3 % of characters wrong a third of them is left; unrelated ones share a phrase."""

_WELL_COVERED = 0.8
"""A sample misses sentences; where so much is covered, all of the text is taken as shared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One article compared with one that is remembered.

    ``covered``: share of this text's sentences (weighted by windows) with a window in the other. ``contained``: share of
    the other's windows found here. ``dense``: share of the nameless windows found within the sentences that are
    shared, about 1 where they are word for word; ``dense_names``: the same of the ``named_inside`` windows with names, as
    far as names agree. ``matched``: windows in common. The next three count windows with names.
    """

    number: int
    cluster: int
    same_outlet: bool
    caseless: bool
    covered: float
    contained: float
    dense: float
    dense_names: float
    named_inside: int
    matched: int
    agree: int
    half: int
    conflict: int
    shared_words: float
    title: float
    title_words: int
    grounded: float
    other_figures: bool

    @property
    def named(self) -> int:
        """Windows in common that hold names."""
        return self.agree + self.half + self.conflict

    @property
    def conflict_share(self) -> float:
        """Share of the windows with names that hold other names; a half agreement counts half."""
        return (self.conflict + 0.5 * self.half) / max(1, self.named)

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
    """Hits, with the kind of each and whether its figures differ."""

    hits: Hits
    kind: Numbers
    other_figure: Mask

    def where(self, mask: Mask) -> _Found:
        hits = Hits(self.hits.asked[mask], self.hits.article[mask], self.hits.payload[mask])
        return _Found(hits, self.kind[mask], self.other_figure[mask])


class _Text:
    """The windows of the article that tell something, counted by sentence for each rate asked for."""

    def __init__(self, sketch: Sketch, telling: list[bool]) -> None:
        self.windows = [
            (level, sentence, named)
            for level, sentence, named, tells in zip(
                sketch.level.tolist(), sketch.sentences, sketch.named, telling, strict=True
            )
            if tells
        ]
        self._counts: dict[int, tuple[dict[int, int], dict[int, int]]] = {}

    def counts(self, rate: int) -> tuple[dict[int, int], dict[int, int]]:
        """Return how many windows of a rate each sentence has, and how many of them hold names."""
        if rate not in self._counts:
            every: dict[int, int] = {}
            names: dict[int, int] = {}
            for level, sentence, named in self.windows:
                if level >= rate:
                    every[sentence] = every.get(sentence, 0) + 1
                    names[sentence] = names.get(sentence, 0) + named
            self._counts[rate] = every, names
        return self._counts[rate]


def compare(book: DedupeBook, mine: Identity, policy: DedupePolicy, before: int | None) -> Likeness:
    """Return how an article stands to the remembered ones whose offsets are less than ``before``."""
    found = _found(book, mine, policy, before)
    if not len(found.kind):
        return Likeness(evidence=(), telling_words=mine.sketch.words)
    telling = _telling(book, found, mine, policy)
    found = found.where(telling[found.hits.asked])
    numbers = _candidates(found, policy.max_candidates)
    best = _best_of_each(found, numbers)
    text = _Text(mine.sketch, telling.tolist())
    evidence = [_evidence(book, mine, text, number, best[number]) for number in numbers]
    evidence.sort(key=lambda e: (-e.strength, e.number))
    return Likeness(
        evidence=tuple(evidence), telling_words=mine.sketch.words * float(telling.mean())
    )


def _found(book: DedupeBook, mine: Identity, policy: DedupePolicy, before: int | None) -> _Found:
    """Look the windows up; leave out what is too old or too new to be compared."""
    hits = book.find_windows(mine.sketch.windows)
    if not len(hits.article):
        return _Found(hits, hits.payload, hits.payload > 0)
    at = hits.article - book.rows.first
    seen = np.ones(len(at), bool)
    if mine.published_day:
        published = book.rows.column("published")[at].astype(np.int64)
        seen = (published == 0) | (
            np.abs(published - mine.published_day) <= policy.text_window_days
        )
    if before is not None:
        seen &= book.rows.column("offset")[at] < before
    if not seen.all():
        hits = Hits(hits.asked[seen], hits.article[seen], hits.payload[seen])
    differs = (mine.sketch.windows[hits.asked].astype(np.int64) & 0xFFFF) ^ hits.payload
    begins, ends = (differs >> 10) == 0, (differs >> 4 & 63) == 0
    kind = _CONFLICT - begins.astype(np.int64) - ends
    kind[hits.payload >> 4 == 0] = _NAMELESS
    return _Found(hits, kind, (differs & 15) != 0)


def _telling(book: DedupeBook, found: _Found, mine: Identity, policy: DedupePolicy) -> Mask:
    """Return which windows tell something: neither one outlet's furniture nor a stock phrase of all."""
    count = len(mine.sketch.windows)
    telling = np.ones(count, bool)
    same = (found.kind == _AGREE) | (found.kind == _NAMELESS)
    often = np.bincount(found.hits.asked[same], minlength=count) >= policy.furniture_repeats
    if not often.any():
        return telling
    asked = found.hits.asked
    same &= often[asked]
    at = found.hits.article[same] - book.rows.first
    cluster, source = book.rows.column("cluster")[at], book.rows.column("source")[at]
    own = (source == book.source_numbers.get(mine.outlet, -1)) & bool(mine.outlet)
    telling &= _stories(asked[same], cluster, count) < policy.stock_repeats
    telling &= _stories(asked[same][own], cluster[own], count) < policy.furniture_repeats
    return telling


def _stories(asked: Numbers, cluster: npt.NDArray[np.uint64], count: int) -> Numbers:
    """Return how many different clusters hold each window."""
    order = np.lexsort((cluster, asked))
    asked, cluster = asked[order], cluster[order]
    first = np.ones(len(asked), bool)
    first[1:] = (asked[1:] != asked[:-1]) | (cluster[1:] != cluster[:-1])
    return np.bincount(asked[first], minlength=count)


def _candidates(found: _Found, most: int) -> list[int]:
    """Return the articles that share most, those with the same names first, and none far behind the best."""
    if not len(found.kind):
        return []
    order = np.argsort(found.hits.article, kind="stable")
    articles = found.hits.article[order]
    first = np.flatnonzero(np.append(True, articles[1:] != articles[:-1]))
    hits = np.diff(np.append(first, len(articles)))
    total = np.add.reduceat(_WEIGHTS[found.kind[order]], first)
    good = np.flatnonzero((hits >= _MIN_HITS) & (hits * _FAR_BEHIND >= hits.max()))
    best = good[np.argsort(-total[good], kind="stable")[:most]]
    numbers: list[int] = articles[first[best]].tolist()
    return numbers


def _evidence(book: DedupeBook, mine: Identity, text: _Text, number: int, best: Best) -> Evidence:
    """Compare in full. Plain Python: there are at most some fifty windows."""
    sketch, row = mine.sketch, book.rows.values(number)
    title, figures, _, _ = book.arena.read(number)
    every, named = text.counts(row["rate"])
    sentences = _covered_sentences([sketch.sentences[i] for i in best], every)
    inside, named_inside = (
        sum([every.get(s, 0) for s in sentences]),
        sum([named.get(s, 0) for s in sentences]),
    )
    shared = [i for i in best if sketch.sentences[i] in sentences]
    agreeing = len([i for i in shared if sketch.named[i] and best[i][0] <= _HALF])
    plain = len([i for i in shared if not sketch.named[i]])
    covered = inside / max(1, sum(every.values()))
    theirs = row["windows"] / 2 ** max(0, sketch.rate - row["rate"])
    kinds = [kind for kind, _ in best.values()]
    overlap, title_words = _titles(sketch.title_words, title)
    return Evidence(
        number=number,
        cluster=row["cluster"],
        same_outlet=bool(mine.outlet) and book.sources[row["source"]] == mine.outlet,
        caseless=sketch.text.caseless,
        covered=covered,
        contained=min(1.0, len(best) / max(1.0, theirs)),
        dense=plain / max(1, inside - named_inside),
        dense_names=agreeing / named_inside if named_inside else 1.0,
        named_inside=named_inside,
        matched=len(best),
        agree=kinds.count(_AGREE),
        half=kinds.count(_HALF),
        conflict=kinds.count(_CONFLICT),
        shared_words=covered * sketch.words,
        title=overlap,
        title_words=title_words,
        grounded=_grounded(sketch, None if covered >= _WELL_COVERED else sentences),
        other_figures=any(other for _, other in best.values())
        or not set(sketch.figures) <= set(figures),
    )


def _covered_sentences(hits: list[int], windows: dict[int, int]) -> set[int]:
    """Return the sentences of which at least a quarter of the windows is in the other text."""
    counts: dict[int, int] = {}
    for sentence in hits:
        counts[sentence] = counts.get(sentence, 0) + 1
    return {s for s, count in counts.items() if count >= _COVERED_SENTENCE * windows.get(s, count)}


def _titles(own: frozenset[int], title: bytes) -> tuple[float, int]:
    """Return the share of the shorter title's words that the other has, and how many words the shorter has."""
    other = set(np.frombuffer(title, np.uint16).tolist())
    shorter = min(len(own), len(other))
    return len(own & other) / max(1, shorter), shorter


def _best_of_each(found: _Found, numbers: list[int]) -> dict[int, Best]:
    """Return for each candidate and each window asked for the hit whose names agree best, its figures too."""
    best: dict[int, Best] = {number: {} for number in numbers}
    if len(found.kind) > _MANY_HITS:
        found = found.where(np.isin(found.hits.article, numbers))
    columns = (found.hits.article, found.hits.asked, found.kind, found.other_figure)
    for number, asked, kind, other in zip(*(c.tolist() for c in columns), strict=True):
        held = best.get(number)
        if held is not None and (asked not in held or (kind, other) < held[asked]):
            held[asked] = (kind, other)
    return best


def _grounded(sketch: Sketch, sentences: set[int] | None) -> float:
    """Return the share of the title's words that stand in the shared sentences; ``None`` for all of them."""
    if not sketch.title_places:
        return 0.0
    inside = (places if sentences is None else places & sentences for places in sketch.title_places)
    return sum(map(bool, inside)) / len(sketch.title_places)

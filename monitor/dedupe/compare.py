"""How one article's text stands to those that are remembered: what is shared, and whether names and titles agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from monitor.dedupe.book import DedupeBook
from monitor.dedupe.candidates import AGREE, CONFLICT, HALF, MIN_HITS, NAMELESS, Best, Candidate
from monitor.dedupe.fingerprint import Identity
from monitor.dedupe.policy import DedupePolicy
from monitor.dedupe.sketch import Sketch

_WEIGHTS = (1.0, 1.0, 0.5, 0.5, -0.5, -0.5, 0.5, 0.5)
"""What a hit tells for two articles being one, by its kind as ``Best`` has it."""

_FIRST_CONFLICT = 2 * CONFLICT

_SAME_NAMES = frozenset(2 * kind + figures for kind in (AGREE, NAMELESS) for figures in (0, 1))
_NOBODY = -1
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
    grounding: Callable[[], float]
    other_figures: bool

    @property
    def grounded(self) -> float:
        """Share of this title's words that stand in the shared sentences; seldom asked for."""
        return self.grounding()

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
class _Counted:
    """How many windows each sentence has at some rate, and how many of them hold names."""

    every: dict[int, int]
    named: dict[int, int]
    total: int


class _Text:
    """The windows of the article that tell something, counted by sentence for each rate asked for."""

    def __init__(self, sketch: Sketch, untold: set[int]) -> None:
        windows = zip(sketch.level, sketch.sentence, sketch.named, strict=True)
        self._windows = [w for place, w in enumerate(windows) if place not in untold]
        self._counted: dict[int, _Counted] = {}

    def counted(self, rate: int) -> _Counted:
        """Return the counts at a rate."""
        if rate not in self._counted:
            every: dict[int, int] = {}
            names: dict[int, int] = {}
            for level, sentence, named in self._windows:
                if level >= rate:
                    every[sentence] = every.get(sentence, 0) + 1
                    names[sentence] = names.get(sentence, 0) + named
            self._counted[rate] = _Counted(every, names, sum(every.values()))
        return self._counted[rate]


def compare(
    book: DedupeBook, mine: Identity, policy: DedupePolicy, candidates: Sequence[Candidate]
) -> Likeness:
    """Return how an article stands to its candidates. Plain Python: some fifty windows, with a few hits each."""
    sketch = mine.sketch
    own = book.source_numbers.get(mine.outlet, _NOBODY) if mine.outlet else _NOBODY
    untold = _untold(candidates, own, policy)
    share = 1 - len(untold) / max(1, len(sketch.windows))
    likest = _likest(candidates, untold, policy.max_candidates)
    evidence: list[Evidence] = []
    if likest:
        text = _Text(sketch, untold)
        evidence = [_evidence(book, mine, text, *one) for one in likest]
        evidence.sort(key=lambda e: (-e.strength, e.number))
    return Likeness(evidence=tuple(evidence), telling_words=sketch.words * share)


def _untold(candidates: Sequence[Candidate], own: int, policy: DedupePolicy) -> set[int]:
    """Return which windows tell nothing: one outlet's furniture, or a stock phrase of all."""
    every = _stories(candidates)
    ours = _stories([c for c in candidates if c.source == own])
    stock = {asked for asked, stories in every.items() if stories >= policy.stock_repeats}
    return stock | {asked for asked, told in ours.items() if told >= policy.furniture_repeats}


def _stories(candidates: Sequence[Candidate]) -> Counter[int]:
    """Return how many different stories hold each window with the same names."""
    held = {(i, c.cluster) for c in candidates for i, kind in c.best.items() if kind in _SAME_NAMES}
    return Counter([asked for asked, _ in held])


def _likest(
    candidates: Sequence[Candidate], untold: set[int], most: int
) -> list[tuple[Candidate, Best]]:
    """Return the articles that share most, those with the same names first, and none far behind the best."""
    told = [(c, _told(c.best, untold)) for c in candidates]
    longest = max((len(best) for _, best in told), default=0)
    least = max(MIN_HITS, longest / _FAR_BEHIND)
    near = [pair for pair in told if len(pair[1]) >= least]
    near.sort(key=lambda pair: (-sum([_WEIGHTS[k] for k in pair[1].values()]), pair[0].number))
    return near[:most]


def _told(best: Best, untold: set[int]) -> Best:
    if untold.isdisjoint(best):
        return best
    return {asked: kind for asked, kind in best.items() if asked not in untold}


def _evidence(
    book: DedupeBook, mine: Identity, text: _Text, candidate: Candidate, best: Best
) -> Evidence:
    """Compare in full; ``best`` are the hits that tell something."""
    sketch, counted = mine.sketch, text.counted(candidate.rate)
    sentences = _covered_sentences([sketch.sentence[i] for i in best], counted.every)
    inside = sum([counted.every.get(s, 0) for s in sentences])
    named_inside = sum([counted.named.get(s, 0) for s in sentences])
    shared = [i for i in best if sketch.sentence[i] in sentences]
    agreeing = len([i for i in shared if best[i] < _FIRST_CONFLICT])
    plain = len(shared) - sum([sketch.named[i] for i in shared])
    covered = inside / max(1, counted.total)
    theirs = candidate.windows / 2 ** max(0, sketch.rate - candidate.rate)
    kinds = bytes(best.values())
    title, figures = book.arena.compared(candidate.number)
    overlap, title_words = _titles(sketch.title_words, title)
    return Evidence(
        number=candidate.number,
        cluster=candidate.cluster,
        same_outlet=bool(mine.outlet) and book.sources[candidate.source] == mine.outlet,
        caseless=sketch.caseless,
        covered=covered,
        contained=min(1.0, len(best) / max(1.0, theirs)),
        dense=plain / max(1, inside - named_inside),
        dense_names=agreeing / named_inside if named_inside else 1.0,
        named_inside=named_inside,
        matched=len(best),
        agree=kinds.count(2 * AGREE) + kinds.count(2 * AGREE + 1),
        half=kinds.count(2 * HALF) + kinds.count(2 * HALF + 1),
        conflict=kinds.count(2 * CONFLICT) + kinds.count(2 * CONFLICT + 1),
        shared_words=covered * sketch.words,
        title=overlap,
        title_words=title_words,
        grounding=partial(_grounded, sketch, None if covered >= _WELL_COVERED else sentences),
        other_figures=any(kind % 2 for kind in kinds) or not _all_in(sketch.figures, figures),
    )


def _all_in(figures: bytes, others: bytes) -> bool:
    """Return whether all figures are among others, each as often."""
    return figures == others or all(figures.count(f) <= others.count(f) for f in set(figures))


def _covered_sentences(hits: list[int], windows: dict[int, int]) -> set[int]:
    """Return the sentences of which at least a quarter of the windows is in the other text."""
    counts: dict[int, int] = {}
    for sentence in hits:
        counts[sentence] = counts.get(sentence, 0) + 1
    return {s for s, count in counts.items() if count >= _COVERED_SENTENCE * windows.get(s, count)}


def _titles(own: frozenset[int], title: bytes) -> tuple[float, int]:
    """Return the share of the shorter title's words that the other has, and how many words the shorter has."""
    other = set(memoryview(title).cast("H"))
    shorter = min(len(own), len(other))
    return len(own & other) / max(1, shorter), shorter


def _grounded(sketch: Sketch, sentences: set[int] | None) -> float:
    """Return the share of the title's words that stand in the shared sentences; ``None`` for all of them."""
    if not sketch.title_places:
        return 0.0
    inside = (places if sentences is None else places & sentences for places in sketch.title_places)
    return sum(map(bool, inside)) / len(sketch.title_places)

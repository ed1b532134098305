"""How one article's text stands to those that are remembered: what is shared, and whether names and titles agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from monitor.dedupe.book import DedupeBook
from monitor.dedupe.fingerprint import Identity
from monitor.dedupe.policy import DedupePolicy
from monitor.dedupe.rows import Standing
from monitor.dedupe.sketch import PAYLOAD, Sketch

Best = dict[int, int]
"""Window asked for -> its best hit: twice its kind, and one more where the figures differ."""

_AGREE, _HALF, _CONFLICT, _NAMELESS = range(4)
"""How the names of a window stand to those of its like elsewhere: one wrong letter leaves beginning or ending."""

_WEIGHTS = (1.0, 0.5, -0.5, 0.5)
_FIRST_NAMED, _FIRST_BEGIN, _ENDINGS, _FIGURES = 1 << 4, 1 << 10, 63 << 4, 15
"""Fields of a payload: beginnings, endings, figures."""

_NO_HIT = 8
_MIN_HITS = 2
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


@dataclass(slots=True)
class _Candidate:
    """A remembered article with windows in common: for each the kind of its best hit."""

    cluster: int
    own: bool
    best: Best


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
    """Return how an article stands to the remembered ones whose offsets are less than ``before``.

    Plain Python: there are at most some fifty windows, with a few hits each.
    """
    sketch = mine.sketch
    candidates = _candidates(book, mine, policy, before)
    telling = _telling(candidates.values(), len(sketch.windows), policy)
    text = _Text(sketch, telling)
    evidence = [
        _evidence(book, mine, text, number, best)
        for number, best in _likest(candidates, telling, policy.max_candidates)
    ]
    evidence.sort(key=lambda e: (-e.strength, e.number))
    share = sum(telling) / len(telling) if telling else 1.0
    return Likeness(evidence=tuple(evidence), telling_words=sketch.words * share)


def _candidates(
    book: DedupeBook, mine: Identity, policy: DedupePolicy, before: int | None
) -> dict[int, _Candidate]:
    """Look the windows up; leave out what is too old or too new to be compared."""
    windows = mine.sketch.windows
    hits = book.windows.find(windows)
    if len(hits) < _MIN_HITS:
        return {}
    articles = hits.articles.tolist()
    own = book.source_numbers.get(mine.outlet) if mine.outlet else None
    several = [number for number, count in Counter(articles).items() if count >= _MIN_HITS]
    known = {
        row.number: _Candidate(row.cluster, row.source == own, {})
        for row in book.rows.standings(several)
        if _comparable(row, mine, policy, before)
    }
    payloads = (windows & PAYLOAD).tolist()
    for asked, number, payload in zip(
        hits.asked.tolist(), articles, hits.payloads.tolist(), strict=True
    ):
        candidate = known.get(number)
        if candidate is None:
            continue
        kind = _kind(payloads[asked] ^ payload, payload)
        if kind < candidate.best.get(asked, _NO_HIT):
            candidate.best[asked] = kind
    return known


def _kind(differs: int, payload: int) -> int:
    """Return the kind of a hit, as ``Best`` has it."""
    if payload < _FIRST_NAMED:
        kind = _NAMELESS
    else:
        kind = (differs >= _FIRST_BEGIN) + (differs & _ENDINGS > 0)
    return 2 * kind + (differs & _FIGURES > 0)


def _comparable(row: Standing, mine: Identity, policy: DedupePolicy, before: int | None) -> bool:
    """Return whether a remembered article is neither later than this one nor of another time."""
    if before is not None and row.offset >= before:
        return False
    dated = row.published and mine.published_day
    return not dated or abs(row.published - mine.published_day) <= policy.text_window_days


def _telling(candidates: Iterable[_Candidate], count: int, policy: DedupePolicy) -> list[bool]:
    """Return which windows tell something: neither one outlet's furniture nor a stock phrase of all."""
    several = list(candidates)
    counts = Counter([asked for candidate in several for asked in candidate.best])
    every = {
        asked: set[int]() for asked, held in counts.items() if held >= policy.furniture_repeats
    }
    own = {asked: set[int]() for asked in every}
    for candidate in several:
        for asked in candidate.best.keys() & every.keys():
            if candidate.best[asked] // 2 in (_AGREE, _NAMELESS):
                every[asked].add(candidate.cluster)
                if candidate.own:
                    own[asked].add(candidate.cluster)
    untold = {
        asked
        for asked, stories in every.items()
        if len(stories) >= policy.stock_repeats or len(own[asked]) >= policy.furniture_repeats
    }
    return [asked not in untold for asked in range(count)]


def _likest(
    candidates: dict[int, _Candidate], telling: list[bool], most: int
) -> list[tuple[int, Best]]:
    """Return the articles that share most, those with the same names first, and none far behind the best."""
    shared = {
        number: best
        for number, candidate in candidates.items()
        if len(best := {i: hit for i, hit in candidate.best.items() if telling[i]}) >= _MIN_HITS
    }
    longest = max(map(len, shared.values()), default=0)
    near = [(n, best) for n, best in shared.items() if len(best) * _FAR_BEHIND >= longest]
    near.sort(key=lambda pair: (-sum([_WEIGHTS[kind // 2] for kind in pair[1].values()]), pair[0]))
    return near[:most]


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
    agreeing = len([i for i in shared if sketch.named[i] and best[i] // 2 <= _HALF])
    plain = len([i for i in shared if not sketch.named[i]])
    covered = inside / max(1, sum(every.values()))
    theirs = row["windows"] / 2 ** max(0, sketch.rate - row["rate"])
    kinds = [kind // 2 for kind in best.values()]
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
        other_figures=any(kind % 2 for kind in best.values())
        or not Counter(sketch.figures) <= Counter(figures),
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


def _grounded(sketch: Sketch, sentences: set[int] | None) -> float:
    """Return the share of the title's words that stand in the shared sentences; ``None`` for all of them."""
    if not sketch.title_places:
        return 0.0
    inside = (places if sentences is None else places & sentences for places in sketch.title_places)
    return sum(map(bool, inside)) / len(sketch.title_places)

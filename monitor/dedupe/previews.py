"""What is looked up for several articles at once before the first of them is judged: a third of the work of one by one.

A preview changes no verdict: what it holds is what the judgement would look up itself, and it is asked for again where
the book has been tidied since. What the articles of one batch have in common with each other is found article by article.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.dedupe import candidates
from monitor.dedupe.book import DedupeBook, Values
from monitor.dedupe.candidates import Candidate
from monitor.dedupe.fingerprint import Identity, identify
from monitor.dedupe.policy import DedupePolicy
from monitor.dedupe.sketch import sketches
from schemas.article import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One article: what it is known by, and what the book has of that, newest articles apart."""

    book: DedupeBook
    versions: tuple[int, int]
    mine: Identity
    same: list[tuple[str, int]]
    candidates: list[Candidate]

    def is_true(self, book: DedupeBook) -> bool:
        """Return whether the book is the same still."""
        return self.book is book and self.versions == _versions(book)


def preview(
    book: DedupeBook, articles: Sequence[tuple[Article, int | None]], policy: DedupePolicy
) -> list[Preview]:
    """Return the previews of articles with the offsets of their records."""
    if not articles:
        return []
    made = sketches([(article.title, article.text) for article, _ in articles])
    mine = [identify(a, sketch) for (a, _), sketch in zip(articles, made, strict=True)]
    book.make_room(len(articles))
    same = book.settled_with([values(m, at) for m, (_, at) in zip(mine, articles, strict=True)])
    alike = candidates.settled(book, mine, policy)
    versions = _versions(book)
    return [
        Preview(book=book, versions=versions, mine=m, same=s, candidates=c)
        for m, s, c in zip(mine, same, alike, strict=True)
    ]


def values(mine: Identity, offset: int | None) -> Values:
    """Return the values by which an article is looked up."""
    return {
        "content": mine.content,
        "address": mine.address,
        "guid": mine.guid,
        "offset": offset,
    }


def _versions(book: DedupeBook) -> tuple[int, int]:
    return book.windows.version, book.exact.version

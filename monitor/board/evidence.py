"""An article cut into pieces where facts were read from it. Pure.

Spans count characters as Python does; a browser counts otherwise, so the cutting is done here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from monitor.board.shapes import ArticlePage, Segment
from schemas.article import UniqueArticle
from schemas.delta import Delta
from schemas.report import Evidence
from schemas.state import IncidentRow

SENTENCE = "sentence"
"""Marks the sentence that is quoted, around the facts in it."""


def marks_of(
    article_id: str, row: IncidentRow | None, deltas: Iterable[Delta]
) -> tuple[Evidence, ...]:
    """Return the spans that an incident's facts were read from in one article."""
    claims = row.claims if row else ()
    own = [e for claim in claims if claim.article_id == article_id for e in claim.evidence]
    changes = [e for delta in deltas if delta.article_id == article_id for e in delta.evidence]
    return tuple(dict.fromkeys((*own, *changes)))


def quotes_of(article_id: str, row: IncidentRow | None, deltas: Iterable[Delta]) -> tuple[str, ...]:
    """Return the sentences that are quoted from one article."""
    claims = row.claims if row else ()
    own = [claim.quote for claim in claims if claim.article_id == article_id]
    changes = [delta.quote for delta in deltas if delta.article_id == article_id]
    return tuple(dict.fromkeys(quote for quote in (*own, *changes) if quote))


def page_of(unique: UniqueArticle, marks: Sequence[Evidence], quotes: Sequence[str]) -> ArticlePage:
    """Return an article cut at the marks."""
    article = unique.article
    return ArticlePage(
        article_id=article.article_id,
        source=article.source,
        url=article.url,
        published=article.published,
        language=article.language,
        outcome=str(unique.outcome),
        title=cut(article.title, _in_field(article.title, marks, quotes, "title")),
        text=cut(article.text, _in_field(article.text, marks, quotes, "text")),
    )


def _in_field(
    text: str, marks: Iterable[Evidence], quotes: Iterable[str], field: str
) -> list[Evidence]:
    found = [mark for mark in marks if mark.field == field]
    for quote in quotes:
        start = text.find(quote)
        if start >= 0:
            end = start + len(quote)
            found.append(Evidence(start=start, end=end, field=field, fact=SENTENCE))
    return found


def cut(text: str, marks: Iterable[Evidence]) -> tuple[Segment, ...]:
    """Return the text in pieces, each with the facts read from it, alphabetically; together they are the text."""
    inside = [(max(m.start, 0), min(m.end, len(text)), m.fact) for m in marks]
    kept = [span for span in inside if span[0] < span[1]]
    edges = sorted({0, len(text), *(edge for start, end, _ in kept for edge in (start, end))})
    pieces = []
    for start, end in pairwise(edges):
        facts = sorted({fact for s, e, fact in kept if s <= start and end <= e})
        pieces.append(Segment(text=text[start:end], facts=tuple(facts)))
    return tuple(pieces)

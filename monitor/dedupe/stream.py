"""``news-monitor dedupe -``: one answer for each line, before the next line is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from monitor.articles.normalise import ArticleError, article_from_input
from monitor.dedupe.book import DedupeBook
from monitor.dedupe.policy import DedupePolicy
from monitor.dedupe.rules import judge
from schemas.article import UniqueArticle


def answers(lines: Iterable[bytes | str], policy: DedupePolicy | None = None) -> Iterator[bytes]:
    """Return the answer to each line of JSON, lazily: the next line is read only when the next answer is asked for.

    A line that is no article is answered with ``{"id","error"}``; empty lines are passed over.
    """
    book = DedupeBook()
    settings = policy or DedupePolicy()
    for line in lines:
        if line.strip():
            yield answer(book, line, settings)


def answer(book: DedupeBook, line: bytes | str, policy: DedupePolicy) -> bytes:
    """Return the answer to one line, as JSON without a line end, and remember the article."""
    try:
        data = msgspec.json.decode(line)
        article = article_from_input(data)
    except (msgspec.DecodeError, UnicodeError, ArticleError) as exc:
        return msgspec.json.encode({"id": None, "error": str(exc)})
    step = judge(book, article, policy)
    for key, row in step.rows:
        book.put(key, row)
    return _told(step.outputs[0])


def _told(unique: UniqueArticle) -> bytes:
    return msgspec.json.encode(
        {
            "id": unique.article.article_id,
            "outcome": unique.outcome,
            "cluster_id": unique.cluster_id,
            "duplicate_of": unique.duplicate_of,
            "reason": unique.reason,
            "changed_facts": unique.changed_facts,
            "origin": unique.origin,
        }
    )

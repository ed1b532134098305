"""A headline shortens its own article: "Iraq denounces" over a text in which the Iraqi army does is no second speaker."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.incidents.stances import group
from monitor.incidents.wording import fold
from schemas.report import Speaker, Statement


def own_words(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Return an article's statements without those whose speaker is only its headline's name for another one."""
    given = tuple(statements)
    body = [one for one in given if not _is_headline(one)]
    principals = {one.speaker.principal for one in body}
    return tuple(
        one
        for one in given
        if not _is_headline(one)
        or one.speaker.principal in principals
        or not any(_is_short_for(one, other) for other in body)
    )


def _is_headline(statement: Statement) -> bool:
    return bool(statement.evidence) and all(e.field == "title" for e in statement.evidence)


def _is_short_for(headline: Statement, other: Statement) -> bool:
    same = headline.target.incident == other.target.incident
    alike = headline.official == other.official and group(headline.stance) == group(other.stance)
    return same and alike and _names(headline.speaker, other.speaker)


def _names(short: Speaker, whole: Speaker) -> bool:
    """Return whether a headline's speaker may stand for the text's: of one country, or named with fewer words."""
    if short.principal.startswith("state:"):
        return short.country is not None and short.country == whole.country
    words, all_words = set(fold(short.name).split()), set(fold(whole.name).split())
    return bool(words) and words <= all_words

"""A name in a sentence that may be a place, and what its line says of it: a dateline, a heading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

    from monitor.extract.facts import Sentence
    from monitor.extract.gazetteers.tables import Entry
    from schemas.reasons import PlacePrecision

# "MOGADISHU, Somalia (Reuters) -": what follows the name within so many tokens makes it a dateline.
MAX_DATELINE_TOKENS = 6
MAX_HEADING_TOKENS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """The tokens ``[start, end)`` name a place; with its type word the phrase is ``[first, last)``.

    `entries` is empty for a name that no gazetteer has. `typed` is what a type word says it is.
    `where` is true after a strong preposition, `weak` after one that may mean something else.
    """

    sentence: Sentence
    start: int
    end: int
    first: int
    last: int
    entries: tuple[Entry, ...]
    typed: PlacePrecision | None = None
    where: bool = False
    weak: bool = False

    @property
    def text(self) -> str:
        """The name as the article writes it."""
        return str(self.sentence.doc[self.start : self.end].text)


# What armies do to towns, wherever the parser hung the town.
_STRIKING = frozenset(
    "shelled bombed bombarded raided stormed pounded besieged recaptured retook shells bombs raids storms pounds".split()
)


def is_struck(candidate: Candidate) -> bool:
    """Say whether it stands right behind a verb of striking: "shelled Kherson"."""
    doc, before = candidate.sentence.doc, candidate.start - 1
    return before >= candidate.sentence.span.start and doc[before].lower_ in _STRIKING


def begins_dateline(candidate: Candidate) -> bool:
    """Say whether the candidate opens its paragraph as in "KABUL, Afghanistan (Jan. 25)" or "GAO (AFP) -"."""
    doc, span = candidate.sentence.doc, candidate.sentence.span
    before = doc[span.start : candidate.start]
    if len(before) > MAX_DATELINE_TOKENS or not all(is_name_word(t) or t.is_punct for t in before):
        return False
    if candidate.start != 0 and span.start != 0:
        return False
    if not candidate.where and not candidate.weak and _opens_without_mark(candidate):
        return True
    if candidate.text.isupper() and len(candidate.text) > 3 and _is_mixed(candidate):  # noqa: PLR2004
        return True
    return any(
        token.text in ("—", "–", "--", "(") or (token.text == "-" and token.nbor(-1).whitespace_)
        for token in doc[candidate.last : min(candidate.last + MAX_DATELINE_TOKENS, span.end)]
    ) and not any(
        token.pos_ in ("VERB", "AUX") for token in doc[candidate.last : candidate.last + 2]
    )


def _opens_without_mark(candidate: Candidate) -> bool:
    """Say whether a sentence begins right after the name: "Beirut Syrian jets struck", its dash lost."""
    doc, span = candidate.sentence.doc, candidate.sentence.span
    if candidate.start != span.start or span.start != 0 or candidate.end + 1 >= span.end:
        return False
    following = doc[candidate.end]
    begins = following.text[:1].isupper() and following.pos_ in ("DET", "NUM", "PRON", "ADP", "ADJ")
    return begins and following.dep_ not in ("flat", "compound")


def _is_mixed(candidate: Candidate) -> bool:
    """Say whether the sentence around a name in capitals is not in capitals itself."""
    return any(
        token.is_lower for token in candidate.sentence.doc[candidate.end : candidate.end + 8]
    )


def is_heading(candidate: Candidate) -> bool:
    """Say whether the sentence is no more than places, as "Sangin/Helmand" above a paragraph is."""
    span = candidate.sentence.span
    words_in_it = [token for token in span if token.is_alpha]
    alone = len(words_in_it) == candidate.end - candidate.start or any(
        t.text in "/,:" for t in span
    )
    return (
        len(span) <= MAX_HEADING_TOKENS
        and alone
        and all(token.text[:1].isupper() for token in words_in_it)
    )


def is_name_word(token: Token) -> bool:
    """Say whether the token is written and tagged as part of a name."""
    return token.pos_ == "PROPN" and bool(token.text[:1].isupper())

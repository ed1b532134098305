"""Find the states that speak together: "the foreign ministers of France and Germany", "27 countries, among them Japan"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.extract import words as word_lines
from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key
from monitor.extract.numbers import rules as numbers
from monitor.extract.officials import offices
from monitor.extract.officials import words as office_words
from monitor.extract.officials.offices import Voice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Token

    from monitor.extract.facts import Sentence

# "The United States of America" has four words.
MAX_NAME_TOKENS = 4
_LANDS = frozenset("countries states nations governments".split())
# "27 countries, among them France": what leads to those that are named.
_SOME = frozenset("among including include".split())
# What stands between those who speak together.
_JOINTS = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+")
_CLAUSES = frozenset(("acl:relcl", "acl", "advcl"))


def of_offices(head: Token) -> list[Voice]:
    """Return the states of "the governments of Spain and Ireland" and "the Egyptian and Syrian foreign ministers"."""
    if head.lower_ not in office_words.index_of_offices().plurals:
        return []
    told = {t.i for c in head.children if c.dep_ in _CLAUSES for t in c.subtree}
    named = _named([t for t in head.subtree if t.i not in told])
    if len(named) < 2:  # noqa: PLR2004 - "the leaders of France" are one state's
        return []
    return [_voice(code) for code in named]


def of_we(sentence: Sentence, verb: Token) -> list[Voice]:
    """Return who "We, the foreign ministers of A and B, and the High Representative of C, condemn" are."""
    first = sentence.span[0]
    if first.lower_ != "we" or verb.i <= first.i + 1 or first.nbor().text != ",":
        return []
    told = sentence.doc[first.i + 1 : verb.i]
    if not any(t.lower_ in office_words.index_of_offices().plurals for t in told):
        return []
    phrases = _JOINTS.split(str(told.text))
    bodies = [v for part in phrases if (v := offices.read(part)) and offices.body_of(part)]
    # "The G7 foreign ministers of Canada, France ...": they speak as the G7.
    as_one = bool(bodies) and offices.body_of(phrases[0] or phrases[1]) is not None
    return [*([] if as_one else map(_voice, _named(list(told)))), *dict.fromkeys(bodies)]


def of_number(head: Token) -> list[Voice]:
    """Return the group that "27 countries" names, and those of them that are told by name."""
    if head.lower_ not in _LANDS:
        return []
    counted = next((c for c in head.children if c.dep_ == "nummod"), None)
    if counted is None:
        return []
    quantity = next(iter(numbers.scan(word_lines.of(head.doc[counted.left_edge.i : head.i]))), None)
    if quantity is None or (quantity.count.best or 0) < 2:  # noqa: PLR2004 - one country is no group
        return []
    name = f"{quantity.count.best} {head.lower_}"
    group = Voice(name=name, official=True, principal=f"org:{name}", affiliation=name)
    return [group, *(_voice(code) for code in _named(list(_told_of(head))))]


def _told_of(head: Token) -> Iterator[Token]:
    """Yield the words behind "among them" and "including", up to the verb."""
    led = False
    for token in head.doc[head.i + 1 : head.sent.end]:
        if token.pos_ in ("VERB", "AUX") and token.lower_ not in _SOME:
            return
        if led:
            yield token
        led = led or token.lower_ in _SOME


def _voice(code: str) -> Voice:
    voice = offices.read(tables.countries()[code].name)
    assert voice is not None
    return voice


def _named(tokens: Sequence[Token]) -> list[str]:
    """Return the codes of the countries that the words name, by name or adjective, the longest names first."""
    found: list[str] = []
    position = 0
    while position < len(tokens):
        code, size = _country_at(tokens, position)
        if code:
            found.append(code)
        position += size
    return list(dict.fromkeys(found))


def _country_at(tokens: Sequence[Token], position: int) -> tuple[str, int]:
    gazetteer = tables.load()
    if not tokens[position].text[:1].isupper():
        return "", 1
    for size in range(min(MAX_NAME_TOKENS, len(tokens) - position), 0, -1):
        key = exact_key(" ".join(t.text for t in tokens[position : position + size]))
        code = next((e.country for e in gazetteer.countries_named(key)), "")
        code = code or (gazetteer.adjectives.get(key, "") if size == 1 else "")
        if code:
            return code, size
    return "", 1

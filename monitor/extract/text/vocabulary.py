"""Say which words are common ones: those of the treebanks, those of the word list, and what is built from them.

A wire text in capitals shows no names, and the treebanks know few of the words of war. What neither
knows is taken for a name, so the list and the endings decide how well such a text is read.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from monitor.extract import lexicon
from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key
from monitor.extract.lexicon import Lexicon, Word
from monitor.extract.names.words import words as name_words

if TYPE_CHECKING:
    from collections.abc import Iterator

MIN_STEM = 3
# Shorter ones are names as often: "Boston", "Clement".
MIN_DERIVED = 8
# Endings that make words of others, and no names.
_DERIVED = re.compile(
    r"(?:tion|sion|ment|ness|ac(?:y|ie)|ship|ism|it(?:y|ie)|ance|ence|able|ible|ous|ical|ization|isation|olog(?:y|ie)|ful|less)s?$"
    r"|(?:ably|ibly|ously|ically|fully|i[sz]ed|i[sz]ing)$"
)
# What an ending puts in the place of what: "bodies" of "body", "wounded" of "wound".
_ENDINGS = (
    ("ies", "y"),
    ("ied", "y"),
    ("es", ""),
    ("s", ""),
    ("ed", ""),
    ("ed", "e"),
    ("ing", ""),
    ("ing", "e"),
    ("er", ""),
    ("er", "e"),
    ("ers", ""),
    ("ers", "e"),
    ("ly", ""),
    ("men", "man"),
    ("women", "woman"),
)
_PREFIXES = ("un", "re", "anti", "non", "counter", "over", "under", "mis", "dis", "para")


class Words(Lexicon, frozen=True):
    """The shape of ``en-common.toml``."""

    words: tuple[Word, ...]


class Vocabulary:
    """The common words of English, asked for in lower case: ``"explosions" in vocabulary``."""

    def __init__(self, forms: frozenset[str]) -> None:
        """Begin with the `forms` that the treebanks have in lower case."""
        self._known = forms | frozenset(lexicon.load("en-common", Words).words)

    def __contains__(self, word: object) -> bool:
        """Say whether a word is a common one; no name of a place, a people or a person is."""
        if not isinstance(word, str):
            return False
        return word in self._known or (_may_be_common(word) and self._is_built(word))

    def _is_built(self, word: str) -> bool:
        """Say whether the word is an inflection or a derivation of one that is known, or ends as only such words do."""
        rests = [word, *(word.removeprefix(p) for p in _PREFIXES if _leads(p, word))]
        if any(stem in self._known for rest in rests for stem in (rest, *_stems(rest))):
            return True
        return len(word) >= MIN_DERIVED and _DERIVED.search(word) is not None


def _leads(prefix: str, word: str) -> bool:
    return word.startswith(prefix) and len(word) - len(prefix) > MIN_STEM


def _stems(word: str) -> Iterator[str]:
    for ending, instead in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= MIN_STEM:
            yield stem + instead
            if stem[-1] == stem[-2] and ending in {"ed", "ing"}:
                yield stem[:-1]


@lru_cache(maxsize=20_000)
def _may_be_common(word: str) -> bool:
    """Say whether no gazetteer and no list of given names has the word."""
    gazetteer, key = tables.load(), exact_key(word)
    if key in gazetteer.adjectives or gazetteer.countries_named(key) or gazetteer.has_exactly(key):
        return False
    return word.capitalize() not in name_words().given_names

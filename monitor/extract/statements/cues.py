"""Find the stances taken in a sentence: by verbs, by nouns, by what a deed is called, by demands and threats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.statements import intentions, nouns, verbs, wordings
from monitor.extract.statements.words import words

if TYPE_CHECKING:
    from spacy.tokens import Token

    from monitor.extract.facts import Sentence
    from monitor.extract.officials.rules import Register
    from monitor.extract.statements.cue import Cue
    from monitor.extract.statements.speech import Talk

_READERS = (
    verbs.by_verb,
    verbs.by_headline,
    verbs.by_quotation,
    verbs.by_dismay,
    verbs.by_name_calling,
    nouns.by_noun,
    nouns.by_summons,
    nouns.by_verbal_attack,
)


def may_hold(sentence: Sentence) -> bool:
    """Say whether any word of the sentence can take a stance; what follows is only done where one can."""
    if words().told.search(sentence.text.lower()):
        return True
    verbal = words().verbal
    return any(_may_be_cue(token) or token.lower_ in verbal for token in sentence.span)


def _may_be_cue(token: Token) -> bool:
    known = words().all_cues
    return token.lemma_.lower() in known or token.lower_ in known or token.lower_[:-1] in known


def find(sentence: Sentence, talk: Talk, register: Register) -> list[Cue]:
    """Return the stances taken in the sentence, in order; those said in other words only where no cue is."""
    if sentence.asks:
        return []
    found: list[Cue] = []
    intended: list[Cue] = []
    for token in sentence.span:
        intended += intentions.find(sentence, token, talk, register)
        if _may_be_cue(token) or token.lower_ in ("attack", "attacks"):
            for read in _READERS:
                found += read(sentence, token, talk, register)
    return (found or list(wordings.by_name_of_deed(sentence, talk))) + intended

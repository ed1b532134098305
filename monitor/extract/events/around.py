"""What the words of one sentence share when their sense is judged: its facts, its cues, the verbs above them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.extract.events import lexicon, setting

if TYPE_CHECKING:
    from spacy.tokens import Token

    from monitor.extract.facts import Casualty, Day, PlaceName, Sentence

DEFINITE = frozenset(
    {"the", "this", "that", "these", "those", "such", "its", "their", "his", "her", "both"}
)
MAX_CHAIN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Facts of one sentence that candidates share."""

    sentence: Sentence
    words: frozenset[str]
    text: str
    casualties: tuple[Casualty, ...]
    days: tuple[Day, ...]
    places: tuple[PlaceName, ...]


def of(
    sentence: Sentence,
    casualties: tuple[Casualty, ...],
    days: tuple[Day, ...],
    places: tuple[PlaceName, ...],
) -> Around:
    """Return what the candidates of `sentence` share."""
    return Around(
        sentence=sentence,
        words=setting.words_of(sentence),
        text=" ".join(token.lower_ for token in sentence.span),
        casualties=casualties,
        days=days,
        places=places,
    )


def is_definite(token: Token) -> bool:
    """Say whether an article or a demonstrative makes `token` known: "the attack", "these strikes", "the bombing site"."""
    if any(
        c.lower_ in DEFINITE and c.dep_ in {"det", "nmod:poss", "det:predet"}
        for c in token.children
    ):
        return True
    if token.dep_ == "acl:relcl" and token.head.pos_ == "NOUN":
        return False
    if token.dep_ == "amod" and token.tag_ == "VBN":
        return True  # "The widow of the assassinated president".
    return token.dep_ == "compound" and token.head.i != token.i and is_definite(token.head)


def governing_verb(token: Token) -> Token | None:
    """Return the nearest verb at or above `token`."""
    here = token
    for _ in range(MAX_CHAIN):
        if here.pos_ == "VERB":
            return here
        if here.head.i == here.i:
            return None
        here = here.head
    return None


def cued(name: str, around: Around) -> bool:
    """Say whether the sentence has a cue of the list `name`, a word or a phrase."""
    cues = lexicon.cues()
    return bool(cues[name] & around.words) or any(
        phrase in around.text for phrase in cues.phrases[name]
    )

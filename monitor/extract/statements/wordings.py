"""Find condemnations in other words: an official calls a deed a crime, or holds somebody fully responsible."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.extract.statements.cue import made
from monitor.extract.statements.said import is_denied
from monitor.extract.statements.words import words
from schemas.reasons import Stance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from monitor.extract.facts import Sentence
    from monitor.extract.statements.cue import Cue
    from monitor.extract.statements.speech import Talk


def by_name_of_deed(sentence: Sentence, talk: Talk) -> Iterator[Cue]:
    """Yield a condemnation where an official calls a deed a crime, or holds somebody fully responsible."""
    if talk.voice is None or not talk.voice.official:
        return
    text = f" {sentence.text.lower()} "
    strong = next((phrase for phrase in words().strong if phrase in text), None)
    crime = next((phrase for phrase in words().crimes if f"{phrase}" in text), None)
    phrase = strong or crime
    if phrase is None:
        return
    token = next((t for t in sentence.span if t.lower_ == phrase.split()[0]), None)
    deed = _deed_near(sentence, token) if token is not None else None
    if token is None or deed is None or _only_possible(token) or not _is_said_by(talk, token):
        return
    stance = Stance.CONDEMN
    yield replace(made(sentence, token, stance, talk.voice, deed, talk), in_other_words=True)


def _only_possible(token: Token) -> bool:
    """Say whether the words stand under a negation or a condition: "not a war crime", "if this is"."""
    return any(is_denied(node, token) for node in (token, token.head, token.head.head))


def _is_said_by(talk: Talk, token: Token) -> bool:
    """Say whether the words are the speaker's: in his quotation, or under his verb of saying."""
    if talk.quoted or talk.verb is None:
        return True
    verb = token.doc[talk.verb]
    return verb in token.ancestors or verb == token or token.i > talk.verb


def _deed_near(sentence: Sentence, token: Token) -> Token | None:
    """Return the deed that is called so: a word of violence, the nearest before or at the words."""
    deeds = [
        t
        for t in sentence.span
        if t.lower_ in words().violence
        and t.pos_ in ("NOUN", "PROPN", "VERB")
        and t.lower_ not in ("act", "acts")
        and not token.i <= t.i <= token.i + 3
    ]
    deed = min(deeds, key=lambda t: (abs(t.i - token.i), t.i), default=None)
    if deed is not None:
        return deed
    pronouns = [
        t
        for t in sentence.span
        if t.lower_ in ("this", "it", "these", "that") and t.dep_.startswith(("nsubj", "obj"))
    ]
    if pronouns:
        return pronouns[0]
    crime = token.head if token.dep_ in ("amod", "compound") else token
    return crime if crime.dep_ == "obj" and crime.head.lemma_ == "commit" else None

"""Say who speaks in each sentence: the subject of its verb of saying, or whoever began the quotation.

"We condemn" is the speaker's of the quotation; "he added" and "the statement said" are the last
speaker's; a sentence that is wholly inside a quotation belongs to whoever the paragraph names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.extract.actors import roles
from monitor.extract.officials import introductions, offices
from monitor.extract.officials import rules as officials
from monitor.extract.officials import words as office_words
from monitor.extract.officials.rules import Register
from monitor.extract.statements.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Token

    from monitor.extract.facts import Reading, Sentence
    from monitor.extract.officials.offices import Voice

_QUOTES = frozenset('"“”«»')
_ACCORDING = "according"


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Who speaks in a sentence, with the verb by which, and whether the sentence is all quotation.

    ``actor`` is the official who acts in a sentence in which nobody speaks: "he said" of the next is his.
    """

    voice: Voice | None
    actor: Voice | None = None
    verb: int | None = None
    quoted: bool = False
    since: int = 0


def listen(
    reading: Reading, home: str, verbs: frozenset[str], messages: frozenset[str]
) -> tuple[tuple[Talk, ...], Register]:
    """Return who speaks in each sentence of the reading, and the register of persons with offices.

    `verbs` are the lemmas of verbs of saying, `messages` nouns such as "statement" that speak for the
    last speaker; `home` is the country that an office without a country belongs to.
    """
    register = Register(known={}, spans={}, home=home)
    for sentence in reading.sentences:
        found = introductions.find(sentence, officials.home_in(sentence, home))
        register.spans[sentence.index] = [(one.start, one.end, one.voice) for one in found]
        for one in found:
            register.add(one.voice)
    told = []
    for sentence in reading.sentences:
        officials.note_bodies(sentence, register)
        told.append(_told(sentence, register, verbs, messages))
    return _carried(reading.sentences, told), register


def _told(
    sentence: Sentence, register: Register, verbs: frozenset[str], messages: frozenset[str]
) -> Talk:
    for token in sentence.span:
        if token.lower_ == _ACCORDING:
            voice = _according(sentence, token, register, messages)
            if voice:
                return Talk(voice=voice, verb=token.i, since=sentence.index)
        if roles.is_verb(token) and (token.lemma_ in verbs or _issues(token, messages)):
            subject = _subject(token)
            if subject is None:
                continue
            voice = register.for_body(voice_of(sentence, subject, register, messages))
            # "Blast condemned": only who has an office takes a stance without a word of saying.
            if voice is not None and (voice.official or token.lemma_ not in words().verbs):
                register.hear(voice)
                return Talk(voice=voice, verb=token.i, since=sentence.index)
    actor = _actor(sentence, register)
    register.hear(actor)
    return Talk(voice=None, actor=actor)


def _actor(sentence: Sentence, register: Register) -> Voice | None:
    """Return the official whose deed the sentence tells: "The president cancelled his trip"."""
    subject = next((c for c in sentence.span.root.children if c.dep_ == "nsubj"), None)
    if subject is None or office_words.is_pronoun(subject):
        return None
    voice = officials.of_phrase(sentence, subject, register)
    return voice if voice is not None and voice.person and voice.official else None


def _issues(verb: Token, messages: frozenset[str]) -> bool:
    """Say whether somebody puts out a message: "issued a statement"."""
    return verb.lemma_ in ("issue", "release", "publish", "make", "give") and any(
        child.dep_ == "obj" and child.lemma_ in messages for child in verb.children
    )


def _subject(verb: Token) -> Token | None:
    by = [c for c in verb.children if c.dep_.startswith("obl") and roles.case_of(c) == "by"]
    if roles.is_passive(verb) and by:
        return by[0]
    subjects = [child for child in verb.children if child.dep_ in ("nsubj", "csubj")]
    if subjects:
        return subjects[0]
    if verb.dep_ in ("conj", "advcl", "xcomp", "parataxis") and roles.is_verb(verb.head):
        return next((c for c in verb.head.children if c.dep_ == "nsubj"), None)
    return None


def _according(
    sentence: Sentence, token: Token, register: Register, messages: frozenset[str]
) -> Voice | None:
    nouns = [t for t in sentence.span if t.i > token.i and t.pos_ in ("NOUN", "PROPN")]
    head = next((t for t in nouns if t.dep_ in ("obl", "nmod", "obj", "pobj")), None)
    return voice_of(sentence, head, register, messages) if head is not None else None


def voice_of(
    sentence: Sentence, head: Token, register: Register, messages: frozenset[str]
) -> Voice | None:
    """Return whose voice the token is: a pronoun and "the statement" are the last speaker's."""
    if office_words.is_pronoun(head):
        return register.meant_by(head.lower_)
    if head.lemma_.lower() in messages:
        return _issuer(sentence, head, register) or register.last
    return officials.of_phrase(sentence, head, register)


def _issuer(sentence: Sentence, message: Token, register: Register) -> Voice | None:
    """Return who issued a message: "a statement by the ministry", "an Iraqi government statement"."""
    for child in message.children:
        if child.dep_ in ("nmod", "nmod:poss", "compound") and child.pos_ in ("NOUN", "PROPN"):
            return officials.of_phrase(sentence, child, register)
        if child.dep_.startswith("acl"):
            by = next(
                (
                    c
                    for c in child.children
                    if c.dep_.startswith("obl") and roles.case_of(c) == "by"
                ),
                None,
            )
            if by is not None:
                return officials.of_phrase(sentence, by, register)
    text = officials.phrase(sentence, message)
    voice = offices.read(text, "")
    return voice if voice and voice.official else None


def _carried(sentences: Sequence[Sentence], told: Sequence[Talk]) -> tuple[Talk, ...]:
    """Give sentences without an attribution the speaker of the quotation that they stand in."""
    found: list[Talk] = []
    open_quote = False
    paragraph, last = -1, Talk(voice=None)
    for sentence, talk in zip(sentences, told, strict=True):
        if sentence.paragraph != paragraph and not _opens_with_quote(sentence):
            open_quote = False
        paragraph = sentence.paragraph
        quoted = open_quote or _opens_with_quote(sentence)
        marks = sum(token.text in _QUOTES for token in sentence.span)
        open_quote = open_quote != bool(marks % 2)
        if talk.voice is not None:
            last = talk
            found.append(Talk(voice=talk.voice, verb=talk.verb, quoted=quoted, since=talk.since))
        else:
            found.append(
                Talk(
                    voice=last.voice if quoted else None,
                    actor=talk.actor,
                    quoted=quoted,
                    since=last.since,
                )
            )
    return tuple(found)


def _opens_with_quote(sentence: Sentence) -> bool:
    return next((t.text in _QUOTES for t in sentence.span if not t.is_space), False)

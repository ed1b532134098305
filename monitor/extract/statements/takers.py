"""Find who takes the stance of a verb: its subject, the one after "by", several states under one office."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from monitor.extract.actors import roles
from monitor.extract.officials import offices
from monitor.extract.officials import rules as officials
from monitor.extract.officials import words as office_words
from monitor.extract.statements import speech, states
from monitor.extract.statements.words import words

if TYPE_CHECKING:
    from spacy.tokens import Token

    from monitor.extract.facts import Sentence
    from monitor.extract.officials.offices import Voice
    from monitor.extract.officials.rules import Register
    from monitor.extract.statements.speech import Talk

_STOPS = frozenset('" “ ” : ; – — ( )'.split())
# "Leaders in Qatar and Lebanon condemned": the second country is where they are, too.
_STANDS_WHERE = re.compile(r"\b(?:in|near|at|on|over|between|against|with)\b", re.IGNORECASE)
# The name, behind its comma.
NAME_BEHIND = 2
_FIRST_PERSON = frozenset(("we", "i", "our", "my"))


def of_verb(sentence: Sentence, verb: Token, talk: Talk, register: Register) -> list[Voice]:
    """Return who takes the stance of a verb: its subject, the one after "by", or the speaker."""
    if not roles.is_passive(verb) and (together := states.of_we(sentence, verb)):
        return together
    heads = [head for head in takers(verb) if head.lower_ not in words().violence]
    found = of_heads(sentence, heads, talk, register)
    if heads and not roles.is_passive(verb):
        known = {voice.principal for voice in found}
        found += [v for v in _listed(sentence, verb, register) if v.principal not in known]
    if found or (heads and heads[0].pos_ != "PRON"):
        return found
    if roles.is_passive(verb):
        return []
    voice = talk.voice or introduced_before(sentence, verb, register)
    return [voice] if voice is not None else []


def of_heads(sentence: Sentence, heads: list[Token], talk: Talk, register: Register) -> list[Voice]:
    """Return the voices of the phrases over `heads`, those of several states under one office each alone."""
    found: list[Voice | None] = []
    for head in _without_named(heads):
        together = states.of_offices(head) or states.of_number(head)
        if head.lower_ in _FIRST_PERSON:
            found.append(talk.voice or register.last)
        else:
            found += together or [speech.voice_of(sentence, head, register, words().messages)]
    return [voice for voice in found if voice is not None]


def _without_named(heads: list[Token]) -> list[Token]:
    """Return the heads without what is named between commas right behind: "the UN mission, MONUSCO, condemned"."""
    named = {
        one.i
        for one, other in pairwise(heads)
        if other.text.isupper()
        and other.i - one.i == NAME_BEHIND
        and all(other.doc[i].text == "," for i in (one.i + 1, min(other.i + 1, len(other.doc) - 1)))
    }
    return [h for h in heads if h.i not in named and not (h in heads[1:] and _is_its(h))]


def _is_its(head: Token) -> bool:
    """Say whether it is a part of who speaks beside it: "the African Union and its Commission"."""
    return any(c.dep_ == "nmod:poss" and c.lower_ in ("its", "their") for c in head.children)


def _listed(sentence: Sentence, verb: Token, register: Register) -> list[Voice]:
    """Return the officials of "A, B and the foreign ministry of C condemned", whose list the parse breaks up."""
    doc, start, end = sentence.doc, verb.i, verb.i
    while end > sentence.span.start and _is_when(doc[end - 1]):
        end -= 1
    while start > sentence.span.start and not _ends_list(doc[start - 1]):
        start -= 1
    joints = [t.i for t in doc[start:end] if t.text == "," or t.lower_ in ("and", "&")]
    listed = any(doc[i].text != "," for i in joints)
    # "X blamed rebels and condemned": this "and" joins the two verbs.
    if (
        not listed
        or joints[-1] == end - 1
        or any(t.lower_ in words().violence for t in doc[start:end])
    ):
        return []
    edges = [start - 1, *joints, end]
    parts = [str(doc[a + 1 : b].text).strip() for a, b in pairwise(edges)]
    voices = [
        offices.read(part, officials.home_in(sentence, register.home))
        for before, part in pairwise(("", *parts))
        if part and not _STANDS_WHERE.search(f"{before} " if part[:1].isupper() else part)
    ]
    return [v for v in voices if v is not None and v.official and (v.country or not v.person)]


def _is_when(token: Token) -> bool:
    """Say whether it stands between those who speak and their verb: "on Wednesday strongly condemned"."""
    return (
        token.pos_ in ("ADV", "AUX")
        or token.lower_ in office_words.TIME_WORDS
        or token.lower_ in ("on", "late", "early")
    )


def _ends_list(token: Token) -> bool:
    """Say whether no list of those who speak goes on before the token."""
    return (
        token.pos_ in ("VERB", "SCONJ", "PRON")
        or token.text in _STOPS
        or (token.pos_ == "AUX" and token.dep_ != "aux")
    )


def introduced_before(sentence: Sentence, verb: Token, register: Register) -> Voice | None:
    """Return the official whom the sentence names before the verb, where the parse ties nobody to it."""
    before = list(reversed(list(sentence.span[: verb.i - sentence.span.start])))
    # "The king sent the president a cable in which he condemned": he is the subject.
    for token in (*(t for t in before if t.dep_ == "nsubj"), *before):
        if token.pos_ == "PROPN" and token.dep_ not in ("flat", "compound", "amod"):
            voice = officials.of_phrase(sentence, token, register)
            if voice is not None and voice.official:
                return voice
    return None


def takers(verb: Token) -> list[Token]:
    """Return the heads of the phrases that say who does what the verb says."""
    by = [c for c in verb.children if c.dep_.startswith("obl") and roles.case_of(c) == "by"]
    subjects = [c for c in verb.children if c.dep_ == "nsubj"]
    # "The union condemned a strike by the forces": what follows "by" belongs to the strike.
    if by and (roles.is_passive(verb) or not subjects):
        return [token for head in by for token in roles.coordinated(head)]
    if _closes_apposition(verb):
        return roles.coordinated(verb.head)
    if roles.is_passive(verb):
        return []
    if subjects:
        head = subjects[0]
        if head.lower_ in office_words.TIME_WORDS:
            return []
        relative = head.lower_ in ("who", "which", "that") and verb.dep_.startswith("acl")
        named = _named_as_we(head, subjects) if head.lower_ in _FIRST_PERSON else []
        return named or roles.coordinated(verb.head if relative else head)
    return _inherited(verb)


def _named_as_we(we: Token, subjects: list[Token]) -> list[Token]:
    """Return who "we" are where that is told: "We, the foreign ministers of A and B, condemn"."""
    beside = [c for c in we.children if c.dep_ == "appos"] + subjects[1:]
    following = we.doc[we.i + 1] if we.i + 1 < len(we.doc) else we
    return [t for head in beside for t in roles.coordinated(head)] if following.text == "," else []


def _closes_apposition(verb: Token) -> bool:
    """Say whether it is the verb of "The UN rights chief, Volker Turk, called for" or "Qatar called for", which the parse hangs on its subject."""
    main = verb.dep_ == "acl" and verb.head.dep_ == "ROOT" and verb.tag_ in ("VBN", "VBD")
    if not main or verb.i == 0 or roles.is_verb(verb.head):
        return False
    return verb.nbor(-1).text == "," or verb.nbor(-1).pos_ == "PROPN"


def _inherited(verb: Token) -> list[Token]:
    """Return who does what a verb without a subject says: the doer of the clause above, or of a message."""
    parent = verb.head
    if parent == verb:
        return []
    linked = verb.dep_ in ("conj", "advcl", "xcomp", "parataxis") or (
        verb.dep_ == "csubj" and verb.tag_ == "VBG"
    )
    if linked and (roles.is_verb(parent) or _is_ready(parent)):
        return takers(parent)
    if linked and parent.pos_ in ("NOUN", "PROPN"):
        return []
    if verb.dep_ == "acl" and (verb.tag_ == "VBG" or parent.lemma_.lower() in words().messages):
        return possessors(parent) or _issuers(parent)
    return []


def _is_ready(parent: Token) -> bool:
    """Say whether it is the adjective of "was quick to condemn"."""
    return parent.lemma_.lower() in words().done


def _issuers(message: Token) -> list[Token]:
    """Return who issued what condemns: the subject of "released a statement criticising"."""
    verb = message.head
    if message.lemma_.lower() in words().messages and roles.is_verb(verb) and verb != message:
        return takers(verb)
    return [message]


def possessors(noun: Token) -> list[Token]:
    """Return whose the noun is: "Jordan's condemnation"."""
    return [
        child
        for child in noun.children
        if child.dep_ == "nmod:poss" and child.pos_ in ("NOUN", "PROPN")
    ]

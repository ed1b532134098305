"""Find the words by which somebody takes a stance, and who: verbs, nouns, and what a deed is called."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.extract.actors import roles
from monitor.extract.officials import offices
from monitor.extract.officials import rules as officials
from monitor.extract.statements import speech
from monitor.extract.statements.said import is_denied, is_said
from monitor.extract.statements.words import words
from schemas.reasons import Stance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from monitor.extract.facts import Sentence
    from monitor.extract.officials.offices import Voice
    from monitor.extract.officials.rules import Register
    from monitor.extract.statements.speech import Talk

_FIRST_PERSON = frozenset(("we", "i", "our", "my"))
_TO_PENALTY = frozenset("death prison life hell die imprisonment hang exile".split())
_DAYS = offices.TIME_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One taking of a stance: its word, who takes it, and the head of what it is about."""

    sentence: Sentence
    token: int
    stance: Stance
    voice: Voice
    target: int | None
    since: int
    in_other_words: bool = False

    def holds(self, index: int) -> bool:
        """Say whether the token is part of what the stance is about."""
        if self.target is None:
            return False
        head = self.sentence.doc[self.target]
        return bool(head.left_edge.i <= index <= head.right_edge.i)


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
    found: list[Cue] = []
    for token in sentence.span:
        if not _may_be_cue(token) and token.lower_ not in ("attack", "attacks"):
            continue
        found += _by_verb(sentence, token, talk, register)
        found += _by_headline(sentence, token, talk, register)
        found += _by_noun(sentence, token, talk, register)
        found += _by_summons(sentence, token, talk, register)
        found += _by_verbal_attack(sentence, token, talk, register)
    return found or list(_by_name_of_deed(sentence, talk))


def _by_verb(sentence: Sentence, token: Token, talk: Talk, register: Register) -> Iterator[Cue]:
    lemma = token.lemma_.lower()
    stance = words().verbs.get(lemma)
    if lemma in words().accuse:
        stance = Stance.DENOUNCE
    if stance is None or not is_said(token) or not _is_stance_verb(token):
        return
    target = _target_of_verb(token)
    if not _is_about(stance, lemma, token, target):
        return
    for voice in _voices(sentence, token, talk, register):
        if voice.official or lemma not in words().demonstrate:
            yield _cue(sentence, token, stance, voice, target, talk)


def _is_stance_verb(token: Token) -> bool:
    """Say whether it is a verb in this sense: not "condemned to death", not "the condemned building"."""
    if not roles.is_verb(token) or token.dep_ in ("amod", "compound"):
        return (
            token.pos_ == "VERB"
            and token.dep_ in ("ROOT", "parataxis")
            and token.tag_ in ("VBP", "VBZ", "VBD")
        )
    after = [child for child in token.children if child.i > token.i]
    return not any(
        child.lemma_.lower() in _TO_PENALTY and roles.case_of(child) == "to" for child in after
    )


def _is_about(stance: Stance, lemma: str, token: Token, target: Token | None) -> bool:
    """Say whether the target makes it a stance on a deed."""
    if lemma in words().accuse:
        return target is not None and not _attributes_violence(token)
    if stance is Stance.REJECT:
        return (
            target is not None
            and target.lemma_.lower() not in words().proposals
            and _is_violent(target)
        )
    return target is not None or stance is Stance.CONDEMN


def _attributes_violence(verb: Token) -> bool:
    """Say whether somebody is only named as the doer: "accuses factions of carrying out the attacks".

    "Accuses the army of genocide" is more: it calls the deed a crime.
    """
    charge = _charge(verb)
    if charge is not None and charge.lemma_ in words().deeds:
        return True
    for child in verb.children:
        named = child.dep_ in ("obl", "advcl", "xcomp", "nmod") and child.i > verb.i
        if named and child.lemma_.lower() in words().crime_nouns:
            return False
        if named and (child.lower_ in words().violence or child.lemma_ in words().deeds):
            return True
    nested = [g for c in verb.children if c.dep_ == "obj" for g in c.children if g.i > c.i]
    return any(
        g.lower_ in words().violence and g.lemma_.lower() not in words().crime_nouns for g in nested
    )


def _charge(verb: Token) -> Token | None:
    """Return the first verb or noun after the "of" or "for" that follows: "accuses them of carrying out"."""
    rest = [token for token in verb.doc[verb.i + 1 :] if token.sent == verb.sent]
    after = next((n for n, token in enumerate(rest) if token.lower_ in ("of", "for")), None)
    while after is not None and after + 1 < len(rest):
        following = [t for t in rest[after + 1 : after + 4] if t.pos_ in ("VERB", "NOUN")]
        if following and (following[0].tag_ == "VBG" or following[0].lower_ in words().violence):
            return following[0]
        after = next(
            (n for n in range(after + 1, len(rest)) if rest[n].lower_ in ("of", "for")), None
        )
    return None


def _is_violent(target: Token) -> bool:
    return any(token.lower_ in words().violence for token in (target, *target.subtree))


def _target_of_verb(verb: Token) -> Token | None:
    """Return the head of what is condemned: the object, the subject of a passive, or what follows "against"."""
    for label in ("obj", "nsubj:pass"):
        for child in verb.children:
            if child.dep_ == label:
                return verb.head if child.lower_ in ("which", "that", "who") else child
    if verb.dep_ in ("acl", "acl:relcl") and verb.tag_ == "VBN":
        return verb.head
    for child in verb.children:
        if child.dep_ in ("obl", "nmod") and roles.case_of(child) in (
            "against",
            "about",
            "to",
            "at",
            "over",
            "of",
            "on",
        ):
            return child
        if child.dep_ in ("ccomp", "xcomp", "dep", "iobj"):
            return child
    return None


def _voices(sentence: Sentence, verb: Token, talk: Talk, register: Register) -> list[Voice]:
    """Return who takes the stance of a verb: its subject, the one after "by", or the speaker."""
    heads = [head for head in _takers(verb) if head.lower_ not in words().violence]
    found = [v for head in heads if (v := _voice(sentence, head, talk, register)) is not None]
    if found or (heads and heads[0].pos_ != "PRON"):
        return found
    if roles.is_passive(verb):
        return []
    voice = talk.voice or _introduced_before(sentence, verb, register)
    return [voice] if voice is not None else []


def _introduced_before(sentence: Sentence, verb: Token, register: Register) -> Voice | None:
    """Return the official whom the sentence names before the verb, where the parse ties nobody to it."""
    for token in reversed(list(sentence.span[: verb.i - sentence.span.start])):
        if token.pos_ == "PROPN" and token.dep_ not in ("flat", "compound", "amod"):
            voice = officials.of_phrase(sentence, token, register)
            if voice is not None and voice.official:
                return voice
    return None


def _takers(verb: Token) -> list[Token]:  # noqa: PLR0911 - one construction a return
    by = [c for c in verb.children if c.dep_.startswith("obl") and roles.case_of(c) == "by"]
    subjects = [c for c in verb.children if c.dep_ == "nsubj"]
    # "The union condemned a strike by the forces": what follows "by" belongs to the strike.
    if by and (roles.is_passive(verb) or not subjects):
        return [token for head in by for token in roles.coordinated(head)]
    if roles.is_passive(verb):
        return []
    if subjects:
        head = subjects[0]
        if head.lower_ in _DAYS:
            return []
        relative = head.lower_ in ("who", "which", "that") and verb.dep_.startswith("acl")
        return roles.coordinated(verb.head if relative else head)
    parent = verb.head
    if parent == verb:
        return []
    if verb.dep_ in ("conj", "advcl", "xcomp", "parataxis") and (
        roles.is_verb(parent) or parent.pos_ in ("NOUN", "PROPN")
    ):
        return _takers(parent) if roles.is_verb(parent) else []
    if verb.dep_ == "acl" and (verb.tag_ == "VBG" or parent.lemma_.lower() in words().messages):
        return _possessors(parent) or _issuers(parent)
    return []


def _issuers(message: Token) -> list[Token]:
    """Return who issued what condemns: the subject of "released a statement criticising"."""
    verb = message.head
    if message.lemma_.lower() in words().messages and roles.is_verb(verb) and verb != message:
        return _takers(verb)
    return [message]


def _voice(sentence: Sentence, head: Token, talk: Talk, register: Register) -> Voice | None:
    if head.lower_ in _FIRST_PERSON:
        return talk.voice or register.last
    return speech.voice_of(sentence, head, register, words().messages)


def _by_headline(sentence: Sentence, token: Token, talk: Talk, register: Register) -> Iterator[Cue]:
    """Yield the stance of "Colombia condemns killing of mayor", whose verb the tagger takes for a noun."""
    stem = token.lower_.removesuffix("s")
    stance = words().verbs.get(stem)
    as_noun = token.pos_ in ("NOUN", "PROPN") and token.lower_ != stem
    if (
        not as_noun
        or token.i == sentence.span.start
        or stance not in (Stance.CONDEMN, Stance.DENOUNCE)
    ):
        return
    before = sentence.doc[sentence.span.start : token.i]
    if not all(t.pos_ in ("PROPN", "ADJ", "NOUN", "PART", "PUNCT", "DET") for t in before):
        return
    voice = register.of_name(before.text) or offices.read(before.text, register.home)
    after = [t for t in sentence.span if t.i > token.i and t.pos_ in ("NOUN", "PROPN", "VERB")]
    if voice is not None and voice.official and after:
        yield _cue(sentence, token, stance, voice, after[0], talk)


def _by_noun(sentence: Sentence, token: Token, talk: Talk, register: Register) -> Iterator[Cue]:
    stance = words().nouns.get(token.lemma_.lower()) or words().nouns.get(token.lower_)
    if stance is None or token.pos_ not in ("NOUN", "PROPN") or not is_said(token):
        return
    target = _target_of_noun(token)
    if target is None or (stance is Stance.REJECT and not _is_violent(target)):
        return
    heads = _takers_of_noun(token)
    voices = [v for head in heads if (v := _voice(sentence, head, talk, register)) is not None]
    for voice in voices:
        yield _cue(sentence, token, stance, voice, target, talk)


def _target_of_noun(noun: Token) -> Token | None:
    for owner in (noun, *(c for c in noun.children if c.dep_ == "conj"), noun.head):
        for child in owner.children:
            fits = child.dep_ in ("nmod", "obl") and roles.case_of(child) in (
                "of",
                "at",
                "over",
                "to",
                "for",
                "about",
                "against",
                "in",
            )
            if fits and child.i > noun.i:
                return child
        for child in owner.children:
            if child.dep_.startswith("acl") and child.i > noun.i:
                late = [
                    c
                    for c in child.children
                    if c.dep_ in ("obl", "nmod") and roles.case_of(c) in ("of", "at", "over")
                ]
                if late:
                    return late[-1]
                nested = [
                    g
                    for c in child.children
                    for g in c.children
                    if g.dep_ == "nmod" and roles.case_of(g) in ("of", "at")
                ]
                if nested:
                    return nested[-1]
    return None


def _takers_of_noun(noun: Token) -> list[Token]:
    """Return whose condemnation it is: after "expressed by", before "'s", the subject of "voiced", after "from"."""
    for child in noun.children:
        if child.dep_.startswith("acl"):
            by = [
                c
                for c in child.children
                if c.dep_.startswith("obl") and roles.case_of(c) in ("by", "from")
            ]
            if by:
                return [token for head in by for token in roles.coordinated(head)]
        if child.dep_ in ("nmod", "obl") and roles.case_of(child) in ("by", "from"):
            return roles.coordinated(child)
    verb = noun.head if noun.dep_ != "conj" else noun.head.head
    lemma = verb.lemma_.lower()
    if roles.is_verb(verb) and lemma in words().draw:
        return [
            t
            for c in verb.children
            if c.dep_ in ("obl", "nmod") and roles.case_of(c) in ("from", "by")
            for t in roles.coordinated(c)
        ]
    if roles.is_verb(verb) and lemma in words().express:
        return _takers(verb)
    return _possessors(noun)


def _possessors(noun: Token) -> list[Token]:
    return [
        child
        for child in noun.children
        if child.dep_ == "nmod:poss" and child.pos_ in ("NOUN", "PROPN")
    ]


def _by_summons(sentence: Sentence, token: Token, talk: Talk, register: Register) -> Iterator[Cue]:
    """Yield a protest for "summoned the ambassador to complain about": a formal one between states."""
    if token.lemma_ != "summon" or not roles.is_verb(token) or not is_said(token):
        return
    envoy = next((c for c in token.children if c.dep_ == "obj"), None)
    why = {t.lemma_.lower() for t in token.subtree if t.i > token.i}
    if envoy is None or not why & {"complain", "protest", "condemn", "demarche", "object"}:
        return
    for head in _takers(token):
        voice = _voice(sentence, head, talk, register)
        if voice is not None:
            yield _cue(sentence, token, Stance.DENOUNCE, voice, envoy, talk)


def _by_verbal_attack(
    sentence: Sentence, token: Token, talk: Talk, register: Register
) -> Iterator[Cue]:
    """Yield a denunciation for "launched a scathing attack on the government": an attack in words."""
    if token.lemma_.lower() != "attack" or token.pos_ != "NOUN" or not is_said(token):
        return
    if not any(child.lower_ in words().verbal for child in token.children):
        return
    target = _target_of_noun_on(token)
    verb = token.head
    if target is None or not roles.is_verb(verb):
        return
    for head in _takers(verb):
        voice = _voice(sentence, head, talk, register)
        if voice is not None:
            yield _cue(sentence, token, Stance.DENOUNCE, voice, target, talk)


def _target_of_noun_on(noun: Token) -> Token | None:
    owners = (noun, noun.head)
    return next(
        (
            c
            for o in owners
            for c in o.children
            if c.i > noun.i and roles.case_of(c) in ("on", "against")
        ),
        None,
    )


def _by_name_of_deed(sentence: Sentence, talk: Talk) -> Iterator[Cue]:
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
    yield replace(_cue(sentence, token, stance, talk.voice, deed, talk), in_other_words=True)


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
        if t.lower_ in ("this", "it", "these", "that") and t.dep_.startswith("nsubj")
    ]
    return pronouns[0] if pronouns else None


def _cue(  # noqa: PLR0917 - all of it is needed, in the order it is read
    sentence: Sentence, token: Token, stance: Stance, voice: Voice, target: Token | None, talk: Talk
) -> Cue:
    return Cue(
        sentence=sentence,
        token=int(token.i),
        stance=stance,
        voice=voice,
        target=None if target is None else int(target.i),
        since=talk.since if talk.voice == voice else sentence.index,
    )

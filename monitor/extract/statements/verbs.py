"""Find stances taken by a verb: "condemned the raid", "was denounced by", "was outraged by", "X condemns Y"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.extract.actors import roles
from monitor.extract.officials import offices
from monitor.extract.statements import takers
from monitor.extract.statements.cue import made
from monitor.extract.statements.said import is_said
from monitor.extract.statements.words import is_violent_phrase, words
from schemas.reasons import Stance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from monitor.extract.facts import Sentence
    from monitor.extract.officials.offices import Voice
    from monitor.extract.officials.rules import Register
    from monitor.extract.statements.cue import Cue
    from monitor.extract.statements.speech import Talk

_CALLING = frozenset("call describe term brand label dub deem consider".split())
_TO_PENALTY = frozenset("death prison life hell die imprisonment hang exile".split())
_ABOUT = frozenset("against about to at over of on".split())
_ALERTING = (Stance.CONDEMN, Stance.DENOUNCE, Stance.REJECT)
# Somebody, "it" and the quotation mark.
MIN_BEFORE = 3
_REASONS = frozenset("over for about after".split())


def by_verb(sentence: Sentence, token: Token, talk: Talk, register: Register) -> Iterator[Cue]:
    """Yield the stances of a verb that condemns, rejects, accuses, denies or disputes."""
    lemma = token.lemma_.lower()
    stance = words().verbs.get(lemma)
    if lemma in words().accuse:
        stance = Stance.DENOUNCE
    if stance is None or not is_said(token) or not _is_stance_verb(token):
        return
    target = _target_of_verb(token)
    if not _is_about(stance, lemma, token, target):
        return
    over = _reason(token, target)
    for voice in takers.of_verb(sentence, token, talk, register):
        if voice.official or lemma not in words().demonstrate:
            cue = made(sentence, token, stance, voice, target, talk)
            yield replace(cue, over=None if over is None else int(over.i))
            for other in _other_targets(token, target):
                yield made(sentence, token, stance, voice, other, talk)


def _is_stance_verb(token: Token) -> bool:
    """Say whether it is a verb in this sense: not "condemned to death", "slammed into", "the condemned building"."""
    if not roles.is_verb(token) or token.dep_ in ("amod", "compound"):
        return (
            token.pos_ == "VERB"
            and token.dep_ in ("ROOT", "parataxis")
            and token.tag_ in ("VBP", "VBZ", "VBD")
        )
    after = [child for child in token.children if child.i > token.i]
    if token.i + 1 < len(token.doc) and token.nbor(1).lower_ == "into":
        return False
    return not any(
        child.lemma_.lower() in _TO_PENALTY and roles.case_of(child) == "to" for child in after
    )


def _is_about(stance: Stance, lemma: str, token: Token, target: Token | None) -> bool:
    """Say whether the target makes it a stance on a deed."""
    if lemma in words().accuse:
        on = any(c.i > token.i and roles.case_of(c) == "on" for c in token.children)
        named = lemma == "blame" and on
        return target is not None and not named and not _attributes_violence(token)
    if stance is Stance.REJECT:
        return (
            target is not None
            and target.lemma_.lower() not in words().proposals
            and is_violent_phrase(target)
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
    rest = list(verb.doc[verb.i + 1 : verb.sent.end])
    after = next((n for n, token in enumerate(rest) if token.lower_ in ("of", "for")), None)
    while after is not None and after + 1 < len(rest):
        following = [t for t in rest[after + 1 : after + 4] if t.pos_ in ("VERB", "NOUN")]
        if following and (following[0].tag_ == "VBG" or following[0].lower_ in words().violence):
            return following[0]
        after = next(
            (n for n in range(after + 1, len(rest)) if rest[n].lower_ in ("of", "for")), None
        )
    return None


def _target_of_verb(verb: Token) -> Token | None:
    """Return the head of what is condemned: the object, the subject of a passive, or what follows "against"."""
    for label in ("obj", "nsubj:pass"):
        for child in verb.children:
            if child.dep_ == label:
                if child.lower_ == "what":
                    return _called(child) or child
                return verb.head if child.lower_ in ("which", "that", "who") else child
    if verb.dep_ in ("acl", "acl:relcl") and verb.tag_ == "VBN":
        return verb.head
    for child in verb.children:
        if child.dep_ in ("obl", "nmod") and roles.case_of(child) in _ABOUT:
            return child
        if child.dep_ in ("ccomp", "xcomp", "dep", "iobj"):
            return child
    return None


def _called(what: Token) -> Token | None:
    """Return the deed in "condemned what it called an act of piracy"."""
    for verb in what.children:
        if verb.lemma_.lower() in _CALLING:
            named = [
                c
                for c in verb.children
                if c.i > verb.i and c.pos_ in ("NOUN", "PROPN") and c.dep_ != "punct"
            ]
            return named[0] if named else None
    return None


def _other_targets(verb: Token, target: Token | None) -> list[Token]:
    """Return the further deeds of "condemned the attack on a mosque and the killing of nine villagers"."""
    if target is None or not is_violent_phrase(target):
        return []
    return [
        token
        for token in verb.subtree
        if token.i > target.i
        and token.dep_ == "conj"
        and token.lemma_.lower() in words().violence
        and any(c.dep_ in ("det", "nmod:poss", "nmod") for c in token.children)
    ]


def _reason(verb: Token, target: Token | None) -> Token | None:
    """Return the deed over which somebody is condemned, where the object is only the one who did it."""
    if target is None or is_violent_phrase(target):
        return None
    owners = (verb, target)
    return next(
        (
            child
            for owner in owners
            for child in owner.children
            if child.i > verb.i
            and child.dep_ in ("obl", "nmod", "advcl")
            and (roles.case_of(child) in _REASONS or _is_for_doing(child))
            and is_violent_phrase(child)
        ),
        None,
    )


def _is_for_doing(child: Token) -> bool:
    """Say whether it is "for killing five people"."""
    marked = any(mark.dep_ == "mark" and mark.lower_ in _REASONS for mark in child.children)
    return child.tag_ == "VBG" and marked


def by_headline(sentence: Sentence, token: Token, talk: Talk, register: Register) -> Iterator[Cue]:
    """Yield the stance of "Colombia strongly condemns killing", whose verb the tagger takes for a noun."""
    stem = token.lower_.removesuffix("s")
    stance = words().verbs.get(stem)
    as_noun = token.pos_ in ("NOUN", "PROPN") and token.lower_ != stem
    if not as_noun or token.i == sentence.span.start or stance not in _ALERTING:
        return
    end = token.i
    while end > sentence.span.start and sentence.doc[end - 1].pos_ == "ADV":
        end -= 1
    before = sentence.doc[sentence.span.start : end]
    if not before or not all(
        t.pos_ in ("PROPN", "ADJ", "NOUN", "PART", "PUNCT", "DET") for t in before
    ):
        return
    voice = register.of_name(before.text) or offices.read(before.text, register.home)
    target = _headline_target(sentence, token)
    if voice is None or not voice.official or target is None:
        return
    if stance is Stance.REJECT and any(
        t.lemma_.lower() in words().proposals for t in sentence.doc[token.i : target.i]
    ):
        # "Pakistan rejects blame for the attack."
        return
    if stance is not Stance.REJECT or target.lower_ in words().violence:
        yield made(sentence, token, stance, voice, target, talk)


_IT = frozenset("it he she they we".split())
_MARKS = frozenset("\"“”'‘’")


def by_quotation(sentence: Sentence, token: Token, talk: Talk, register: Register) -> Iterator[Cue]:
    """Yield the stance of 'the bloc said it "condemns this barbaric act"', whose verb the tagger takes for a noun."""
    lemma = next((w for w in _verbs_of(token) if w in words().verbs), "")
    if not lemma or roles.is_verb(token) or words().verbs[lemma] not in _ALERTING:
        return
    before = list(sentence.doc[sentence.span.start : token.i])
    while before and (before[-1].pos_ == "ADV" or before[-1].lower_.endswith("ly")):
        before.pop()
    if len(before) < MIN_BEFORE or before[-1].text not in _MARKS or before[-2].lower_ not in _IT:
        return
    target = _headline_target(sentence, token)
    voice = talk.voice or takers.introduced_before(sentence, token, register)
    voice = voice or _body_before(sentence, token)
    if voice is not None and target is not None:
        yield made(sentence, token, words().verbs[lemma], voice, target, talk)


def _body_before(sentence: Sentence, token: Token) -> Voice | None:
    """Return the body whose initials stand before the verb, whatever the tagger takes them for: "bloc ECOWAS, which ..."."""
    names = (str(t.text) for t in sentence.doc[sentence.span.start : token.i] if t.text.isupper())
    return next((offices.read(name) for name in names if offices.body_of(name)), None)


def _verbs_of(token: Token) -> tuple[str, ...]:
    """Return what a verb may be by its form: "condemns", "condemned", "denounced"."""
    lower = token.lower_
    return (lower.removesuffix("s"), lower.removesuffix("ed"), lower.removesuffix("d"))


def _headline_target(sentence: Sentence, verb: Token) -> Token | None:
    """Return the last noun of the phrase after the verb: the "attack" of "condemns terrorist attack in"."""
    after = [t for t in sentence.span if t.i > verb.i]
    phrase: list[Token] = []
    for token in after:
        if token.pos_ in ("NOUN", "PROPN", "VERB"):
            phrase.append(token)
        elif token.pos_ != "PART" and (
            phrase or token.pos_ not in ("ADJ", "DET", "PUNCT", "NUM", "PRON")
        ):
            break
    violent = [token for token in phrase if token.lower_ in words().violence]
    return next(iter((*violent, *phrase)), None)


def by_dismay(sentence: Sentence, token: Token, talk: Talk, register: Register) -> Iterator[Cue]:
    """Yield the denunciation of "was outraged by the killing": its subject takes it."""
    if token.lemma_.lower() not in words().dismay or not is_said(token):
        return
    subject = next((c for c in token.children if c.dep_ in ("nsubj", "nsubj:pass")), None)
    target = next(
        (
            child
            for child in token.children
            if child.i > token.i
            and child.dep_.startswith("obl")
            and roles.case_of(child) in ("by", "at", "over")
        ),
        None,
    )
    if subject is None or target is None or not is_violent_phrase(target):
        return
    for voice in takers.of_heads(sentence, roles.coordinated(subject), talk, register):
        yield made(sentence, token, Stance.DENOUNCE, voice, target, talk)


def by_name_calling(
    sentence: Sentence, token: Token, talk: Talk, register: Register
) -> Iterator[Cue]:
    """Yield the denunciation of "called the general a butcher": an official names somebody by a crime."""
    if token.lemma_.lower() not in words().name_calling or not is_said(token):
        return
    named = next(
        (c for c in token.children if c.i > token.i and c.lemma_.lower() in words().crime_people),
        None,
    )
    target = next((c for c in token.children if c.dep_ in ("obj", "iobj", "nsubj:pass")), None)
    if named is None or target is None:
        return
    if named is target:
        # The parser may take the name for the object, and the person for its subject or first object.
        target = next(
            (c for c in (*token.children, *named.lefts) if _is_person_before(c, named)), None
        )
    if target is None or not token.i < target.i < named.i:
        return
    for voice in takers.of_verb(sentence, token, talk, register):
        if voice.official:
            yield made(sentence, token, Stance.DENOUNCE, voice, target, talk)


def _is_person_before(token: Token, named: Token) -> bool:
    return token.i < named.i and token.pos_ in ("NOUN", "PROPN", "PRON")

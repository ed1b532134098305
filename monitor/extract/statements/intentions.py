"""Find what speakers want, threaten and own up to: "called for an inquiry", "vowed to avenge", "claimed responsibility".

These never alert. Only an official's are kept: anybody calls for anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.actors import roles
from monitor.extract.actors.words import index_of_names
from monitor.extract.statements import takers
from monitor.extract.statements.cue import made
from monitor.extract.statements.said import is_said
from monitor.extract.statements.words import is_violent_phrase, words
from schemas.reasons import Stance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from monitor.extract.facts import Sentence
    from monitor.extract.officials.rules import Register
    from monitor.extract.statements.cue import Cue
    from monitor.extract.statements.speech import Talk

_CONTENT = frozenset("obj obl nmod xcomp ccomp advcl".split())
_SELF = frozenset("it they we i its their our".split())


def find(sentence: Sentence, token: Token, talk: Talk, register: Register) -> Iterator[Cue]:
    """Yield the demand, threat or claim of a verb."""
    told = _told(token) if roles.is_verb(token) else None
    if told is None or not is_said(token):
        return
    stance, target = told
    for voice in takers.of_verb(sentence, token, talk, register):
        if voice.official:
            yield made(sentence, token, stance, voice, target, talk)


def _told(verb: Token) -> tuple[Stance, Token] | None:
    """Return the stance of the verb and what it is about; ``None`` where it takes none of these."""
    lemma = verb.lemma_.lower()
    if lemma in words().call and (wanted := _wanted(verb)) is not None:
        return Stance.CALL_FOR, wanted
    if lemma in words().threaten and (deed := _threatened(verb)) is not None:
        return Stance.THREATEN, deed
    if (claimed := _claimed(verb)) is not None:
        return Stance.CLAIM, claimed
    return None


def _content(verb: Token) -> list[Token]:
    return [c for c in verb.children if c.i > verb.i and c.dep_.split(":")[0] in _CONTENT]


def _wanted(verb: Token) -> Token | None:
    """Return what is called for: a truce, an inquiry, a release, that others condemn."""
    for child in _content(verb):
        wanted = child.lemma_.lower() in words().wanted
        if wanted and (child.dep_ != "obl" or roles.case_of(child) == "for"):
            return child
        if (
            child.dep_ == "xcomp"
            and roles.is_verb(child)
            and any(t.lemma_.lower() in words().wanted for t in child.subtree)
        ):
            return child
    return None


def _threatened(verb: Token) -> Token | None:
    """Return the deed that is threatened: to avenge, to strike, a harsh response."""
    known = words().revenge if verb.lemma_.lower() == "warn" else words().revenge | words().deeds
    for child in _content(verb):
        if child.lemma_.lower() in known:
            return child
        nested = [t for t in child.subtree if t.lemma_.lower() in words().revenge]
        if nested:
            return nested[0]
    return None


def _claimed(verb: Token) -> Token | None:
    """Return the deed of "claimed responsibility for", "said it was behind" and "said it had carried out"."""
    index = index_of_names()
    content = _content(verb)
    owned = next((c for c in content if c.lemma_ in ("responsibility", "credit")), None)
    if owned is not None and verb.lemma_ in index.claim:
        return next((t for t in owned.subtree if t.lower_ in words().violence), owned)
    if verb.lemma_ not in words().speech:
        return None
    said = next((c for c in content if c.dep_ == "ccomp"), None)
    subjects = [c for c in said.children if c.dep_.startswith("nsubj")] if said else []
    if said is None or not any(t.lower_ in _SELF for c in subjects for t in c.subtree):
        return None
    if any(c.lower_ == "behind" for c in said.children if c.dep_ == "case"):
        return said if said.lower_ in words().violence or said.pos_ == "PRON" else None
    deed = next((c for c in said.children if c.dep_ == "obj"), None)
    carried = said.lemma_ in index.light and deed is not None
    return deed if carried and deed is not None and is_violent_phrase(deed) else None

"""Say whether a sentence tells what came after an event: a protest over it, its trial, the release of its captives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.events import hindsight, lexicon
from schemas.reasons import EventType

if TYPE_CHECKING:
    from monitor.extract.facts import Sentence, Trigger

# So far above an event's word stands the verb that says what is done about it.
REACTION_REACH = 5
_HEARINGS = frozenset("trial retrial hearing inquest inquiry court-martial".split())
_SITTING = frozenset("open begin start resume continue adjourn conclude end underway".split())


def is_reaction(sentence: Sentence, kept: tuple[Trigger, ...]) -> bool:
    """Say whether the news of the sentence is what people do about the event: a protest over it, a ceasefire after it."""
    words = lexicon.cues()
    cues = words["reaction"] | words["released"] | words["judged"]
    root = sentence.span.root
    news = {root.lemma_.lower()} | {
        c.lemma_.lower() for c in root.children if c.dep_ in {"nsubj", "nsubj:pass", "obj", "xcomp"}
    }
    if _tells_release(sentence, kept) or _is_hearing(sentence):
        return True
    if hindsight.are_long_past(sentence, kept):
        return True
    if any(t.head == root.i for t in kept):
        return False
    if _tells_funeral(sentence, kept):
        return True
    if hindsight.is_remembered(sentence):
        return True
    return bool(cues & (news | _above(sentence, kept))) or _are_at_funeral(sentence, kept)


# Who is buried, and told of in a clause: "funeral prayers of two brothers, who were killed in the attack, were offered".
_FUNERALS = frozenset("funeral funerals burial burials coffin coffins".split())
_OF_SOMEBODY = frozenset({"acl", "acl:relcl"})


def _tells_funeral(sentence: Sentence, kept: tuple[Trigger, ...]) -> bool:
    """Say whether the sentence tells of a funeral, and of the event in clauses on who is buried, whatever the parse."""
    if not any(token.lower_ in _FUNERALS for token in sentence.span):
        return False
    doc = sentence.doc
    return all(
        any(a.dep_ in _OF_SOMEBODY for a in (doc[t.head], *doc[t.head].ancestors)) for t in kept
    )


def _tells_release(sentence: Sentence, kept: tuple[Trigger, ...]) -> bool:
    """Say whether a headline tells of captives' release: "Kidnapped pupils freed"."""
    if sentence.field != "title" or any(t.event_type is not EventType.ABDUCTION for t in kept):
        return False
    released = lexicon.cues()["released"]
    return any({token.lower_, token.lemma_.lower()} & released for token in sentence.span)


def is_tried(sentence: Sentence, kept: tuple[Trigger, ...]) -> bool:
    """Say whether the sentence tells how a court dealt with the event: "sentenced for the bombing", "guilty of killing"."""
    return _is_hearing(sentence) or bool(lexicon.cues()["tried"] & _above(sentence, kept))


def _is_hearing(sentence: Sentence) -> bool:
    """Say whether the news is that a court sits: "the trial opened of a man accused of stabbing three"."""
    root = sentence.span.root
    subjects = {c.lemma_.lower() for c in root.children if c.dep_ in {"nsubj", "nsubj:pass"}}
    return root.lemma_.lower() in _SITTING and bool(subjects & _HEARINGS)


def _are_at_funeral(sentence: Sentence, kept: tuple[Trigger, ...]) -> bool:
    """Say whether a noun above the triggers is one of a funeral: "funeral prayers for three killed in the blast"."""
    return any(
        c.dep_ == "compound" and c.lower_ in _FUNERALS
        for t in kept
        for a in list(sentence.doc[t.head].ancestors)[:REACTION_REACH]
        for c in a.children
    )


def _above(sentence: Sentence, kept: tuple[Trigger, ...]) -> set[str]:
    """Return the lemmas of the words that govern the triggers, the nearest few of each."""
    return {
        a.lemma_.lower()
        for t in kept
        for a in list(sentence.doc[t.head].ancestors)[:REACTION_REACH]
    }

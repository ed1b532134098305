"""Tell the figures that those give who did it: "JNIM said it had killed 200 soldiers" bounds a toll and sets none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.extract.actors import roles
from monitor.extract.actors import rules as actors
from schemas.report import Count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from spacy.tokens import Token

    from monitor.extract.facts import Actor, Casualty, Sentence

_SELF = frozenset({"it", "they", "its", "their"})
_SAYING = roles.SPEECH | {"assert", "boast", "claim", "insist", "maintain"}
_CLAUSES = frozenset({"ccomp", "xcomp", "conj", "advcl"})
MAX_STEPS = 4


def bounded(
    sentence: Sentence, claims: Iterable[Casualty], here: Sequence[Actor]
) -> tuple[Casualty, ...]:
    """Return the claims, those of an armed group about its own deed with their figure as the most that it can be."""
    return tuple(_at_most(c) if _is_boast(sentence, c, here) else c for c in claims)


def _at_most(claim: Casualty) -> Casualty:
    most = claim.count.high if claim.count.high is not None else claim.count.best
    return replace(claim, count=Count(low=None, best=None, high=most))


def _is_boast(sentence: Sentence, claim: Casualty, here: Sequence[Actor]) -> bool:
    if claim.verb is None or claim.perpetrator or all(a.state for a in here):
        return False
    saying, own = _saying_above(sentence.doc[claim.verb])
    speakers = [c for c in saying.children if c.dep_ == "nsubj"] if saying is not None else []
    named = own and any(_is_group(speaker, here) for speaker in speakers)
    return named or any(_is_claimant(sentence, speaker, here) for speaker in speakers)


def _saying_above(harm: Token) -> tuple[Token | None, bool]:
    """Return the verb of saying over a word of harm, and whether the clauses between tell the speaker's own deed.

    "Said it had killed", "claimed to have killed".
    """
    here, own = harm, _is_own_deed(harm)
    for _ in range(MAX_STEPS):
        if here.dep_ not in _CLAUSES and here.head.lemma_ not in _SAYING:
            return None, own
        here = here.head
        if here.lemma_ in _SAYING:
            return here, own
        own = own or _is_own_deed(here)
    return None, own


def _is_own_deed(verb: Token) -> bool:
    """Say whether the doer is who speaks: "it killed", "its fighters had killed", "to have killed"."""
    if roles.is_passive(verb):
        return False
    subjects = [c for c in verb.children if c.dep_.startswith("nsubj")]
    if not subjects:
        return verb.dep_ == "xcomp"
    return any(t.lower_ in _SELF for s in subjects for t in s.subtree)


def _is_group(speaker: Token, here: Sequence[Actor]) -> bool:
    """Say whether an armed group speaks, by its name or as one of it: "an Al-Qaeda affiliate"."""
    words = {token.i for token in speaker.subtree}
    return any(a.start in words and not a.state for a in here)


def _is_claimant(sentence: Sentence, speaker: Token, here: Sequence[Actor]) -> bool:
    """Say whether "it" stands for the group whose claim the sentence tells: "claimed the attack, in which it said 15 died"."""
    claimants = actors.claimed_by(sentence, here) if speaker.lower_ in _SELF else ()
    return any(not a.state for a in claimants)

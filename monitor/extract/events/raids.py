"""Tell searches and arrests by police from attacks: a raid on an office, a reporter who is held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.events.rules import Why
from monitor.extract.events.senses import OBJECTS, SHOOTING

if TYPE_CHECKING:
    from spacy.tokens import Token

    from monitor.extract.events.around import Around
    from monitor.extract.events.candidates import Candidate

# Forces that come into a village to take people away.
RAIDING = frozenset({"raid", "storm", "incursion", "break", "invade"})
ARRESTING = frozenset(
    "arrest arrests arrested arresting detain detains detained detaining detentions".split()
)
# Who searches a place for evidence, and the places that are searched.
SEARCHERS = frozenset(
    "police policeman policemen officer officers agent agents authorities detective detectives investigator investigators "
    "prosecutor prosecutors inspector inspectors".split()
)
PREMISES = frozenset(
    "office home house apartment flat farm ranch estate warehouse laboratory lab shop store restaurant bar club property "
    "residence premise headquarters mansion newspaper newsroom company business bank brothel workshop".split()
)
# Whom soldiers hold without a fight.
UNARMED = frozenset(
    "journalist reporter correspondent photographer cameraman editor foreigner activist student lawyer nun priest pastor "
    "bishop nurse doctor teacher tourist worker protester demonstrator opposition politician lawmaker migrant passenger".split()
)


def sense(candidate: Candidate, around: Around) -> Why | None:
    """Return that it is an arrest or a search, ``None`` for what is neither."""
    return Why.ARRESTS if _only_arrests(candidate, around) else None


def _only_arrests(candidate: Candidate, around: Around) -> bool:
    """Say whether forces went in to search or to arrest, and no shot is told of: "raided several houses and arrested two"."""
    if candidate.token.lemma_.lower() not in RAIDING or around.casualties:
        return False
    if around.words & SHOOTING:
        return False
    return bool(ARRESTING & around.words) or _searches(candidate.token)


def _searches(raid: Token) -> bool:
    """Say whether police raid premises: "police raided the offices of a newspaper", "officers searched" no village."""
    by = {c.lower_ for c in raid.children if c.dep_ in {"nsubj", "obl:agent", "compound"}}
    by |= {g.lower_ for c in raid.children if c.dep_ == "nsubj" for g in c.children}
    into = [c for c in raid.children if c.dep_ in OBJECTS or c.dep_ in {"nmod", "obl"}]
    return bool(by & SEARCHERS) and any(c.lemma_.lower() in PREMISES for c in into)


def takes_unarmed(candidate: Candidate) -> bool:
    """Say whether those who are held are no fighters: "a correspondent was detained by soldiers"."""
    taken = [c for c in candidate.token.children if c.dep_ in OBJECTS]
    return any(c.lemma_.lower() in UNARMED for c in taken)

"""Tell the land of an event whose place is not told: that of those who were hit, and never that of who struck."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.actors import rules as actors
from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key
from schemas.reasons import PlacePrecision
from schemas.report import Place

if TYPE_CHECKING:
    from spacy.tokens import Token

    from monitor.extract.events.grouping import Group
    from monitor.extract.gather import Facts

# Whose soldiers, officials and travellers are hurt in other countries as often as at home.
_ABROAD = frozenset("US GB FR DE RU IL TR CN IN IR SA AE EG".split())


def of_victims(group: Group) -> Place | None:
    """Return the one country whose people or site was hit, where no place is told: "bomb kills Kenyan police officers"."""
    found = {
        code
        for mention in group.mentions
        for trigger in mention.triggers
        for hit in actors.done_to(mention.sentence, trigger.head)
        for token in hit.subtree
        if token.i <= hit.i and (code := _country_of(token))
    }
    code = found.pop() if len(found) == 1 else ""
    if not code or code in _ABROAD:
        return None
    name = tables.countries()[code].name
    return Place(name=name, country=name, country_code=code, precision=PlacePrecision.COUNTRY)


def _country_of(token: Token) -> str:
    """Return the country of an adjective or of a name that modifies a noun: "Kenyan police", "Niger army post"."""
    if not token.text[:1].isupper() or token.dep_ not in {"amod", "compound", "nmod:poss", "nmod"}:
        return ""
    key = exact_key(token.text)
    named = tables.load().countries_named(key)
    return tables.load().adjectives.get(key) or next((e.country for e in named), "")


def strikes(place: Place | None, group: Group, facts: Facts) -> bool:
    """Say whether a country is named as the one who did it, right before its verb: "Israel struck a school" somewhere."""
    return any(
        p.place == place
        and (root := m.sentence.doc[p.start : p.end].root).dep_ == "nsubj"
        and any(root.head.i == t.head and root.i == t.head - 1 for t in m.triggers)
        for m in group.mentions
        for p in facts.places_in.get(m.sentence.index, ())
    )

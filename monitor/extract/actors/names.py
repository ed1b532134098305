"""Name the actors in a sentence: armed forces, states, armed groups, and gunmen without a name.

Names are data (``en-actors.toml``); a country's adjective makes a force of a noun ("Israeli
warplanes") and a state of a deed ("Russian shelling").
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from monitor.extract.actors import roles, states
from monitor.extract.actors.words import index_of_names, is_written
from monitor.extract.facts import Actor
from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key
from schemas.report import Named

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from monitor.extract.facts import Sentence

AGENT, PATIENT, CLAIMANT = "agent", "patient", "claimant"
# "Gaitanista Self-Defense Forces of Colombia" with its hyphen: the longest name has eleven tokens.
MAX_NAME_TOKENS = 12
# A target is named by its noun and what stands before it, not by the clause that follows.
MAX_TARGET_TOKENS = 10


def find(sentence: Sentence) -> tuple[Actor, ...]:
    """Return the actors named in the sentence, in order, without overlap; names before nouns."""
    found: list[Actor] = []
    position = sentence.span.start
    while position < sentence.span.end:
        actor = _at(sentence, position)
        if actor is not None:
            found.append(actor)
        position = max(actor.end if actor else 0, position + 1)
    return tuple(_with_role(actor, sentence.doc) for actor in found)


def _at(sentence: Sentence, start: int) -> Actor | None:
    token = sentence.doc[start]
    if not token.text[:1].isupper() and token.lower_ not in _lower_starts():
        return None
    return (
        _group(sentence, start)
        or _named_band(sentence, start)
        or _of_state(sentence, start, states.forces(sentence, start))
        or _generic(sentence, start)
        or _own_forces(sentence, start)
        or _of_state(sentence, start, states.country(sentence, start))
    )


@cache
def _lower_starts() -> frozenset[str]:
    """Return the words in small letters with which an actor's name can begin."""
    index = index_of_names()
    return index.first | index.qualifiers | _generic_first() | _own_first()


def _of_state(sentence: Sentence, start: int, found: states.Found | None) -> Actor | None:
    if found is None:
        return None
    end, name, code = found
    return made(sentence, start, end, name, country=code, state=True)


def _group(sentence: Sentence, start: int) -> Actor | None:
    doc, index = sentence.doc, index_of_names()
    first = exact_key(doc[start].text).split()
    if not first or first[0] not in index.first or not doc[start].text[:1].strip("-'"):
        return None
    for end in range(min(start + MAX_NAME_TOKENS, sentence.span.end), start, -1):
        text = doc[start:end].text
        known = index.groups.get(exact_key(text))
        if known and is_written(known, text):
            more = end < sentence.span.end and doc[end].lower_ in index.generic
            last = end + 1 if more else end
            return made(sentence, start, last, known.name, country=known.country, state=known.state)
    return None


def _named_band(sentence: Sentence, start: int) -> Actor | None:
    """Return a band with a name that no list has: "the La Familia Michoacana cartel"."""
    doc, end = sentence.doc, start
    while end < sentence.span.end and end - start < MAX_NAME_TOKENS and doc[end].pos_ == "PROPN":
        if (
            exact_key(doc[end].text) in index_of_names().adjectives
            or not doc[end].text[:1].isupper()
        ):
            return None
        end += 1
    if end == start or end >= sentence.span.end or doc[end].lower_ not in _BANDS:
        return None
    first = start == sentence.span.start or (start > 0 and doc[start - 1].pos_ == "PROPN")
    if (first and end - start < 2) or _is_country(doc[start:end].text):  # noqa: PLR2004 - "Police gang"
        return None
    return made(sentence, start, end + 1, str(doc[start:end].text))


def _is_country(text: str) -> bool:
    return bool(tables.load().named(text))


_BANDS = frozenset("cartel gang militia rebels militants insurgents guerrillas".split())


def _generic(sentence: Sentence, start: int) -> Actor | None:
    """Return armed people without a name, with the words before that say who they are."""
    doc, index = sentence.doc, index_of_names()
    begins = doc[start].lower_.split("-")[0] in _generic_first()
    if not begins and not _qualifies(doc, start):
        return None
    for stop in (start + 3, start + 2):
        if begins and stop <= sentence.span.end and doc[start:stop].text.lower() in index.generic:
            return made(sentence, start, stop, str(doc[start:stop].text))
    end = start
    while end < sentence.span.end and end - start < MAX_TARGET_TOKENS and _qualifies(doc, end):
        end += 1
    for stop in (end + 2, end + 1):
        if stop <= sentence.span.end and stop > end and doc[end:stop].text.lower() in index.generic:
            text = doc[start:stop].text
            linked, last = _linked_with(doc, stop, sentence.span.end)
            return made(sentence, start, last, " ".join(f"{text}{linked}".split()))
    return None


def _qualifies(doc: Doc, position: int) -> bool:
    token = doc[position]
    if token.lower_ in index_of_names().qualifiers:
        return True
    if token.text == "-" or (
        position and doc[position - 1].text == "-" and not doc[position - 1].whitespace_
    ):
        return True
    backed = (
        position + 2 < len(doc)
        and doc[position + 1].text == "-"
        and doc[position + 2].lower_ in _BACKED
    )
    return (
        backed
        or (token.text[:1].isupper() and exact_key(token.text) in index_of_names().adjectives)
        or (
            exact_key(token.text) in index_of_names().first
            and token.text[:1].isupper()
            and token.i + 1 < len(doc)
            and doc[token.i + 1].lower_ in index_of_names().generic
        )
    )


_BACKED = frozenset(
    "backed aligned linked led allied affiliated supported inspired held wing".split()
)


def _linked_with(doc: Doc, stop: int, limit: int) -> tuple[str, int]:
    """Return " allied with Iran" where it follows: it tells one faction from another."""
    if (
        stop + 1 < limit
        and doc[stop].lower_ in _BACKED
        and doc[stop + 1].lower_ in ("with", "by", "to")
    ):
        end = stop + 2
        while end < limit and doc[end].text[:1].isupper():
            end += 1
        if end > stop + 2:
            return " " + doc[stop:end].text, end
    return "", stop


@cache
def _own_first() -> frozenset[str]:
    return frozenset(phrase.split()[0] for phrase in index_of_names().own)


@cache
def _generic_first() -> frozenset[str]:
    return frozenset(phrase.split()[0].split("-")[0] for phrase in index_of_names().generic)


def _own_forces(sentence: Sentence, start: int) -> Actor | None:
    """Return forces named without a country: "security forces", "police"."""
    doc = sentence.doc
    if doc[start].lower_ not in _own_first():
        return None
    for stop in range(min(start + 3, sentence.span.end), start, -1):
        if doc[start:stop].text.lower() in index_of_names().own:
            return made(sentence, start, stop, doc[start:stop].text.lower(), state=True)
    return None


def made(
    sentence: Sentence, start: int, end: int, name: str, *, country: str = "", state: bool = False
) -> Actor:
    """Return an actor over the tokens ``[start, end)``."""
    text = str(sentence.doc[start:end].text)
    return Actor(
        sentence=sentence.index,
        start=start,
        end=end,
        who=Named(name=name, text=text, country_code=country or None),
        state=state,
    )


def _with_role(actor: Actor, doc: Doc) -> Actor:
    """Return the actor with the word it is tied to and how, as far as one edge tells."""
    head = doc[actor.start : actor.end].root
    governor = head.head
    if (
        head.dep_ == "nsubj"
        and governor.lemma_ in index_of_names().claim
        and of_responsibility(governor)
    ):
        return replace(actor, role=CLAIMANT, trigger=governor.i)
    if head.dep_ in ("nsubj", "nmod:poss") or roles.case_of(head) == "by":
        return replace(actor, role=AGENT, trigger=governor.i)
    if head.dep_ in ("obj", "nsubj:pass") or roles.case_of(head) in ("on", "against"):
        return replace(actor, role=PATIENT, trigger=governor.i)
    return actor


def of_responsibility(verb: Token) -> bool:
    """Say whether what follows the verb is a deed or the responsibility for one."""
    return any(
        token.lemma_
        in ("responsibility", "credit", "attack", "bombing", "strike", "killing", "shooting")
        for token in verb.subtree
        if token.i > verb.i
    )


def group_named(text: str) -> tuple[str, str] | None:
    """Return the name and home country of the armed group that the phrase names, the longest name first."""
    words = text.replace("’s", " ").replace("'s", " ").split()
    for size in range(min(MAX_NAME_TOKENS, len(words)), 0, -1):
        for start in range(len(words) - size + 1):
            part = " ".join(words[start : start + size]).strip(',.()“”"')
            known = index_of_names().groups.get(exact_key(part))
            if known and not known.state and is_written(known, part):
                return known.name, known.country
    return None

"""Find the words that may tell an event, with the weapon that stands beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.extract.events import lexicon
from schemas.reasons import EventType

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from monitor.extract.events.lexicon import Entry
    from monitor.extract.facts import Sentence

NOUN_LIKE = frozenset({"NOUN", "PROPN", "ADJ"})
MODIFIERS = frozenset(
    {"compound", "amod", "nmod", "nmod:poss", "flat", "obl:npmod", "nummod", "appos", "dep"}
)
# Weapons stand up to this many words before their attack: "rocket and mortar attack".
MODIFIER_REACH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Tokens ``[start, end)`` of the sentence's document that match `entry`; `head` stands for them in the parse."""

    sentence: Sentence
    start: int
    end: int
    head: int
    entry: Entry
    event_type: EventType
    weapon: str | None
    named_weapon: bool

    @property
    def token(self) -> Token:
        """The token that stands for the candidate."""
        return self.sentence.doc[self.head]


def find(sentence: Sentence) -> tuple[Candidate, ...]:
    """Return the candidates of a sentence from left to right, the longest phrase at each place."""
    found: list[Candidate] = []
    position = sentence.span.start
    while position < sentence.span.end:
        match = _longest(sentence.doc, position, sentence.span.end)
        if match is None:
            position += 1
            continue
        end, entry = match
        found.append(_candidate(sentence, position, end, entry))
        position = end
    return tuple(found)


def _longest(doc: Doc, start: int, limit: int) -> tuple[int, Entry] | None:
    if _first_part(doc[start]) not in lexicon.openings():
        return None
    words, ends = _words_from(doc, start, limit)
    known = lexicon.phrases()
    for length in range(len(words), 0, -1):
        for entry in known.get(" ".join(words[:length]), ()):
            if _fits(entry, doc, start):
                return ends[length - 1], entry
    return None


def _first_part(token: Token) -> str:
    """Return the word, or what stands before its first hyphen."""
    word = token.lower_.replace("\N{NON-BREAKING HYPHEN}", "-")
    return word.split("-", 1)[0] if len(word) > 1 else word


def _words_from(doc: Doc, start: int, limit: int) -> tuple[list[str], list[int]]:
    """Return up to `lexicon.longest` lower-case words and where each ends; hyphens join words."""
    words: list[str] = []
    ends: list[int] = []
    for token in doc[start:limit]:
        if token.text in {"-", "\N{NON-BREAKING HYPHEN}", "–"} and words:
            continue
        for part in (
            token.lower_.replace("\N{NON-BREAKING HYPHEN}", "-").split("-")
            if len(token) > 1
            else [token.lower_]
        ):
            words.append(part)
            ends.append(token.i + 1)
        if len(words) >= lexicon.longest():
            break
    return words, ends


def _fits(entry: Entry, doc: Doc, start: int) -> bool:
    """Say whether the tagger allows the entry's part of speech; phrases of several words speak for themselves."""
    if len(entry.words) > 1:
        return True
    token = doc[start]
    if entry.pos == "verb":
        past = token.lower_.endswith("ed") and token.dep_ != "compound"
        return token.pos_ == "VERB" or (token.pos_ in NOUN_LIKE and (past or _verbal(token)))
    return token.pos_ in NOUN_LIKE or (token.pos_ == "VERB" and _nominal(token))


def _verbal(token: Token) -> bool:
    """Say whether a word tagged as a noun stands like a verb, right after its subject: "Gunmen storm hotel"."""
    return any(child.dep_ == "nsubj" and child.i == token.i - 1 for child in token.children)


def _nominal(token: Token) -> bool:
    """Say whether a word tagged as a verb stands like a noun: after an article, an adjective or a preposition."""
    return any(
        child.dep_ in {"det", "amod", "nmod:poss", "case"} and child.i < token.i
        for child in token.children
    )


def _candidate(sentence: Sentence, start: int, end: int, entry: Entry) -> Candidate:
    doc = sentence.doc
    head = _head(doc, start, end, verb=entry.pos == "verb" and len(entry.words) > 1)
    weapon = _weapon_before(doc, head, sentence.span.start) if entry.pos == "noun" else None
    event_type = weapon.type if weapon and _refines(entry, weapon.type) else entry.event_type
    name = weapon.name if weapon and event_type == weapon.type else entry.weapon
    return Candidate(
        sentence=sentence,
        start=start,
        end=end,
        head=head,
        entry=entry,
        event_type=event_type,
        weapon=name,
        named_weapon=weapon is not None,
    )


def _head(doc: Doc, start: int, end: int, *, verb: bool) -> int:
    """Return the token of the phrase whose head lies outside it, the last one where several do."""
    if verb:
        return start
    outside = [t.i for t in doc[start:end] if not start <= t.head.i < end or t.head.i == t.i]
    return outside[-1] if outside else end - 1


def _refines(entry: Entry, event_type: EventType) -> bool:
    """Say whether a weapon makes the entry's type more exact: "grenade attack", not "gun massacre"."""
    if entry.words == ("strike",):
        return event_type in {EventType.DRONE_STRIKE, EventType.SHELLING_MISSILE}
    generic = {EventType.ARMED_ATTACK, EventType.OTHER_VIOLENCE, EventType.IED}
    return entry.event_type in generic and not (
        entry.event_type is EventType.IED and event_type is EventType.ARMED_ATTACK
    )


def _weapon_before(doc: Doc, head: int, first: int) -> lexicon.WeaponEntry | None:
    """Return the weapon named in the words right before `head` that modify it."""
    known = lexicon.weapons()
    for position in range(head - 1, max(first, head - 1 - MODIFIER_REACH) - 1, -1):
        token = doc[position]
        if token.dep_ not in MODIFIERS and token.dep_ not in {"conj", "cc", "punct"}:
            return None
        word = token.lower_.strip("-").replace("-", " ")
        two = f"{doc[position - 1].lower_} {word}" if position > first else word
        if doc[position - 1].lower_ in lexicon.cues()["harmless"]:
            return None
        weapon = known.get(two) or known.get(word) or known.get(word.partition(" ")[0])
        if weapon is not None:
            return None if word == "mine" and _is_pit(doc, position, head) else weapon
    return None


def _is_pit(doc: Doc, position: int, head: int) -> bool:
    """Say whether a mine is one that people dig in: "the Zamfara mine attack", and no "mine blast"."""
    bursts = doc[head].lemma_.lower() in {"blast", "explosion", "detonation", "strike"}
    return not bursts and doc[position - 1].lower_ not in {"land", "sea", "naval", "limpet"}


def weapon_of(token: Token) -> lexicon.WeaponEntry | None:
    """Return the weapon that `token` names, alone or with the word before it."""
    known = lexicon.weapons()
    before = token.nbor(-1).lower_ if token.i else ""
    if before in lexicon.cues()["harmless"]:
        return None
    return (
        known.get(f"{before} {token.lower_}")
        or known.get(token.lower_.replace("-", " "))
        or known.get(token.lower_.split("-")[0])
    )

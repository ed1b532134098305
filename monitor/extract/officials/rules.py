"""Say who a noun phrase speaks for, with what the article has told of the persons it names.

Who holds an office is read from the article itself and carried forward by `Register`: the full name
first, the surname later. What an office's words mean is the business of `offices`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key
from monitor.extract.officials.offices import Voice, body_of, country_of, read
from monitor.extract.officials.words import (
    BODIES,
    TIME_WORDS,
    index_of_offices,
    is_pronoun,
    is_role,
)

if TYPE_CHECKING:
    from spacy.tokens import Token

    from monitor.extract.facts import Sentence

# "the spokesman for the Commander-in-Chief of the Armed Forces, Major General Yahya Rasool" has 17 tokens.
MAX_PHRASE_TOKENS = 30
_LEFT_OUT = frozenset(
    "acl:relcl acl advcl parataxis punct cc conj dep discourse advmod mark aux cop obl ccomp".split()
)
# "No group claimed the attack": nobody spoke.
_MOUTHS = frozenset(("spokesperson", "spokesman", "spokeswoman"))
_OWNERS = frozenset(("his", "her", "its", "their"))
_SUBJECTS = frozenset(("nsubj", "nsubj:pass"))
_SPEECHLESS = frozenset(("PRON", "VERB", "ADV", "NUM", "PUNCT"))
_NOBODY = frozenset(("no", "neither"))
_LEADING = re.compile(
    r"^(?:(?:from|by|of|to|for|with|and|but|while|on|in|at|according to|including|especially|notably)\s+)+",
    re.IGNORECASE,
)
# "The Front, an offshoot of Lashkar-e-Taiba": the name that follows is another's.
_KIN = frozenset(
    "offshoot affiliate branch wing ally faction splinter arm part rival successor proxy".split()
)
# "In Kuwait, the cabinet denounced the bombing."
_OPENING = re.compile(r"\s*In ([A-Z][\w’'-]*(?: [A-Z][\w’'-]*){0,2}),")
# "The mission added": a body of which the article told the name just before.
_LAST_BODIES = frozenset(f"the {body}" for body in ("mission", "bloc", "agency", "alliance"))
_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday|yesterday|today|tonight"
# "Kenya's foreign ministry on Tuesday condemned": the parse hangs the day on the speaker at times.
_WHEN = re.compile(rf",?\s+(?:(?:on|late|early|earlier|last)\s+){{0,3}}(?:{_DAYS})$", re.IGNORECASE)


@dataclass(slots=True)
class Register:
    """The persons whom an article has introduced with their office, by every part of their name.

    `home` is the country that the article is about: "the foreign minister" is its minister.
    """

    known: dict[str, Voice]
    spans: dict[int, list[tuple[int, int, Voice]]]
    home: str = ""
    last: Voice | None = None
    last_person: Voice | None = None
    bodies: dict[str, Voice] = field(default_factory=dict)

    def silence(self) -> None:
        """Forget who spoke last: the article is gone through from its start again."""
        self.last = self.last_person = None

    def hear(self, voice: Voice | None) -> None:
        """Note who speaks now: "it" is the last speaker, "she" the last person who spoke."""
        if voice is not None:
            self.last = voice
            self.last_person = voice if voice.person else self.last_person

    def meant_by(self, pronoun: str) -> Voice | None:
        """Return the speaker that a pronoun means; the office that spoke last is a "he", a body's initials are none."""
        last = self.last
        if pronoun not in ("he", "she") or last is None or self.last_person is None:
            return last
        office = bool(last.person) or any(is_role(word) for word in last.name.split())
        return last if office else self.last_person

    def add(self, voice: Voice) -> None:
        """Remember a person with an office; the first office told stays."""
        words = exact_key(voice.person).split()
        if not words or not voice.role:
            return
        for key in (" ".join(words), words[-1], " ".join(words[-2:])):
            if len(key) > 2:  # noqa: PLR2004 - initials name nobody
                self.known.setdefault(key, voice)

    def for_body(self, voice: Voice | None) -> Voice | None:
        """Return the voice; "spokesperson Seif Magango" is that of the body that spoke last, not of the country told of."""
        last = self.last
        bare = voice is not None and exact_key(voice.role) in _MOUTHS
        if voice is None or last is None or not bare or last.person or not last.official:
            return voice
        spoken = replace(
            voice, principal=last.principal, affiliation=last.affiliation, country=last.country
        )
        self.known.update(
            {key: spoken for key, other in self.known.items() if other.person == voice.person}
        )
        return spoken

    def of_name(self, name: str) -> Voice | None:
        """Return the person of that name or surname, if the article has told the office."""
        words = exact_key(name).split()
        tails = (" ".join(words[i:]) for i in range(len(words)))
        return next((self.known[tail] for tail in tails if tail in self.known), None)

    def in_office(self, voice: Voice | None, text: str, *, opens: bool) -> Voice | None:
        """Return the person whose office spoke last: "..., the governor said. | Caleb Mutfwang condemned"."""
        last = self.last
        named = opens and voice is not None and voice.person == text and " " in text
        if not named or voice is None or last is None or last.person or not last.official:
            return None
        office = exact_key(last.name).partition(" of ")[0].split()
        if BODIES.intersection(office) or not any(is_role(word) for word in office):
            return None
        spoken = replace(last, name=text, person=text, role=last.name)
        self.add(spoken)
        return spoken

    def of_body(self, text: str, voice: Voice | None) -> Voice | None:
        """Return the body that "the ministry" means: the last one told in more words; those are remembered here."""
        words = exact_key(text).removeprefix("the ").split()
        body = words[-1] if words else ""
        if self._is_last_body(text):
            return self.last
        if body not in BODIES and words[:1] and words[0] in BODIES and words[1:2] == ["of"]:
            body = words[0]
        if body not in BODIES:
            return None
        if len(words) == 1:
            return self.bodies.get(body)
        if voice is not None and not voice.person:
            self.bodies[body] = voice
        return None

    def _is_last_body(self, text: str) -> bool:
        """Say whether "the mission" is the international body that spoke last."""
        last = self.last
        return text.lower() in _LAST_BODIES and last is not None and body_of(last.name) is not None

    def of_role(self, words: str) -> Voice | None:
        """Return the person last introduced in an office that "the minister" can mean."""
        wanted = exact_key(words).removeprefix("the ").split()
        if not wanted or wanted[-1] in BODIES:
            return None
        recent = [self.last] if self.last is not None else []
        for voice in (*recent, *dict.fromkeys(reversed(list(self.known.values())))):
            if voice.person and wanted[-1] in exact_key(voice.role).split():
                return voice
        return None


def of_phrase(sentence: Sentence, head: Token, register: Register) -> Voice | None:
    """Return whose voice the noun phrase over `head` is; ``None`` for a pronoun and for what has no voice."""
    if _is_nobody(head):
        return None
    told = _introduced(sentence, head, register) or _master_of(sentence, head, register)
    if told is not None:
        return told
    text = phrase(sentence, head)
    voice = read(text, home_in(sentence, register.home))
    if (body := _body_behind(head) or register.of_body(text, voice)) is not None:
        return body
    if voice is None or (
        voice.person and not voice.role and not voice.principal.startswith(("state", "org"))
    ):
        known = register.of_name(voice.person if voice else text)
        return known or register.in_office(voice, text, opens=_opens(sentence, head)) or voice
    if not voice.person and _is_definite(text) and not country_of(text) and body_of(text) is None:
        return register.of_role(text) or voice
    return voice


def _introduced(sentence: Sentence, head: Token, register: Register) -> Voice | None:
    """Return the person whom the sentence introduces by these words, or whose office they are."""
    return next(
        (
            voice
            for start, end, voice in register.spans.get(sentence.index, ())
            if start <= head.i < end or _is_office_of(head, start, end)
        ),
        None,
    )


def _is_office_of(head: Token, start: int, end: int) -> bool:
    """Say whether it is the office or the spokesperson of who is named in ``[start, end)``: "Minister X's office"."""
    mouth = head.lower_ == "office" or head.lower_ in _MOUTHS
    return mouth and any(c.dep_ == "nmod:poss" and start <= c.i < end for c in head.children)


def _master_of(sentence: Sentence, head: Token, register: Register) -> Voice | None:
    """Return who "his spokesperson" speaks for: the office that is the sentence's subject, else who spoke last."""
    owner = next((c for c in head.children if c.dep_ == "nmod:poss"), None)
    if head.lower_ not in _MOUTHS or owner is None or owner.lower_ not in _OWNERS:
        return None
    for token in sentence.doc[sentence.span.start : head.i]:
        if token.dep_ in _SUBJECTS and token.head.i != head.head.i and token.pos_ != "PRON":
            voice = of_phrase(sentence, token, register)
            if voice is not None and voice.official:
                return voice
    last = register.last
    return last if last is not None and last.official else None


def _opens(sentence: Sentence, head: Token) -> bool:
    """Say whether a noun phrase begins its sentence."""
    return int(head.left_edge.i) == sentence.span.start


def home_in(sentence: Sentence, home: str) -> str:
    """Return the country of an office that names none: that of "In Amman, the foreign ministry denounced", else `home`."""
    opening = _OPENING.match(sentence.text)
    if opening is None:
        return home
    key = exact_key(opening[1])
    return index_of_offices().capitals.get(key) or next(
        (e.country for e in tables.load().countries_named(key)), home
    )


def _body_behind(head: Token) -> Voice | None:
    """Return the body whose initials stand behind what it is, whatever the parse takes them for: "West African bloc ECOWAS"."""
    behind = head.doc[head.i + 1] if head.i + 1 < len(head.doc) else head
    if head.text[:1].isupper() or not behind.text.isupper() or body_of(behind.text) is None:
        return None
    return read(behind.text)


def _is_nobody(head: Token) -> bool:
    """Say whether a pronoun, a time or "no group" stands where somebody would speak."""
    if any(child.lower_ in _NOBODY for child in head.children):
        return True
    return is_pronoun(head) or head.lower_ in TIME_WORDS or head.pos_ in _SPEECHLESS


def note_bodies(sentence: Sentence, register: Register) -> None:
    """Remember the bodies that a sentence names in full, so that "the ministry" further on is one of them."""
    for token in sentence.span:
        if token.lower_ in BODIES and any(child.i < token.i for child in token.children):
            text = phrase(sentence, token)
            register.of_body(text, read(text, register.home))


def _is_definite(text: str) -> bool:
    return text.lower().startswith("the ")


def phrase(sentence: Sentence, head: Token) -> str:
    """Return the words of the noun phrase over `head` without clauses and without what "and" joins."""
    left_out = {
        token.i
        for child in head.children
        if child.dep_ in _LEFT_OUT and not (child.dep_ == "punct" and child.text in "-'’,()")
        for token in child.subtree
    }
    for child in head.children:
        for grand in child.children:
            if grand.dep_ in ("acl:relcl", "advcl", "acl"):
                left_out |= {token.i for token in grand.subtree}
    start = max(head.left_edge.i, head.i - MAX_PHRASE_TOKENS, sentence.span.start)
    end = min(head.right_edge.i + 1, head.i + MAX_PHRASE_TOKENS, sentence.span.end)
    left_out |= {
        token.i
        for child in head.children
        if child.dep_ == "appos" and child.lemma_ in _KIN
        for token in child.subtree
    }
    left_out |= {
        token.i for child in head.children if _is_no_part(child) for token in child.subtree
    }
    kept = [token for token in sentence.doc[start:end] if token.i not in left_out]
    text = "".join(token.text_with_ws for token in kept).strip(' ,;:“”"-–—')
    text = _WHEN.sub("", text.rsplit(": ", 1)[-1])
    return _LEADING.sub("", text) if len(text) > 1 else text


def _is_no_part(child: Token) -> bool:
    """Say whether a complement is of the verb or noun above: "expressed by the government of the strikes"."""
    return (
        child.dep_ == "nmod"
        and child.pos_ == "NOUN"
        and child.i > child.head.i
        and not any(
            t.pos_ == "PROPN" or t.text[:1].isupper() for t in child.subtree if t.i <= child.i
        )
        and exact_key(child.text) not in index_of_offices().roles
        and exact_key(child.doc[child.head.i : child.i + 1].text) not in index_of_offices().roles
    )

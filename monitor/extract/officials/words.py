"""The words of offices: the lexicon ``en-officials.toml`` as it is looked up, and what is no part of a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from monitor.extract import lexicon
from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key
from monitor.extract.lexicon import Lexicon, Name, Word
from monitor.extract.names import words as name_words

if TYPE_CHECKING:
    from spacy.tokens import Token

_NAME_JOINTS = frozenset(
    "al el bin ibn bint abu abd abdul de del la von van der den da dos di ul ur".split()
)
TIME_WORDS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday january february march "
    "april may june july august september october november december year week month night".split()
)
# "the government" is no person in an office, though many an office's name ends so.
BODIES = frozenset(
    "government ministry army military police parliament party council embassy office region "
    "commission authority authorities administration forces coalition group movement union state".split()
)
INNER_NAMES = frozenset(("sheikh", "sheik", "shaikh", "emir", "king", "prince", "general"))
PARTS = re.compile(r"\s*,\s*|\s+[–—]\s+|\s*[()]\s*")


class OfficialWords(Lexicon, frozen=True):
    """The shape of ``en-officials.toml``."""

    state_roles: tuple[Word, ...]
    own_roles: tuple[Word, ...]
    plurals: tuple[Word, ...]
    mouthpieces: tuple[Word, ...]
    unofficial: tuple[Word, ...]
    international: dict[Name, tuple[Name, ...]]
    without_body: dict[Word, Name]
    national: dict[Name, str]
    people: dict[str, tuple[Name, ...]]
    standing: dict[Name, str]
    same: dict[Name, Name]


@dataclass(frozen=True, slots=True)
class _Index:
    roles: dict[str, str]
    bodies: dict[str, tuple[str, str]]
    without_body: dict[str, tuple[str, str]]
    longest_role: int
    plurals: frozenset[str]
    adjectives: dict[str, str]
    people: dict[str, str]
    capitals: dict[str, str]


def _keys(name: str) -> tuple[str, str]:
    """Return the keys of a body, with and without the "s" of its genitive: phrases are looked up without it."""
    return exact_key(name), exact_key(name.replace("'s", ""))


@cache
def index_of_offices() -> _Index:
    """Return the lexicon as it is looked up, read once."""
    lex = lexicon.load("en-officials", OfficialWords)
    roles = {
        **dict.fromkeys(lex.unofficial, "unofficial"),
        **dict.fromkeys(lex.own_roles, "own"),
        **dict.fromkeys(lex.state_roles, "state"),
        **dict.fromkeys(lex.mouthpieces, "mouthpiece"),
    }
    bodies: dict[str, tuple[str, str]] = {}
    for name, others in lex.international.items():
        bodies.update(
            dict.fromkeys(
                (key for told in (name, *others) for key in _keys(told)),
                (f"org:{exact_key(name)}", name),
            )
        )
    bodies.update({exact_key(name): (f"state:{code}", name) for name, code in lex.national.items()})
    bodies.update(
        {
            exact_key(name): (f"org:{exact_key(lex.same.get(name, name))}", name)
            for name in lex.standing
        }
    )
    return _Index(
        roles={exact_key(role): kind for role, kind in roles.items()},
        bodies=bodies,
        without_body={
            exact_key(role): bodies[exact_key(name)] for role, name in lex.without_body.items()
        },
        longest_role=max(len(exact_key(role).split()) for role in roles),
        plurals=frozenset(lex.plurals),
        adjectives=tables.load().adjectives,
        people={exact_key(name): code for code, names in lex.people.items() for name in names},
        capitals={exact_key(c.capital): c.code for c in tables.countries().values()},
    )


@cache
def _office_words() -> frozenset[str]:
    parts = {word for role in index_of_offices().roles for word in role.split()}
    given = {exact_key(name) for name in name_words.words().given_names}
    bodies = {word for body in index_of_offices().bodies for word in body.split()} - given
    return frozenset(parts | bodies) - _NAME_JOINTS | frozenset(
        "mr mrs ms dr sheikh sheik gen col lt maj sgt capt brig adm sir the in for at major brigadier "
        "lieutenant colonel captain ministry republic islamic national federal permanent un eu foreign "
        "first second deputy acting interim central northern southern armed".split()
    )


def is_role(word: str) -> bool:
    """Say whether the word is, or ends, the name of an office: "Minister", "spokesperson"."""
    return exact_key(word) in _role_ends()


_PRONOUNS = frozenset("he she it they we i who".split())


def is_pronoun(token: Token) -> bool:
    """Say whether a word stands for who was told of before; the WHO is a body."""
    return token.lower_ in _PRONOUNS and not (token.text == "WHO" and token.pos_ == "PROPN")


def is_bare(name: str) -> bool:
    """Say whether a name is an office and no more, without country, body or person: "Ministry"."""
    return exact_key(name) in index_of_offices().roles


def is_body(word: str) -> bool:
    """Say whether the word is a body's and no person's office: "army", "ministry"."""
    return exact_key(word) in BODIES


@cache
def _role_ends() -> frozenset[str]:
    return frozenset(word for role in index_of_offices().roles for word in role.split()[-1:]) | {
        "secretary",
        "general",
    }


def is_office_word(word: str) -> bool:
    """Say whether a word is part of an office, a title, a body, or a country: no part of a name."""
    key = exact_key(word)
    if key in index_of_offices().adjectives or all(part in _office_words() for part in key.split()):
        return True
    return bool(tables.load().countries_named(key))

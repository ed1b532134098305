"""Read whose voice the words of an office are: "Iran's foreign minister Abbas Araghchi" is Iran's.

ARCHITECTURE.md, "Words": a state is its capital's name, its government, its head, its foreign ministry and
their spokespersons; the army, other ministries, parliament, regions and parties stand alone. Offices
are data (``en-officials.toml``), never who holds them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from monitor.extract.actors import rules as actors
from monitor.extract.actors.states import adjective_of
from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key
from monitor.extract.officials.persons import person_in
from monitor.extract.officials.words import (
    index_of_offices,
    is_office_word,
)
from schemas.report import Speaker

_OF_ANYTHING = frozenset(("leader", "leaders", "counterpart", "chairman", "chairperson"))
_FORMER = frozenset(("former", "ex", "late", "then", "outgoing", "deposed", "ousted"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Somebody who speaks, and the one identity behind all who speak for it."""

    name: str
    official: bool
    principal: str
    role: str = ""
    affiliation: str = ""
    country: str = ""
    person: str = ""

    def speaker(self) -> Speaker:
        """Return the voice as it stands in a report."""
        country = tables.countries().get(self.country)
        return Speaker(
            name=self.name,
            role=self.role or None,
            affiliation=self.affiliation or None,
            country=country.name if country else None,
            principal=self.principal,
        )


def read(text: str, home: str = "") -> Voice | None:
    """Return whose voice a phrase such as "Iran's foreign minister Abbas Araghchi" is.

    `home` is the country meant where the phrase names none.
    """
    body = body_of(text)
    matches = _roles(text)
    named = country_of(text) or (_country_of_person(text) if matches else "")
    group = actors.group_named(text)
    if body is None and not group and not named:
        body = None if _OF_ANOTHER.search(text) else _meant(matches)
    if body and named and _is_sent_to(text):
        body = None
    person = person_in(text, body, group)
    if body and body[0].startswith("state:") and named:
        body = (f"state:{named}", body[1])
    country = "" if body and body[0].startswith("org:") else named or _home_of(matches, home)
    former = any(word in _FORMER for word in exact_key(text).split()[:3])
    if group and not body:
        return _of_group(text, person, group, matches)
    if body:
        return _voice(
            text,
            person,
            body[0],
            body[1],
            matches,
            named or _code_of(body[0]),
            official=not former,
        )
    return _of_state_or_person(text, person, country, matches, former=former)


_SENT = re.compile(
    r"\b(?:ambassador|envoy|representative|mission|delegation|delegate)\b", re.IGNORECASE
)


def _is_sent_to(text: str) -> bool:
    """Say whether a state's envoy to a body speaks: "Russia's UN ambassador", not "the UN envoy to Syria"."""
    if not _SENT.search(text):
        return False
    words = text.split()
    first = next(
        n for n in range(1, len(words) + 1) if country_of(" ".join(words[:n])) or n == len(words)
    )
    return body_of(" ".join(words[:first])) is None


MAX_NAME_WORDS = 5


def _country_of_person(text: str) -> str:
    """Return the country of a known person in the phrase: "Prime Minister Nawaf Salam"."""
    words, people = _words(text), index_of_offices().people
    if _MINISTER.search(text):
        people = {name: code for name, code in people.items() if name not in _heads()}
    return next(
        (
            people[name]
            for size in range(min(MAX_NAME_WORDS, len(words)), 0, -1)
            for start in range(len(words) - size + 1)
            if (name := " ".join(words[start : start + size])) in people
        ),
        "",
    )


# A head of government is told as one: the defence minister of that name is another man.
_MINISTER = re.compile(
    r"\b(?:defen[cs]e|interior|justice|security|home|finance) minister\b", re.IGNORECASE
)


@cache
def _heads() -> frozenset[str]:
    """Return the names of heads of government and state, by key: of each country's people the first."""
    people = index_of_offices().people
    first: dict[str, str] = {}
    for name, code in people.items():
        first.setdefault(code, name.split()[-1])
    return frozenset(name for name, code in people.items() if name.split()[-1] == first[code])


# "The League's Secretary-General" is not the United Nations'.
_OF_ANOTHER = re.compile(r"\b\w+['’]s [Ss]ecretary")


def _meant(matches: list[tuple[str, str]]) -> tuple[str, str] | None:
    """Return the body of an office that needs none named: "the secretary-general" is the United Nations'."""
    bodies = index_of_offices().without_body
    return bodies.get(matches[0][0]) if len(matches) == 1 else None


def _home_of(matches: list[tuple[str, str]], home: str) -> str:
    """Return the country of an office named without one; "the Chechen leader" leads no state."""
    return home if any(role not in _OF_ANYTHING for role, _ in matches) else ""


def _of_group(
    text: str, person: str, group: tuple[str, str], matches: list[tuple[str, str]]
) -> Voice:
    name, code = group
    return _voice(text, person, f"org:{exact_key(name)}", name, matches, code, official=True)


def _code_of(principal: str) -> str:
    return principal.removeprefix("state:") if principal.startswith("state:") else ""


def _of_no_office(text: str, person: str, country: str, matches: list[tuple[str, str]]) -> Voice:
    """Return somebody who speaks for nobody else."""
    principal = f"person:{exact_key(person or text)}"
    return _voice(text, person, principal, "", matches, country, official=False)


def _of_known_person(text: str, person: str, matches: list[tuple[str, str]]) -> Voice | None:
    """Return a head or minister of a state named without an office, "China's Xi Jinping"; ``None`` for others."""
    country = index_of_offices().people.get(exact_key(person))
    if country is None:
        return None
    government = f"{adjective_of(country)} government"
    return _voice(text, person, f"state:{country}", government, matches, country, official=True)


def _of_state_or_person(
    text: str, person: str, country: str, matches: list[tuple[str, str]], *, former: bool
) -> Voice | None:
    kinds = [kind for _, kind in matches]
    unofficial = "unofficial" in kinds and "state" not in kinds[: kinds.index("unofficial")]
    # "Its general secretary": of a body that is nobody's voice here, or it would have been known.
    unofficial = unofficial or (not country and text.lower().startswith(("its ", "their ")))
    if unofficial or former:
        return _of_no_office(text, person, country, matches)
    offices = [(role, kind) for role, kind in matches if kind in ("state", "own")]
    if not offices and not (country and _is_state_itself(text, country, matches)):
        if not text[:1].isupper() and not person and not matches:
            return None
        known = _of_known_person(text, person, matches)
        return known or _of_no_office(text, person, country, matches)
    if not (country or person) and index_of_offices().plurals & set(_words(text)):
        return None
    first = offices[0] if offices else ("government", "state")
    stands_alone = first[1] == "own" or any(
        role in ("region", "regional government", "party") for role, _ in offices
    )
    if country and not stands_alone:
        adjective = adjective_of(country)
        return _voice(
            text,
            person,
            f"state:{country}",
            f"{adjective} government",
            matches,
            country,
            official=True,
        )
    body = _body_name(text, person, country)
    if exact_key(body) in index_of_offices().roles and not country_of(body):
        body = f"{adjective_of(country)} {body}" if country else f"{body} {person}".strip()
    key = _own_key(body, country)
    return _voice(text, person, f"org:{key}", body, matches, country, official=True)


_MINISTER_OF = re.compile(r"\bminist(?:er|ry) (?:of|for) (?:the )?(\w+)")
# "Gov. Abbott", "the governor of Texas", "the Texas state governor": one office.
_SHORT = {"gov": "governor", "sen": "senator", "lt": "lieutenant", "cm": "chief minister"}
_OFFICE_OF = re.compile(r"(\w+(?: \w+)?) of (?:the )?(.+?)(?: state| province)?")


def _own_key(body: str, country: str) -> str:
    """Return the key of an office that stands alone, the same however it is put: "texas governor".

    A minister and the ministry are one, and so are "Kyiv's", "Ukrainian" and "of Ukraine".
    """
    key = " ".join(_SHORT.get(word, word) for word in exact_key(body).split())
    named = _OFFICE_OF.fullmatch(key)
    if named and key not in index_of_offices().roles and named[1] in index_of_offices().roles:
        key = f"{named[2]} {named[1]}"
    first, _, rest = key.partition(" ")
    told = bool(country and rest) and country_of(first.title()) == country
    office = _MINISTER_OF.sub(r"\1 ministry", rest if told else key)
    office = re.sub(r"\bminister$", "ministry", office)
    if told and first in index_of_offices().capitals and not office.endswith(_OF_STATE):
        return f"{first} {office}"
    return f"{exact_key(adjective_of(country))} {office}" if told else office


# Of a capital's offices these are the state's; its mayor and its police are its own.
_OF_STATE = ("ministry", "army", "military", "parliament", "forces")


def _body_name(text: str, person: str, country: str) -> str:
    """Return the body a phrase names, without the person and the mouthpiece: "Iraqi army"."""
    kept = text.replace(person, " ") if person else text
    segments = [part for part in kept.split(",") if _roles(part) or body_of(part)]
    kept = next((s for s in segments if not _is_rank(s)), kept)
    for part in re.split(
        r"\b(?:spokes\w+|spox|media office|press office)\b(?:\s+(?:of|for))?",
        kept,
        flags=re.IGNORECASE,
    ):
        bare = re.sub(r"^(?:the|a|an)\s+|['’]s\b", " ", part.strip(" ,.-"), flags=re.IGNORECASE)
        if bare.strip(" ,.-") and exact_key(bare) not in ("the", "a", "an", "of", "for"):
            return " ".join(bare.split()).strip(" ,.-'’")
    return f"{adjective_of(country)} official" if country else "official"


def _is_rank(text: str) -> bool:
    return all(word in _RANKS for word in _words(text))


_RANKS = frozenset(
    "major general lieutenant colonel brigadier admiral captain sergeant the".split()
)


def _voice(  # noqa: PLR0917 - all of it is needed, in the order it is read
    text: str,
    person: str,
    principal: str,
    affiliation: str,
    matches: list[tuple[str, str]],
    country: str,
    *,
    official: bool,
) -> Voice:
    role = _role_text(text, person) if matches else ""
    return Voice(
        name=person or _without_article(text),
        official=official,
        principal=principal,
        role=role if person else "",
        affiliation=affiliation,
        country=country,
        person=person,
    )


def _role_text(text: str, person: str) -> str:
    kept = text.replace(person, " ") if person else text
    return _without_article(" ".join(kept.split()).strip(" ,.-"))


def _without_article(text: str) -> str:
    bare = re.sub(r"^(?:the|a|an|his|her|its|their)\s+", "", text, flags=re.IGNORECASE)
    return re.sub(r"['’]s?$", "", bare.strip(" ,;"))


# "The State of Qatar", "the Hashemite Kingdom of Jordan": a state by its long name.
_LONG_FORM = re.compile(
    r"^(?:\w+ ){0,2}(?:state|republic|kingdom|sultanate|emirate|federation|commonwealth) of (?:the )?"
)


def _is_state_itself(text: str, country: str, matches: list[tuple[str, str]]) -> bool:
    """Say whether the phrase is a country, its capital, or somebody who speaks for it ("Iranian spokesman")."""
    key = _LONG_FORM.sub("", exact_key(_without_article(text)))
    names = {
        exact_key(n)
        for n in (tables.countries()[country].name, *tables.countries()[country].aliases)
    }
    return key in names or index_of_offices().capitals.get(key) == country or bool(matches)


def _words(text: str) -> list[str]:
    return exact_key(text.replace("’s", " ").replace("'s", " ")).split()


def body_of(text: str) -> tuple[str, str] | None:
    """Return the principal and name of the body that the phrase names, the longest name first."""
    words = _words(text)
    for size in range(min(8, len(words)), 0, -1):
        for start in range(len(words) - size + 1):
            found = index_of_offices().bodies.get(" ".join(words[start : start + size]))
            if found and (size > 1 or _stands_as_name(text, words[start])):
                return found
    return None


def _stands_as_name(text: str, word: str) -> bool:
    """Say whether a name of one word is written as one: "WHO", not "who"."""
    bare = text.replace("’s", " ").replace("'s", " ")
    return any(
        exact_key(part) == word and part[:1].isupper() for part in re.findall(r"[\w.’'-]+", bare)
    ) and (
        len(word) > 3 or word.upper() in re.findall(r"[A-Z][A-Z0-9]*", text.replace(".", ""))  # noqa: PLR2004
    )


# "The Democratic Republic of the Congo", whose last four words are another state.
MAX_COUNTRY_WORDS = 5


def country_of(text: str) -> str:
    """Return the code of the first country that the phrase names, by name, adjective or capital."""
    words = _words(text)
    for start in range(len(words)):
        for size in range(MAX_COUNTRY_WORDS, 0, -1):
            key = " ".join(words[start : start + size])
            if key in ("us", "is") and not re.search(r"\b(?:U\.?S\.?|IS)\b", text):
                continue
            code = index_of_offices().adjectives.get(key) or next(
                (e.country for e in tables.load().countries_named(key)), ""
            )
            if code and not (size == 1 and key in _surnames(text)):
                return code
    capitals = index_of_offices().capitals
    own = capitals.get(exact_key(_without_article(text)).removesuffix(" s"), "")
    return own or capitals.get(_owner(text), "")


_NAME_END = re.compile(r"([A-Z][\w’'-]*) ([A-Z][\w’'-]*)(?=,|$)")


def _surnames(text: str) -> frozenset[str]:
    """Return the last names in the phrase, by key: the Turk of "Volker Turk, the High Commissioner" is no people."""
    return frozenset(
        exact_key(last) for first, last in _NAME_END.findall(text) if not is_office_word(first)
    )


_OWNER = re.compile(r"(?:[Tt]he )?([A-Z][\w.-]*(?: [A-Z][\w.-]*){0,2})['’]s (?=\w)")


def _owner(text: str) -> str:
    """Return the key of the town whose office the phrase names: "Tehran's foreign ministry", "Kyiv's ambassador"."""
    owner = _OWNER.match(text)
    return exact_key(owner[1]) if owner else ""


def _roles(text: str) -> list[tuple[str, str]]:
    """Return the roles in the phrase with their kinds, in order; a longer one hides the shorter ones in it."""
    words = _words(text)
    found: list[tuple[str, str]] = []
    position = 0
    while position < len(words):
        for size in range(min(index_of_offices().longest_role, len(words) - position), 0, -1):
            role = " ".join(words[position : position + size])
            if kind := index_of_offices().roles.get(role):
                found.append((role, kind))
                position += size
                break
        else:
            position += 1
    return found


def renamed(voice: Voice, person: str) -> Voice:
    """Return the voice with the person's name as it was found, and the name out of the office."""
    role = " ".join(voice.role.replace(person, " ").split()).strip(" ,.-")
    return replace(voice, name=person, person=person, role=role)

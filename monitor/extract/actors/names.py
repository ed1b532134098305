"""Name the actors in a sentence: armed forces, states, armed groups, and gunmen without a name.

Names are data (``en-actors.toml``); a country's adjective makes a force of a noun ("Israeli
warplanes") and a state of a deed ("Russian shelling").
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from monitor.extract import lexicon
from monitor.extract.actors import roles
from monitor.extract.facts import Actor
from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key
from monitor.extract.lexicon import Lexicon, Name, Word
from schemas.report import Named

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from monitor.extract.facts import Sentence

AGENT, PATIENT, CLAIMANT = "agent", "patient", "claimant"
# "Gaitanista Self-Defense Forces of Colombia" with its hyphen: the longest name has eleven tokens.
MAX_NAME_TOKENS = 12
# A target is named by its noun and what stands before it, not by the clause that follows.
MAX_TARGET_TOKENS = 10
# Initials are names only as they are written: "IS", "AA", "SAF".
MAX_INITIALS = 5


class Group(Lexicon, frozen=True):
    """One group of ``en-actors.toml``."""

    also: tuple[Name, ...] = ()
    country: str = ""
    state: bool = False


class ActorWords(Lexicon, frozen=True):
    """The shape of ``en-actors.toml``."""

    forces: tuple[Word, ...]
    own_forces: tuple[Word, ...]
    generic: tuple[Word, ...]
    qualifiers: tuple[Word, ...]
    light: tuple[Word, ...]
    blame: tuple[Word, ...]
    claim: tuple[Word, ...]
    people: tuple[Word, ...]
    state_deeds: tuple[Word, ...]
    not_targets: tuple[Word, ...]
    groups: dict[Name, Group]


@dataclass(frozen=True, slots=True)
class _Known:
    """A name of a group as it is looked up."""

    name: str
    country: str
    state: bool
    initials: str


@dataclass(frozen=True, slots=True)
class _Index:
    groups: dict[str, _Known]
    first: frozenset[str]
    forces: frozenset[str]
    own: frozenset[str]
    generic: frozenset[str]
    qualifiers: frozenset[str]
    light: frozenset[str]
    blame: frozenset[str]
    claim: frozenset[str]
    people: frozenset[str]
    deeds: frozenset[str]
    not_targets: frozenset[str]
    adjectives: dict[str, str]
    capitals: dict[str, str]


@cache
def index_of_names() -> _Index:
    """Return the lexicon as it is looked up, read once."""
    lex = lexicon.load("en-actors", ActorWords)
    groups: dict[str, _Known] = {}
    for name, group in lex.groups.items():
        for alias in (name, *group.also):
            initials = alias if alias.isupper() and len(alias) <= MAX_INITIALS else ""
            groups[exact_key(alias)] = _Known(name, group.country, group.state, initials)
    return _Index(
        groups=groups,
        first=frozenset(key.split()[0] for key in groups),
        forces=frozenset(lex.forces),
        own=frozenset(lex.own_forces),
        generic=frozenset(lex.generic),
        qualifiers=frozenset(lex.qualifiers),
        light=frozenset(lex.light),
        blame=frozenset(lex.blame),
        claim=frozenset(lex.claim),
        people=frozenset(lex.people),
        deeds=frozenset(lex.state_deeds),
        not_targets=frozenset(lex.not_targets),
        adjectives=tables.load().adjectives,
        capitals={exact_key(c.capital): c.code for c in tables.countries().values()},
    )


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
        or _state_forces(sentence, start)
        or _generic(sentence, start)
        or _own_forces(sentence, start)
        or _country(sentence, start)
    )


@cache
def _lower_starts() -> frozenset[str]:
    """Return the words in small letters with which an actor's name can begin."""
    index = index_of_names()
    return index.first | index.qualifiers | _generic_first() | _own_first()


@cache
def _country_starts() -> frozenset[str]:
    """Return the first words of the names and adjectives of countries."""
    names = [n for c in tables.countries().values() for n in (c.name, *c.aliases)]
    keys = [*index_of_names().adjectives, *(exact_key(name) for name in names)]
    return frozenset(key.split()[0] for key in keys if key)


def _group(sentence: Sentence, start: int) -> Actor | None:
    doc, index = sentence.doc, index_of_names()
    first = exact_key(doc[start].text).split()
    if not first or first[0] not in index.first or not doc[start].text[:1].strip("-'"):
        return None
    for end in range(min(start + MAX_NAME_TOKENS, sentence.span.end), start, -1):
        text = doc[start:end].text
        known = index.groups.get(exact_key(text))
        if known and _is_written(known, text):
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


def _is_written(known: _Known, text: str) -> bool:
    """Say whether the capitals are those of a name."""
    if known.initials:
        return text == known.initials
    return any(letter.isupper() for letter in text)


def _state_forces(sentence: Sentence, start: int) -> Actor | None:
    """Return "Iraqi security forces", "the US military", "Israel's air force"."""
    doc, index = sentence.doc, index_of_names()
    code, end = _country_word(doc, start, sentence.span.end)
    if not code:
        return None
    while end < sentence.span.end and doc[end].text in ("'s", "’s", "'", "’"):
        end += 1
    for stop in range(min(end + 3, sentence.span.end), end, -1):
        if doc[end:stop].text.lower() in index.forces or _is_model(doc, end, stop):
            name = f"{_adjective(code)} {_forces_name(doc[end:stop].text)}"
            known = index.groups.get(exact_key(name))
            return made(
                sentence, start, stop, known.name if known else name, country=code, state=True
            )
    return None


def _is_model(doc: Doc, start: int, stop: int) -> bool:
    """Say whether a craft's make stands before it: "Shahed drones", "Su-25 jets", "occupation drone"."""
    if stop - start < 2 or doc[stop - 1].lower_ not in _CRAFT:  # noqa: PLR2004 - a make and its craft
        return False
    make = doc[start : stop - 1]
    named = all(t.pos_ == "PROPN" or t.is_punct or t.like_num for t in make)
    group = exact_key(make.text) in index_of_names().groups
    return make.text.lower() in _HOLDING or (named and not group and make[0].pos_ == "PROPN")


def _forces_name(text: str) -> str:
    """Return one name for what is one force: jets and warplanes are the air force's."""
    lower = text.lower()
    if lower.split()[-1] in _CRAFT:
        lower = lower.split()[-1]
    if lower in _AIR:
        return "air force"
    if lower in _GOVERNMENTS:
        return "government"
    if lower in _PARTS_OF_FORCES:
        return "forces"
    return lower


_CRAFT = frozenset(
    "drone drones jet jets warplane warplanes plane planes helicopter helicopters missile missiles aircraft".split()
)
# "Israeli occupation drone": what the press of a land held by another calls its army.
_HOLDING = frozenset(("occupation", "occupation army", "army", "military", "military's", "suicide"))
_GOVERNMENTS = frozenset(("authorities", "government", "regime"))
_PARTS_OF_FORCES = frozenset(
    "troops soldiers soldier force tanks personnel servicemen serviceman commandos missiles missile artillery "
    "drones drone".split()
) | {"government forces", "government troops", "ground forces", "service members", "regime forces"}
_AIR = frozenset(
    "jets jet warplanes warplane aircraft planes plane helicopters gunships bombers airstrikes".split()
) | {"fighter jets", "fighter jet", "war planes", "air forces", "air force"}


@cache
def _adjective(code: str) -> str:
    """Return the adjective by which a country's forces are named."""
    country = tables.countries()[code]
    if code == "US":
        return "US"
    return country.adjectives[0] if country.adjectives else country.name


def _country_word(doc: Doc, start: int, limit: int) -> tuple[str, int]:
    """Return the code of the country named or meant by an adjective at `start`, and where it ends."""
    first = exact_key(doc[start].text).split()
    if not first or first[0] not in _country_starts() or not doc[start].text[:1].isupper():
        return "", start
    index = index_of_names()
    for end in range(min(start + 4, limit), start, -1):
        text = str(doc[start:end].text)
        key = exact_key(text)
        if doc[end - 1].is_punct or tables.load().is_misspelt_initials(text):
            continue
        if key in index.adjectives:
            return index.adjectives[key], end
        entry = next((e for e in tables.load().countries_named(key)), None)
        if entry:
            return entry.country, end
    return "", start


def _country(sentence: Sentence, start: int) -> Actor | None:
    """Return a state that acts: a country's name, its capital as a subject, or its adjective before a deed."""
    doc, index = sentence.doc, index_of_names()
    code, end = _country_word(doc, start, sentence.span.end)
    if not code:
        code = index.capitals.get(exact_key(doc[start].text), "")
        if not code or doc[start].dep_ not in ("nsubj", "nsubj:pass") or doc[start].pos_ != "PROPN":
            return None
        end = start + 1
    adjective = exact_key(doc[start:end].text) in index.adjectives and code != "US"
    if adjective and not (end < sentence.span.end and _is_deed(doc, end, sentence.span.end)):
        return None
    if not adjective and _is_address(sentence, start, end):
        return None
    return made(sentence, start, end, tables.countries()[code].name, country=code, state=True)


def _is_address(sentence: Sentence, start: int, end: int) -> bool:
    """Say whether a country only tells where: "Somalia: shells land ...", "a base in Kadugli, Sudan, was hit"."""
    doc, first, limit = sentence.doc, sentence.span.start, sentence.span.end
    if start == first and end < limit and doc[end].text == ":":
        return True
    if start - 2 < first or doc[start - 1].text != "," or doc[start - 2].pos_ != "PROPN":
        return False
    return not any(
        _country_word(doc, i, limit)[1] == start - 1
        for i in range(max(first, start - 4), start - 1)
    )


def _is_deed(doc: Doc, position: int, limit: int) -> bool:
    """Say whether a deed of a state follows within three words: "Israeli night-time air strike"."""
    return any(
        token.lower_ in index_of_names().deeds for token in doc[position : min(position + 3, limit)]
    )


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
            if known and not known.state and _is_written(known, part):
                return known.name, known.country
    return None

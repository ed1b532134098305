"""Name states and their forces by a country's name, capital or adjective: "Israeli warplanes", "Moscow", "the US military"."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from monitor.extract.actors.words import index_of_names
from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from monitor.extract.facts import Sentence

Found = tuple[int, str, str]
"""The token at which it ends, its name, its country's code."""


def forces(sentence: Sentence, start: int) -> Found | None:
    """Return "Iraqi security forces", "the US military", "Israel's air force"."""
    doc, index = sentence.doc, index_of_names()
    code, end = _country_word(doc, start, sentence.span.end)
    if not code:
        return None
    while end < sentence.span.end and doc[end].text in ("'s", "’s", "'", "’"):
        end += 1
    for stop in range(min(end + MAX_FORCE_TOKENS, sentence.span.end), end, -1):
        if doc[end:stop].text.lower() in index.forces or _is_model(doc, end, stop):
            name = f"{adjective_of(code)} {_forces_name(doc[end:stop].text)}"
            known = index.groups.get(exact_key(name))
            return stop, known.name if known else name, code
    return None


# "Ukrainian naval and aerial drones": four tokens behind the country.
MAX_FORCE_TOKENS = 4


def _is_model(doc: Doc, start: int, stop: int) -> bool:
    """Say whether a craft's make or kind stands before it: "Shahed drones", "occupation drone", "naval and aerial drones"."""
    if stop - start < 2 or doc[stop - 1].lower_ not in _CRAFT:  # noqa: PLR2004 - a make and its craft
        return False
    make = doc[start : stop - 1]
    named = all((t.pos_ == "PROPN" and not t.is_lower) or t.is_punct or t.like_num for t in make)
    groups = index_of_names().groups
    group = any(exact_key(text) in groups for text in (make.text, *(t.text for t in make)))
    if all(t.lower_ in _KINDS for t in make) and make[-1].lower_ != "and":
        return True
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
_KINDS = frozenset("naval aerial sea surface attack combat kamikaze strike explosive and".split())
_GOVERNMENTS = frozenset(("authorities", "government", "regime"))
_PARTS_OF_FORCES = frozenset(
    "troops soldiers soldier force tanks personnel servicemen serviceman commandos missiles missile artillery "
    "drones drone".split()
) | {"government forces", "government troops", "ground forces", "service members", "regime forces"}
_AIR = frozenset(
    "jets jet warplanes warplane aircraft planes plane helicopters gunships bombers airstrikes".split()
) | {"fighter jets", "fighter jet", "war planes", "air forces", "air force"}


@cache
def adjective_of(code: str) -> str:
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


def country(sentence: Sentence, start: int) -> Found | None:
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
    return end, tables.countries()[code].name, code


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


@cache
def _country_starts() -> frozenset[str]:
    """Return the first words of the names and adjectives of countries."""
    names = [n for c in tables.countries().values() for n in (c.name, *c.aliases)]
    keys = [*index_of_names().adjectives, *(exact_key(name) for name in names)]
    return frozenset(key.split()[0] for key in keys if key)
